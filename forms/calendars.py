"""Years as people type them: Western, or of a Japanese era (元号)."""

from calendar import monthrange
from datetime import date

from core.errors import message
from translations.dates import ERAS, from_era

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
    """The last day of a month: an era's first month counts from the day it began. Raises `ValueError`."""
    offset = 0 if era == WESTERN else next((each.year_one - 1 for each in ERAS if each.id == era), 0)
    return day_of(era, year, month, monthrange(year + offset, month)[1])
