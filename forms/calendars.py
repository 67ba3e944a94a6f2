"""Years as people type them: Western, or of a Japanese era (元号)."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from core.errors import Message, message
from translations.dates import ERAS, LONGEST_ERA, Era, from_era

WESTERN = "ce"
CALENDARS = ((WESTERN, message("Western year")), *((era.id, era.label) for era in ERAS))
"""What the select of eras offers: id and label."""
_PREFIXES = {
    prefix: era.id for era in ERAS for prefix in (era.kanji, era.kanji[0], era.id[0].upper(), era.id[0])
}


def year_of(era: str, text: str) -> tuple[str, int]:
    """Era and year as typed: ``令和6``, ``R6`` and 元年 win over the select. Raises `ValueError`."""
    text = text.strip().rstrip("年")
    for prefix, id in _PREFIXES.items():
        if text.startswith(prefix):
            era, text = id, text.removeprefix(prefix)
            break
    return era or WESTERN, 1 if text == "元" else int(text)


def day_of(era: str, year: int, month: int, day: int) -> date:
    """The day in a calendar of `CALENDARS`. Raises `ValueError` where there is none, or before Meiji 6."""
    found = date(year, month, day) if era == WESTERN else from_era(era, year, month, day)
    if found < ERAS[-1].first_day:
        raise ValueError("before the Gregorian calendar in Japan")
    return found


def last_day(era: str, year: int, month: int) -> date:
    """The last day of a month: those in which an era began or ended belong to it. Raises `ValueError`."""
    offset = 0 if era == WESTERN else next((each.year_one - 1 for each in ERAS if each.id == era), 0)
    last = monthrange(year + offset, month)[1]
    try:
        return day_of(era, year, month, last)
    except ValueError:
        return day_of(era, year, month, 1).replace(day=last)


def mistake(label: object, era: str, text: str, day: Callable[[int], date]) -> Message | None:
    """What is wrong with a year and the era it was typed with; None where something else is.

    `day` makes the day of a Western year. Raises nothing.
    """
    try:
        era, year = year_of(era, text)
    except ValueError:
        return None
    named = next((each for each in ERAS if each.id == era), None)
    if named is None:
        return _without_era(label) if era == WESTERN and 0 < year <= LONGEST_ERA else None
    if year > LONGEST_ERA:
        return _western(label, year)
    return _outside(label, named, year, day) if year > 0 else None


def _without_era(label: object) -> Message:
    return message(
        "For “%(label)s”, enter the year in four digits, such as 2026, or choose the era it belongs to.",
        label=label,
    )


def _western(label: object, year: int) -> Message | None:
    if year not in range(ERAS[-1].first_day.year, date.max.year + 1):
        return None
    return message(
        "Check “%(label)s”: %(year)s is a Western year. Choose “Western year”, or enter the year of the era.",
        label=label,
        year=str(year),
    )


def _outside(label: object, era: Era, year: int, day: Callable[[int], date]) -> Message | None:
    """What to say of a day before or after its era; Meiji's first years had another calendar."""
    later = [each for each in ERAS if each.first_day > era.first_day]
    last = later[-1].first_day - timedelta(days=1) if later else date.max
    if year > last.year - era.year_one + 1:
        return message(
            "Check “%(label)s”: %(era)s ended with year %(year)s (%(western)s).",
            label=label,
            era=era.label,
            year=last.year - era.year_one + 1,
            western=str(last.year),
        )
    try:
        found = day(era.year_one + year - 1)
    except (ValueError, OverflowError):
        return None
    if found > last:
        return message("Check “%(label)s”: %(era)s ended on %(day)s.", label=label, era=era.label, day=last)
    if found < era.first_day and era is not ERAS[-1]:
        return message(
            "Check “%(label)s”: %(era)s began on %(day)s.", label=label, era=era.label, day=era.first_day
        )
    return None
