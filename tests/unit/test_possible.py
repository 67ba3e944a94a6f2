"""Conditions that no answers meet: what is called impossible is so for every applicant that can be made."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procedures.checks.possible import impossible
from procedures.expressions import BOOL, MONEY, NUMBER, Choice, Expression, ListOf, Type
from procedures.values import Values
from tests.factories.procedures import procedure_of

FIELDS: list[dict[str, Any]] = [
    {"id": "kind", "type": "choice", "label": {"ja": "種別"}, "options": [
        {"value": each, "label": {"ja": each}} for each in ("a", "b", "c")]},
    {"id": "flag", "type": "yes_no", "label": {"ja": "有無"}},
    {"id": "count", "type": "number", "label": {"ja": "数"}, "min": "1", "max": "10"},
    {"id": "width", "type": "number", "label": {"ja": "幅"}, "decimals": 1, "min": None},
]  # fmt: skip
PROCEDURE = procedure_of(FIELDS, computed={"large": "count > 5", "area": "count * width"})
SCOPE: dict[str, Type | None] = {
    "kind": Choice(("a", "b", "c")),
    "flag": BOOL,
    "count": NUMBER,
    "width": NUMBER,
    "large": BOOL,
    "area": MONEY,
    "rows": ListOf(NUMBER),
}
PLACES = {id: field for id, (_, field) in PROCEDURE.places.items()}


def never(*conditions: str) -> bool:
    return impossible(map(Expression, conditions), SCOPE, PROCEDURE.computed, PLACES)


@pytest.mark.parametrize(
    "conditions",
    [
        ("kind == 'a' and kind == 'b'",),
        ("kind == 'a'", "kind == 'b'"),
        ("kind not in ('a', 'b', 'c')",),
        ("count > 10",),
        ("count < 1 or count > 10",),
        ("0 < count < 1",),
        ("count > 5", "not large"),
        ("flag and not flag",),
        ("width > 0.5 and width < 0.6",),
        ("area > 3 and area < 2",),
        ("kind == 'a' if flag else false", "not flag"),
        ("answered(flag) and not answered(flag)",),
    ],
)
def test_impossible(conditions: tuple[str, ...]) -> None:
    assert never(*conditions)


@pytest.mark.parametrize(
    "condition",
    [
        "kind == 'a' or kind == 'b'",
        "kind != 'a' and kind != 'b'",
        "count >= 10",
        "not (count >= 1)",
        "width > 0.5 and width < 0.7",
        "area > 2 and area < 3",
        "count * 2 > 100",
        "any(r > 3 for r in rows) and not any(r > 4 for r in rows)",
        "flag == true",
    ],
)
def test_perhaps_possible(condition: str) -> None:
    assert not never(condition)


ATOMS = st.sampled_from(
    ["kind == 'a'", "kind != 'b'", "kind in ('a', 'c')", "flag", "not flag", "count > 3", "count <= 3", "count == 10",
     "large", "not large", "width >= 1.5", "width < 1.5", "3 < count < 6", "answered(kind)", "area > 4"]
)  # fmt: skip
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | inner.map(lambda one: f"(not {one})")
    ),
    max_leaves=5,
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from("abc"),
        "flag": st.booleans(),
        "count": st.integers(1, 10).map(str),
        "width": st.integers(-30, 30).map(lambda tenths: f"{tenths / 10}"),
    },
)


@settings(max_examples=400, deadline=None)
@given(condition=CONDITIONS, answers=ANSWERS)
def test_nothing_that_an_applicant_meets_is_called_impossible(
    condition: str, answers: dict[str, object]
) -> None:
    if Expression(condition).holds(Values(PROCEDURE, answers, date(2026, 4, 1))):
        assert not never(condition)
