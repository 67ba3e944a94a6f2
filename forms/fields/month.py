"""A month of a year, in the Western calendar or a Japanese era."""

import re
from datetime import date
from typing import Any, Final, Literal

from core.errors import message
from core.told import tell
from forms.calendars import CALENDARS, WESTERN, last_day, mistake, year_of
from forms.inputs import enter, first, fold
from forms.types import EMPTY, FieldType, Line, Parsed, Question, Raw, Reading, wrong
from procedures import calendar
from procedures.definition.base import Json
from procedures.expressions import DATE, UNANSWERED, Type, Value
from translations.dates import format_month

_WRITTEN: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class MonthField(Question):
    """A month, stored as ``YYYY-MM``; expressions see its first day."""

    type: Literal["month"] = "month"

    def expression_type(self) -> Type:
        return DATE

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else date.fromisoformat(f"{stored}-01")

    def stored_answer(self, written: Json) -> Json:
        if written is not None and not _WRITTEN.fullmatch(str(written)):
            raise ValueError(tell("a month like 2026-04 is needed here"))
        return written

    def moved(self, stored: Json, old: date, new: date) -> Json:
        if stored is None:
            return None
        first_day = date.fromisoformat(f"{stored}-01")
        if first_day < old - calendar.NEAR:
            return stored
        months = (new.year - old.year) * 12 + new.month - old.month
        return calendar.add_months(first_day, months).isoformat()[:7]


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
        chosen = first(raw, f"{name}-era")
        month = month.rstrip("月")
        try:
            found = last_day(*year_of(chosen, year), int(month))
        except (ValueError, OverflowError):
            why = mistake(field.label, chosen, year, lambda year: last_day(WESTERN, year, int(month)))
            none = message("Enter “%(label)s” as a month that exists, such as 2026 4.", label=field.label)
            return wrong(f"{name}-year", why or none)
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
