"""A day with a time, in the organisation's own time zone."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from core.errors import message
from forms.calendars import CALENDARS
from forms.fields.date import Limit, day_inputs, outside_of, read_day, typed_parts, within_fixed
from forms.fields.time import ClockTime, no_time, out_of_hours, read_time
from forms.inputs import enter, first
from forms.types import EMPTY, FieldError, FieldType, Line, Parsed, Question, Raw, Reading, wrong
from procedures import calendar
from procedures.definition.base import Json
from procedures.expressions import DATE, TIME, UNANSWERED, Row, Type, Value
from translations.dates import format_date


class DateTimeField(Question):
    """A day with a time on the clocks of the organisation, stored as ``{"date": …, "time": …}``."""

    type: Literal["datetime"] = "datetime"
    min: Limit | None = Field(
        default=None, description="The first day allowed: a day, `today` or an expression."
    )
    max: Limit | None = Field(
        default=None, description="The last day allowed: a day, `today` or an expression."
    )
    earliest: ClockTime | None = Field(default=None, description="The earliest time of a day, e.g. 09:00.")
    latest: ClockTime | None = Field(default=None, description="The latest time of a day.")

    def expression_type(self) -> Type:
        return Row({"date": DATE, "time": TIME})

    def expression_value(self, stored: Json) -> Value:
        if stored is None:
            return UNANSWERED
        return {"date": date.fromisoformat(stored["date"]), "time": stored["time"]}

    def moved(self, stored: Json, old: date, new: date) -> Json:
        if stored is None:
            return None
        day = calendar.moved(date.fromisoformat(stored["date"]), old, new)
        return {**stored, "date": day.isoformat()} if within_fixed(day, self.min, self.max) else stored


class DateTimeType(FieldType[DateTimeField]):
    """A day with a time."""

    name = "datetime"
    definition = DateTimeField
    hint = message("For example 2026 4 1, 14:30.")
    parts = ("era", "year", "month", "day", "time")

    def parse(self, field: DateTimeField, raw: Raw, name: str, reading: Reading) -> Parsed:
        typed = first(raw, f"{name}-time")
        if not typed and not any(typed_parts(raw, name).values()):
            return wrong(f"{name}-year", enter(field)) if field.required else EMPTY
        day, found = read_day(field, raw, name), read_time(typed)
        errors = list(day.errors) if isinstance(day, Parsed) else []
        if isinstance(day, date) and (outside := outside_of(field, day, field.min, field.max, reading)):
            errors.append(FieldError(f"{name}-year", outside))
        late = out_of_hours(field, found, field.earliest, field.latest) if found else no_time(field)
        if late:
            errors.append(FieldError(f"{name}-time", late))
        if errors or isinstance(day, Parsed):
            return Parsed(None, tuple(errors))
        return Parsed({"date": day.isoformat(), "time": found})

    def raw(self, field: DateTimeField, stored: Json, name: str) -> dict[str, list[str]]:
        given = stored or {}
        return {**day_inputs(given.get("date"), name), f"{name}-time": [given.get("time", "")]}

    def export(self, field: DateTimeField, stored: Json, language: str) -> str:
        return f"{stored['date']} {stored['time']}"

    def lines(self, field: DateTimeField, stored: Json, language: str) -> list[Line]:
        return [f"{format_date(date.fromisoformat(stored['date']), language)} {stored['time']}"]

    def content(self, *_: Any) -> Any:
        return CALENDARS


PLUGIN = DateTimeType()
