"""What an account holds: ids of drafts and cases, each with the organisation in whose session it is read."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.models import Holding
from core.database import OfAccount

DRAFT, CASE = "draft", "case"


def add(session: Session, kind: str, organisation: str, item_id: str, mandate_id: str | None = None) -> None:
    """Let the session's account open the draft or case, by a mandate or for itself; a second time changes nothing."""
    if of(session, kind, item_id) is not None:
        return
    try:
        with session.begin_nested():
            session.add(Holding(kind=kind, item_id=item_id, organisation=organisation, mandate_id=mandate_id))
    except IntegrityError:  # a double click was first
        return


def of(session: Session, kind: str, item_id: str) -> Holding | None:
    """The account's hold on the draft or case, if it has one."""
    scope = session.info["scope"]
    if not isinstance(scope, OfAccount):
        raise TypeError("holdings are asked for in a session of an account")
    return session.get(Holding, (scope.id, kind, item_id))


def held_by_anybody(session: Session, kind: str, item_id: str) -> bool:
    """Whether some account holds the draft or case (a session of `EVERYONE`)."""
    query = sa.select(Holding.item_id).where(Holding.kind == kind, Holding.item_id == item_id)
    return session.scalar(query.limit(1)) is not None


def all_of_them(session: Session) -> list[Holding]:
    """Everything the session's account holds, the newest first."""
    return list(session.scalars(sa.select(Holding).order_by(Holding.since.desc())))


def remove(session: Session, kind: str, item_id: str) -> None:
    """Let the session's account open it no more."""
    session.execute(sa.delete(Holding).where(Holding.kind == kind, Holding.item_id == item_id))
