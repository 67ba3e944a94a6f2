"""Days in Japanese eras, moments in the organisation's zone, and money."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from translations.dates import ERAS, era_of, format_date, format_datetime, format_money, from_era, read_aloud
from translations.furigana import MARK, strip


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 5, 1), "令和元年"),
        (date(2019, 4, 30), "平成31年"),
        (date(1989, 1, 8), "平成元年"),
        (date(1989, 1, 7), "昭和64年"),
        (date(1926, 12, 25), "昭和元年"),
        (date(1926, 12, 24), "大正15年"),
        (date(1912, 7, 30), "大正元年"),
        (date(1912, 7, 29), "明治45年"),
        (date(1873, 1, 1), "明治6年"),
        (date(1872, 12, 31), "None"),
    ],
)
def test_eras_begin_on_their_day(day: date, expected: str) -> None:
    assert str(era_of(day)) == expected


def test_every_day_of_an_era_comes_back_from_its_era() -> None:
    day = date(1873, 1, 1)
    while day < date(2040, 1, 1):
        counted = era_of(day)
        assert counted is not None
        assert from_era(counted.era.id, counted.year, day.month, day.day) == day
        day += timedelta(days=13)


@pytest.mark.parametrize(
    "written",
    [
        ("heisei", 31, 5, 1),
        ("reiwa", 1, 4, 30),
        ("showa", 64, 1, 8),
        ("meiji", 5, 12, 31),
        ("reiwa", 0, 1, 1),
        ("reiwa", 8, 2, 30),
        ("reiwa", 2026, 12, 10),
        ("reiwa", 100, 1, 1),
        ("reiwa", 99999, 1, 1),
        ("unknown", 1, 1, 1),
    ],
)
def test_days_outside_an_era_are_refused(written: tuple[str, int, int, int]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - also datetime's own
        from_era(*written)


def test_eras_are_latest_first() -> None:
    assert [era.first_day for era in ERAS] == sorted((era.first_day for era in ERAS), reverse=True)


@pytest.mark.parametrize(
    ("language", "day", "moment", "money"),
    [
        ("ja", "2026年11月22日（令和8年）", "2026年11月23日 00:05", "1,234,500円"),
        ("ja-simple", "2026年11月22日", "2026年11月23日 00:05", "1,234,500円"),
        ("en", "November 22, 2026", "November 23, 2026, 00:05", "¥1,234,500"),
        ("zh-Hans", "2026年11月22日", "2026年11月23日 00:05", "1,234,500日元"),
        ("zh-Hant", "2026年11月22日", "2026年11月23日 00:05", "1,234,500日圓"),
        ("ko", "2026년 11월 22일", "2026년 11월 23일 00:05", "1,234,500엔"),
        ("xx", "2026年11月22日", "2026年11月23日 00:05", "¥1,234,500"),
    ],
)
def test_formats(language: str, day: str, moment: str, money: str) -> None:
    assert format_date(date(2026, 11, 22), language) == day
    assert format_datetime(datetime(2026, 11, 22, 15, 5, tzinfo=UTC), language) == moment
    assert format_money(1_234_500, language) == money


def test_a_moment_is_shown_in_the_zone_asked_for() -> None:
    assert (
        format_datetime(datetime(2026, 11, 22, 15, 5, tzinfo=UTC), "en", "UTC") == "November 22, 2026, 15:05"
    )


def test_what_is_taken_off_has_its_sign_before_the_unit() -> None:
    assert format_money(-9750, "en") == "\N{MINUS SIGN}¥9,750"
    assert format_money(-9750, "ja") == "\N{MINUS SIGN}9,750円"
    assert format_money(0, "en") == "¥0"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026年11月26日 12:57", "2026{年|ねん}11{月|がつ}26{日|にち} 12:57"),
        ("2026年4月1日", "2026{年|ねん}4{月|がつ}{1日|ついたち}"),
        ("2026年10月24日", "2026{年|ねん}10{月|がつ}{24日|にじゅうよっか}"),
        ("2026年12月11日", "2026{年|ねん}12{月|がつ}11{日|にち}"),
        ("−1,200円", "−1,200{円|えん}"),
    ],
)
def test_plain_japanese_reads_days_and_money_aloud(written: str, expected: str) -> None:
    assert read_aloud(written) == expected


def test_every_day_is_read_in_hiragana() -> None:
    for number in range(366):
        marked = read_aloud(format_date(date(2024, 1, 1) + timedelta(number), "ja-simple"))
        assert strip(marked) == format_date(date(2024, 1, 1) + timedelta(number), "ja-simple")
        assert not re.search("[一-龥]", MARK.sub("", marked))
