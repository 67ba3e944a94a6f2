"""Times of day, and days with a time."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from procedures.expressions import Expression, check
from tests.factories.fields import field, parse, says

TIME = {"type": "time", "label": "時刻"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("9:05", "09:05"),
        ("９：３０", "09:30"),
        ("0930", "09:30"),
        ("9時", "09:00"),
        ("9時5分", "09:05"),
        ("午後3時半", "15:30"),
        ("午前12時", "00:00"),
        ("12:15 pm", "12:15"),
        ("3 PM", "15:00"),
        ("23:59", "23:59"),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, stored: str) -> None:
    assert parse(TIME, {"x": [typed]}).value == stored


@pytest.mark.parametrize("typed", ["24:00", "9", "9:60", "9:5", "午後13時", "noon", "9" * 5000, "12:30:00"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    assert says(parse(TIME, {"x": [typed]})) == [("x", "Enter “時刻” as a time, such as 14:30.")]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("8:59", "Enter “時刻” as 09:00 or later."),
        ("17:01", "Enter “時刻” as 17:00 or earlier."),
        ("17:00", None),
    ],
)
def test_a_time_has_limits(typed: str, why: str | None) -> None:
    found = says(parse({**TIME, "min": "09:00", "max": "17:00"}, {"x": [typed]}))
    assert found == ([("x", why)] if why else [])


@pytest.mark.parametrize("limit", ["9:00", "25:00", "morning"])
def test_a_limit_is_a_time(limit: str) -> None:
    with pytest.raises(ValidationError, match="09:30"):
        field({**TIME, "min": limit})


def test_times_compare_in_expressions() -> None:
    value: Any = field(TIME).expression_value("09:30")
    assert Expression("x > time('09:00') and x < time('10:00')").holds({"x": value})


MOMENT = {"type": "datetime", "label": "日時"}


def _moment(year: str, month: str, day: str, time: str) -> dict[str, list[str]]:
    return {"x-era": ["ce"], "x-year": [year], "x-month": [month], "x-day": [day], "x-time": [time]}


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (("2026", "", "1", "9:00"), [("x-month", "Enter the month of “日時”.")]),
        (("2026", "12", "1", ""), [("x-time", "Enter “日時” as a time, such as 14:30.")]),
        (
            ("2026", "2", "30", "late"),
            [
                ("x-year", "Enter “日時” as a day that exists, such as 2026 4 1."),
                ("x-time", "Enter “日時” as a time, such as 14:30."),
            ],
        ),
        (("2026", "11", "21", "9:00"), [("x-year", "Enter “日時” as 2026-11-22 or later.")]),
        (("2026", "11", "22", "18:00"), [("x-time", "Enter “日時” as 17:00 or earlier.")]),
        (("2026", "11", "22", "17:00"), []),
    ],
)
def test_a_moment_says_which_part_is_wrong(
    typed: tuple[str, str, str, str], why: list[tuple[str, str]]
) -> None:
    assert says(parse({**MOMENT, "min": "today", "latest": "17:00"}, _moment(*typed))) == why


def test_a_moment_has_parts_in_expressions() -> None:
    value: Any = field(MOMENT).expression_value({"date": "2026-12-01", "time": "09:30"})
    assert Expression("x.date > date('2026-11-30') and x.time >= time('09:30')").holds({"x": value})


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("x < time('10:00') and min(x, time('09:00')) == x", []),
        ("x < '10:00'", ["a time of day is compared with text"]),
        ("x < time('24:00')", ["time needs a time of day as text"]),
        ("x < time('9:00')", ["time needs a time of day as text"]),
        ("x + 1 > 2", ["`+` needs numbers; this is a time of day"]),
    ],
)
def test_expressions_with_times_are_checked(source: str, why: list[str]) -> None:
    found = check(Expression(source), {"x": field(TIME).expression_type()})
    assert [each.text for each in found] == why


OLD, NEW = date(2026, 11, 25), date(2027, 5, 3)


@pytest.mark.parametrize(
    ("options", "stored", "expected"),
    [
        ({"type": "date"}, "2026-12-10", "2027-05-18"),
        ({"type": "date"}, "2026-11-24", "2027-05-02"),
        ({"type": "date"}, "1990-05-01", "1990-05-01"),
        ({"type": "date", "max": "2027-03-31"}, "2026-12-10", "2026-12-10"),
        ({"type": "datetime"}, {"date": "2026-11-26", "time": "09:30"}, {"date": "2027-05-04", "time": "09:30"}),
        ({"type": "month"}, "2027-04", "2027-10"),
        ({"type": "month"}, "2001-04", "2001-04"),
        ({"type": "fiscal_year"}, "2025", "2026"),
        ({"type": "text"}, "2026-12-10", "2026-12-10"),
        ({"type": "date"}, None, None),
    ],
)  # fmt: skip
def test_answers_move_along_with_the_day_they_are_given_on(
    options: dict[str, Any], stored: Any, expected: Any
) -> None:
    named = {"label": "問い"} | options
    assert field(named).moved(stored, OLD, NEW) == expected
    rows = field({"type": "group", "label": "一覧", "fields": [{**named, "id": "inner"}]})
    assert rows.moved([{"inner": stored}], OLD, NEW) == [{"inner": expected}]


def test_a_booking_moves_to_the_nearest_day_that_can_be_booked() -> None:
    booking = field({"type": "slot", "label": "日時", "days": ["mon"], "times": ["09:30"], "from": "3 days"})
    moved = booking.moved({"date": "2026-12-07", "time": "09:30"}, OLD, NEW)
    assert moved == {"date": "2027-05-17", "time": "09:30"}
    assert (
        booking.moved({"date": "2026-11-30", "time": "09:30"}, OLD, date(2026, 12, 28))["date"]
        == "2027-01-04"
    )
