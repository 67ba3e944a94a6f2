"""A month of a year, in the Western calendar or a Japanese era."""

from datetime import date
from typing import Any, Literal

from core.errors import message
from forms.calendars import CALENDARS, WESTERN, last_day, year_of
from forms.inputs import enter, first, fold
from forms.types import EMPTY, FieldError, FieldType, Line, Parsed, Question, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.expressions import DATE, UNANSWERED, Type, Value
from translations.dates import format_month


class MonthField(Question):
    """A month, stored as ``YYYY-MM``; expressions see its first day."""

    type: Literal["month"] = "month"

    def expression_type(self) -> Type:
        return DATE

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else date.fromisoformat(f"{stored}-01")


class MonthType(FieldType[MonthField]):
    """A month of a year."""

    name = "month"
    definition = MonthField
    flat = True
    parts = ("era", "year", "month")

    def parse(self, field: MonthField, raw: Raw, name: str, reading: Reading) -> Parsed:
        year, month = (fold(first(raw, f"{name}-{part}")) for part in ("year", "month"))
        if not year and not month:
            return wrong(f"{name}-year", enter(field)) if field.required else EMPTY
        if not year:
            return wrong(f"{name}-year", message("Enter the year of “%(label)s”.", label=field.label))
        if not month:
            return wrong(f"{name}-month", message("Enter the month of “%(label)s”.", label=field.label))
        try:
            era, number = year_of(first(raw, f"{name}-era"), year)
            found = last_day(era, number, int(month.rstrip("月")))
        except (ValueError, OverflowError):
            why = message("Enter “%(label)s” as a month that exists, such as 2026 4.", label=field.label)
            return Parsed(None, (FieldError(f"{name}-year", why),))
        return Parsed(f"{found:%Y-%m}")

    def raw(self, field: MonthField, stored: Json, name: str) -> dict[str, list[str]]:
        year, month = stored.split("-") if stored else ("", "")
        parts = (WESTERN, year, month.lstrip("0"))
        return {f"{name}-{part}": [text] for part, text in zip(self.parts, parts, strict=True)}

    def shape(self, field: MonthField) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\d{4}-\d{2}$"}

    def lines(self, field: MonthField, stored: Json, language: str) -> list[Line]:
        return [format_month(date.fromisoformat(f"{stored}-01"), language)]

    def content(self, *_: Any) -> Any:
        return CALENDARS


PLUGIN = MonthType()
