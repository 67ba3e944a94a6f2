"""A corporate number (法人番号)."""

from typing import Literal

from stdnum.jp import cn

from core.errors import message
from forms.inputs import digits, enter, first
from forms.types import EMPTY, FieldType, Line, Parsed, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Type, Value


class CorporateNumberField(FieldDefinition):
    """The 13 digits of a corporate number, the first of which checks the others."""

    type: Literal["corporate_number"] = "corporate_number"

    def expression_type(self) -> Type:
        return TEXT

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else stored


class CorporateNumberType(FieldType[CorporateNumberField]):
    """A corporate number."""

    name = "corporate_number"
    definition = CorporateNumberField
    flat = True
    hint = message("13 digits.")
    label = message("Corporate number")

    def parse(self, field: CorporateNumberField, raw: Raw, name: str, reading: Reading) -> Parsed:
        text = digits(first(raw, name))
        if not text:
            return wrong(name, enter(field)) if field.required else EMPTY
        if not (text.isascii() and text.isdigit()):
            return wrong(name, message("Enter the corporate number in digits only."))
        if len(text) != 13:
            why = message(
                "Enter all 13 digits of the corporate number. You entered %(count)s.", count=len(text)
            )
            return wrong(name, why)
        if not cn.is_valid(text):
            why = message(
                "Check the corporate number digit by digit: %(number)s is not one.", number=spaced(text)
            )
            return wrong(name, why)
        return Parsed(text)

    def raw(self, field: CorporateNumberField, stored: Json, name: str) -> dict[str, list[str]]:
        return {name: [spaced(stored) if stored else ""]}

    def lines(self, field: CorporateNumberField, stored: Json, language: str) -> list[Line]:
        return [spaced(stored)]


def spaced(number: str) -> str:
    """The digits in the groups they are printed in: ``1 2345 6789 0123``."""
    return " ".join((number[:1], number[1:5], number[5:9], number[9:]))


PLUGIN = CorporateNumberType()
