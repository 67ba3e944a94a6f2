"""Who may apply, asked before there is a draft: only what the requirements look at, on one page."""

from collections.abc import Mapping
from dataclasses import dataclass

from forms import page as form_page
from forms.narrowed import narrowed, waits
from forms.types import Raw, Reading, type_of
from procedures.definition import Page, Procedure, Requirement
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.values import Values
from procedures.visibility import unmet_requirements


@dataclass(frozen=True)
class Check:
    """The questions, as one page, and the requirements that they decide."""

    page: Page
    requirements: tuple[Requirement, ...]

    def unmet(self, values: Values) -> tuple[Requirement, ...]:
        """The requirements that these answers do not meet."""
        return tuple(one for one in unmet_requirements(values.procedure, values) if one in self.requirements)


def check_of(procedure: Procedure) -> Check | None:
    """The check of a procedure; none where nobody is kept from applying, or it takes files to decide it."""
    decided = [one for one in procedure.eligibility if not _waits(procedure, one)]
    fields = narrowed(procedure, (one.when for one in decided))
    if not fields:
        return None
    alone = {"id": "eligibility", "title": procedure.title, "intro": None, "when": None, "fields": fields}
    return Check(procedure.pages[0].model_copy(update=alone), tuple(decided))


def _waits(procedure: Procedure, requirement: Requirement) -> bool:
    return any(map(waits, narrowed(procedure, [requirement.when])))


@dataclass(frozen=True)
class Carried:
    """What was typed in a check, by page of the form: as typed, or as answers where it is all that the page asks."""

    typed: dict[str, Raw]
    answered: dict[str, dict[str, Json]]


def carried(procedure: Procedure, check: Check, raw: Raw, reading: Reading) -> Carried:
    """Sort what was typed in a check by the pages of the form, so that nobody types it twice."""
    answers = form_page.read(check.page, raw, {}, reading).answers
    reading = reading.seeing(Values(procedure, answers, reading.today))
    found = Carried({}, {})
    asked = {field.id: field for field in check.page.fields}
    for page in procedure.pages:
        if asked.keys().isdisjoint(field.id for field in page.fields):
            continue
        if page.when is not None and not page.when.holds(reading.values):
            continue
        typed = {**form_page.inputs(page, {}), **_of(page, raw)}
        result = form_page.read(page, typed, answers, reading)
        if result.errors or not _wholly(page, asked, result.answers):
            found.typed[page.id] = typed
        else:
            found.answered[page.id] = result.answers
    return found


def _of(page: Page, raw: Raw) -> dict[str, list[str]]:
    ids = {field.id for field in page.fields}
    return {name: list(sent) for name, sent in raw.items() if name.partition("-")[0] in ids}


def _wholly(page: Page, asked: Mapping[str, FieldDefinition], answers: Mapping[str, Json]) -> bool:
    """Whether the check asked for all of a page: each field, and each column of the rows there are."""
    return all(
        field.id in asked
        and not (answers.get(field.id) and len(asked[field.id].subfields()) < len(field.subfields()))
        for field in page.fields
        if type_of(field).asks
    )
