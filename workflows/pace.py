"""How long a decision takes, from real past cases: half of them, and nine of ten, were decided within so many days.

Measured once a day by the sweeper from the newest decided cases and kept in a small table, so that a page reads one
row. Days run from sending to the decision; those on which the office waited for a correction are left out, as the
standard processing period (標準処理期間, Administrative Procedure Act art. 6) leaves them out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications.models import Application, Correction
from core import clock
from workflows.models import Pace

ENOUGH = 20
"""Fewer cases say little, and might say something about one person."""
NEWEST = 500
OLDEST = timedelta(days=365)
EVERY = timedelta(days=1)
_BATCH = 200
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Expected:
    """When a case that waits for its decision will probably be decided."""

    probably: date | None
    """By then half of such cases were decided; none where that has passed."""
    likely: date | None
    """By then nine of ten were decided; none where that has passed: it takes longer than usual."""


def of(session: Session, procedure_id: str) -> Pace | None:
    """How long decisions of the session's organisation took; none where too few were taken within a year."""
    return session.scalar(
        sa.select(Pace).where(
            Pace.procedure_id == procedure_id,
            Pace.cases >= ENOUGH,
            Pace.measured_at >= clock.now() - OLDEST,
        )
    )


def expected(session: Session, application: Application, zone: str) -> Expected | None:
    """What past cases say about an undecided one, as days in `zone`."""
    known = of(session, application.procedure_id)
    if known is None:
        return None
    start = application.filed_at + _waits(session, [application.id]).get(application.id, timedelta())
    half, most = (
        (start + days * _DAY).astimezone(ZoneInfo(zone)).date() for days in (known.half, known.most)
    )
    today = clock.today(zone)
    return Expected(half if half >= today else None, most if most >= today else None)


def within(spans: Sequence[timedelta], tenths: int) -> int:
    """Within how many whole days, from 1, at least `tenths` of ten of `spans` ended (nearest rank)."""
    rank = -(-len(spans) * tenths // 10)
    return max(1, -(-sorted(spans)[rank - 1] // _DAY))


@dataclass(frozen=True)
class Stale:
    """A procedure that was decided on since it was measured last."""

    organisation_id: str
    procedure_id: str


def stale(session: Session) -> list[Stale]:
    """Procedures to be measured again (a session of `EVERYONE`), at most 200; each at most once a day."""
    now = clock.now()
    newest = (
        sa.select(
            Application.organisation_id,
            Application.procedure_id,
            sa.func.max(Application.decided_at).label("decided_at"),
        )
        .where(Application.outcome.is_not(None), Application.decided_at >= now - OLDEST)
        .group_by(Application.organisation_id, Application.procedure_id)
        .subquery()
    )
    same = sa.and_(
        Pace.organisation_id == newest.c.organisation_id, Pace.procedure_id == newest.c.procedure_id
    )
    old = sa.and_(Pace.measured_at <= now - EVERY, Pace.measured_at <= newest.c.decided_at)
    rows = session.execute(
        sa.select(newest.c.organisation_id, newest.c.procedure_id)
        .join(Pace, same, isouter=True)
        .where(sa.or_(Pace.procedure_id.is_(None), old))
        .limit(_BATCH)
    )
    return [Stale(*row) for row in rows]


def measure(session: Session, procedure_id: str) -> Pace:
    """Measure one procedure of the session's organisation anew, from its newest decided cases of the last year."""
    now = clock.now()
    decided = session.execute(
        sa.select(Application.id, Application.filed_at, Application.decided_at)
        .where(
            Application.procedure_id == procedure_id,
            Application.outcome.is_not(None),
            Application.outcome.in_(("approved", "refused")),
            Application.decided_at >= now - OLDEST,
        )
        .order_by(Application.decided_at.desc())
        .limit(NEWEST)
    ).all()
    waits = _waits(session, [id for id, *_ in decided])
    spans = [ended - filed - waits.get(id, timedelta()) for id, filed, ended in decided if ended]
    row = session.scalar(sa.select(Pace).where(Pace.procedure_id == procedure_id).with_for_update())
    if row is None:
        row = Pace(procedure_id=procedure_id)
        session.add(row)
    row.cases, row.measured_at = len(spans), now
    row.half, row.most = (within(spans, 5), within(spans, 9)) if spans else (0, 0)
    session.flush()
    return row


def _waits(session: Session, ids: Sequence[str]) -> dict[str, timedelta]:
    """For how long the office waited for corrections of these cases."""
    waited: dict[str, timedelta] = {}
    rows = session.execute(
        sa.select(Correction.application_id, Correction.requested_at, Correction.answered_at).where(
            Correction.application_id.in_(ids)
        )
    )
    for id, asked, answered in rows:
        waited[id] = waited.get(id, timedelta()) + ((answered or clock.now()) - asked)
    return waited
