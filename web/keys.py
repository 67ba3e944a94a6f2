"""The key ring of an installation, made where there is none yet."""

from pathlib import Path

import sqlalchemy as sa

from accounts.models import Account
from applications.models import Draft
from core.context import Context
from core.database import EVERYONE
from core.errors import Misconfigured
from core.secrets import Keyring


def make(ctx: Context) -> None:
    """Make the key ring where there is none and nothing that an old one encrypted. Raises `Misconfigured`."""
    ring = ctx.settings.data_dir / "keys" / "keyring.json"
    if ring.exists():
        return
    if _holds_anything(ctx):
        raise Misconfigured(
            f"{ring} is missing, but the database holds what was encrypted with it: copy it from another "
            "machine of this installation or from the back-up"
        )
    Keyring.create(ring, "1")


def _holds_anything(ctx: Context) -> bool:
    url = ctx.database.engine.url
    if url.drivername == "sqlite" and not Path(str(url.database)).exists():
        return False
    tables = sa.inspect(ctx.database.engine)
    keys = [key for key in (Draft.id, Account.account_id) if tables.has_table(key.class_.__tablename__)]
    with ctx.database.reading(EVERYONE) as session:
        return any(session.scalar(sa.select(key).limit(1)) is not None for key in keys)
