"""Reminders by mail, each once: a fee whose time is running out, a document that is about to expire, a draft that
is about to be deleted.

What is due is looked for in bounded batches by the sweeper; that it was sent is what the outbox knows: its key names
the application, the reminder and what it is about, and is unique.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications.models import Application, Draft
from core import clock, outbox
from core.context import Context
from core.outbox import OutboxMessage
from documents.models import Issued
from payments import ledger
from procedures import versions
from procedures.definition.renewal import REMINDED
from workflows import case as cases
from workflows import engine, moves, renewals
from workflows.case import Case
from workflows.forgetting import KEPT

BEFORE_DEADLINE: Final = timedelta(days=3)
BEFORE_EXPIRY: Final = timedelta(days=REMINDED)
BEFORE_DELETION: Final = timedelta(days=8)
LONG_AGO: Final = timedelta(days=150)
"""Whoever got a document later than that still knows until when it is valid, and needs no reminder."""
_BATCH: Final = 200


@dataclass(frozen=True)
class Due:
    """A reminder to send; `document` is the id of the issued document that expires, `draft` of the form that is to
    be deleted; else a fee is open."""

    organisation_id: str
    application_id: str
    document: str | None = None
    draft: str | None = None


def due(session: Session) -> list[Due]:
    """What is to be sent now (a session of `EVERYONE`), at most 200 of each kind."""
    return [*_fees(session), *_documents(session), *_drafts(session)]


def _fees(session: Session) -> list[Due]:
    """Cases that wait for a payment and go on without it before long."""
    now = clock.now()
    soon = sa.and_(
        Application.outcome.is_(None), Application.due_at > now, Application.due_at <= now + BEFORE_DEADLINE
    )
    kinds = session.execute(sa.select(Application.version_digest, Application.state).where(soon).distinct())
    waiting = [tuple(kind) for kind in kinds if _waits_for_payment(session, *kind)]
    if not waiting:
        return []
    sent = _sent(sa.literal("application:") + Application.id + ":payment_reminder:" + Application.state)
    rows = session.execute(
        sa.select(Application.organisation_id, Application.id)
        .where(soon, sa.tuple_(Application.version_digest, Application.state).in_(waiting), ~sent)
        .order_by(Application.due_at)
        .limit(_BATCH)
    )
    return [Due(*row) for row in rows]


def _waits_for_payment(session: Session, digest: str, state: str) -> bool:
    return bool(engine.state_of(versions.get(session, digest).procedure.workflow, state).payment)


def _documents(session: Session) -> list[Due]:
    """Documents that were issued long ago and are not valid much longer."""
    today = clock.now().date()
    sent = _sent(sa.literal("application:") + Issued.application_id + ":expiry_reminder:" + Issued.id)
    rows = session.execute(
        sa.select(Issued.organisation_id, Issued.application_id, Issued.id)
        .where(
            Issued.valid_until >= today,
            Issued.valid_until <= today + BEFORE_EXPIRY,
            Issued.issued_at <= clock.now() - LONG_AGO,
            Issued.withdrawn_at.is_(None),
            ~renewals.is_renewed(),
            ~sent,
        )
        .order_by(Issued.valid_until)
        .limit(_BATCH)
    )
    return [Due(*row) for row in rows]


def _drafts(session: Session) -> list[Due]:
    """Drafts that nobody has touched for long; whether their person wants to be written to is looked up later."""
    now = clock.now()
    sent = _sent(sa.literal("draft:") + Draft.id + ":reminder")
    rows = session.execute(
        sa.select(Draft.organisation_id, Draft.id)
        .where(
            Draft.filed_as.is_(None),
            Draft.updated_at <= now - KEPT + BEFORE_DELETION,
            Draft.updated_at > now - KEPT + BEFORE_DELETION / 2,
            ~sent,
        )
        .order_by(Draft.updated_at)
        .limit(_BATCH)
    )
    return [Due(office, "", draft=id) for office, id in rows]


def _sent(entity: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.exists().where(OutboxMessage.entity == entity, OutboxMessage.effect == "mail")


def send(session: Session, ctx: Context, reminder: Due) -> bool:
    """Put the mail into the outbox, if it is still called for and was not sent; whether it was."""
    if reminder.draft:
        return _send_of_draft(session, reminder.draft)
    case = cases.load(session, ctx, reminder.application_id, lock=True)
    notice = "expiry_reminder" if reminder.document else "payment_reminder"
    occasion = reminder.document or case.application.state
    entity = f"application:{case.application.id}:{notice}:{occasion}"
    if session.scalar(sa.select(_sent(sa.literal(entity)))):
        return False
    if reminder.document:
        return _send_of_document(session, case, reminder.document)
    if case.application.outcome or not case.state.payment:
        return False
    if not ledger.status(session, case.application.id).due:
        return False
    moves.mail(session, case.application.id, notice, occasion)
    return True


def _send_of_draft(session: Session, draft: str) -> bool:
    """Of a form that is to be deleted; whether it was not sent before."""
    entity = f"draft:{draft}:reminder"
    if session.scalar(sa.select(_sent(sa.literal(entity)))):
        return False
    outbox.enqueue(session, "mail", entity, {"notice": "draft_reminder", "draft": draft})
    return True


def _send_of_document(session: Session, case: Case, document: str) -> bool:
    """Of a document that expires; whether it was called for still."""
    issued = renewals.issued_to(session, case, document)
    if issued.withdrawn_at or session.scalar(sa.select(renewals.is_renewed()).where(Issued.id == document)):
        return False
    moves.mail(session, case.application.id, "expiry_reminder", document, document=document)
    return True
