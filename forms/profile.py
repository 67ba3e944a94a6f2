"""What a resident may store once for all forms: their own entries, and those of companies they act for."""

from collections.abc import Mapping
from functools import cache

from core.errors import message
from forms.options import Option
from forms.sheet import Sheet, question
from forms.types import Label, Line, type_of
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.prefill import RELATIONSHIPS

_RELATIONSHIPS = {
    "spouse": message("Spouse or partner"),
    "child": message("Child"),
    "parent": message("Father or mother"),
    "sibling": message("Brother or sister"),
    "grandparent": message("Grandparent"),
    "grandchild": message("Grandchild"),
    "other": message("Other relative"),
}


@cache
def entries() -> dict[str, FieldDefinition]:
    """The entries of a person's profile by name, in order; all may be left empty."""
    options = tuple(
        Option(value=value, label=value).model_copy(update={"label": _RELATIONSHIPS[value]})
        for value in RELATIONSHIPS
    )
    member = (
        question(id="name", type="person_name", own=False, kana="optional"),
        question(message("Date of birth"), id="born", type="date", required=False, max="today"),
        question(
            message("Relationship to you"), id="relationship", type="choice", required=False, options=options
        ),
    )
    made = (
        question(id="name", type="person_name", required=False),
        question(
            message("Date of birth"), id="born", type="date", required=False, max="today", autocomplete="bday"
        ),
        question(id="address", type="address", required=False),
        question(
            message("Address for letters, if it is another one"),
            id="mailing_address", type="address", required=False, own=False,
        ),
        question(id="phone", type="phone", required=False),
        question(id="email", type="email", required=False),
        question(id="bank_account", type="bank_account", required=False),
        question(
            message("Household: the people who live with you"),
            id="household", type="group", fields=member, required=False,
        ),
    )  # fmt: skip
    return {field.id: field for field in made}


@cache
def company() -> Sheet:
    """The entries of a company."""
    return Sheet(
        (
            question(
                message("Name of the company"),
                id="name", type="text", max_length=100, autocomplete="organization",
            ),
            question(id="number", type="corporate_number"),
            question(
                message("Address of the head office"), id="address", type="address", required=False, own=False
            ),
            question(
                message("Title of the representative"),
                id="representative_title", type="text", required=False, max_length=40,
            ),
            question(
                message("Name of the representative"),
                id="representative", type="person_name", required=False, own=False,
            ),
            question(id="phone", type="phone", required=False),
        )
    )  # fmt: skip


def summary(
    fields: Mapping[str, FieldDefinition], stored: Mapping[str, Json], language: str
) -> list[tuple[str, Label | None, list[Line]]]:
    """Each entry with its label and what is stored, as lines to read."""
    return [(id, field.own_label(), lines(field, stored.get(id), language)) for id, field in fields.items()]


def lines(field: FieldDefinition, stored: Json, language: str) -> list[Line]:
    """An entry as lines to read; none where it is empty."""
    return type_of(field).lines(field, stored, language) if stored else []
