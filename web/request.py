"""What a view or command needs of the process it runs in and of the request it answers."""

from typing import cast

from flask import current_app, g

from core.context import Context


def context() -> Context:
    """The tools of this process: database, keys, files, mail, settings."""
    return cast(Context, current_app.extensions["madoguchi"])


def language() -> str:
    """The tag of the language this page is answered in, e.g. ``ja-simple``."""
    return cast(str, g.language)
