"""A telephone number."""

from typing import Literal

import phonenumbers

from core.errors import message
from forms.inputs import enter, first, fold
from forms.types import EMPTY, FieldType, Line, Parsed, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Type, Value

_WRONG = message("Enter a telephone number with its area code, such as 03-1234-5678 or +81 90 1234 5678.")
LONGEST = 40


class PhoneField(FieldDefinition):
    """A telephone number, Japanese unless it starts with ``+``. Stored as ITU-T E.164: ``+81312345678``."""

    type: Literal["phone"] = "phone"

    def expression_type(self) -> Type:
        return TEXT

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else stored


class PhoneType(FieldType[PhoneField]):
    """A telephone number."""

    name = "phone"
    definition = PhoneField
    hint = message("For example 03-1234-5678.")
    label = message("Telephone number")

    def parse(self, field: PhoneField, raw: Raw, name: str, reading: Reading) -> Parsed:
        text = fold(first(raw, name))
        if not text:
            return wrong(name, enter(field)) if field.required else EMPTY
        if len(text) > LONGEST:
            return wrong(name, _WRONG)
        try:
            number = phonenumbers.parse(text, "JP")
        except phonenumbers.NumberParseException:
            return wrong(name, _WRONG)
        if number.extension or not phonenumbers.is_valid_number(number):
            return wrong(name, _WRONG)
        return Parsed(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def raw(self, field: PhoneField, stored: Json, name: str) -> dict[str, list[str]]:
        return {name: [spaced(stored) if stored else ""]}

    def lines(self, field: PhoneField, stored: Json, language: str) -> list[Line]:
        return [spaced(stored)]


def spaced(stored: str) -> str:
    """The number as people write it: Japanese ones as dialled in Japan, others with their country code."""
    number = phonenumbers.parse(stored, "JP")
    national = number.country_code == 81
    form = (
        phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, form)


PLUGIN = PhoneType()
