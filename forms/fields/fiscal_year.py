"""A fiscal year (年度), from April to March."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from core.errors import Message, message
from forms.inputs import choose, first
from forms.types import EMPTY, Errors, FieldType, Line, Parsed, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import NUMBER, UNANSWERED, Type, Value
from translations.dates import era_of

NEW_YEAR = 4


class FiscalYearField(FieldDefinition):
    """A fiscal year near the present one; expressions see its number, e.g. 2026. Stored as a string like numbers."""

    type: Literal["fiscal_year"] = "fiscal_year"
    back: int = Field(default=5, ge=0, le=100, description="How many past years are on offer.")
    ahead: int = Field(default=0, ge=0, le=20, description="How many years to come are on offer.")

    def expression_type(self) -> Type:
        return NUMBER

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else Decimal(stored)

    def moved(self, stored: Json, old: date, new: date) -> Json:
        return None if stored is None else str(int(stored) + fiscal_year(new) - fiscal_year(old))


class FiscalYearType(FieldType[FiscalYearField]):
    """A fiscal year."""

    name = "fiscal_year"
    definition = FiscalYearField
    flat = True
    label = message("Fiscal year")

    def parse(self, field: FiscalYearField, raw: Raw, name: str, reading: Reading) -> Parsed:
        value = first(raw, name)
        if value in map(str, _years(field, reading.today)):
            return Parsed(value)
        return wrong(name, choose(field)) if field.required or value else EMPTY

    def raw(self, field: FiscalYearField, stored: Json, name: str) -> dict[str, list[str]]:
        return {} if stored is None else {name: [str(stored)]}

    def lines(self, field: FiscalYearField, stored: Json, language: str) -> list[Line]:
        return [named(int(stored))]

    def content(self, field: FiscalYearField, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        return [(str(year), named(year)) for year in _years(field, reading.today)]


def fiscal_year(day: date) -> int:
    """The fiscal year that `day` lies in."""
    return day.year - (day.month < NEW_YEAR)


def _years(field: FiscalYearField, today: date) -> range:
    present = fiscal_year(today)
    return range(present + field.ahead, present - field.back - 1, -1)


def named(year: int) -> Message:
    """The year in both calendars; the era is that of its end of December, as 令和元年度 was named."""
    counted = era_of(date(year, 12, 31))
    if counted is None:
        return message("Fiscal year %(western)s", western=str(year))
    era, number = counted.era.label, str(counted.year)
    return message("Fiscal year %(western)s (%(era)s %(number)s)", western=str(year), era=era, number=number)


PLUGIN = FiscalYearType()
