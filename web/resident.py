"""The resident whose account is open in this browser, beside its session as a guest and never together with a clerk's.

The cookie holds a secret only; `accounts.sessions` says whether it still counts. Nothing is asked for guests.
"""

import hmac
from typing import cast

from flask import g, session

from accounts import holdings, mandates, sessions
from accounts.sessions import Resident
from core.database import EVERYONE, OfAccount
from translations.text import Text
from web.request import context

_GUEST = ("drafts", "cases")
"""What a browser holds without an account; it stays when somebody signs in or out, until it is taken over."""


JOIN = "join"
"""What a link of my page proves that lets a service open this account, too."""


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
    account_id = left_alone()
    if account_id is None:
        return False
    with context().database.reading(OfAccount(account_id)) as db:
        return holdings.of(db, kind, item_id) is not None


def left_alone() -> str | None:
    """The account that was open here until it was left alone for too long. It opens nothing any more."""
    if not over():
        return None
    with context().database.reading(EVERYONE) as db:
        return sessions.lapsed(db, context().settings, token())


def scope() -> OfAccount:
    """The scope of the account that is open (views of `web.access.resident`)."""
    found = present()
    if found is None:
        raise LookupError("nobody is signed in")
    return OfAccount(found.account_id)


def services() -> dict[str, Text]:
    """The services to sign in with, by name, as their buttons call them."""
    return {
        name: Text(one.label if isinstance(one.label, dict) else {"": one.label})
        for name, one in context().settings.oidc.items()
    }


def service(name: str) -> Text | str:
    """The service `name` as people know it; its name where it is no longer in the settings."""
    return services().get(name, name)


def token() -> str:
    """The secret of this session."""
    return cast(str, session["resident"])


def proof(purpose: str) -> str:
    """What only a page of this session can know, for a link that changes something."""
    key = context().keyring.derive(f"web/{purpose}")
    return hmac.digest(key, token().encode(), "sha256").hex()


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
    for name in ("resident", "csrf_token"):  # a page in answer to this gets a token of the new session
        g.pop(name, None)


def holds(kind: str, item_id: str) -> bool:
    """Whether the account that is open holds the draft or case."""
    found = present()
    if found is None:
        return False
    with context().database.reading(OfAccount(found.account_id)) as db:
        held = holdings.of(db, kind, item_id)
    return held is not None and (held.mandate_id is None or in_force(held.mandate_id) is not None)


def in_force(mandate_id: str) -> mandates.View | None:
    """The mandate, if whoever is signed in may act by it now."""
    found = present()
    if found is None:
        return None
    with context().database.reading(EVERYONE) as db:
        return mandates.in_force(db, context(), found.account_id, mandate_id)


def keep(kind: str, organisation: str, item_id: str, mandate_id: str | None = None) -> bool:
    """Let the account that is open hold the draft or case; false where nobody is signed in."""
    found = present()
    if found is None:
        return False
    with context().database.writing(OfAccount(found.account_id)) as db:
        holdings.add(db, kind, organisation, item_id, mandate_id)
    return True


def keep_filed(draft_id: str, organisation: str, application_id: str) -> None:
    """Let the account hold the case that its draft became, and where it acted by a mandate, the mandator's too."""
    with context().database.reading(scope()) as db:
        held = holdings.of(db, holdings.DRAFT, draft_id)
    mandate_id = held.mandate_id if held else None
    keep(holdings.CASE, organisation, application_id, mandate_id)
    mandate = in_force(mandate_id) if mandate_id else None
    if mandate is not None:
        with context().database.writing(OfAccount(mandate.mandator_id)) as db:
            holdings.add(db, holdings.CASE, organisation, application_id)
