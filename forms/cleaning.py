"""Answers that do not belong to what is handed in are left out, in the order in which they depend on each other."""

from collections.abc import Mapping
from datetime import date

from forms.types import type_of
from procedures.definition import Procedure
from procedures.definition.base import Json
from procedures.values import Values
from procedures.visibility import visible_fields, visible_pages


def drop_hidden(procedure: Procedure, answers: Mapping[str, Json], today: date) -> dict[str, Json]:
    """`answers` of the questions that are asked of this person, in the order of the form.

    `Values` takes a hidden field as unanswered, so a field hidden by a hidden field's answer goes too. Rows of groups
    come without hidden answers from `page.read`.
    """
    values = Values(procedure, answers, today)
    return {
        field.id: answers[field.id]
        for page in visible_pages(procedure, values)
        for field in visible_fields(page, values)
        if type_of(field).asks and answers.get(field.id) is not None
    }
