"""The clerk who is signed in in this browser.

The signed cookie says since when, and when it was used last; the clerk's row says which sign-ins still count. So
looking costs the one query for the clerk, and noting that somebody is at work a cookie once a minute. Signing out
ends every sign-in of that clerk, wherever a copy of the cookie may have got to.
"""

from typing import Any, Final, cast

from flask import session

from accounts.models import Clerk
from core import clock
from core.settings import Settings
from web import resident as residents
from web.request import context

_TOUCH: Final = 60
"""How exactly it is kept when a session was used last, in seconds."""
_WAS: Final = "was_clerk"
"""Who was signed in here until their session ended by itself: what is sent from their last page is kept for them."""


def signed_in() -> Clerk | None:
    """The clerk of this session, if their account is still active and their sign-in still counts."""
    held = session.get("clerk")
    if not held:
        return None
    person = _counted(held)
    if person is None:
        session[_WAS] = session.pop("clerk")["id"]
        return None
    if _now() - held["seen"] >= _TOUCH:
        session["clerk"] = {**held, "seen": _now()}
    return person


def _counted(held: dict[str, Any]) -> Clerk | None:
    if _over(held, context().settings):
        return None
    with context().database.reading(held["organisation"]) as db:
        person = db.get(Clerk, held["id"])
    return person if person and person.active and person.session_epoch == held["epoch"] else None


def _over(held: dict[str, Any], settings: Settings) -> bool:
    now = _now()
    idle, age = now - int(held.get("seen", 0)), now - int(held.get("since", 0))
    return idle >= settings.desk_idle_minutes * 60 or age >= settings.desk_signed_in_hours * 3600


def was_signed_in() -> str | None:
    """The id of the clerk whose session here ended by itself, until somebody signs in."""
    return cast(str | None, session.get(_WAS))


def sign_in(person: Clerk) -> None:
    """Start a fresh session for `person`; what the browser held as a guest stays, a resident's account does not."""
    residents.sign_out()
    session["clerk"] = session_of(person)


def sign_out() -> None:
    """Leave nothing of anybody in this browser's session."""
    session.clear()


def session_of(person: Clerk) -> dict[str, Any]:
    """What the cookie holds of a clerk who signs in now."""
    return {
        "id": person.id,
        "organisation": person.organisation_id,
        "epoch": person.session_epoch,
        "since": _now(),
        "seen": _now(),
    }


def _now() -> int:
    return int(clock.now().timestamp())
