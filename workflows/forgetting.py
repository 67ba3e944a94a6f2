"""Drafts that nobody came back to: forgotten with their key, files, codes and signatures, as their page promises."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications import slots
from applications.models import Draft, UploadedFile
from core import audit, clock
from core.context import Context
from signing.models import Signature, SigningCode

KEPT = timedelta(days=30)
"""Counted from the last change; the page for saving names it."""
_BATCH = 200


def offices(session: Session) -> list[str]:
    """The organisations that hold drafts to be forgotten (a session of `EVERYONE`)."""
    return list(session.scalars(sa.select(Draft.organisation_id).where(_old()).distinct()))


def forget_drafts(session: Session, ctx: Context) -> int:
    """Forget at most 200 old drafts of the session's organisation; how many those were."""
    batch = sa.select(Draft.id).where(_old()).limit(_BATCH).with_for_update(skip_locked=True)
    ids = list(session.scalars(batch))
    if ids:
        forget(session, ctx, ids, "system")
    return len(ids)


def forget(session: Session, ctx: Context, ids: list[str], actor: str) -> None:
    """Forget these drafts of the session's organisation, but none that were filed: they are cases by now."""
    open = sa.select(Draft.id).where(Draft.id.in_(ids), Draft.filed_as.is_(None)).with_for_update()
    ids = list(session.scalars(open))
    of_drafts = UploadedFile.draft_id.in_(ids)
    for key in session.scalars(sa.delete(UploadedFile).where(of_drafts).returning(UploadedFile.storage_key)):
        ctx.files.delete(key)
    slots.forget(session, ids)
    for statement in (
        sa.delete(SigningCode).where(SigningCode.draft_id.in_(ids)),
        sa.delete(Signature).where(Signature.draft_id.in_(ids)),
        sa.delete(Draft).where(Draft.id.in_(ids)),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    audit.append(session, "drafts.forgotten", "drafts", actor, count=len(ids))


def _old() -> sa.ColumnElement[bool]:
    return sa.and_(Draft.filed_as.is_(None), Draft.updated_at < clock.now() - KEPT)
