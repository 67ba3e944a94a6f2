"""What publishing a version would mean for what is in flight: drafts and applications keep the version they began
with, and some could go over to the new one. Told are numbers, states and names of fields only, never an answer.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import organisations
from applications import queries, vault
from applications.models import Application, Correction, Draft
from core import clock
from core.context import Context
from core.database import organisation_of
from core.told import packed, tell
from forms import page as form_page
from forms.types import Reading, type_of
from procedures import versions
from procedures.changes import Gravity, changes
from procedures.definition import FieldDefinition, Procedure, State
from procedures.definition.base import Json
from procedures.values import Values
from procedures.visibility import unmet_requirements, visible_pages

DRAFT: Final = "draft"
"""What a draft's state is called."""
FORM: Final = {
    "language": tell("the language of the file"),
    "eligibility": tell("who may apply"),
    "pages": tell("what is asked"),
    "computed": tell("what is calculated"),
    "attachments": tell("what is handed in"),
    "declarations": tell("what is declared"),
    "signature": tell("how people sign"),
    "fee": tell("the fee"),
    "lottery": tell("the draw"),
}
"""What an applicant has answered or agreed to; an application is never moved across a change there."""
_AT_ONCE: Final = 200


@dataclass
class Impact:
    """Everything of earlier versions that is in flight."""

    versions: set[str] = field(default_factory=set)
    standing: Counter[str] = field(default_factory=Counter)
    """How many stand in which state; `DRAFT` is one of them."""
    failing: Counter[str] = field(default_factory=Counter)
    """How many of them would not pass the new rules."""
    reasons: Counter[str] = field(default_factory=Counter)
    """How many fail for what; one may fail for several things."""
    movable: Counter[str] = field(default_factory=Counter)
    """How many could go over to the new version (`applications.migrating`)."""
    holds: Counter[str] = field(default_factory=Counter)
    """How many would pass the new rules and keep their version all the same, for what."""

    def add(self, digest: str, state: str, reasons: Sequence[str], holds: Sequence[str] = ()) -> None:
        """Count one draft or application; `holds`: why it keeps its version though its answers pass."""
        self.versions.add(digest)
        self.standing[state] += 1
        self.failing[state] += bool(reasons)
        self.reasons.update(set(reasons))
        self.movable[state] += not reasons and not holds
        self.holds.update(set(holds) if not reasons else ())

    def as_dict(self) -> dict[str, Any]:
        """For tools, and to be kept with a proposal."""
        counts = {
            name: dict(getattr(self, name)) for name in ("standing", "failing", "reasons", "movable", "holds")
        }
        told = {reason: packed(reason) for reason in (*self.reasons, *self.holds)}
        return {"versions": len(self.versions), **counts, "told": told}


def impact(session: Session, ctx: Context, procedure: Procedure) -> Impact:
    """What publishing `procedure` finds in flight in the session's organisation."""
    found = Impact()
    zone = organisations.timezone(session)
    for draft in drafts_of(session, procedure.procedure):
        found.add(
            draft.version_digest, DRAFT, draft_failures(session, ctx, draft, procedure, clock.today(zone))
        )
    held = Holds(session, procedure)
    for case in cases_of(session, procedure.procedure):
        reasons = case_failures(session, ctx, case, procedure, zone)
        found.add(case.version_digest, case.state, reasons, held.of(case))
    return found


def drafts_of(session: Session, procedure_id: str) -> Iterator[Draft]:
    """Drafts that are not filed, some at a time."""
    return _each(session, Draft, Draft.procedure_id == procedure_id, Draft.filed_as.is_(None))


def cases_of(session: Session, procedure_id: str) -> Iterator[Application]:
    """Applications that are not decided, some at a time."""
    return _each(
        session, Application, Application.procedure_id == procedure_id, Application.outcome.is_(None)
    )


def draft_failures(session: Session, ctx: Context, draft: Draft, new: Procedure, today: date) -> list[str]:
    """Why what is filled in would not pass `new`; only completed pages are looked at."""
    old = versions.get(session, draft.version_digest).procedure
    document = vault.read_draft(ctx, draft)
    return list(failures(old, new, document.answers, today, document.done))


def case_failures(session: Session, ctx: Context, case: Application, new: Procedure, zone: str) -> list[str]:
    """Why what was handed in, or the state it is in, would not pass `new`."""
    old = versions.get(session, case.version_digest).procedure
    handed_in = queries.document(session, ctx, case)
    on = case.filed_at.astimezone(ZoneInfo(zone)).date()
    return [*failures(old, new, handed_in.answers, on), *_state(new, case.state)]


class Holds:
    """Why applications keep their version though their answers pass: what was stated or begun stays as it was."""

    def __init__(self, session: Session, new: Procedure) -> None:
        self._session, self._new = session, new
        self._correcting = set(
            session.scalars(sa.select(Correction.application_id).where(Correction.answered_at.is_(None)))
        )
        self._known: dict[str, list[str]] = {}

    def of(self, case: Application) -> list[str]:
        """The reasons for one application."""
        if case.version_digest not in self._known:
            old = versions.get(self._session, case.version_digest).procedure
            self._known[case.version_digest] = list(_stated(old, self._new))
        reasons = list(self._known[case.version_digest])
        reasons += [tell("the applicant is correcting it")] if case.id in self._correcting else []
        before = versions.get(self._session, case.version_digest).procedure.workflow.states.get(case.state)
        after = self._new.workflow.states.get(case.state)
        if before and after and _waits_for(before) != _waits_for(after):
            reasons.append(tell("the state '%(state)s' waits for something else now", state=case.state))
        return reasons


def _stated(old: Procedure, new: Procedure) -> Iterator[str]:
    """What the applicant answered, agreed to, signed or owes that reads otherwise in `new`."""
    changed = {
        each.place[0] for each in changes(old, new) if each.gravity > Gravity.TRANSLATIONS
    } & FORM.keys()
    yield from (tell("%(part)s changed", part=FORM[part]) for part in FORM if part in changed)
    was, now = old.workflow.states, new.workflow.states
    if any(name not in now or was[name].transitions.keys() - now[name].transitions.keys() for name in was):
        yield tell("a state or step that cases may have gone through was removed")


def _waits_for(state: State) -> tuple[object, ...]:
    return state.payment, state.lottery, state.outcome


def failures(
    old: Procedure,
    new: Procedure,
    answers: Mapping[str, Json],
    today: date,
    done: Sequence[str] | None = None,
) -> Iterator[str]:
    """Why answers given under `old` would not pass `new`, by the names of its fields; `done`: the pages to look at."""
    kept = dict(deepcopy(dict(answers)))
    yield from _carry(old.fields(), {each.id: each for each in new.fields()}, kept)
    values = Values(new, kept, today)
    if done is None:
        yield from (
            tell("requirement '%(id)s' is not met", id=each.id) for each in unmet_requirements(new, values)
        )
    for page in visible_pages(new, values):
        if done is not None and page.id not in done:
            continue
        result = form_page.read(page, form_page.inputs(page, kept), kept, Reading(today, values))
        for name in dict.fromkeys(error.input.partition("-")[0] for error in result.errors):
            yield (
                tell("field '%(name)s' does not take the answer", name=name)
                if kept.get(name)
                else tell("field '%(name)s' needs an answer", name=name)
            )


def _carry(
    old: Sequence[FieldDefinition], new: Mapping[str, FieldDefinition], answers: dict[str, Any]
) -> Iterator[str]:
    """Take away the answers that the new fields cannot read at all, and say whose they were."""
    for before in old:
        answer = answers.get(before.id)
        if answer is None or not type_of(before).asks:
            continue
        now = new.get(before.id)
        if now is not None and now.type == before.type:
            inside = {each.id: each for each in now.subfields()}
            for row in answer if before.subfields() else ():
                yield from _carry(before.subfields(), inside, row)
            continue
        del answers[before.id]
        if now:
            yield tell(
                "field '%(name)s' asks for %(new)s instead of %(old)s",
                name=before.id,
                new=now.type,
                old=before.type,
            )
        else:
            yield tell("field '%(name)s' is not asked any more", name=before.id)


def _state(procedure: Procedure, state: str) -> Iterator[str]:
    if state not in procedure.workflow.states:
        yield tell("state '%(state)s' is no more", state=state)


def _each(session: Session, model: type[Any], *conditions: sa.ColumnElement[bool]) -> Iterator[Any]:
    """The rows, some at a time, so that memory stays small; the session forgets them again."""
    organisation_of(session)
    after = ""
    while rows := session.scalars(
        sa.select(model).where(*conditions, model.id > after).order_by(model.id).limit(_AT_ONCE)
    ).all():
        yield from rows
        after = rows[-1].id
        session.expunge_all()
