"""An amount of money in whole yen."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from core.errors import message
from forms.inputs import enter, first, fold, joined
from forms.types import EMPTY, FieldType, Line, Parsed, Question, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.expressions import MONEY, UNANSWERED, Type, Value
from translations.dates import format_money

LARGEST = 10**15
_SIGNS = str.maketrans("", "", "¥\\円")


class MoneyField(Question):
    """An amount in whole yen, stored as an integer."""

    type: Literal["money"] = "money"
    min: int = Field(default=0, ge=-LARGEST, le=LARGEST, description="The smallest amount.")
    max: int = Field(default=LARGEST, ge=-LARGEST, le=LARGEST, description="The largest amount.")

    def expression_type(self) -> Type:
        return MONEY

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else Decimal(stored)


class MoneyType(FieldType[MoneyField]):
    """An amount of money in whole yen."""

    name = "money"
    definition = MoneyField
    flat = True

    def parse(self, field: MoneyField, raw: Raw, name: str, reading: Reading) -> Parsed:
        text = first(raw, name)
        if not text:
            return wrong(name, enter(field)) if field.required else EMPTY
        text = joined(fold(text).translate(_SIGNS).strip())
        if not text.removeprefix("-").isdecimal() or len(text) > 17:
            return wrong(name, message("Enter “%(label)s” in whole yen, such as 12000.", label=field.label))
        yen = int(text)
        if yen < field.min:
            why = message("Enter “%(label)s” as %(limit)s yen or more.", label=field.label, limit=field.min)
            return wrong(name, why)
        if yen > field.max:
            why = message("Enter “%(label)s” as %(limit)s yen or less.", label=field.label, limit=field.max)
            return wrong(name, why)
        return Parsed(yen)

    def raw(self, field: MoneyField, stored: Json, name: str) -> dict[str, list[str]]:
        return {name: ["" if stored is None else str(stored)]}

    def lines(self, field: MoneyField, stored: Json, language: str) -> list[Line]:
        return [format_money(stored, language)]


PLUGIN = MoneyType()
