"""Choosing in order, and choosing from a long table."""

from typing import Any

import pytest
from pydantic import ValidationError

from forms.types import Reading
from tests.factories.fields import TODAY, TREES, field, parse, says

RANKING: dict[str, Any] = {"type": "ranking", "label": "木", "options": TREES}


def _places(*values: str) -> dict[str, list[str]]:
    return {f"x-{place}": [value] for place, value in enumerate(values, start=1)}


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (("pine", "pine"), [("x-2", "Choose “松” only once: it is there twice.")]),
        (("pine", "", "plum"), [("x-2", "Choose number 2 of “木”.")]),
        (("", "pine"), [("x-1", "Choose number 1 of “木”.")]),
        (("oak",), [("x-1", "Choose an answer to “木”.")]),
        (("pine", "plum", "none"), []),
        (("plum",), []),
    ],
)
def test_a_ranking_has_no_gap_and_nothing_twice(typed: tuple[str, ...], why: list[tuple[str, str]]) -> None:
    assert says(parse(RANKING, _places(*typed))) == why


def test_a_ranking_may_demand_several() -> None:
    assert says(parse({**RANKING, "min": 2}, _places("pine"))) == [("x-2", "Choose number 2 of “木”.")]


def test_a_ranking_offers_an_option_while_its_condition_holds() -> None:
    options = {**RANKING, "places": 2, "options": [{**TREES[0], "when": "spring"}, *TREES[1:]]}
    for spring in (True, False):
        parsed = parse(options, _places("pine"), Reading(TODAY, {"spring": spring}))
        assert bool(parsed.errors) != spring


@pytest.mark.parametrize("wrong", [{"places": 4}, {"places": 2, "min": 3}, {"options": [TREES[0]]}])
def test_a_ranking_that_cannot_be_answered_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        field({**RANKING, **wrong})
