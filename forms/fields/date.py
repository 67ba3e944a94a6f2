"""A day, typed as year, month and day, in the Western calendar or a Japanese era."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from core.errors import Message, message
from forms.calendars import CALENDARS, WESTERN, day_of, mistake, year_of
from forms.inputs import enter, first, fold
from forms.types import EMPTY, FieldError, FieldType, Line, Parsed, Question, Raw, Reading, wrong
from procedures import calendar
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import DATE, UNANSWERED, Expression, Type, Value
from translations.dates import format_date


def _day_or_expression(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


Limit = Annotated[date | Expression, Field(union_mode="left_to_right"), BeforeValidator(_day_or_expression)]
"""A day, or an expression that gives one: ``2026-04-01``, ``today``, ``born``."""


class DateField(Question):
    """A day, stored as ``YYYY-MM-DD``."""

    type: Literal["date"] = "date"
    min: Limit | None = Field(
        default=None, description="The first day allowed: a day, `today` or an expression."
    )
    max: Limit | None = Field(
        default=None, description="The last day allowed: a day, `today` or an expression."
    )
    autocomplete: Literal["bday"] | None = Field(
        default=None, description="`bday`: browsers offer the date of birth."
    )

    def expression_type(self) -> Type:
        return DATE

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else date.fromisoformat(stored)

    def moved(self, stored: Json, old: date, new: date) -> Json:
        if stored is None:
            return None
        day = calendar.moved(date.fromisoformat(stored), old, new)
        return day.isoformat() if within_fixed(day, self.min, self.max) else stored


class DateType(FieldType[DateField]):
    """A day."""

    name = "date"
    definition = DateField
    flat = True
    hint = message("For example 2026 4 1, or Reiwa 8 4 1.")
    parts = ("era", "year", "month", "day")

    def parse(self, field: DateField, raw: Raw, name: str, reading: Reading) -> Parsed:
        if not any(typed_parts(raw, name).values()):
            return wrong(f"{name}-year", enter(field)) if field.required else EMPTY
        day = read_day(field, raw, name)
        if isinstance(day, Parsed):
            return day
        outside = outside_of(field, day, field.min, field.max, reading)
        return wrong(f"{name}-year", outside) if outside else Parsed(day.isoformat())

    def raw(self, field: DateField, stored: Json, name: str) -> dict[str, list[str]]:
        return day_inputs(stored, name)

    def lines(self, field: DateField, stored: Json, language: str) -> list[Line]:
        return [format_date(date.fromisoformat(stored), language)]

    def content(self, *_: Any) -> Any:
        return CALENDARS


def typed_parts(raw: Raw, name: str) -> dict[str, str]:
    """Year, month and day as typed, folded. The era's select is never empty and counts for nothing alone."""
    return {part: fold(first(raw, f"{name}-{part}")) for part in ("year", "month", "day")}


def read_day(field: FieldDefinition, raw: Raw, name: str) -> date | Parsed:
    """The day typed in the inputs under `name`, or what is wrong with it."""
    typed = typed_parts(raw, name)
    missing = [part for part, text in typed.items() if not text]
    if missing:
        return Parsed(None, tuple(FieldError(f"{name}-{part}", _missing(field, part)) for part in missing))
    chosen = first(raw, f"{name}-era")
    month, day = typed["month"].rstrip("月"), typed["day"].rstrip("日")
    try:
        return day_of(*year_of(chosen, typed["year"]), int(month), int(day))
    except (ValueError, OverflowError):
        why = mistake(field.label, chosen, typed["year"], lambda year: date(year, int(month), int(day)))
        none = message("Enter “%(label)s” as a day that exists, such as 2026 4 1.", label=field.label)
        return wrong(f"{name}-year", why or none)


def day_inputs(stored: str | None, name: str) -> dict[str, list[str]]:
    """The inputs that would give the day `stored` (``YYYY-MM-DD``) again."""
    year, month, day = stored.split("-") if stored else ("", "", "")
    parts = {"era": WESTERN, "year": year, "month": month.lstrip("0"), "day": day.lstrip("0")}
    return {f"{name}-{part}": [text] for part, text in parts.items()}


def _missing(field: FieldDefinition, part: str) -> Message:
    match part:
        case "year":
            return message("Enter the year of “%(label)s”.", label=field.label)
        case "month":
            return message("Enter the month of “%(label)s”.", label=field.label)
        case _:
            return message("Enter the day of “%(label)s”.", label=field.label)


def outside_of(
    field: FieldDefinition, day: date, min: Limit | None, max: Limit | None, reading: Reading
) -> Message | None:
    """What to do where a day is too early or too late."""
    first_day, last_day = _limit(min, reading), _limit(max, reading)
    if first_day and day < first_day:
        return message("Enter “%(label)s” as %(limit)s or later.", label=field.label, limit=first_day)
    if last_day and day > last_day:
        return message("Enter “%(label)s” as %(limit)s or earlier.", label=field.label, limit=last_day)
    return None


def within_fixed(day: date, min: Limit | None, max: Limit | None) -> bool:
    """Whether `day` lies within those limits that are days themselves."""
    return not (isinstance(min, date) and day < min) and not (isinstance(max, date) and day > max)


def _limit(limit: date | Expression | None, reading: Reading) -> date | None:
    if isinstance(limit, Expression):
        found = reading.today if limit.source == "today" else limit.evaluate(reading.values)
        return found if isinstance(found, date) else None
    return limit


PLUGIN = DateType()
