"""Promotions from the waiting list (補欠の繰上げ): events that are only ever added, each with its reason."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import Clerk
from core.errors import NotFound, Refused, message
from lotteries import log, rounds
from lotteries.ceremony import OFFICER
from lotteries.models import Entry, Placement, Promotion, PromotionReason


def promote(
    session: Session, draw_id: str, vacated: str, reason: PromotionReason, clerk: Clerk
) -> Promotion | None:
    """Give the seat of the entry `vacated` to the next on its unit's waiting list; none where the list is used up."""
    draw = rounds.get(session, draw_id, lock=True)
    if draw.state != "published":
        raise Refused(message("Only a published draw has a waiting list."))
    if not clerk.active or all(duty.role != OFFICER for duty in clerk.duties):
        raise Refused(message("This is for clerks with the role of lottery officer."))
    placed = session.scalar(
        sa.select(Placement).where(Placement.draw_id == draw_id, Placement.number == vacated)
    )
    if placed is None:
        raise NotFound("no entry with this number")
    past = all_of(session, draw_id)
    if placed.result != "won" and vacated not in {promotion.promoted for promotion in past}:
        raise Refused(message("This entry has no seat that could become free."))
    if vacated in {promotion.vacated for promotion in past}:
        raise Refused(message("This seat was given on already."))
    promoted = _next(session, draw_id, placed.unit)
    if promoted is None:
        return None
    promotion = Promotion(
        organisation_id=draw.organisation_id,
        draw_id=draw_id,
        unit=placed.unit,
        vacated=vacated,
        promoted=promoted,
        reason=reason,
        by=f"clerk:{clerk.id}",
    )
    session.add(promotion)
    log.note(session, draw, "promoted", promotion.by, vacated=vacated, promoted=promoted, reason=reason)
    return promotion


def coming(session: Session, draw_id: str, vacated: str) -> str | None:
    """Whose turn it is by now for the seat of `vacated`; nothing is locked, so it may be another's soon."""
    unit = session.scalar(
        sa.select(Placement.unit).where(Placement.draw_id == draw_id, Placement.number == vacated)
    )
    return None if unit is None else _next(session, draw_id, unit)


def all_of(session: Session, draw_id: str) -> list[Promotion]:
    """Every promotion of a draw, in order."""
    return list(
        session.scalars(sa.select(Promotion).where(Promotion.draw_id == draw_id).order_by(Promotion.id))
    )


def _next(session: Session, draw_id: str, unit: str) -> str | None:
    gone = sa.select(Promotion.promoted).where(Promotion.draw_id == draw_id)
    query = (
        sa.select(Placement.number)
        .join(Entry, Entry.id == Placement.entry_id)
        .where(
            Placement.draw_id == draw_id,
            Placement.unit == unit,
            Placement.result == "waiting",
            Entry.skipped_at.is_(None),
            Placement.number.not_in(gone),
        )
        .order_by(Placement.waiting)
        .limit(1)
    )
    return session.scalar(query)
