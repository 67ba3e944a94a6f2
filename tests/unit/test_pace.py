"""Within how many days so many of ten cases were decided."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from workflows.pace import within

SPANS = st.lists(st.timedeltas(timedelta(0), timedelta(days=400)), min_size=1, max_size=60)


def test_whole_days_by_nearest_rank() -> None:
    days = [timedelta(days=n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 30)]
    assert (within(days, 5), within(days, 9), within(days, 10)) == (5, 9, 30)


def test_a_part_of_a_day_is_a_day() -> None:
    assert within([timedelta(minutes=1)], 5) == 1
    assert within([timedelta(0)], 9) == 1
    assert within([timedelta(days=2, seconds=1)], 5) == 3


@given(SPANS, st.integers(1, 10))
def test_so_many_of_ten_ended_by_then_and_no_fewer_days_would_do(spans: list[timedelta], tenths: int) -> None:
    days = within(spans, tenths)

    def ended(by: int) -> int:
        return sum(span <= timedelta(days=by) for span in spans)

    assert ended(days) * 10 >= len(spans) * tenths
    assert days == 1 or ended(days - 1) * 10 < len(spans) * tenths
