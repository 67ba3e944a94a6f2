"""For whom the person in front of this browser applies; guests always for themselves."""

from collections.abc import Mapping

from accounts import roles
from accounts.roles import Record, Role
from core.database import EVERYONE
from core.errors import NotFound, Refused, message
from procedures.definition import Procedure
from procedures.definition.base import Json
from web import resident
from web.request import context


def offered(procedure: Procedure) -> list[Role]:
    """For whom whoever is signed in may apply; none where there is nothing to choose."""
    known = _roles(procedure) if resident.present() else []
    return known if len(known) > 1 else []


def chosen(procedure: Procedure, value: str) -> Record:
    """The record of the role that was chosen. Raises `NotFound` where it is none of this account's."""
    if resident.present() is None or value in ("", roles.SELF):
        return {}
    found = next((role.record for role in _roles(procedure) if role.value == value), None)
    if found is None:
        raise NotFound("not a role of this account")
    return found


def _roles(procedure: Procedure) -> list[Role]:
    with context().database.reading(EVERYONE) as db:
        return roles.roles(
            db, context(), resident.scope().id, procedure.department, procedure.procedure, procedure.delegates
        )


def refuse_ended(acting: Mapping[str, Json]) -> None:
    """Raises `Refused` where a delegate acts whose mandate has ended meanwhile."""
    if acting.get("as") == roles.DELEGATE and resident.in_force(acting["mandate"]) is None:
        raise Refused(message("The mandate by which you act has ended. Ask whoever gave it to you."))
