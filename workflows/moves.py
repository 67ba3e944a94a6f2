"""Carrying out what the engine decided: the row, events, audit, charges, lottery entries, actions and mails.

Everything happens in the caller's transaction; what leaves the house (mail, documents) goes through the outbox.
"""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from accounts import clerks
from applications import events, queries, slots
from applications.models import Application
from core import audit, clock, outbox
from core.context import Context
from core.errors import Message, Stale, message
from documents import issuing
from lotteries import entries
from payments import ledger
from procedures import calendar
from workflows import engine
from workflows.action import actions
from workflows.case import Case, facts
from workflows.engine import Act, Actor, Charge, EndCorrection, EnterDraw, Facts, Happening, Step

OUTCOME_NOTICES = {
    "approved": "approved",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "lapsed": "lapsed",
    "void": "lapsed",
}
_IN_FORCE = ("approved",)
"""Outcomes with which a booked place stays the applicant's."""


def check_seen(session: Session, application: Application, seen_version: int) -> None:
    """Raise `Stale`, naming who changed the case and when, unless `seen_version` is the present one."""
    if application.row_version == seen_version:
        return
    last = queries.events(session, application)[-1]
    raise Stale(
        message(
            "%(who)s changed this case at %(when)s. Look at it again before you go on.",
            who=who(last.actor, clerks.names(session)),
            when=last.at,
        )
    )


def who(actor: str, names: dict[str, str]) -> Message | str:
    """An actor as people read it; `names` are those of the organisation's clerks by id."""
    kind, _, id = actor.partition(":")
    if kind == "clerk":
        return names.get(id) or message("A former clerk")
    return message("The applicant") if kind == "applicant" else message("The system")


def decide(session: Session, case: Case, event: Happening) -> tuple[Facts, Step]:
    """What `event` leads to; nothing is written yet. Raises `engine.NotAllowed`."""
    before = facts(session, case)
    return before, engine.advance(case.procedure.workflow, before, event)


def carry_out(session: Session, ctx: Context, case: Case, before: Facts, step: Step, actor: Actor) -> None:
    """Bring the case to where `step` leads, and do what must follow."""
    application, previous, desk = case.application, case.application.state, case.application.desk
    application.state, application.due_at = step.state, step.due_at
    application.desk = step.desk or case.procedure.desk
    application.row_version += 1
    for state in step.entered:
        application.state_since = clock.now()
        events.append(session, ctx, application, "state", actor.name, state=state, before=previous)
        previous = state
    if step.entered:
        stays = application.desk == desk and _may_go_on(case, before, step, actor)
        application.assignee_id = actor.name.removeprefix("clerk:") if stays else None
    if before.correcting:
        _settle_correction(session, case, step)
    if step.outcome:
        application.outcome, application.decided_at = step.outcome, clock.now()
        application.expires_on = _expires_on(session, case, step)
        if step.outcome not in _IN_FORCE:
            slots.free(session, case.procedure, application.id)
        _notice_of_outcome(session, case, step)
    _perform(session, ctx, case, step)


def _expires_on(session: Session, case: Case, step: Step) -> date | None:
    """The last day of what was granted: counted from today, or from the end of what is renewed."""
    lasts = engine.state_of(case.procedure.workflow, step.state).expires
    if lasts is None or case.application.renews is None:
        return step.expires_on
    return calendar.add(issuing.runs_from(session, case.application, clock.today(case.zone)), lasts)


def _settle_correction(session: Session, case: Case, step: Step) -> None:
    """End an open correction request with what ends it; otherwise the clock of a new state stands still as well."""
    correction = queries.open_correction(session, case.application)
    if correction is None:
        return
    if step.outcome or EndCorrection() in step.effects:
        correction.answered_at = clock.now()
    elif step.entered:
        correction.due_at, case.application.due_at = step.due_at, None


def note(
    session: Session,
    ctx: Context,
    case: Case,
    kind: str,
    actor: str,
    text: str | None = None,
    **details: object,
) -> int:
    """An event and its audit row, before or after a step; gives the event's number."""
    sequence = events.append(session, ctx, case.application, kind, actor, text, **details)
    audit.append(session, f"application.{kind}", case.entity, actor, event=sequence, **details)
    return sequence


def mail(session: Session, application_id: str, notice: str, occasion: object, **ids: object) -> None:
    """Send the applicant `notice`, once per `occasion`. `ids` say what it is about, never who."""
    outbox.enqueue(
        session,
        "mail",
        f"application:{application_id}:{notice}:{occasion}",
        {"notice": notice, "application": application_id, **ids},
    )


def _may_go_on(case: Case, before: Facts, step: Step, actor: Actor) -> bool:
    """Whether the clerk who took the step may take the next one too; else it waits for anybody of the desk."""
    if step.outcome or not actor.name.startswith("clerk:"):
        return False
    offers = engine.allowed(
        case.procedure.workflow, replace(before, state=step.state, correcting=None), actor
    )
    return any(offer.kind == "step" for offer in offers)


def _perform(session: Session, ctx: Context, case: Case, step: Step) -> None:
    for effect in step.effects:
        match effect:
            case Charge():
                _charge(session, case)
            case EnterDraw():
                _enter_draw(session, ctx, case, step)
            case Act(name=name, options=options):
                plugin = actions()[name]
                plugin.perform(session, ctx, case, plugin.Options.model_validate(options))


def _charge(session: Session, case: Case) -> None:
    if case.procedure.fee is None:
        return
    now = ledger.charge(session, case.application.id, case.fee.lines, case.fee.total)
    if case.fee.total if now else ledger.status(session, case.application.id).due:
        mail(session, case.application.id, "payment_due", case.application.row_version)


def _enter_draw(session: Session, ctx: Context, case: Case, step: Step) -> None:
    entries.enter(session, ctx, case.version, case.application, case.values)
    if not notifies(step):
        mail(session, case.application.id, "lottery_numbered", case.application.row_version)


def notifies(step: Step) -> bool:
    """Whether the state that was entered sends a notice of its own, in place of the usual one."""
    return any(isinstance(it, Act) and it.name == "notify" and it.state == step.state for it in step.effects)


def _notice_of_outcome(session: Session, case: Case, step: Step) -> None:
    if step.outcome and not notifies(step):
        mail(session, case.application.id, OUTCOME_NOTICES[step.outcome], case.application.row_version)
