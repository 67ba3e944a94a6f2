"""Bookings: which days and times are on offer, and what is said where one is not."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from forms.slots import Slot
from forms.types import Reading, type_of
from tests.factories.fields import READING, TODAY, field, parse, says

VISIT: dict[str, Any] = {
    "type": "slot",
    "label": "来庁",
    "days": ["mon", "tue"],
    "times": ["09:30", "09:00"],
    "capacity": 2,
    "from": "2 days",
    "until": "16 days",
}
TUESDAY, NEXT = date(2026, 11, 24), date(2026, 12, 1)


def _typed(day: str, time: str = "") -> dict[str, list[str]]:
    return {"x-day": [day], "x-time": [time]}


def _offered(booked: dict[Any, int], day: str = "", **more: Any) -> Any:
    made = field(VISIT, **more)
    return type_of(made).show(made, _typed(day), "x", Reading(TODAY, {}, booked), {}).content


def test_days_are_those_of_the_week_within_reach_without_holidays() -> None:
    # Monday the 23rd is Labour Thanksgiving Day, and it is tomorrow anyway
    assert _offered({}).days == [TUESDAY, date(2026, 11, 30), NEXT, date(2026, 12, 7), date(2026, 12, 8)]
    assert NEXT not in _offered({}, closed=["2026-12-01"]).days
    assert _offered({}).times == []


def test_full_times_and_full_days_are_not_offered() -> None:
    booked = {(".x", TUESDAY, "09:00"): 2, (".x", TUESDAY, "09:30"): 1}
    assert _offered(booked, "2026-11-24").times == [("09:30", "x-time")]
    booked[".x", TUESDAY, "09:30"] = 2
    assert TUESDAY not in _offered(booked).days
    assert _offered(booked, "2026-11-24").times == []


def test_slots_of_a_shared_resource_are_counted_under_its_name() -> None:
    booked = {("fire-office", NEXT, "09:00"): 2}
    assert [time for time, _ in _offered(booked, "2026-12-01").times] == ["09:00", "09:30"]
    assert [time for time, _ in _offered(booked, "2026-12-01", resource="fire-office").times] == ["09:30"]
    made = field(VISIT, resource="fire-office")
    stored = {"date": "2026-12-01", "time": "09:00"}
    assert type_of(made).slots(made, stored) == (Slot("fire-office", NEXT, "09:00", 2),)


@pytest.mark.parametrize(
    ("day", "time", "wrong"),
    [
        ("", "", [("x-day", "Choose an answer to “来庁”.")]),
        ("2026-11-23", "09:00", [("x-day", "Choose an answer to “来庁”.")]),
        ("2026-11-25", "09:00", [("x-day", "Choose an answer to “来庁”.")]),
        ("2026-12-14", "09:00", [("x-day", "Choose an answer to “来庁”.")]),
        ("next week", "09:00", [("x-day", "Choose an answer to “来庁”.")]),
        ("2026-12-01", "", [("x-time", "Choose the time of “来庁”.")]),
        ("2026-12-01", "10:00", [("x-time", "Choose the time of “来庁”.")]),
    ],
)
def test_it_says_what_to_choose(day: str, time: str, wrong: list[tuple[str, str]]) -> None:
    assert says(parse(VISIT, _typed(day, time))) == wrong


def test_it_says_that_a_time_is_gone_and_where_to_choose_another() -> None:
    one_full = Reading(TODAY, {}, {(".x", NEXT, "09:00"): 2})
    ((input, why),) = says(parse(VISIT, _typed("2026-12-01", "09:00"), one_full))
    assert (input, "taken by somebody else" in why) == ("x-time", True)
    all_full = Reading(TODAY, {}, {(".x", NEXT, time): 2 for time in ("09:00", "09:30")})
    ((input, why),) = says(parse(VISIT, _typed("2026-12-01", "09:00"), all_full))
    assert (input, "taken by somebody else" in why) == ("x-day", True)
    ((input, why),) = says(parse(VISIT, _typed("2026-12-01"), all_full))
    assert (input, why) == ("x-day", "All times on 2026-12-01 are taken. Choose another day.")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"from": "0 days"}, "tomorrow"),
        ({"from": "3 weeks"}, "later than `until`"),
        ({"until": "2 years"}, "at most"),
        ({"times": ["09:00", "09:00"]}, "twice"),
        ({"times": ["9:00"]}, "09:30"),
        ({"times": []}, "at least 1"),
        ({"days": ["holiday"]}, "Input should be"),
        ({"capacity": 0}, "greater than"),
        ({"resource": "Fire Office"}, "pattern"),
    ],
)
def test_a_wrong_definition_is_refused(options: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        field({**VISIT, **options})


def test_it_reads_well_in_every_language() -> None:
    made = field(VISIT)
    stored = {"date": "2026-12-01", "time": "09:30"}
    kind = type_of(made)
    assert kind.lines(made, stored, "ja") == ["2026年12月1日火曜日 09:30"]
    assert kind.lines(made, stored, "en") == ["Tuesday, December 1, 2026 09:30"]
    assert kind.parse(made, kind.raw(made, stored, "x"), "x", READING).value == stored


def test_nobody_takes_the_last_place_twice_in_two_rows() -> None:
    rows = {"type": "group", "label": "組", "fields": [{**VISIT, "id": "visit", "capacity": 1}]}
    typed = {"x-0-visit-day": ["2026-12-01"], "x-0-visit-time": ["09:00"]}
    twice = {**typed, "x-1-visit-day": ["2026-12-01"], "x-1-visit-time": ["09:00"]}
    assert says(parse(rows, typed)) == []
    ((input, why),) = says(parse(rows, twice))
    assert (input, "Choose another time" in why) == ("x-1-visit-time", True)
