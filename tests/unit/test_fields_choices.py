"""Choosing in order, and choosing from a long table."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from forms.types import Action, Reading, type_of
from tests.factories.fields import DWELLINGS, READING, TODAY, TREES, field, parse, says

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


RANKED: dict[str, Any] = {"type": "ranking", "label": "住宅", "table": DWELLINGS, "places": 2}


def _pressed(raw: dict[str, list[str]], verb: str, detail: str = "", **more: Any) -> tuple[Any, list[str]]:
    made = field(RANKED, **more)
    after, errors = type_of(made).act(made, Action(verb, "x", detail), raw, "x")
    return after, [str(error.message) for error in errors]


def _shown(raw: Any, **more: Any) -> Any:
    made = field(RANKED, **more)
    return type_of(made).show(made, raw, "x", READING, {}).content


def test_rows_are_found_added_and_put_in_order() -> None:
    found, errors = _pressed({"x-words": ["ＤＫ"]}, "find")
    assert errors == []
    assert [key for key, _words in _shown(found).matches] == ["A-1", "A-2"]
    one, _ = _pressed(found, "add", "A-1")
    two, _ = _pressed(one, "add", "A-2")
    shown = _shown(two)
    assert [(each.place, each.key) for each in shown.chosen] == [(1, "A-1"), (2, "A-2")]
    assert (shown.full, shown.matches) == (True, ())
    raised, _ = _pressed(two, "up", "2")
    assert parse(RANKED, raised).value == ["A-2", "A-1"]
    dropped, _ = _pressed(raised, "drop", "1")
    assert parse(RANKED, dropped).value == ["A-1"]


def test_what_cannot_be_added_is_said() -> None:
    full = {"x-1": ["A-1"], "x-2": ["A-2"]}
    assert _pressed(full, "add", "A-1")[1] == ["All places are taken. Remove one first."]
    again = "Choose “A-1 · 見本住宅 · 2DK” only once: it is there twice."
    assert _pressed({"x-1": ["A-1"]}, "add", "A-1")[1] == [again]
    assert _pressed({}, "add", "A-9")[0]["x-1"] == [""]
    for verb, detail in (("up", "0"), ("drop", "3"), ("drop", "²"), ("up", "")):
        assert parse(RANKED, _pressed(full, verb, detail)[0]).value == ["A-1", "A-2"]
    assert _pressed({"x-words": ["zzz"]}, "find")[1] == ["Nothing was found. Try other words."]
    assert _pressed({}, "find")[1] == ["Enter words to find “住宅” by."]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ((), "Choose number 1 of “住宅”."),
        (("A-9",), "Choose an answer to “住宅”."),
        (("A-1", "A-1"), "Choose “A-1 · 見本住宅 · 2DK” only once: it is there twice."),
    ],
)
def test_what_was_chosen_from_a_table_is_checked(typed: tuple[str, ...], why: str) -> None:
    assert says(parse(RANKED, _places(*typed))) == [("x-words", why)]
    assert parse({**RANKED, "required": False}, {}).value is None


def test_rows_are_on_offer_while_their_condition_holds() -> None:
    table = {
        "file": "n.csv",
        "columns": ["id", "youngest", "よみ"],
        "rows": [["a", "0", "x"], ["b", "3", "x"]],
    }
    for kind, typed in (
        ("ranking", {"x-1": ["b"], "x-words": ["x"]}),
        ("lookup", {"x": ["b"], "x-words": ["x"]}),
    ):
        made = {"type": kind, "label": "園", "table": table, "offer": "row.youngest <= years"}
        for years in (0, 3):
            reading = Reading(TODAY, {"years": Decimal(years)})
            assert bool(parse(made, typed, reading).errors) == (years == 0)
            content = type_of(field(made)).show(field(made), {"x-words": ["x"]}, "x", reading, {}).content
            assert len(getattr(content, "matches", ()) or getattr(content, "rows", ())) == 1 + (years == 3)
    assert type_of(field(made)).depends_on(field(made)) == {"years"}


@pytest.mark.parametrize("wrong", [{"options": TREES}, {"show": ["none"]}, {"table": None}])
def test_a_ranking_has_options_or_a_table(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        field({**RANKED, **wrong})


LOOKUP: dict[str, Any] = {"type": "lookup", "label": "住宅", "table": DWELLINGS}


def _matches(raw: dict[str, list[str]], **more: Any) -> list[tuple[str, str, bool]]:
    made = field(LOOKUP, **more)
    shown = type_of(made).show(made, raw, "x", READING, {})
    return [(match.key, str(match.words), match.chosen) for match in shown.content.rows]


def test_words_find_rows_whatever_their_width_and_kana() -> None:
    assert _matches({"x-words": ["みほん ３dk"]}) == [("A-2", "A-2 · ミホンハイツ · 3DK", False)]
    assert _matches({"x-words": ["SAMPLE"]}, show=["name"]) == [("B-1", "Sample Court", False)]
    assert _matches({"x-words": [""]}) == []


def test_the_chosen_row_stays_while_searching_for_another() -> None:
    raw = {"x": ["B-1"], "x-words": ["見本"]}
    assert [(key, chosen) for key, _, chosen in _matches(raw)] == [("B-1", True), ("A-1", False)]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({}, "Enter words to find “住宅” by."),
        ({"x-words": ["nowhere"]}, "Nothing was found. Try other words."),
        ({"x-words": ["見本"]}, "Choose an answer to “住宅”."),
        ({"x-words": ["見本"], "x": ["C-9"]}, "Choose an answer to “住宅”."),
    ],
)
def test_a_lookup_says_what_to_do_next(typed: dict[str, list[str]], why: str) -> None:
    assert says(parse(LOOKUP, typed)) == [("x-words", why)]
    assert says(parse(LOOKUP, typed, required=False)) == ([("x-words", why)] if typed else [])


def test_the_search_button_says_when_nothing_is_found() -> None:
    made = field(LOOKUP)
    press = type_of(made).act
    assert press(made, Action("find", "x"), {"x-words": ["見本"]}, "x")[1] == ()
    assert press(made, Action("find", "x"), {"x-words": ["nowhere"]}, "x")[1][0].input == "x-words"
    assert press(made, Action("find", "y"), {}, "x")[1] == ()


def test_only_the_first_matches_are_offered() -> None:
    rows = [[f"N-{number}", "同じ名前", ""] for number in range(21)]
    made = field({**LOOKUP, "table": {**DWELLINGS, "rows": rows}})
    content = type_of(made).show(made, {"x-words": ["同じ"]}, "x", READING, {}).content
    assert (len(content.rows), content.more) == (20, True)
