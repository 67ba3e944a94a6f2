"""What happens to a case: filing, steps of clerks, withdrawal, payment, the draw, deadlines.

Each locks the case, lets the engine decide, and writes the event, the audit row and the outbox rows in the caller's
transaction; the caller commits.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import organisations, roles
from accounts.models import Clerk
from applications import drafts, filing, queries
from applications.filing import Filed
from applications.models import Application, Draft
from applications.vault import CaseDocument, DraftDocument
from core import audit, clock, outbox
from core.context import Context
from core.errors import Message, Refused, message
from lotteries import entries
from payments import ledger
from procedures import versions
from signing import service as signing
from signing.service import SignatureRecord
from workflows import case as cases
from workflows import engine, moves, receipts
from workflows.case import Case
from workflows.corrections import answer_correction, request_correction
from workflows.engine import APPLICANT, SYSTEM, Actor, Step

__all__ = [
    "answer_correction", "applicant_takes", "comment", "drawn", "expire", "file_application", "overdue", "paid",
    "request_correction", "sign_and_file", "take", "withdraw",
]  # fmt: skip

_BATCH = 200


def file_application(session: Session, ctx: Context, draft_id: str) -> Filed:
    """File the draft with its signature and start its workflow; a second time gives the first application.

    Raises `NotFound`, `Refused` (`applications.filing.Incomplete` names the page to go back to).
    """
    draft, document = drafts.load(session, ctx, draft_id, lock=True)
    if draft.filed_as:
        return filing.file(session, ctx, draft, document, None)
    level = versions.get(session, draft.version_digest).procedure.signature.level
    record = signing.current(session, draft, document) if level != "none" else None
    if record is None and level != "none":
        raise Refused(message("Please sign the application before you file it."))
    return _file(session, ctx, draft, document, record)


def sign_and_file(session: Session, ctx: Context, draft_id: str, nonce: str, typed: str) -> Filed | Message:
    """Sign the draft with what the applicant `typed` and file it; a second time gives the first application.

    A message says what is wrong with what was typed: nothing is filed, but commit all the same, because tries count.
    Raises as `file_application` does; then a code that was right can be used again.
    """
    draft, document = drafts.load(session, ctx, draft_id, lock=True)
    if draft.filed_as:
        return filing.file(session, ctx, draft, document, None)
    answer = signing.confirm(session, ctx, draft, document, nonce, typed)
    if answer.record is None:
        return answer.problem or message("The code is not right. Check the mail and try again.")
    return _file(session, ctx, draft, document, answer.record)


def _file(
    session: Session, ctx: Context, draft: Draft, document: DraftDocument, record: SignatureRecord | None
) -> Filed:
    filed = filing.file(session, ctx, draft, document, record.as_dict() if record else None)
    if record:
        signing.attach(session, draft.id, filed.application.id)
    _start(session, ctx, filed)
    return filed


def _start(session: Session, ctx: Context, filed: Filed) -> None:
    application = filed.application
    version = versions.get(session, application.version_digest)
    document = filed.document or CaseDocument()
    case = Case(application, version, document, organisations.timezone(session))
    acting = roles.ids(document.acting)
    digest = application.version_digest
    audit.append(session, "application.filed", case.entity, "applicant", version=digest, **acting)
    moves.mail(session, application.id, "filed", 1)
    before = cases.first_facts(case)
    step = engine.advance(case.procedure.workflow, before, engine.Filed())
    moves.carry_out(session, ctx, case, before, step, APPLICANT)


def take(
    session: Session,
    ctx: Context,
    application_id: str,
    transition: str,
    clerk: Clerk,
    seen_version: int,
    reason: str = "",
    comment: str = "",
) -> Step:
    """A clerk takes a step. `reason` goes to the applicant, `comment` stays in the office.

    Raises `NotFound`, `core.errors.Stale`, `engine.NotAllowed`.
    """
    case = cases.load(session, ctx, application_id, lock=True)
    cases.check_desk(case, clerk)
    moves.check_seen(session, case.application, seen_version)
    return _take(session, ctx, case, transition, cases.acting(clerk, case.application.desk), reason, comment)


def applicant_takes(session: Session, ctx: Context, application_id: str, transition: str) -> Step:
    """The applicant takes a step that the workflow offers them. Raises `NotFound`, `engine.NotAllowed`."""
    case = cases.load(session, ctx, application_id, lock=True)
    return _take(session, ctx, case, transition, APPLICANT)


def withdraw(session: Session, ctx: Context, application_id: str) -> Step:
    """The applicant withdraws (取下げ); where the case is withdrawn already, nothing changes. Raises `NotAllowed`."""
    case = cases.load(session, ctx, application_id, lock=True)
    if case.application.outcome == "withdrawn":
        return Step(case.application.state, None, None)
    offered = engine.allowed(case.procedure.workflow, cases.facts(session, case), APPLICANT)
    id = next((offer.id for offer in offered if offer.kind == "withdrawal"), engine.WITHDRAW)
    return _take(session, ctx, case, id, APPLICANT)


def _take(
    session: Session,
    ctx: Context,
    case: Case,
    transition: str,
    actor: Actor,
    reason: str = "",
    comment: str = "",
) -> Step:
    before, step = moves.decide(session, case, engine.Taken(transition, actor, reason, comment))
    state = case.application.state
    moves.note(session, ctx, case, "step", actor.name, reason or None, transition=transition, state=state)
    if comment:
        moves.note(session, ctx, case, "comment", actor.name, comment)
    moves.carry_out(session, ctx, case, before, step, actor)
    if step.outcome == "withdrawn" and case.procedure.lottery:
        entries.withdraw(session, case.application.id)
    return step


def comment(session: Session, ctx: Context, application_id: str, clerk: Clerk, text: str) -> None:
    """A note for colleagues; the applicant never sees it. Changes nothing else."""
    case = cases.load(session, ctx, application_id, lock=True)
    cases.check_works(case, clerk)
    if text.strip():
        moves.note(session, ctx, case, "comment", f"clerk:{clerk.id}", text.strip())


def paid(session: Session, ctx: Context, application_id: str) -> None:
    """The ledger says that the fee is paid: tell the applicant and go on. A second time changes nothing.

    A case that waits for no payment any more only keeps the event, for the office to settle.
    """
    case = cases.load(session, ctx, application_id, lock=True)
    status = ledger.status(session, application_id)
    known = [event for event in queries.events(session, case.application) if event.kind == "paid"]
    if status.due or status.state == "none" or any(event.details["yen"] == status.paid for event in known):
        return
    moves.note(session, ctx, case, "paid", "system", yen=status.paid)
    moves.mail(session, case.application.id, "payment_received", len(known) + 1)
    occasion = f"{case.entity}:{len(known) + 1}"
    outbox.enqueue(session, "issue_receipt", occasion, {"application": case.application.id})
    if case.state.payment and not case.state.outcome:
        _goes_on(session, ctx, case, engine.Paid())


def refunded(session: Session, ctx: Context, application_id: str) -> None:
    """The ledger says that money was paid back: its receipt no longer counts, and the applicant is told. Once each."""
    case = cases.load(session, ctx, application_id, lock=True)
    status = ledger.status(session, application_id)
    known = [event for event in queries.events(session, case.application) if event.kind == "refunded"]
    if any(event.details["yen"] == status.refunded for event in known):
        return
    moves.note(session, ctx, case, "refunded", "system", yen=status.refunded)
    receipts.withdraw_wrong(session, case)
    if any(one.amount and one.corrections for one in receipts.payments(session, case)):
        occasion = f"{case.entity}:refund:{len(known) + 1}"
        outbox.enqueue(session, "issue_receipt", occasion, {"application": case.application.id})
    else:
        moves.mail(session, case.application.id, "refunded", len(known) + 1)


def drawn(
    session: Session,
    ctx: Context,
    application_id: str,
    result: engine.Result,
    waiting_rank: int | None = None,
) -> None:
    """The published draw gave this application its result. A second time changes nothing."""
    case = cases.load(session, ctx, application_id, lock=True)
    if not case.state.lottery:
        return
    moves.note(session, ctx, case, "drawn", "system", result=result, rank=waiting_rank)
    step = _goes_on(session, ctx, case, engine.Drawn(result))
    if not moves.notifies(step):
        moves.mail(session, case.application.id, "lottery_result", case.application.row_version)


def promoted(session: Session, ctx: Context, application_id: str) -> Step:
    """The waiting list (補欠) has come to this application: the step `promote`, which nobody takes out of turn."""
    case = cases.load(session, ctx, application_id, lock=True)
    return _take(session, ctx, case, "promote", SYSTEM)


def _goes_on(session: Session, ctx: Context, case: Case, event: engine.Happening) -> Step:
    before, step = moves.decide(session, case, event)
    moves.carry_out(session, ctx, case, before, step, SYSTEM)
    return step


@dataclass(frozen=True)
class Overdue:
    """A case whose deadline has passed and whose workflow says what then."""

    organisation_id: str
    application_id: str


def overdue(session: Session) -> list[Overdue]:
    """Cases that go on by themselves because their deadline has passed (a session of `EVERYONE`), at most 200."""
    late = sa.and_(Application.outcome.is_(None), Application.due_at <= clock.now())
    kinds = session.execute(
        sa.select(Application.organisation_id, Application.version_digest, Application.state)
        .where(late)
        .distinct()
    )
    moving = [kind for kind in kinds if _moves_on(session, *kind)]
    if not moving:
        return []
    place = sa.tuple_(Application.organisation_id, Application.version_digest, Application.state)
    rows = session.execute(
        sa.select(Application.organisation_id, Application.id)
        .where(late, place.in_(moving))
        .order_by(Application.due_at)
        .limit(_BATCH)
    )
    return [Overdue(*row) for row in rows]


def _moves_on(session: Session, _organisation: str, digest: str, state: str) -> bool:
    workflow = versions.get(session, digest).procedure.workflow
    return engine.state_of(workflow, state).on_deadline is not None


def expire(session: Session, ctx: Context, application_id: str) -> None:
    """Let the passed deadline of a case take effect, if it still stands so."""
    case = cases.load(session, ctx, application_id, lock=True)
    due = case.application.due_at
    if case.application.outcome or due is None or due > clock.now() or not case.state.on_deadline:
        return
    moves.note(session, ctx, case, "deadline", "system", state=case.application.state)
    _goes_on(session, ctx, case, engine.DeadlinePassed())
