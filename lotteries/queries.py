"""What is known of draws: to an applicant about their entry, and to everybody."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications.models import Application
from core.context import Context
from core.errors import Message, NotFound, message
from core.paging import Paging, turned
from lotteries import entries, pool, promotions, rounds
from lotteries.draw import Outcome
from lotteries.models import Draw, DrawEvent, Entry, EntryState, Placement
from lotteries.verify import RECEIPT_FORMAT

PAGE = 50

RESULTS: Mapping[Outcome, Message] = {
    "won": message("Won"),
    "waiting": message("On the waiting list"),
    "lost": message("Not drawn"),
}


@dataclass(frozen=True)
class Demand:
    """How wanted a unit is, from the freeze on: seats, entries and tickets."""

    unit: str
    seats: int
    entries: int
    tickets: int


@dataclass(frozen=True)
class Drawn:
    """What an entry got. `promoted`: it came up from the waiting list, so that `result` is ``won``."""

    number: str
    unit: str
    rank: int
    result: Outcome
    via: str | None
    waiting: int | None
    promoted: bool = False

    @property
    def label(self) -> Message:
        """The result in words, with the waiting rank."""
        if self.promoted:
            return message("Won, from place %(place)s of the waiting list", place=self.waiting)
        if self.waiting:
            return message("Place %(place)s on the waiting list", place=self.waiting)
        return RESULTS[self.result]


@dataclass(frozen=True)
class EntryView:
    """An applicant's entry. `drawn` is there once the result is published, `demand` from the freeze on."""

    draw_id: str
    draw_state: str
    number: str
    unit: str
    weight: int
    state: EntryState
    secret: str
    """By this the applicant proves that the entry is theirs; it opens nothing else."""
    demand: Demand | None
    drawn: Drawn | None

    @property
    def has_receipt(self) -> bool:
        """Whether the inclusion proof can be had."""
        return self.demand is not None and self.state == "live"


@dataclass(frozen=True)
class DrawView:
    """A draw for everybody."""

    draw: Draw
    demand: tuple[Demand, ...]
    events: tuple[DrawEvent, ...]

    @property
    def seats(self) -> int:
        """Seats of all units."""
        return sum(unit.seats for unit in self.demand)


@dataclass(frozen=True)
class Listing:
    """A page of one unit's list."""

    rows: Sequence[Drawn]
    paging: Paging


def of_application(session: Session, ctx: Context, application_id: str) -> EntryView | None:
    """The entry of an application with its result, if it has one."""
    entry = entries.of_application(session, application_id)
    if entry is None:
        return None
    draw = rounds.get(session, entry.draw_id)
    application = session.get_one(Application, application_id)
    return EntryView(
        draw_id=draw.id,
        draw_state=draw.state,
        number=entry.number,
        unit=entry.unit,
        weight=entry.weight,
        state=entry.state,
        secret=entries.secret_of(ctx, application, entry),
        demand=next((unit for unit in demand(draw) if unit.unit == entry.unit), None),
        drawn=look_up(session, draw.id, entry.number),
    )


def receipt(session: Session, ctx: Context, application_id: str) -> dict[str, Any]:
    """The receipt of an applicant: the entry, its secret and the proof that it is in the frozen pool.

    Raises `NotFound` before the freeze, or where the entry is not in the pool.
    """
    view, entry = (
        of_application(session, ctx, application_id),
        entries.of_application(session, application_id),
    )
    if view is None or entry is None or not view.has_receipt:
        raise NotFound("no receipt yet")
    draw = rounds.get(session, view.draw_id)
    position = pool.position_of(session, draw, entry.number)
    return {
        "format": RECEIPT_FORMAT,
        "draw": draw.id,
        "entry": {
            "lists": entry.lists,
            "number": entry.number,
            "salt": entry.salt,
            "unit": entry.unit,
            "weight": entry.weight,
        },
        "secret": view.secret,
        "position": position,
        "pool": {"root": draw.root, "entries": draw.entries, "tickets": draw.tickets},
        "proof": [node.hex() for node in pool.proof(ctx, draw, position)],
    }


def all_draws(session: Session) -> list[Draw]:
    """Every draw the session may see, the newest first."""
    return list(session.scalars(sa.select(Draw).order_by(Draw.opened_at.desc(), Draw.id)))


def view(session: Session, draw_id: str) -> DrawView:
    """A draw with its steps. Raises `NotFound`."""
    draw = rounds.get(session, draw_id)
    events = session.scalars(sa.select(DrawEvent).where(DrawEvent.draw_id == draw_id).order_by(DrawEvent.id))
    return DrawView(draw, tuple(demand(draw)), tuple(events))


def demand(draw: Draw) -> list[Demand]:
    """Seats, entries and tickets of every unit; nothing before the freeze."""
    if draw.rules is None:
        return []
    wanted = draw.demand or {}
    return [
        Demand(unit, seats, *wanted.get(unit, (0, 0))) for unit, seats in sorted(draw.rules["units"].items())
    ]


def look_up(session: Session, draw_id: str, number: str) -> Drawn | None:
    """What the entry `number` got, once the result is published."""
    row = session.scalar(sa.select(Placement).where(Placement.draw_id == draw_id, Placement.number == number))
    return _drawn(row, {it.promoted for it in promotions.all_of(session, draw_id)}) if row else None


def listing(
    session: Session, draw_id: str, unit: str, result: Literal["won", "waiting"], page: int
) -> Listing:
    """A page of the winners or of the waiting list of `unit`, by rank."""
    where = (Placement.draw_id == draw_id, Placement.unit == unit, Placement.result == result)
    count = session.scalar(sa.select(sa.func.count()).select_from(Placement).where(*where)) or 0
    paging = turned(page, count, PAGE)
    query = sa.select(Placement).where(*where).order_by(Placement.rank).limit(PAGE).offset(paging.first)
    promoted = {it.promoted for it in promotions.all_of(session, draw_id)}
    return Listing([_drawn(row, promoted) for row in session.scalars(query)], paging)


def to_announce(
    session: Session, draw_id: str, limit: int, without: Collection[str] = ()
) -> list[tuple[str, Outcome, int | None]]:
    """(application, result, waiting rank) of entries whose cases were not told yet; who was left out counts as lost.

    The applications `without` are passed over.
    """
    query = (
        sa.select(Entry.application_id, sa.func.coalesce(Placement.result, "lost"), Placement.waiting)
        .outerjoin(Placement, Placement.entry_id == Entry.id)
        .where(Entry.draw_id == draw_id, Entry.announced_at.is_(None), Entry.state.in_(("live", "excluded")))
        .where(Entry.application_id.not_in(without))
        .order_by(Entry.id)
        .limit(limit)
    )
    return [(id, cast(Outcome, result), waiting) for id, result, waiting in session.execute(query)]


def mark_announced(session: Session, application_id: str, at: datetime) -> None:
    """Note that the case was told its result."""
    entry = entries.of_application(session, application_id)
    if entry:
        entry.announced_at = at


def _drawn(row: Placement, promoted: set[str]) -> Drawn:
    up = row.number in promoted
    result: Outcome = "won" if up else row.result
    return Drawn(row.number, row.unit, row.rank, result, row.via, row.waiting, up)
