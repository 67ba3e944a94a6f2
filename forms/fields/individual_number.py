"""An individual number (個人番号, マイナンバー): never shown whole, except in the input it is typed into."""

from typing import Literal

from stdnum.jp import in_

from core.errors import message
from forms.inputs import digits, enter, first
from forms.types import EMPTY, FieldType, Line, Parsed, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Type, Value


class IndividualNumberField(FieldDefinition):
    """The 12 digits of an individual number, the last of which checks the others.

    Summaries, the desk, documents and expressions see it masked; it may be asked for only where a law says so.
    """

    type: Literal["individual_number"] = "individual_number"

    def expression_type(self) -> Type:
        return TEXT

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else masked(stored)


class IndividualNumberType(FieldType[IndividualNumberField]):
    """An individual number."""

    name = "individual_number"
    definition = IndividualNumberField
    lasts = False
    label = message("Individual number (My Number)")
    hint = message("12 digits.")

    def parse(self, field: IndividualNumberField, raw: Raw, name: str, reading: Reading) -> Parsed:
        text = digits(first(raw, name))
        if not text:
            return wrong(name, enter(field)) if field.required else EMPTY
        if not (text.isascii() and text.isdigit() and len(text) == 12):
            return wrong(name, message("Enter all 12 digits of the individual number, in digits only."))
        if not in_.is_valid(text):
            return wrong(name, message("Enter the individual number once more: one of its digits is wrong."))
        return Parsed(text)

    def raw(self, field: IndividualNumberField, stored: Json, name: str) -> dict[str, list[str]]:
        return {name: [in_.format(stored) if stored else ""]}

    def lines(self, field: IndividualNumberField, stored: Json, language: str) -> list[Line]:
        return [masked(stored)]

    def told(self, field: IndividualNumberField, stored: Json) -> Json:
        return masked(stored)


def masked(number: str) -> str:
    """The number with its last four digits alone, by which its holder knows it again."""
    return f"•••• •••• {number[-4:]}"


PLUGIN = IndividualNumberType()
