"""What an example applicant answers today, what the office got of it, and whether that is the same."""

from dataclasses import dataclass

import sqlalchemy as sa

from applications import queries
from applications.models import Application, Draft
from core import clock
from core.database import EVERYONE
from forms import page as form_page
from forms.fields.individual_number import shown_of
from forms.types import Reading
from procedures import examples, versions
from procedures.definition import Example, FieldDefinition, Procedure
from procedures.definition import Page as FormPage
from procedures.definition.base import Json
from procedures.values import Values
from procedures.visibility import unmet_requirements, visible_fields, visible_pages
from tests.browser.platform import Platform
from workflows import engine

ZONE = "Asia/Tokyo"
UNSAID = ("drawn", "slot", "file", "image")
"""Answers that are not the example's own: drawn by mouse, the first day that is free, a file."""


def values_of(procedure: Procedure, answers: dict[str, Json]) -> Values:
    """The answers as expressions see them today."""
    return Values(procedure, answers, clock.today(ZONE))


def first_eligible(procedure: Procedure) -> Example:
    """The first example of somebody who may apply."""
    return next(one for one in procedure.examples if one.expect.eligible)


def longest_eligible(procedure: Procedure) -> Example:
    """Who of those who may apply has the most pages and questions to answer."""
    return max(
        (one for one in procedure.examples if one.expect.eligible), key=lambda one: length(procedure, one)
    )


def length(procedure: Procedure, example: Example) -> tuple[int, int]:
    """How many pages and how many questions this applicant goes through."""
    values = values_of(procedure, examples.answers_on(procedure, example, clock.today(ZONE)))
    pages = visible_pages(procedure, values)
    return len(pages), sum(len(visible_fields(page, values)) for page in pages)


def answers_today(procedure: Procedure, example: Example, email: str) -> dict[str, Json]:
    """What the example answers today, with an address of their own."""
    moved = examples.answers_on(procedure, example, clock.today(ZONE))
    answers = moved if _is_right(procedure, moved) else example.answers  # a round has days of its own
    return answers | {
        field.id: email for field in procedure.fields() if field.type == "email" and field.id in answers
    }


def _is_right(procedure: Procedure, answers: dict[str, Json]) -> bool:
    """Whether somebody with these answers may apply today."""
    values = values_of(procedure, answers)
    return not unmet_requirements(procedure, values) and not any(
        _result(page, answers, values).errors for page in visible_pages(procedure, values)
    )


@dataclass(frozen=True)
class Filed:
    """What was filed, and whether it waits for its fee."""

    answers: dict[str, Json]
    waits_for_fee: bool


def filed(platform: Platform, reference: str) -> Filed:
    """The case of this reference number, read as the office reads it."""
    with platform.ctx.database.reading(EVERYONE) as session:
        found = session.scalars(sa.select(Application).where(Application.reference == reference)).one()
        document = queries.document(session, platform.ctx, found)
        workflow = versions.get(session, found.version_digest).procedure.workflow
        return Filed(document.answers, engine.state_of(workflow, found.state).payment is not None)


def references_of(platform: Platform, organisation: str, procedure: str, email: str) -> list[str]:
    """Every case of the procedure whose answers name this address."""
    with platform.ctx.database.reading(organisation) as session:
        cases = session.scalars(sa.select(Application).where(Application.procedure_id == procedure)).all()
        return [
            case.reference
            for case in cases
            if email in queries.document(session, platform.ctx, case).answers.values()
        ]


def open_drafts(platform: Platform, organisation: str, ids: set[str]) -> list[str]:
    """Those of the drafts that were not filed."""
    with platform.ctx.database.reading(organisation) as session:
        return list(session.scalars(sa.select(Draft.id).where(Draft.id.in_(ids), Draft.filed_as.is_(None))))


def compare(procedure: Procedure, typed: dict[str, Json], filed: dict[str, Json]) -> None:
    """Every answer that the example gives was filed, as the form reads it; nothing else was."""
    asked = as_read(procedure, typed)
    for id, answer in asked.items():
        field = procedure.field(id)
        assert field
        assert _said(field, filed.get(id)) == _said(field, answer), id
    assert [id for id, answer in filed.items() if answer and id not in asked] == []


def as_read(procedure: Procedure, typed: dict[str, Json]) -> dict[str, Json]:
    """The answers of all pages that are asked, as the form reads what was typed."""
    values = values_of(procedure, typed)
    return {id: answer for page in procedure.pages for id, answer in _read(page, typed, values).items()}


def _said(field: FieldDefinition, answer: Json) -> Json:
    """What can be compared of an answer."""
    if field.type in UNSAID:
        return None
    if field.type == "individual_number":  # the office sees its end
        return shown_of(answer) if answer else None
    if field.subfields() and answer:
        return [{sub.id: _said(sub, row.get(sub.id)) for sub in field.subfields()} for row in answer]
    return answer


def _read(page: FormPage, answers: dict[str, Json], values: Values) -> dict[str, Json]:
    if page.when is not None and not page.when.holds(values):
        return {}
    return _result(page, answers, values).answers


def _result(page: FormPage, answers: dict[str, Json], values: Values) -> form_page.PageResult:
    reading = Reading(clock.today(ZONE), values)
    return form_page.read(page, form_page.inputs(page, answers), answers, reading)
