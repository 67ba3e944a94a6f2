"""Which pages of a long list are offered."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.paging import AROUND, near


@pytest.mark.parametrize(
    ("number", "last", "offered"),
    [
        (1, 1, [1]),
        (1, 2, [1, 2]),
        (1, 21, [1, 2, None, 21]),
        (3, 5, [1, 2, 3, 4, 5]),
        (11, 21, [1, None, 10, 11, 12, None, 21]),
        (4, 21, [1, 2, 3, 4, 5, None, 21]),
        (21, 21, [1, None, 20, 21]),
    ],
)
def test_the_first_the_last_and_those_around(number: int, last: int, offered: list[int | None]) -> None:
    assert near(number, last) == offered


@given(st.integers(1, 10_000).flatmap(lambda last: st.tuples(st.integers(1, last), st.just(last))))
def test_gaps_stand_for_at_least_two_pages(place: tuple[int, int]) -> None:
    number, last = place
    offered = near(number, last)
    known = [page for page in offered if page]
    assert {1, last, number} <= set(known) <= set(range(1, last + 1))
    assert {page for page in range(number - AROUND, number + AROUND + 1) if 1 <= page <= last} <= set(known)
    for before, after in pairwise(known):
        gap = offered[offered.index(before) + 1] is None
        assert after - before > 2 if gap else after - before == 1
