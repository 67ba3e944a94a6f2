"""How a case looks to the person who applied: where it stands, what is next, what to do, what was issued."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import organisations
from applications import queries, vault
from applications.models import Application, Event
from core.context import Context
from core.database import kept
from core.errors import Message, message
from documents import receipts
from documents.models import RECEIPT, Issued
from lotteries import queries as lotteries
from payments import ledger
from payments.ledger import PaymentStatus
from procedures import calendar
from procedures.definition import Procedure
from procedures.scores import Scored
from translations.text import Text
from workflows import case as cases
from workflows import engine, messages, pace, renewals
from workflows.case import Case
from workflows.engine import APPLICANT, Label
from workflows.renewals import Renewable

Tone = Literal["", "good", "warning", "bad", "quiet"]

SHOWN: dict[str, Message] = {
    "filed": message("You sent the application"),
    "paid": message("Your payment arrived"),
    "refunded": message("Money was paid back to you"),
    "correction_requested": message("We asked you for a correction"),
    "corrected": message("You sent the correction"),
    "drawn": message("The draw was published"),
    "issued": message("A document was issued"),
}
"""Events that the applicant sees, beside the states that were entered; the office's own steps stay inside."""


@dataclass(frozen=True)
class Moment:
    """Something that happened, as the applicant sees it; `text` is what the office wrote to them."""

    at: datetime
    label: Label
    text: str | None = None


@dataclass(frozen=True)
class Paper:
    """A document to download."""

    issued: Issued
    title: Text | Message
    renewal: Renewable | None = None
    """How it can be renewed, where it can be."""


@dataclass(frozen=True)
class StatusView:
    """Everything the status page says."""

    application: Application
    procedure: Procedure
    organisation: Text
    contact: dict[str, Text]
    zone: str
    state: Label
    tone: Tone
    moments: tuple[Moment, ...]
    correcting: bool
    payment: PaymentStatus
    papers: tuple[Paper, ...]
    receipts: tuple[Paper, ...]
    issuing: bool
    """Whether entering this state issued a document, which may not have come yet."""
    entry: lotteries.EntryView | None
    score: Scored | None
    """The points, once they were decided by."""
    can_withdraw: bool
    unread: int
    """How many messages of the office the applicant has not seen."""
    expected_by: datetime | None
    """When the office means to have decided; none once decided, or while the applicant has to act."""
    expected: pace.Expected | None
    """What past cases say; none once decided, while the applicant has to act, or where a draw decides."""


def of(session: Session, ctx: Context, application_id: str) -> StatusView:
    """The view of the application. Raises `NotFound`."""
    case = cases.load(session, ctx, application_id)
    application = case.application
    office = organisations.get(session, application.organisation_id)
    payment = ledger.status(session, application.id)
    facts = cases.facts(session, case, payment)
    waits = facts.correcting is not None or (payment.due > 0 and bool(case.state.payment))
    period = case.procedure.law.processing_period
    papers = _papers(session, case)
    undecided = not application.outcome and not waits
    return StatusView(
        application=application,
        procedure=case.procedure,
        organisation=Text(office.title),
        contact={name: Text(text) for name, text in office.contact.items()},
        zone=case.zone,
        state=engine.label_of(case.procedure.workflow, application.state),
        tone=_tone(application, waits),
        moments=tuple(_moments(session, ctx, case)),
        correcting=facts.correcting is not None,
        payment=payment,
        papers=tuple(paper for paper in papers if paper.issued.document_id != RECEIPT),
        receipts=tuple(paper for paper in papers if paper.issued.document_id == RECEIPT),
        issuing=any("issue" in action for action in case.state.actions),
        entry=lotteries.of_application(session, ctx, application.id) if case.procedure.lottery else None,
        score=case.score if application.outcome in ("approved", "refused") else None,
        can_withdraw=any(
            offer.kind == "withdrawal" for offer in engine.allowed(case.procedure.workflow, facts, APPLICANT)
        ),
        unread=messages.unread(session, application.id, "office"),
        expected_by=calendar.after(application.filed_at, period, case.zone) if period and undecided else None,
        expected=pace.expected(session, application, case.zone)
        if undecided and not case.procedure.lottery
        else None,
    )


def _tone(application: Application, waits: bool) -> Tone:
    if application.outcome is None:
        return "warning" if waits else ""
    return {"approved": "good", "refused": "bad"}.get(application.outcome, "quiet")  # type: ignore[return-value]


def _moments(session: Session, ctx: Context, case: Case) -> list[Moment]:
    """What happened, the newest first, each with what the office wrote to the applicant about it."""
    found: list[Moment] = []
    step: Event | None = None
    for event in queries.events(session, case.application):
        if event.kind in ("step", "paid"):
            step = event
        if event.kind == "state":
            label = engine.label_of(case.procedure.workflow, event.details["state"])
            found.append(Moment(event.at, label, _written(session, ctx, case, event, step)))
        elif event.kind in SHOWN:
            found.append(Moment(event.at, SHOWN[event.kind]))
    return found[::-1]


def _written(session: Session, ctx: Context, case: Case, entered: Event, step: Event | None) -> str | None:
    """The reason of a step, once the applicant is told of it: where it ends the case or mails them.

    What is drafted stays inside until somebody has decided on it.
    """
    state = engine.state_of(case.procedure.workflow, entered.details["state"])
    if state.outcome == "refused":
        return refusal(session, ctx, case)
    told = state.outcome is not None or any("notify" in action for action in state.actions)
    return vault.read_event(ctx, case.application, step) if told and step is not None else None


def explanation(session: Session, ctx: Context, case: Case) -> str | None:
    """What whoever took the last step wrote to the applicant."""
    steps = [event for event in queries.events(session, case.application) if event.kind == "step"]
    return vault.read_event(ctx, case.application, steps[-1]) if steps else None


def refusal(session: Session, ctx: Context, case: Case) -> str | None:
    """Why the application was refused, in the words of whoever drafted or took the decision."""
    steps = [event for event in queries.events(session, case.application) if event.kind == "step"]
    reasons = (vault.read_event(ctx, case.application, event) for event in reversed(steps))
    return next(filter(None, reasons), None)


def title_of(case: Case, issued: Issued) -> Text | Message:
    """What a document of `case` is called."""
    return receipts.title_of(case.procedure, issued.document_id)


def _papers(session: Session, case: Case) -> tuple[Paper, ...]:
    issued = session.scalars(_ISSUED, {"application": case.application.id})
    return tuple(Paper(row, title_of(case, row), renewals.of(session, case, row)) for row in issued)


_ISSUED = kept(
    sa.select(Issued)
    .where(Issued.application_id == sa.bindparam("application"), Issued.withdrawn_at.is_(None))
    .order_by(Issued.issued_at)
)
