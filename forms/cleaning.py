"""Answers that do not belong to what is handed in are left out, in the order in which they depend on each other."""

from collections.abc import Mapping
from datetime import date

from forms.types import type_of
from procedures.definition import Procedure
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.values import Values, field_value
from procedures.visibility import visible_fields, visible_in_row, visible_pages


def drop_hidden(procedure: Procedure, answers: Mapping[str, Json], today: date) -> dict[str, Json]:
    """`answers` of the questions that are asked of this person, in the order of the form.

    `Values` takes a hidden field as unanswered, so a field hidden by a hidden field's answer goes too.
    """
    values = Values(procedure, answers, today)
    return {
        field.id: _clean(field, answers[field.id], values)
        for page in visible_pages(procedure, values)
        for field in visible_fields(page, values)
        if type_of(field).asks and answers.get(field.id) is not None
    }


def _clean(field: FieldDefinition, stored: Json, values: Values) -> Json:
    """`stored`, without what is hidden in the rows of a group."""
    return [_row(field, row, values) for row in stored] if field.subfields() else stored


def _row(group: FieldDefinition, row: Mapping[str, Json], values: Values) -> dict[str, Json]:
    inside = values.with_row({sub.id: field_value(sub, row.get(sub.id)) for sub in group.subfields()})
    return {
        sub.id: _clean(sub, row[sub.id], values)
        for sub in visible_in_row(group, inside)
        if row.get(sub.id) is not None
    }
