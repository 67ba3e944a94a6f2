"""A desk's cases in the order of their score: those with most points first, ties as the procedure breaks them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import organisations
from applications import vault
from applications.models import Answers, Application
from core.context import Context
from core.errors import NotFound
from procedures import versions
from procedures.scores import Scored, score_of
from procedures.values import Values

MOST: Final = 5_000
"""Cases that are put in order, those filed first; each is opened for it."""


@dataclass(frozen=True)
class Standing:
    """The points of a case and, in a list ordered by them, its place."""

    points: Decimal
    complete: bool
    enough: bool
    place: int | None = None
    within: bool = False
    """Whether there are enough points, and places for everybody up to here."""


def has_score(session: Session, procedure_id: str) -> bool:
    """Whether the procedure, as it is now, has a score."""
    if not procedure_id:
        return False
    try:
        return versions.current(session, procedure_id).procedure.score is not None
    except NotFound:
        return False


def of(session: Session, ctx: Context, application: Application, answers: Answers) -> Scored | None:
    """The score of a case, as it was on the day it was filed."""
    procedure = versions.get(session, application.version_digest).procedure
    if procedure.score is None:
        return None
    zone = ZoneInfo(organisations.timezone(session))
    document = vault.read_answers(ctx, application, answers.version, answers.document)
    return score_of(
        procedure, Values(procedure, document.answers, application.filed_at.astimezone(zone).date())
    )


def standing(scored: Scored | None) -> Standing | None:
    """The points of a case outside any order."""
    return Standing(scored.total, scored.complete, scored.enough) if scored else None


def ordered(
    session: Session, ctx: Context, query: sa.Select[Application, Answers, bool, bool], procedure_id: str
) -> list[tuple[Any, Standing | None]]:
    """The rows of `query`, each an application with its answers, with their standing; those without score last."""
    score = versions.current(session, procedure_id).procedure.score
    capacity = score.capacity if score else None
    rows = session.execute(query.order_by(Application.filed_at, Application.id).limit(MOST)).all()
    scored = [(row, of(session, ctx, row[0], row[1])) for row in rows]
    scored.sort(key=lambda pair: (pair[1] is None, pair[1].rank if pair[1] else ()))
    return [
        (
            row,
            Standing(
                found.total,
                found.complete,
                found.enough,
                place,
                found.enough and (capacity is None or place <= capacity),
            )
            if found
            else None,
        )
        for place, (row, found) in enumerate(scored, 1)
    ]
