"""Scores: points line by line, ties, what is missing, and what is said about wrong ones."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from procedures import examples, loader
from procedures.changes import changes
from procedures.checks import check_loaded
from procedures.scores import Scored, score_of
from procedures.values import Values
from tests.factories.definitions import changed

SCORE = """\
score:
  items:
    - {label: 通数, points: "2 * number"}
    - {label: 年金, points: 5.5, when: "purpose == 'pension'"}
    - {label: 多い世帯, points: "-1", when: "len(household) > 1"}
  tie_breaks: ["-household_income", "purpose == 'other'"]
  cut_off: 4
  capacity: 2
"""
START = "workflow: {uses: single-review}"


def _with(score: str = SCORE, *more: tuple[str, str]) -> str:
    return changed((START, f"{score}{START}"), *more)


def _score(**answers: Any) -> Scored:
    procedure = loader.load(_with()).procedure
    given = {"born": "1990-05-01", "household": [{"income": 100}], **answers}
    found = score_of(procedure, Values(procedure, given, date(2026, 11, 21)))
    assert found
    return found


def test_points_are_added_line_by_line() -> None:
    found = _score(number="3", purpose="pension", household=[{"income": 100}, {"income": 50}])
    assert [(str(label), points) for label, points in found.lines] == [
        ("通数", Decimal(6)),
        ("年金", Decimal("5.5")),
        ("多い世帯", Decimal(-1)),
    ]
    assert (found.total, found.complete, found.enough) == (Decimal("10.5"), True, True)


def test_too_few_points_are_not_enough() -> None:
    assert not _score(number="1", purpose="other").enough
    assert _score(number="2", purpose="other").enough


def test_what_is_not_answered_is_left_out_and_said() -> None:
    found = _score(purpose="pension")
    assert (found.total, found.complete) == (Decimal("5.5"), False)


def test_ties_are_broken_in_order_and_what_is_missing_goes_last() -> None:
    rich = _score(number="2", purpose="other", household=[{"income": 900}])
    poor = _score(number="2", purpose="other")
    unknown = _score(number="2", purpose="other", household=[{}])
    more = _score(number="9", purpose="other", household=[{"income": 900}])
    assert sorted([rich, unknown, more, poor], key=lambda one: one.rank) == [more, poor, rich, unknown]


def test_an_example_expects_a_score() -> None:
    right = loader.load(_with(SCORE, ("      fee: 600\n", "      fee: 600\n      score: 4\n"))).procedure
    assert [result.differences for result in examples.run(right)] == [()]
    wrong = loader.load(_with(SCORE, ("      fee: 600\n", "      fee: 600\n      score: 21\n"))).procedure
    assert list(map(str, examples.run(wrong)[0].differences)) == ["score: expected 21, got 4"]
    none = loader.load(changed(("      fee: 600\n", "      fee: 600\n      score: 21\n"))).procedure
    (told,) = examples.run(none)[0].differences
    assert told.got == "none: the procedure has no score"
    missing = ("      number: 2\n", "")
    unknown = _with(SCORE, missing, ("      fee: 600\n", "      score: 21\n"))
    differences = examples.run(loader.load(unknown).procedure)[0].differences
    missed = [one.got for one in differences if one.path == ("score",)]
    assert missed == ["none: an answer the score depends on is missing"]


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ('"2 * number"', '"purpose"', "this gives a choice; a number is needed here"),
        ('"2 * number"', '"2 * nmber"', "unknown field 'nmber'"),
        ("\"purpose == 'pension'\"", '"number"', "this gives a number; yes or no is needed here"),
        ('"-household_income"', '"born"', "this gives a date; a number or yes or no is needed here"),
        ('"-household_income"', '"incme"', "unknown field 'incme'"),
    ],
)
def test_wrong_types_are_found_where_they_stand(old: str, new: str, text: str) -> None:
    assert SCORE.count(old) == 1
    loaded = loader.load(_with(SCORE.replace(old, new)))
    problems = [
        problem for problem in check_loaded(loaded, translations=False) if problem.severity == "error"
    ]
    assert [problem.text for problem in problems] == [text]
    line = loaded.source.splitlines()[problems[0].line - 1]
    wrong = new.strip('"').removeprefix("2 * ")
    assert line[problems[0].column - 1 :].startswith(wrong)


def test_a_right_score_has_no_problem() -> None:
    problems = check_loaded(loader.load(_with()), translations=False)
    assert [problem for problem in problems if problem.severity == "error"] == []


def test_a_change_of_points_is_told_as_one() -> None:
    old = loader.load(_with()).procedure
    new = loader.load(
        _with(SCORE.replace("2 * number", "3 * number").replace("capacity: 2", "capacity: 1"))
    ).procedure
    assert [(each.kind, each.text) for each in changes(old, new)] == [
        ("score-changed", "points of score item '1' of score: 2 * number → 3 * number"),
        ("score-changed", "capacity of score: 2 → 1"),
    ]
    gained = changes(loader.load(changed()).procedure, old)
    assert gained[0].kind == "score-changed"
