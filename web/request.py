"""What a view or command needs of the process it runs in and of the request it answers."""

from functools import cache
from typing import cast

from flask import current_app, g

from accounts import organisations
from core.context import Context
from core.database import EVERYONE


def context() -> Context:
    """The tools of this process: database, keys, files, mail, settings."""
    return cast(Context, current_app.extensions["madoguchi"])


def language() -> str:
    """The tag of the language this page is answered in, e.g. ``ja-simple``."""
    return cast(str, g.language)


@cache
def zone(organisation_id: str) -> str:
    """The IANA time zone of an organisation; it changes only with a restart."""
    with context().database.reading(EVERYONE) as db:
        return organisations.get(db, organisation_id).timezone
