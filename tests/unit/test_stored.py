"""Answers as authors write them in examples, in the form in which answers are stored."""

from typing import Any

import pytest

from procedures.stored import store_examples
from tests.factories.procedures import procedure_of

FIELDS: list[dict[str, Any]] = [
    {"id": "start", "type": "month", "label": "始まる月"},
    {
        "id": "jobs",
        "type": "group",
        "label": "仕事",
        "fields": [{"id": "began", "type": "month", "label": "月"}],
    },
]


def stored(answers: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The answers as they are stored, and what is wrong with them."""
    compiled = {"examples": [{"answers": answers}]}
    wrong = [str(text) for _path, text, _hint in store_examples(procedure_of(FIELDS), compiled)]
    return compiled["examples"][0]["answers"], wrong


def test_a_month_is_written_as_it_is_stored() -> None:
    answers = {"start": "2027-04", "jobs": [{"began": "1999-12"}]}
    assert stored(dict(answers)) == (answers, [])


@pytest.mark.parametrize("written", ["2027-04-01", "2027-13", "2027", "April"])
def test_what_is_no_month_is_told(written: str) -> None:
    _, wrong = stored({"start": written})
    assert wrong == ["'start': a month like 2026-04 is needed here"]
