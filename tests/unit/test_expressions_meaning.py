"""Compiled expressions mean what the plain evaluator says; any text is an expression or refused."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from procedures.expressions import UNANSWERED, Expression
from tests.factories.plain_evaluator import reference
from tests.unit.test_expressions import refused_at

NUMBERS = st.sampled_from(["a", "b", "c", "nothing", "0", "1", "7", "12.5", "0.01"])
ROW_NUMBERS = st.sampled_from(["m.x", "m.y", "m.missing", "a", "2"])
SIGNS, ORDERS = st.sampled_from(["+", "-", "*", "/", "//", "%"]), st.sampled_from(
    ["==", "!=", "<", "<=", ">", ">="]
)  # fmt: skip


def _numbers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    folds = st.builds("{}(m.x {} {} for m in rows if m.y {} {})".format, st.sampled_from(["sum", "min", "max", "len"]),
                      SIGNS, ROW_NUMBERS, ORDERS, ROW_NUMBERS)  # fmt: skip
    return st.one_of(
        st.builds("({} {} {})".format, inner, SIGNS, inner),
        st.builds("(-{})".format, inner),
        st.builds("({} if {} {} {} else {})".format, inner, inner, ORDERS, inner, inner),
        folds,
    )


def _truths(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
    )


ARITHMETIC = st.recursive(NUMBERS, _numbers, max_leaves=8)
COMPARED = st.builds("({} {} {} {} {})".format, ARITHMETIC, ORDERS, NUMBERS, ORDERS, NUMBERS)
TRUTHS = st.recursive(
    st.one_of(COMPARED, st.sampled_from(["flag", "nothing", "any(m.y > a for m in rows)"])),
    _truths,
    max_leaves=5,
)
ANSWERS = st.one_of(st.just(UNANSWERED), st.integers(-50, 50).map(Decimal), st.decimals(-9, 9, places=2))


@settings(max_examples=300, deadline=None)
@given(
    source=st.one_of(ARITHMETIC, TRUTHS),
    values=st.fixed_dictionaries(
        {
            "a": ANSWERS,
            "b": ANSWERS,
            "c": ANSWERS,
            "flag": st.sampled_from([True, False, UNANSWERED]),
            "rows": st.lists(st.fixed_dictionaries({"x": ANSWERS, "y": ANSWERS}), max_size=3).map(tuple),
        }
    ),
)
def test_it_means_what_the_plain_evaluator_says(source: str, values: dict[str, Any]) -> None:
    expression = Expression(source)
    assert expression.evaluate(values) == reference(expression.tree, values)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abm.()[]{}'\"+-*/%<>=! \n\\#,:0189日Ａforinsumandnotif", max_size=80))
def test_any_text_is_an_expression_or_refused(source: str) -> None:
    offset = refused_at(source)
    assert offset is None or 0 <= offset <= len(source)
