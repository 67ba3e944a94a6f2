"""Dates, times and money as readers write them. Babel has no Japanese calendar: the eras are a table of our own."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_skeleton
from babel.numbers import format_decimal

from core.errors import Message, message
from translations.furigana import counted
from translations.languages import find

TOKYO = "Asia/Tokyo"


@dataclass(frozen=True)
class Era:
    """A Japanese era (元号): its first day, and the Western year that is its year 1."""

    id: str
    kanji: str
    label: Message
    first_day: date
    year_one: int


@dataclass(frozen=True)
class EraYear:
    """A year of an era, e.g. 令和8年."""

    era: Era
    year: int

    def __str__(self) -> str:
        return f"{self.era.kanji}{'元' if self.year == 1 else self.year}年"


ERAS = (
    Era("reiwa", "令和", message("Reiwa"), date(2019, 5, 1), 2019),
    Era("heisei", "平成", message("Heisei"), date(1989, 1, 8), 1989),
    Era("showa", "昭和", message("Showa"), date(1926, 12, 25), 1926),
    Era("taisho", "大正", message("Taisho"), date(1912, 7, 30), 1912),
    Era("meiji", "明治", message("Meiji"), date(1873, 1, 1), 1868),
)
"""Latest first. Meiji starts with its 6th year, when Japan took over the Gregorian calendar."""


def era_of(day: date) -> EraYear | None:
    """The year of the era `day` lies in; None before Meiji 6."""
    for era in ERAS:
        if day >= era.first_day:
            return EraYear(era, day.year - era.year_one + 1)
    return None


LONGEST_ERA = 99
"""Years: who types more into an era's year means a Western one (Showa, the longest so far, had 64)."""


def from_era(era: str, year: int, month: int, day: int) -> date:
    """The day written as `year` of the era with id `era`. Raises `ValueError` where that era has no such day."""
    named = next((each for each in ERAS if each.id == era), None)
    if named is None or not 1 <= year <= LONGEST_ERA:
        raise ValueError("no such year of an era")
    found = date(named.year_one + year - 1, month, day)
    counted = era_of(found)
    if counted is None or counted.era is not named:
        raise ValueError("the era has no such day")
    return found


@lru_cache(maxsize=4096)
def format_date(day: date, language: str) -> str:
    """The day in words. In Japanese with the year of the era beside it, which official papers use.

    Plain Japanese (ja-simple) has the Western year alone, as the government's guideline for it says.
    """
    if language == "ja":
        era = era_of(day)
        return f"{day.year}年{day.month}月{day.day}日" + (f"（{era}）" if era else "")
    return babel_date(day, "long", locale=_locale(language))


@lru_cache(maxsize=4096)
def format_weekday(day: date, language: str) -> str:
    """The day in words with its day of the week; no era, as it lies near."""
    return str(babel_date(day, "full", locale=_locale(language)))


@lru_cache(maxsize=1024)
def format_month(first: date, language: str) -> str:
    """The month that `first` lies in, in words."""
    if language.startswith("ja"):
        return f"{first.year}年{first.month}月"
    return str(format_skeleton("yMMMM", first, locale=_locale(language)))


def format_datetime(moment: datetime, language: str, zone: str = TOKYO) -> str:
    """The moment (aware) to the minute, on the clocks of `zone`; no era, as it names something recent."""
    local = moment.astimezone(_zone(zone))
    day = babel_date(local.date(), "long", locale=_locale(language))
    joined = _locale(language).datetime_formats["medium"]
    return str(joined).replace("{0}", f"{local:%H:%M}").replace("{1}", day)


def format_points(points: Decimal) -> str:
    """A number of points without zeros that say nothing."""
    return f"{points.normalize():f}"


MONEY = {"en": "¥{}", "zh-Hans": "{}日元", "zh-Hant": "{}日圓", "ko": "{}엔"}


def format_money(yen: int, language: str) -> str:
    """Whole yen with the unit as the language writes it (¥ alone would mean another currency in Chinese).

    What is taken off has a minus sign, not a hyphen, before all of it: it is read aloud, and no line breaks behind it.
    """
    pattern = MONEY.get(language, "{}円" if language.startswith("ja") else MONEY["en"])
    return ("−" if yen < 0 else "") + pattern.format(format_decimal(abs(yen), locale=_locale(language)))


_COUNTED = re.compile(r"(?P<day>(?<=月)\d+)日|(?<=\d)(?P<unit>[年月円])")
_UNITS = {"年": "ねん", "月": "がつ", "円": "えん"}
FIRST = "{1日|ついたち}"


def read_aloud(text: str) -> str:
    """A Japanese day, moment or amount with readings above its kanji (`translations.furigana`)."""
    return _COUNTED.sub(_reading, text)


def _reading(found: re.Match[str]) -> str:
    if unit := found["unit"]:
        return f"{{{unit}|{_UNITS[unit]}}}"
    return FIRST if found["day"] == "1" else counted(found["day"] + "{日|にち}")


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    return Locale.parse(find(language).locale)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
