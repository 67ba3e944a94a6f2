"""All tables of the house in one metadata: imports every module that declares some."""

import importlib
import pkgutil
from importlib.util import find_spec

import sqlalchemy as sa

from core.database import Base

ROOMS = ("core", "accounts", "procedures", "applications", "signing", "payments", "documents", "lotteries",
         "workflows", "satisfaction")  # fmt: skip
MODULES = ("models", "audit", "outbox", "ledger")


def metadata() -> sa.MetaData:
    """The metadata with every table declared in it."""
    for room in ROOMS:
        spec = find_spec(room)
        for module in pkgutil.iter_modules(spec.submodule_search_locations if spec else None):
            if module.name in MODULES:
                importlib.import_module(f"{room}.{module.name}")
    return Base.metadata
