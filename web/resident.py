"""The resident whose account is open in this browser, beside its session as a guest and never together with a clerk's.

The cookie holds a secret only; `accounts.sessions` says whether it still counts. Nothing is asked for guests.
"""

from typing import cast

from flask import g, session

from accounts import holdings, sessions
from accounts.sessions import Resident
from core.database import EVERYONE, OfAccount
from web.request import context

_GUEST = ("drafts", "cases")
"""What a browser holds without an account; it stays when somebody signs in or out, until it is taken over."""


def present() -> Resident | None:
    """Whoever is signed in; asked once a request."""
    token = session.get("resident")
    if not token:
        return None
    if "resident" not in g:
        ctx = context()
        with ctx.database.reading(EVERYONE) as db:
            g.resident = sessions.resident(db, ctx.settings, token)
        if g.resident is not None and g.resident.stale:
            with ctx.database.writing(EVERYONE) as db:
                sessions.touch(db, token)
    return cast(Resident | None, g.resident)


def over() -> bool:
    """Whether somebody was signed in here whose session has ended by itself."""
    return "resident" in session and present() is None


def lapsed(kind: str, item_id: str) -> bool:
    """Whether the account that was open here until it was left alone for too long holds the draft or case."""
    if not over():
        return False
    ctx = context()
    with ctx.database.reading(EVERYONE) as db:
        account_id = sessions.lapsed(db, ctx.settings, token())
    if account_id is None:
        return False
    with ctx.database.reading(OfAccount(account_id)) as db:
        return holdings.of(db, kind, item_id) is not None


def scope() -> OfAccount:
    """The scope of the account that is open (views of `web.access.resident`)."""
    found = present()
    if found is None:
        raise LookupError("nobody is signed in")
    return OfAccount(found.account_id)


def token() -> str:
    """The secret of this session."""
    return cast(str, session["resident"])


def sign_in(new_token: str) -> None:
    """Start a fresh session with a secret of its own; a clerk's and an earlier account's end with the old one."""
    after = session.get("after_sign_in")
    sign_out()
    session["resident"] = new_token
    if after:
        session["after_sign_in"] = after


def sign_out() -> None:
    """End the account's session here and in the database, and whatever else this browser was signed in to."""
    old = session.get("resident")
    if old:
        with context().database.writing(EVERYONE) as db:
            sessions.end(db, old)
    kept = {key: session[key] for key in _GUEST if key in session}
    session.clear()
    session.update(kept)
    g.pop("resident", None)


def holds(kind: str, item_id: str) -> bool:
    """Whether the account that is open holds the draft or case."""
    found = present()
    if found is None:
        return False
    with context().database.reading(OfAccount(found.account_id)) as db:
        return holdings.of(db, kind, item_id) is not None


def keep(kind: str, organisation: str, item_id: str) -> bool:
    """Let the account that is open hold the draft or case; false where nobody is signed in."""
    found = present()
    if found is None:
        return False
    with context().database.writing(OfAccount(found.account_id)) as db:
        holdings.add(db, kind, organisation, item_id)
    return True
