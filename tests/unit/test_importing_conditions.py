"""Conditions of other programs become expressions that hold when they did."""

import contextlib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from procedures.expressions import Expression
from procedures.importing import written
from procedures.importing.conditions import (
    Chosen,
    Compare,
    Condition,
    Elapsed,
    Every,
    Field,
    Given,
    Holds,
    Not,
    Some,
    Unsaid,
)
from procedures.importing.expressions import CannotSay, Scope, Target, expression
from procedures.importing.formats import _formio_conditions as formio
from procedures.importing.formats import _json_schema_conditions as json_schema
from procedures.importing.journey import END, Way, journey

SCOPE = Scope()
for name, type, options in (
    ("purpose", "choice", {"a": "a", "the other": "the_other"}),
    ("boxes", "choices", {"sat": "sat"}),
    ("age", "number", {}),
    ("born", "date", {}),
    ("opens", "time", {}),
    ("married", "yes_no", {}),
    ("agreed", "consent", {}),
    ("note", "text", {}),
    ("street.name", "text", {}),
):
    SCOPE.add(name, Target(name.replace(".", "_"), type, options))
SCOPE.add("rows", Target("rows", "group"))
SCOPE.add("kind", Target("kind", "text", group="rows"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("show = data.purpose === 'a';", "purpose == 'a'"),
        (
            "show = (data.purpose == 'the other' || data.age >= 18) && !data.married",
            "(purpose == 'the_other' or age >= 18) and not (married == true)",
        ),
        ("show = data.purpose !== 'a'", "not (purpose == 'a')"),
        ("show = data.boxes.sat == true", "'sat' in boxes"),
        ("show = data.boxes.sat", "'sat' in boxes"),
        ("data['age'] > -1.5", "age > -1.5"),
        ("show = data.agreed; true;", "agreed"),
        ("show = data.note", "answered(note)"),
        ("show = data.note != ''", "answered(note)"),
        ("show = data.rows.length > 0", "len(rows) > 0"),
        ("show = !data.rows", "not (len(rows) > 0)"),
        ("show = 18 <= data.age", "age >= 18"),
        ("show = data.boxes.includes('sat')", "'sat' in boxes"),
        ('show = data.street.name === "O\'Neill"', 'street_name == "O\'Neill"'),
        ("show = data.born >= '2020-01-31'", "born >= date('2020-01-31')"),
        ("show = data.opens < '09:30'", "opens < time('09:30')"),
    ],
)
def test_javascript(source: str, said: str) -> None:
    assert expression(written.read(source), SCOPE) == said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("section.purpose == 'a' and not (age < 18)", "purpose == 'a' and not (age < 18)"),
        ("married == true or 'sat' in boxes", "married or 'sat' in boxes"),
        ("married==false", "not married"),
        ("purpose != 'a'", "purpose != 'a'"),
    ],
)
def test_the_older_text_form_of_the_govuk_builders(source: str, said: str) -> None:
    assert expression(written.read(source, strict=True), SCOPE) == said


@pytest.mark.parametrize(
    "source",
    [
        "show = moment().isAfter(data.born)",
        "show = instance.options.readOnly",
        "show = data.age + 1 > 3",
        "show = data.purpose == 'unknown'",
        "show = data.nothing == 'a'",
        "show = data.purpose < 'a'",
        "show = (data.age > 1",
        "show = !data.note == 'x'",
        "show = data.note == 'a\\b'",
        "show = data.kind == 'x'",
        "show = true",
        "(" * 500 + "data.age" + ")" * 500,
        "!" * 5000 + "data.age",
        "alert(1)",
        "",
    ],
)
def test_what_has_no_expression_says_why(source: str) -> None:
    with pytest.raises(CannotSay, match=r"\w"):
        expression(written.read(source), SCOPE)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"==": [{"var": "purpose"}, "a"]}, "purpose == 'a'"),
        (
            {
                "and": [
                    {"!": {"var": "married"}},
                    {"or": [{">": [{"var": "data.age"}, 3]}, {"var": "boxes.sat"}]},
                ]
            },
            "not (married == true) and (age > 3 or 'sat' in boxes)",
        ),
        ({"in": [{"var": "purpose"}, ["a", "the other"]]}, "purpose == 'a' or purpose == 'the_other'"),
        ({"in": ["sat", {"var": "boxes"}]}, "'sat' in boxes"),
        ({"<": [1, {"var": "age"}, 5]}, "age > 1 and age < 5"),
        ({"!=": [{"var": "married"}, False]}, "married"),
        ({"==": [{"var": "note"}, None]}, "not answered(note)"),
        ({">=": [{"date": {"var": "born"}}, {"date": "2020-01-31"}]}, "born >= date('2020-01-31')"),
    ],
)
def test_json_logic(rule: Any, said: str) -> None:
    assert expression(formio.logic(rule), SCOPE) == said


@pytest.mark.parametrize(
    "rule", [{"if": [1, 2]}, {"+": [1]}, {}, [], None, "x", {"a": 1, "b": 2}, {"in": []}, {"==": [1]}]
)
def test_json_logic_beyond_formulas(rule: Any) -> None:
    assert isinstance(formio.logic(rule), Unsaid | Holds)
    with pytest.raises(CannotSay):
        expression(formio.logic(rule), SCOPE)


@pytest.mark.parametrize(
    ("component", "said"),
    [
        ({"conditional": {"show": True, "when": "purpose", "eq": "a"}}, "purpose == 'a'"),
        ({"conditional": {"show": "false", "when": "purpose", "eq": "a"}}, "not (purpose == 'a')"),
        ({"conditional": {"show": True, "when": "agreed", "eq": "true"}}, "agreed"),
        ({"conditional": {"show": True, "when": "agreed", "eq": False}}, "not (agreed == true)"),
        (
            {
                "conditional": {
                    "show": True,
                    "conjunction": "any",
                    "conditions": [
                        {"component": "age", "operator": "lessThan", "value": 3},
                        {"component": "note", "operator": "isEmpty"},
                    ],
                }
            },
            "age < 3 or not answered(note)",
        ),
        (
            {
                "conditional": {
                    "show": True,
                    "conjunction": "all",
                    "conditions": [{"component": "boxes", "operator": "includes", "value": "sat"}],
                }
            },
            "'sat' in boxes",
        ),
    ],
)
def test_simple_conditions_of_form_io(component: Mapping[str, Any], said: str) -> None:
    found = formio.shown(component)
    assert found is not None
    assert expression(found, SCOPE) == said


def test_no_condition() -> None:
    assert formio.shown({"conditional": {"show": None, "when": None, "eq": ""}}) is None
    assert formio.shown({}) is None


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"properties": {"purpose": {"const": "a"}}, "required": ["purpose"]}, "purpose == 'a'"),
        (
            {"properties": {"purpose": {"enum": ["a", "the other"]}, "married": {"const": True}}},
            "(purpose == 'a' or purpose == 'the_other') and married",
        ),
        ({"not": {"properties": {"age": {"minimum": 18}}}}, "not (age >= 18)"),
        (
            {"anyOf": [{"required": ["note"]}, {"properties": {"boxes": {"contains": {"const": "sat"}}}}]},
            "answered(note) or 'sat' in boxes",
        ),
    ],
)
def test_conditions_of_json_schema(schema: Any, said: str) -> None:
    assert expression(json_schema.condition(schema, ""), SCOPE) == said


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Elapsed("born", ">=", 18, "years"), "years(born, today) >= 18"),
        (Elapsed("born", "<", 14, "days", ahead=True), "days(today, born) < 14"),
        (Compare("age", "<", Field("age")), "age < age"),
        (Not(Every((Chosen("boxes", "sat"), Given("rows")))), "not ('sat' in boxes and len(rows) > 0)"),
    ],
)
def test_other_conditions(condition: Condition, said: str) -> None:
    assert expression(condition, SCOPE) == said


def test_a_row_asks_for_its_own_fields_first() -> None:
    assert expression(Compare("rows.kind", "==", "x"), SCOPE, "rows") == "kind == 'x'"
    assert expression(Compare("purpose", "==", "a"), SCOPE, "rows") == "purpose == 'a'"


def test_a_span_whose_last_day_nobody_can_say_is_no_expression() -> None:
    with pytest.raises(CannotSay, match="last day"):
        expression(Elapsed("born", "<=", 18, "years"), SCOPE)


PAGES = ("p0", "p1", "p2", "p3", "p4", "p5", "p6")
LINKS = some.lists(
    some.lists(some.tuples(some.integers(1, 6), some.none() | some.integers(0, 5)), max_size=3),
    min_size=7,
    max_size=7,
)


@settings(deadline=None)
@given(LINKS, some.lists(some.booleans(), min_size=6, max_size=6))
def test_pages_are_asked_exactly_where_the_links_lead(
    links: list[list[tuple[int, int | None]]], answers: list[bool]
) -> None:
    ways = {
        page: [
            Way(PAGES[place], None if test is None else Holds(str(test)))
            for place, test in links[index]
            if place > index
        ]
        for index, page in enumerate(PAGES)
    }
    found = journey("p0", ways)
    assert found.backward == ()
    visited, page = [], "p0"
    while page != END:
        visited.append(page)
        page = _next(ways[page], answers)
    assert [page for page in found.order if _holds(found.conditions[page], answers)] == visited


def _next(ways: list[Way], answers: list[bool]) -> str:
    """As the runner goes: the first link whose condition holds, else the last one without."""
    default = END
    for way in ways:
        if way.when is None:
            default = way.to
        elif _holds(way.when, answers):
            return way.to
    return default


def _holds(condition: Condition, answers: list[bool]) -> bool:
    match condition:
        case Holds(field):
            return answers[int(field)]
        case Not(part):
            return not _holds(part, answers)
        case Every(parts):
            return all(_holds(part, answers) for part in parts)
        case Some(parts):
            return any(_holds(part, answers) for part in parts)
    raise AssertionError(condition)


def test_pages_in_a_circle_are_cut_open() -> None:
    found = journey("a", {"a": [Way("b")], "b": [Way("a", Holds("more")), Way("c")], "c": []})
    assert found.order == ("a", "b", "c")
    assert found.backward == (("b", "a"),)


@settings(deadline=None)
@given(some.text("()!&|='ab 1.", max_size=60))
def test_any_text_is_read_without_a_fault(source: str) -> None:
    found = written.read(source)
    with contextlib.suppress(CannotSay):
        Expression(expression(found, SCOPE))
