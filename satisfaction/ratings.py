"""Asking people how it was, once after filing and once after the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from applications.models import Application
from core import audit
from core.context import Context
from core.errors import NotFound, Refused, message
from procedures.definition import Procedure
from satisfaction.models import Rating

SCORES: Final = {
    5: message("Very satisfied"),
    4: message("Satisfied"),
    3: message("Neither satisfied nor dissatisfied"),
    2: message("Dissatisfied"),
    1: message("Very dissatisfied"),
}
"""The five steps in the order in which they are offered."""

REASONS: Final = {
    "easy": message("It was easy"),
    "quick": message("It was quick"),
    "clear": message("I knew what to do next"),
    "hard_words": message("The words were hard to understand"),
    "many_questions": message("There were too many questions"),
    "hard_to_use": message("The pages were hard to use"),
    "slow": message("It took too long"),
    "unclear": message("I did not know what happens next"),
    "language": message("Something was not in my language"),
    "outcome": message("I am content or not content with the decision"),
}
"""What people can tick; the names are kept and published, so they never change their meaning."""

LONGEST_COMMENT: Final = 1_000


@dataclass(frozen=True)
class Feedback:
    """What somebody answered."""

    score: int
    reasons: Sequence[str] = ()
    comment: str = ""


def rate(
    session: Session, ctx: Context, application: Application, moment: str, feedback: Feedback, language: str
) -> bool:
    """Keep the answer; false, and nothing changed, where one was kept before. Raises `ValueError` for unknown ones."""
    if feedback.score not in SCORES or not set(feedback.reasons) <= REASONS.keys():
        raise ValueError("an unknown score or reason")
    comment = feedback.comment.strip()[:LONGEST_COMMENT].encode()
    rating = Rating(
        application_id=application.id,
        procedure_id=application.procedure_id,
        version_digest=application.version_digest,
        moment=moment,
        score=feedback.score,
        reasons=[name for name in REASONS if name in feedback.reasons],
        comment=ctx.keyring.encrypt(application.case_key, comment, _place(application, moment))
        if comment
        else None,
        language=language,
    )
    try:
        with session.begin_nested():
            session.add(rating)
    except IntegrityError:
        return False
    audit.append(session, "satisfaction.rated", f"application:{application.id}", "applicant", moment=moment)
    return True


def given(session: Session, application_id: str, moment: str) -> Rating | None:
    """The answer that was kept."""
    return session.scalar(
        sa.select(Rating).where(Rating.application_id == application_id, Rating.moment == moment)
    )


def comment_of(ctx: Context, application: Application, rating: Rating) -> str:
    """What the person wrote; empty where nothing. Raises `core.secrets.Undecipherable`."""
    if rating.comment is None:
        return ""
    place = _place(application, rating.moment)
    return ctx.keyring.decrypt(application.case_key, rating.comment, place).decode()


def check_open(procedure: Procedure, application: Application, moment: str) -> None:
    """Raise `NotFound` where the procedure does not ask at that moment, `Refused` where it has not come yet."""
    if moment not in procedure.satisfaction.ask_after:
        raise NotFound("the procedure does not ask at that moment")
    if moment == "decision" and application.outcome is None:
        raise Refused(message("You can rate this after the office has decided."))


def _place(application: Application, moment: str) -> str:
    return f"ratings:{application.id}:{moment}"
