"""Working days and spans of time as procedures count them.

Not working days are Saturdays, Sundays, the holidays of Japan (国民の祝日, by the package ``holidays``) and
29 December to 3 January (行政機関の休日に関する法律 art. 1).
"""

import re
from bisect import bisect_right
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

DURATION: Final = re.compile(r"^(\d+) (working day|day|week|month|year)s?$")
END_OF_DAY: Final = time(23, 59, 59)
NEAR: Final = timedelta(days=60)
"""Days from so long before an occasion on belong to it; earlier ones, such as birthdays, do not."""


@cache
def _closed(year: int) -> frozenset[date]:
    """The days of `year` on which offices are closed beside the weekends."""
    new_year = {date(year, 1, day) for day in (1, 2, 3)} | {date(year, 12, day) for day in (29, 30, 31)}
    return frozenset(new_year | set(holidays.country_holidays("JP", years=year)))


def is_holiday(day: date) -> bool:
    """Whether offices are closed on `day` although it need not be a weekend: a holiday, or the turn of the year."""
    return day in _closed(day.year)


def is_working_day(day: date) -> bool:
    """Whether offices are open on `day`."""
    return day.weekday() < 5 and day not in _closed(day.year)


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; negative where `end` is earlier. Counts years, not days."""
    if end < start:
        return -working_days_between(end, start)
    first, last = start.toordinal(), end.toordinal()
    closed = sum(
        bisect_right(days, last) - bisect_right(days, first)
        for days in map(_closed_weekdays, range(start.year, end.year + 1))
    )
    return _weekdays_up_to(last) - _weekdays_up_to(first) - closed


def _weekdays_up_to(ordinal: int) -> int:
    """Mondays to Fridays up to the day `ordinal`; the first day of all was a Monday."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


@cache
def _closed_weekdays(year: int) -> tuple[int, ...]:
    """The closed days of `year` that are no weekend, as ordinals in order."""
    return tuple(sorted(day.toordinal() for day in _closed(year) if day.weekday() < 5))


def add_working_days(start: date, n: int) -> date:
    """The n-th working day after `start` (which itself does not count; Civil Code art. 140)."""
    day = start
    while n > 0:
        day += timedelta(days=1)
        n -= is_working_day(day)
    return day


def add_months(start: date, n: int) -> date:
    """`n` months later; the month's last day where it has no such day (Civil Code art. 143)."""
    month = start.month - 1 + n
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def add(start: date, duration: str) -> date:
    """The day `duration` after `start`. Raises `ValueError` for what is not like ``3 working days``."""
    match = DURATION.match(duration)
    if match is None:
        raise ValueError(f"not a duration: {duration!r}")
    n, unit = int(match[1]), match[2]
    if unit == "working day":
        return add_working_days(start, n)
    if unit in ("day", "week"):
        return start + timedelta(days=n * (7 if unit == "week" else 1))
    return add_months(start, n * (12 if unit == "year" else 1))


def before(end: date, duration: str) -> date:
    """The day from which `duration` leads to `end`, as near as months allow. Raises `ValueError` as `add` does."""
    match = DURATION.match(duration)
    if match is None:
        raise ValueError(f"not a duration: {duration!r}")
    n, unit = int(match[1]), match[2]
    if unit in ("month", "year"):
        return add_months(end, -n * (12 if unit == "year" else 1))
    if unit != "working day":
        return end - timedelta(days=n * (7 if unit == "week" else 1))
    day = end
    while n > 0:
        day -= timedelta(days=1)
        n -= is_working_day(day)
    return day


def moved(day: date, old: date, new: date) -> date:
    """`day` where it belongs to `old` as far from `new` as it was from `old`; else as it is."""
    return day if day < old - NEAR else day + (new - old)


def after(start: datetime, duration: str, zone: str) -> datetime:
    """The end (23:59:59) of the day `duration` after `start`, counted in the IANA time zone `zone`."""
    there = ZoneInfo(zone)
    return datetime.combine(add(start.astimezone(there).date(), duration), END_OF_DAY, there)
