"""A calculated value that is shown between the questions."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from core.errors import message
from forms.types import EMPTY, Errors, FieldType, Line, Parsed, Question, Raw, Reading
from procedures.definition.base import Json
from procedures.expressions import BOOL, DATE, MONEY, NUMBER, TEXT, UNANSWERED, Expression, Type, Value
from translations.dates import format_date, format_money

_TYPES = {"money": MONEY, "number": NUMBER, "date": DATE, "text": TEXT, "yes_no": BOOL}


class ComputedField(Question):
    """The value of an expression, shown and never typed."""

    type: Literal["computed"] = "computed"
    value: Expression = Field(description="What is calculated.")
    shown_as: Literal["money", "number", "date", "text", "yes_no"] = Field(
        default="number", alias="as", description="How it is written."
    )

    def expression_type(self) -> Type:
        return _TYPES[self.shown_as]

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED


class ComputedType(FieldType[ComputedField]):
    """A calculated value."""

    name = "computed"
    definition = ComputedField
    parts = ()
    asks = False

    def parse(self, field: ComputedField, raw: Raw, name: str, reading: Reading) -> Parsed:
        return EMPTY

    def raw(self, field: ComputedField, stored: Json, name: str) -> dict[str, list[str]]:
        return {}

    def lines(self, field: ComputedField, stored: Json, language: str) -> list[Line]:
        """`stored` is the expression's value itself."""
        match stored:
            case bool():
                return [message("Yes") if stored else message("No")]
            case Decimal() if field.shown_as == "money":
                return [format_money(int(stored), language)]
            case Decimal():
                return [format(stored.normalize(), "f")]
            case date():
                return [format_date(stored, language)]
            case _:
                return [str(stored)]

    def answer(self, field: ComputedField, answers: Mapping[str, Json], reading: Reading) -> Json:
        found = field.value.evaluate(reading.values)
        return None if found is UNANSWERED else found

    def depends_on(self, field: ComputedField) -> frozenset[str]:
        return super().depends_on(field) | field.value.names

    def content(self, field: ComputedField, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        return self.answer(field, {}, reading)


PLUGIN = ComputedType()
