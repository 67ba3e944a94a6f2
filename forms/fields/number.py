"""A number."""

from decimal import Decimal, InvalidOperation
from typing import Literal

from pydantic import Field

from core.errors import Message, message
from forms.inputs import enter, first, fold, joined
from forms.types import EMPTY, FieldType, Line, Parsed, Question, Raw, Reading, wrong
from forms.units import without_unit
from procedures.definition.base import Json
from procedures.expressions import NUMBER, UNANSWERED, Type, Value
from translations import furigana
from translations.text import Text

LONGEST = 20
"""Digits a number may have, so that no input becomes a calculation of its own."""


class NumberField(Question):
    """A number, of whole units unless `decimals` says otherwise. Stored as a string, never as a float."""

    type: Literal["number"] = "number"
    min: Decimal | None = Field(default=Decimal(0), description="The smallest number; null: none.")
    max: Decimal | None = Field(default=None, description="The largest number; none: no limit.")
    decimals: int = Field(default=0, ge=0, le=6, description="Digits after the point, at most.")
    unit: Text | None = Field(default=None, description="What stands behind the input, e.g. 通.")

    def expression_type(self) -> Type:
        return NUMBER

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else Decimal(stored)


class NumberType(FieldType[NumberField]):
    """A number."""

    name = "number"
    definition = NumberField
    flat = True

    def parse(self, field: NumberField, raw: Raw, name: str, reading: Reading) -> Parsed:
        text = first(raw, name)
        if not text:
            return wrong(name, enter(field)) if field.required else EMPTY
        number = _number(without_unit(fold(text), field.unit))
        if number is None:
            return wrong(name, message("Enter “%(label)s” as a number, such as 12.", label=field.label))
        if -int(number.as_tuple().exponent) > field.decimals:
            return wrong(name, _too_fine(field))
        if field.min is not None and number < field.min:
            return wrong(
                name, message("Enter “%(label)s” as %(limit)s or more.", label=field.label, limit=field.min)
            )
        if field.max is not None and number > field.max:
            return wrong(
                name, message("Enter “%(label)s” as %(limit)s or less.", label=field.label, limit=field.max)
            )
        return Parsed(format(number, "f"))

    def raw(self, field: NumberField, stored: Json, name: str) -> dict[str, list[str]]:
        return {name: [stored or ""]}

    def lines(self, field: NumberField, stored: Json, language: str) -> list[Line]:
        return [f"{stored} {furigana.strip(str(field.unit.phrase(language)))}" if field.unit else stored]


def _number(text: str) -> Decimal | None:
    text = joined(text)
    if len(text) > LONGEST or not text.strip("-+").replace(".", "", 1).isdecimal():
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number.normalize() if "." in text and number == number.to_integral() else number + 0


def _too_fine(field: NumberField) -> Message:
    if field.decimals == 0:
        return message("Enter “%(label)s” as a whole number, such as 12.", label=field.label)
    return message(
        "Enter “%(label)s” with at most %(count)s digits after the point.",
        label=field.label,
        count=field.decimals,
    )


PLUGIN = NumberType()
