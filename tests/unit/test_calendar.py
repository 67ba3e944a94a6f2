"""Working days and spans of time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures import calendar

D = date.fromisoformat


@pytest.mark.parametrize(
    ("day", "open"),
    [
        ("2026-11-20", True),
        ("2026-11-21", False),  # Saturday
        ("2026-11-22", False),  # Sunday
        ("2026-11-23", False),  # Labour Thanksgiving Day
        ("2026-05-06", False),  # substitute for Constitution Day on a Sunday
        ("2026-09-22", False),  # between two holidays
        ("2026-12-28", True),
        ("2026-12-29", False),
        ("2027-01-01", False),
        ("2027-01-04", True),
    ],
)
def test_working_days(day: str, open: bool) -> None:
    assert calendar.is_working_day(D(day)) is open


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-11-20", "1 working day", "2026-11-24"),
        ("2026-11-20", "0 working days", "2026-11-20"),
        ("2026-12-25", "3 working days", "2027-01-05"),
        ("2026-11-20", "15 days", "2026-12-05"),
        ("2026-11-20", "2 weeks", "2026-12-04"),
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2026-11-30", "3 months", "2027-02-28"),
        ("2024-02-29", "1 year", "2025-02-28"),
        ("2026-12-15", "1 month", "2027-01-15"),
        ("2026-11-20", "2 years", "2028-11-20"),
    ],
)
def test_spans(start: str, duration: str, end: str) -> None:
    assert calendar.add(D(start), duration) == D(end)


def test_no_other_way_to_write_a_span() -> None:
    with pytest.raises(ValueError, match="3 fortnights"):
        calendar.add(D("2026-11-20"), "3 fortnights")


def test_a_span_ends_with_its_day_where_the_office_is() -> None:
    late_in_tokyo = datetime(2026, 11, 19, 16, tzinfo=UTC)  # already the 20th there
    end = calendar.after(late_in_tokyo, "1 day", "Asia/Tokyo")
    assert end.isoformat() == "2026-11-21T23:59:59+09:00"


@given(st.dates(D("2020-01-01"), D("2030-12-31")), st.integers(0, 60))
def test_counting_undoes_adding(start: date, n: int) -> None:
    end = calendar.add_working_days(start, n)
    assert calendar.working_days_between(start, end) == n
    assert calendar.working_days_between(end, start) == -n
    assert n == 0 or calendar.is_working_day(end)


@given(start=st.dates(date(1985, 1, 1), date(2040, 1, 1)), span=st.integers(0, 900))
def test_working_days_are_counted_as_one_by_one(start: date, span: int) -> None:
    days = (start + timedelta(days=n) for n in range(1, span + 1))
    assert calendar.working_days_between(start, start + timedelta(days=span)) == sum(
        calendar.is_working_day(day) for day in days
    )
