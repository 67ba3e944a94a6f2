"""Places of dated slots (予約枠): held while a form is filled in, taken when it is filed, freed when the case ends.

Each place has a number, and the database lets nobody have it twice. A hold that ran out counts for nothing, but stays
with its draft until somebody else wants the place: whoever is slow and lucky loses nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from applications.models import SlotPlace
from core import clock
from core.database import organisation_of
from core.errors import Refused, message
from forms.slots import Booked, Moment, Slot
from forms.types import type_of
from procedures.definition import FieldDefinition, Procedure
from procedures.definition.base import Json

HOLD: Final = timedelta(minutes=20)
"""How long a place is held after the last change of the form."""


class Taken(Refused):
    """Raised when a slot was taken meanwhile; `field` names the field it was chosen in."""

    def __init__(self, slot: Slot, field: str) -> None:
        super().__init__(
            message(
                "%(time)s on %(day)s was taken by somebody else. Choose another time; everything else is kept.",
                time=slot.time,
                day=slot.day,
            )
        )
        self.field = field


@dataclass(frozen=True)
class Owner:
    """Whose places: a draft's, or from filing on an application's."""

    draft_id: str | None = None
    application_id: str | None = None

    @property
    def condition(self) -> sa.ColumnElement[bool]:
        """What holds for its rows."""
        if self.draft_id is not None:
            return SlotPlace.draft_id == self.draft_id
        return SlotPlace.application_id == self.application_id


def booked(
    session: Session,
    procedure: Procedure,
    fields: Sequence[FieldDefinition],
    owner: Owner,
    answers: Mapping[str, Json] | None = None,
) -> Booked:
    """How many places of the slots that `fields` offer are others'; nothing is asked where there are none.

    Those that other questions took in `answers` count as well: they are not there for `fields`.
    """
    names = {_stored_name(procedure, key): key for field in fields for key in type_of(field).resources(field)}
    if not names:
        return {}
    rows = session.execute(
        sa.select(SlotPlace.resource, SlotPlace.day, SlotPlace.time, sa.func.count())
        .where(
            SlotPlace.resource.in_(names),
            SlotPlace.day > clock.now().date() - timedelta(days=1),
            sa.or_(SlotPlace.held_until.is_(None), SlotPlace.held_until > clock.now()),
            sa.not_(sa.func.coalesce(owner.condition, sa.false())),
        )
        .group_by(SlotPlace.resource, SlotPlace.day, SlotPlace.time)
    )
    found = Counter({(names[resource], day, time): count for resource, day, time, count in rows})
    here = {field.id for field in fields}
    elsewhere = {id: answer for id, answer in (answers or {}).items() if id not in here}
    found.update(slot.moment for slot, _ in _slots(procedure, elsewhere))
    return found


def offered(procedure: Procedure) -> bool:
    """Whether any question of `procedure` books a slot."""
    return any(type_of(field).resources(field) for field in procedure.fields())


def hold(session: Session, procedure: Procedure, draft_id: str, answers: Mapping[str, Json]) -> None:
    """Hold the places that the answers of a draft name, from now for `HOLD`, and let go of those they do not.

    Raises `Taken` where one was taken meanwhile.
    """
    if offered(procedure):
        _settle(session, procedure, answers, Owner(draft_id=draft_id), clock.now() + HOLD)


def book(
    session: Session, procedure: Procedure, draft_id: str, application_id: str, answers: Mapping[str, Json]
) -> None:
    """Give the application the places its answers name, those that were held for its draft first. Raises `Taken`."""
    if not offered(procedure):
        return
    _settle(session, procedure, answers, Owner(draft_id=draft_id), clock.now() + HOLD)
    session.execute(
        sa.update(SlotPlace)
        .where(SlotPlace.draft_id == draft_id)
        .values(draft_id=None, application_id=application_id, held_until=None)
        .execution_options(synchronize_session=False)
    )


def change(session: Session, procedure: Procedure, application_id: str, answers: Mapping[str, Json]) -> None:
    """Bring the places of a filed application in line with corrected answers. Raises `Taken`."""
    if offered(procedure):
        _settle(session, procedure, answers, Owner(application_id=application_id), None)


def free(session: Session, procedure: Procedure, application_id: str) -> None:
    """The case came to nothing: its places are others'."""
    if offered(procedure):
        _delete(session, SlotPlace.application_id == application_id)


def forget(session: Session, draft_ids: Sequence[str]) -> None:
    """Drafts are forgotten: so are their holds."""
    _delete(session, SlotPlace.draft_id.in_(draft_ids))


def _settle(
    session: Session, procedure: Procedure, answers: Mapping[str, Json], owner: Owner, held_until: Any
) -> None:
    """Let the rows of `owner` be what `answers` name, in a fixed order, so that two of them cannot block each other."""
    places = _named(procedure, answers)
    wanted = Counter(slot.moment for slot, _ in places)
    kept: Counter[Moment] = Counter()
    gone: list[int] = []
    rows = session.execute(
        sa.select(SlotPlace.id, SlotPlace.resource, SlotPlace.day, SlotPlace.time).where(owner.condition)
    )
    for id, resource, day, time in rows.all():
        named = (resource, day, time)
        if kept[named] < wanted[named]:
            kept[named] += 1
        else:
            gone.append(id)
    if gone:
        _delete(session, SlotPlace.id.in_(gone))
    _renew(session, owner, kept, held_until)
    for slot, field in places:
        if kept[slot.moment]:
            kept[slot.moment] -= 1
        elif not _take(session, slot, owner, held_until):
            raise Taken(slot, field)


def _named(procedure: Procedure, answers: Mapping[str, Json]) -> list[tuple[Slot, str]]:
    """The slots that `answers` name by their names in the table, each with its field, in order."""
    return sorted(
        (replace(slot, resource=_stored_name(procedure, slot.resource)), id)
        for slot, id in _slots(procedure, answers)
    )


def _slots(procedure: Procedure, answers: Mapping[str, Json]) -> Iterator[tuple[Slot, str]]:
    """The slots that `answers` name, each with its field."""
    for field in procedure.fields():
        if answers.get(field.id) is not None:
            yield from ((slot, field.id) for slot in type_of(field).slots(field, answers[field.id]))


def _renew(session: Session, owner: Owner, kept: Counter[Moment], held_until: Any) -> None:
    """Hold on to the rows that stay; where one of them went while we looked, it is taken anew."""
    if not kept or held_until is None:
        return
    rows = session.execute(
        sa.update(SlotPlace)
        .where(owner.condition)
        .values(held_until=held_until)
        .returning(SlotPlace.resource, SlotPlace.day, SlotPlace.time)
        .execution_options(synchronize_session=False)
    )
    found = Counter((resource, day, time) for resource, day, time in rows)
    kept.clear()
    kept.update(found)


def _take(session: Session, slot: Slot, owner: Owner, held_until: Any) -> bool:
    """Take the lowest free place of `slot`; whether there was one."""
    here = (SlotPlace.resource == slot.resource, SlotPlace.day == slot.day, SlotPlace.time == slot.time)
    _delete(
        session,
        *here,
        SlotPlace.held_until <= clock.now(),
        sa.not_(sa.func.coalesce(owner.condition, sa.false())),
    )
    taken = set(session.scalars(sa.select(SlotPlace.place).where(*here)))
    row = {
        "organisation_id": organisation_of(session),
        "resource": slot.resource,
        "day": slot.day,
        "time": slot.time,
        "draft_id": owner.draft_id,
        "application_id": owner.application_id,
        "held_until": held_until,
    }
    for place in range(1, slot.capacity + 1):
        if len(taken) >= slot.capacity:
            return False
        if place not in taken and _insert(session, {**row, "place": place}):
            return True
        taken.add(place)
    return False


def _insert(session: Session, row: dict[str, Any]) -> bool:
    """Whether the row is in now; not where somebody else's has its number, even if they have only just come."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(SlotPlace).values(**row).on_conflict_do_nothing().returning(SlotPlace.id)
    return session.scalar(statement) is not None


def _delete(session: Session, *conditions: sa.ColumnElement[bool]) -> None:
    session.execute(sa.delete(SlotPlace).where(*conditions).execution_options(synchronize_session=False))


def _stored_name(procedure: Procedure, key: str) -> str:
    """The name in the table: a resource of the organisation, or ``procedure.field`` for the field's own."""
    return f"{procedure.procedure}{key}" if key.startswith(".") else key
