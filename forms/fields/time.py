"""A time of day."""

from datetime import time
from typing import Annotated, Any, Literal

import regex
from pydantic import AfterValidator, Field

from core.errors import Message, message
from forms.inputs import enter, first, fold
from forms.types import EMPTY, FieldType, Line, Parsed, Question, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TIME, UNANSWERED, Type, Value
from procedures.expressions.functions import clock_time

_WRITTEN = regex.compile(
    r"(?P<half>午前|午後|am|pm)?\s*"
    r"(?:(?P<hour>\d{1,2})\s*(?:[:.]\s*(?P<minute>\d{2})|時\s*(?:(?P<kanji>\d{1,2})分|(?P<thirty>半))?)"
    r"|(?P<four>\d{4})|(?P<bare>\d{1,2})(?=\s*(?:am|pm)))"
    r"\s*(?P<after>am|pm)?",
    regex.IGNORECASE,
)
LONGEST = 20


def read_time(text: str) -> str | None:
    """A time as people write it (``9:30``, ``0930``, 午後3時半, ``3 pm``) as ``HH:MM``; None where it is none."""
    text = fold(text)
    found = _WRITTEN.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    if found["four"]:
        hour, minute = int(found["four"][:2]), int(found["four"][2:])
    else:
        hour = int(found["hour"] or found["bare"])
        minute = 30 if found["thirty"] else int(found["minute"] or found["kanji"] or 0)
    half = (found["half"] or found["after"] or "").lower()
    if half:
        if hour > 12:
            return None
        hour = hour % 12 + (12 if half in ("午後", "pm") else 0)
    try:
        return f"{time(hour, minute):%H:%M}"
    except ValueError:
        return None


ClockTime = Annotated[str, AfterValidator(clock_time)]
"""A time of day as authors write it: ``09:30``."""


class TimeField(Question):
    """A time of day, stored as ``HH:MM`` (24 hours); expressions compare it with ``time('09:30')``."""

    type: Literal["time"] = "time"
    min: ClockTime | None = Field(default=None, description="The earliest time allowed, e.g. 09:00.")
    max: ClockTime | None = Field(default=None, description="The latest time allowed.")

    def expression_type(self) -> Type:
        return TIME

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else stored


class TimeType(FieldType[TimeField]):
    """A time of day."""

    name = "time"
    definition = TimeField
    flat = True
    hint = message("For example 14:30.")

    def parse(self, field: TimeField, raw: Raw, name: str, reading: Reading) -> Parsed:
        text = first(raw, name)
        if not text:
            return wrong(name, enter(field)) if field.required else EMPTY
        found = read_time(text)
        if found is None:
            return wrong(name, no_time(field))
        outside = out_of_hours(field, found, field.min, field.max)
        return wrong(name, outside) if outside else Parsed(found)

    def raw(self, field: TimeField, stored: Json, name: str) -> dict[str, list[str]]:
        return {name: [stored or ""]}

    def lines(self, field: TimeField, stored: Json, language: str) -> list[Line]:
        return [stored]


def no_time(field: FieldDefinition) -> Message:
    """What to do where something was typed that is no time."""
    return message("Enter “%(label)s” as a time, such as 14:30.", label=field.own_label())


def out_of_hours(field: FieldDefinition, found: str, min: str | None, max: str | None) -> Message | None:
    """What to do where a time is too early or too late."""
    label: Any = field.own_label()
    if min and found < min:
        return message("Enter “%(label)s” as %(limit)s or later.", label=label, limit=min)
    if max and found > max:
        return message("Enter “%(label)s” as %(limit)s or earlier.", label=label, limit=max)
    return None


PLUGIN = TimeType()
