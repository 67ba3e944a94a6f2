"""A booking: a day and then a time of it, as long as there is a place."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from pydantic import Field, field_validator, model_validator

from core.errors import Message, message
from core.told import tell
from forms.fields.time import ClockTime
from forms.inputs import choose, first
from forms.slots import Slot
from forms.types import (
    EMPTY,
    Action,
    Errors,
    FieldError,
    FieldType,
    Line,
    Parsed,
    Question,
    Raw,
    Reading,
    wrong,
)
from procedures import calendar
from procedures.definition.base import Day, Json, Slug
from procedures.definition.workflow import Duration
from procedures.expressions import DATE, TIME, UNANSWERED, Row, Type, Value
from translations.dates import format_weekday

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ANY_DAY: Final = date(2026, 1, 5)
LONGEST: Final = 366
"""Days ahead of today that may be offered."""


class SlotField(Question):
    """A day and a time with a limited number of places, stored as ``{"date": …, "time": …}``.

    The place is held while the form is filled in and taken when it is filed.
    """

    type: Literal["slot"] = "slot"
    resource: Slug | None = Field(
        default=None, description="What is booked; equal names share their places. None: this field's own."
    )
    days: tuple[Weekday, ...] = Field(
        default=_WEEKDAYS[:5], min_length=1, description="Days of the week; closed on holidays."
    )
    times: tuple[ClockTime, ...] = Field(
        min_length=1, max_length=100, description="When a slot begins: `09:30`."
    )
    capacity: int = Field(default=1, ge=1, le=500, description="Places of each slot.")
    earliest: Duration = Field(default="1 day", alias="from", description="The first day, from today.")
    latest: Duration = Field(default="60 days", alias="until", description="The last day, from today.")
    closed: tuple[Day, ...] = Field(default=(), description="Further days without slots.")

    @field_validator("times")
    @classmethod
    def _in_order(cls, times: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(times)) < len(times):
            raise ValueError(tell("a time occurs twice"))
        return tuple(sorted(times))

    @model_validator(mode="after")
    def _span(self) -> "SlotField":
        first_day, last_day = self.span(_ANY_DAY)
        if first_day <= _ANY_DAY:
            raise ValueError(tell("from: the first day that can be booked is tomorrow, `1 day`"))
        if first_day > last_day:
            raise ValueError(tell("from: this is later than `until`"))
        if (last_day - _ANY_DAY).days > LONGEST:
            raise ValueError(tell("until: at most `1 year`"))
        return self

    @property
    def key(self) -> str:
        """The resource; the field's own begins with a dot, and no author can write that."""
        return self.resource or f".{self.id}"

    def span(self, today: date) -> tuple[date, date]:
        """The first and the last day that can be booked on `today`."""
        return calendar.add(today, self.earliest), calendar.add(today, self.latest)

    def open_on(self, day: date) -> bool:
        """Whether there are slots on `day` at all."""
        return (
            _WEEKDAYS[day.weekday()] in self.days and day not in self.closed and not calendar.is_holiday(day)
        )

    def expression_type(self) -> Type:
        return Row({"date": DATE, "time": TIME})

    def expression_value(self, stored: Json) -> Value:
        if stored is None:
            return UNANSWERED
        return {"date": date.fromisoformat(stored["date"]), "time": stored["time"]}

    def moved(self, stored: Json, old: date, new: date) -> Json:
        """The nearest day with slots that can be booked on `new`."""
        if stored is None:
            return None
        wanted = calendar.moved(date.fromisoformat(stored["date"]), old, new)
        first_day, last_day = self.span(new)
        days = [first_day + timedelta(days=number) for number in range((last_day - first_day).days + 1)]
        near = min(filter(self.open_on, days), key=lambda day: abs(day - wanted), default=wanted)
        return {**stored, "date": near.isoformat()}


@dataclass(frozen=True, slots=True)
class Offered:
    """What can still be chosen: the days, and the times of the day that was chosen, each with its input's id."""

    days: list[date]
    day: date | None
    times: list[tuple[str, str]]


class SlotType(FieldType[SlotField]):
    """A booking of a day and a time."""

    name = "slot"
    definition = SlotField
    lasts = False
    parts = ("day", "time")
    live = True

    def parse(self, field: SlotField, raw: Raw, name: str, reading: Reading) -> Parsed:
        day, time = _day(first(raw, f"{name}-day")), first(raw, f"{name}-time")
        if day is None and not first(raw, f"{name}-day") and not time and not field.required:
            return EMPTY
        if day is None or not _in_reach(field, day, reading):
            return wrong(f"{name}-day", choose(field))
        free = _times(field, day, reading)
        if time not in field.times:
            missing = message("Choose the time of “%(label)s”.", label=field.label)
            return wrong(f"{name}-time", missing) if free else wrong(f"{name}-day", _full(day))
        if time not in free:
            return wrong(f"{name}-{'time' if free else 'day'}", _gone(day, time))
        return Parsed({"date": day.isoformat(), "time": time})

    def raw(self, field: SlotField, stored: Json, name: str) -> dict[str, list[str]]:
        if stored is None:
            return {f"{name}-day": [""]}
        return {f"{name}-day": [stored["date"]], f"{name}-time": [stored["time"]]}

    def export(self, field: SlotField, stored: Json, language: str) -> str:
        return f"{stored['date']} {stored['time']}"

    def lines(self, field: SlotField, stored: Json, language: str) -> list[Line]:
        return [f"{format_weekday(date.fromisoformat(stored['date']), language)} {stored['time']}"]

    def content(self, field: SlotField, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        days = [day for day in _days(field, reading) if _times(field, day, reading)]
        chosen = _day(first(raw, f"{name}-day"))
        day = chosen if chosen in days else None
        times = _times(field, day, reading) if day else []
        ids = [
            (time, f"{name}-time-{place}" if place else f"{name}-time") for place, time in enumerate(times)
        ]
        return Offered(days, day, ids)

    def act(
        self, field: SlotField, action: Action, raw: Raw, name: str
    ) -> tuple[Raw, tuple[FieldError, ...]]:
        """``times``: show those of the chosen day."""
        if action.verb != "times" or action.target != name or _day(first(raw, f"{name}-day")):
            return raw, ()
        return raw, (FieldError(f"{name}-day", choose(field)),)

    def resources(self, field: SlotField) -> frozenset[str]:
        return frozenset((field.key,))

    def slots(self, field: SlotField, stored: Json) -> tuple[Slot, ...]:
        return (Slot(field.key, date.fromisoformat(stored["date"]), stored["time"], field.capacity),)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _days(field: SlotField, reading: Reading) -> Iterator[date]:
    first_day, last_day = field.span(reading.today)
    for number in range((last_day - first_day).days + 1):
        day = first_day + timedelta(days=number)
        if field.open_on(day):
            yield day


def _in_reach(field: SlotField, day: date, reading: Reading) -> bool:
    first_day, last_day = field.span(reading.today)
    return first_day <= day <= last_day and field.open_on(day)


def _times(field: SlotField, day: date, reading: Reading) -> list[str]:
    """The times of `day` that have a place left."""
    return [time for time in field.times if reading.booked.get((field.key, day, time), 0) < field.capacity]


def _full(day: date) -> Message:
    return message("All times on %(day)s are taken. Choose another day.", day=day)


def _gone(day: date, time: str) -> Message:
    return message(
        "%(time)s on %(day)s was taken by somebody else. Choose another time; everything else is kept.",
        time=time,
        day=day,
    )


PLUGIN = SlotType()
