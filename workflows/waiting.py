"""Which of many cases wait for the person who applied."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications.models import Application, CaseMessage, Correction
from payments import ledger


def for_applicant(session: Session, ids: Sequence[str]) -> frozenset[str]:
    """Those of `ids` whose applicant has something to correct, to pay or to read."""
    undecided = Application.outcome.is_(None)
    asked = sa.exists().where(Correction.application_id == Application.id, Correction.answered_at.is_(None))
    written = sa.exists().where(
        CaseMessage.application_id == Application.id,
        CaseMessage.author != "applicant",
        CaseMessage.read_at.is_(None),
    )
    mine = sa.select(Application.id).where(Application.id.in_(ids))
    found = session.scalars(mine.where(sa.or_(sa.and_(undecided, asked), written)))
    charged = ledger.statuses(session, session.scalars(mine.where(undecided)).all())
    return frozenset([*found, *(id for id, status in charged.items() if status.due > 0)])
