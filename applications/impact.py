"""What publishing a version would mean for whom it does not touch: drafts and applications keep the version they
began with. Told are numbers, states and names of fields only, never an answer.
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
from applications.models import Application, Draft
from core import clock
from core.context import Context
from core.database import organisation_of
from forms import page as form_page
from forms.types import Reading, type_of
from procedures import versions
from procedures.definition import FieldDefinition, Procedure
from procedures.definition.base import Json
from procedures.values import Values
from procedures.visibility import unmet_requirements, visible_pages

DRAFT: Final = "draft"
"""What a draft's state is called."""
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

    def add(self, digest: str, state: str, reasons: Sequence[str]) -> None:
        """Count one draft or application."""
        self.versions.add(digest)
        self.standing[state] += 1
        self.failing[state] += bool(reasons)
        self.reasons.update(set(reasons))


def impact(session: Session, ctx: Context, procedure: Procedure) -> Impact:
    """What publishing `procedure` finds in flight in the session's organisation."""
    found = Impact()
    zone = organisations.timezone(session)
    for draft in _each(session, Draft, Draft.procedure_id == procedure.procedure, Draft.filed_as.is_(None)):
        old = versions.get(session, draft.version_digest).procedure
        document = vault.read_draft(ctx, draft)
        reasons = failures(old, procedure, document.answers, clock.today(zone), document.done)
        found.add(draft.version_digest, DRAFT, list(reasons))
    open_ones = (Application.procedure_id == procedure.procedure, Application.outcome.is_(None))
    for case in _each(session, Application, *open_ones):
        old = versions.get(session, case.version_digest).procedure
        handed_in = queries.document(session, ctx, case)
        reasons = failures(old, procedure, handed_in.answers, case.filed_at.astimezone(ZoneInfo(zone)).date())
        found.add(case.version_digest, case.state, [*reasons, *_state(procedure, case.state)])
    return found


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
        yield from (f"requirement '{each.id}' is not met" for each in unmet_requirements(new, values))
    for page in visible_pages(new, values):
        if done is not None and page.id not in done:
            continue
        result = form_page.read(page, form_page.inputs(page, kept), kept, Reading(today, values))
        for name in dict.fromkeys(error.input.partition("-")[0] for error in result.errors):
            yield f"field '{name}' {'does not take the answer' if kept.get(name) else 'needs an answer'}"


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
        what = f"asks for {now.type} instead of {before.type}" if now else "is not asked any more"
        yield f"field '{before.id}' {what}"


def _state(procedure: Procedure, state: str) -> Iterator[str]:
    if state not in procedure.workflow.states:
        yield f"state '{state}' is no more"


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
