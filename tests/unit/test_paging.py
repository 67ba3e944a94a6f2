from hypothesis import given
from hypothesis import strategies as st

from core.paging import turned

sizes = st.integers(1, 60)


@given(st.integers(0, 300), sizes)
def test_the_pages_hold_every_item_once_and_in_order(total: int, size: int) -> None:
    items = range(total)
    last = turned(1, total, size).last
    shown = [item for number in range(1, last + 1) for item in turned(number, total, size).of(items)]
    assert shown == list(items)


@given(st.integers(), st.integers(0, 300), sizes)
def test_the_page_shown_is_the_nearest_that_there_is(to: int, total: int, size: int) -> None:
    paging = turned(to, total, size)
    assert paging.number == sorted((1, to, paging.last))[1]
    assert 0 < len(paging.of(range(total))) <= size or total == 0
