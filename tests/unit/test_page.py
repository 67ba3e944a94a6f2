"""One page of a form: what is shown, what is read, what its buttons do."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import page as pages
from forms.types import Reading, Shown, type_of
from procedures.definition import Page, Procedure
from procedures.values import Values
from tests.factories.procedures import procedure_of

TODAY = date(2026, 11, 22)

FIELDS: list[dict[str, Any]] = [
    {"id": "purpose", "type": "choice", "label": "使いみち", "options": [
        {"value": "pension", "label": "年金"}, {"value": "other", "label": "その他"}]},
    {"id": "detail", "type": "text", "label": "具体的に", "when": "purpose == 'other'"},
    {"id": "depth", "type": "number", "label": "深さ", "when": "answered(detail)"},
    {"id": "household", "type": "group", "label": "世帯員", "repeat": {"max": 3}, "fields": [
        {"id": "member", "type": "text", "label": "氏名"},
        {"id": "works", "type": "yes_no", "label": "働いている"},
        {"id": "income", "type": "money", "label": "所得", "when": "works"},
        {"id": "jobs", "type": "group", "label": "勤め先", "repeat": {"max": 2}, "fields": [
            {"id": "firm", "type": "text", "label": "会社"}]}]},
    {"id": "total", "type": "computed", "label": "合計", "value": "income_of_all", "as": "money"},
    {"id": "home", "type": "address", "required": False},
]  # fmt: skip


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return procedure_of(FIELDS, computed={"income_of_all": "sum(m.income for m in household)"})


@pytest.fixture(scope="module")
def page(procedure: Procedure) -> Page:
    return procedure.pages[0]


def reading(procedure: Procedure, answers: dict[str, Any]) -> Reading:
    return Reading(TODAY, Values(procedure, answers, TODAY))


def read(
    procedure: Procedure, raw: dict[str, list[str]], answers: dict[str, Any] | None = None
) -> pages.PageResult:
    answers = answers or {}
    return pages.read(procedure.pages[0], raw, answers, reading(procedure, answers))


def shown(procedure: Procedure, raw: Any, errors: Any = ()) -> dict[str, Shown]:
    form = pages.show(procedure.pages[0], raw, {}, reading(procedure, {}), errors)
    return {field.name: field for field in form.fields}


def wrong(result: pages.PageResult) -> list[str]:
    return [error.input for error in result.errors]


def test_hidden_fields_are_neither_asked_nor_checked(procedure: Procedure) -> None:
    result = read(procedure, {"purpose": ["pension"], "detail": ["x" * 999]})
    assert wrong(result) == []
    assert result.visible == {"purpose", "household", "total", "home"}
    assert result.answers == {"purpose": "pension", "household": [], "home": None}


def test_conditions_see_what_was_typed_just_now(procedure: Procedure) -> None:
    assert wrong(read(procedure, {"purpose": ["other"]})) == ["detail"]
    assert wrong(read(procedure, {"purpose": ["other"], "detail": ["見本"]})) == ["depth"]
    stored = {"purpose": "other", "detail": "見本", "depth": "3"}
    result = read(procedure, {"purpose": ["pension"], "detail": ["見本"], "depth": ["3"]}, stored)
    assert result.visible == {"purpose", "household", "total", "home"}


def test_a_wrong_answer_counts_as_none(procedure: Procedure) -> None:
    result = read(procedure, {"purpose": ["other"], "detail": ["x" * 999]}, {"detail": "見本"})
    assert wrong(result) == ["detail"]
    assert "depth" not in result.visible


def test_the_page_says_what_depends_on_what(procedure: Procedure) -> None:
    form = pages.show(procedure.pages[0], {}, {}, reading(procedure, {}))
    assert form.has_conditions
    assert {field.name for field in form.fields if field.refresh} == {"purpose", "household"}
    row = [
        {"id": "b", "type": "yes_no", "label": "b"},
        {"id": "c", "type": "text", "label": "c", "when": "b"},
    ]
    rows = procedure_of([{"id": "g", "type": "group", "label": "g", "repeat": {"min": 1}, "fields": row}])
    form = pages.show(rows.pages[0], pages.inputs(rows.pages[0], {}), {}, reading(rows, {}))
    assert form.has_conditions, "a condition inside a row changes the page, too"
    assert [field.refresh for field in form.fields[0].content.rows[0].fields] == [True]
    plain = procedure_of([{"id": "a", "type": "text", "label": "a", "when": "today > date('2026-01-01')"}])
    form = pages.show(plain.pages[0], {}, {}, reading(plain, {}))
    assert not form.has_conditions
    assert [field.name for field in form.fields] == ["a"]


def test_a_condition_inside_the_rows_of_a_group_makes_the_page_follow() -> None:
    rows = [
        {"id": "works", "type": "yes_no", "label": "works"},
        {"id": "income", "type": "money", "label": "income", "when": "works"},
    ]
    alone = procedure_of(
        [{"id": "people", "type": "group", "label": "people", "repeat": {"min": 1}, "fields": rows}]
    )
    raw = {"people-row": ["0"], "people-0-works": ["yes"]}
    form = pages.show(alone.pages[0], raw, {}, reading(alone, {}))
    assert form.has_conditions
    assert form.live
    [row] = form.fields[0].content.rows
    assert [(field.name, field.refresh) for field in row.fields] == [
        ("people-0-works", True),
        ("people-0-income", False),
    ]


def test_errors_stand_beside_their_inputs(procedure: Procedure) -> None:
    raw = {
        "purpose": [""],
        "household-0-member": [""],
        "household-0-works": ["yes"],
        "household-0-income": ["abc"],
    }
    result = read(procedure, raw)
    assert wrong(result) == ["purpose", "household-0-member", "household-0-income"]
    fields = shown(procedure, raw, result.errors)
    assert fields["purpose"].errors
    assert not fields["household"].errors
    row = {field.name: field for field in fields["household"].content.rows[0].fields}
    assert row["household-0-income"].errors
    assert row["household-0-income"].values[""] == "abc"


def test_computed_values_follow_what_is_typed(procedure: Procedure) -> None:
    raw = {"household-0-member": ["花子"], "household-0-works": ["yes"], "household-0-income": ["1,000"]}
    assert shown(procedure, raw)["total"].content == 1000


def test_inputs_give_the_answers_again(procedure: Procedure, page: Page) -> None:
    answers = {
        "purpose": "other",
        "detail": "見本",
        "depth": "3",
        "household": [{"member": "花子", "works": True, "income": 5, "jobs": [{"firm": "見本商店"}]}],
        "home": None,
    }
    result = read(procedure, pages.inputs(page, answers))
    assert wrong(result) == []
    assert result.answers == answers


# Rows


def rows(procedure: Procedure, raw: Any) -> list[int]:
    return [row.number for row in shown(procedure, raw)["household"].content.rows]


def test_rows_are_added_and_removed_and_gaps_stay(procedure: Procedure, page: Page) -> None:
    raw: Any = pages.inputs(page, {})
    assert rows(procedure, raw) == []
    for _ in range(3):
        raw, errors = pages.act(page, raw, "add:household")
        assert not errors
    raw = {**raw, "household-0-member": ["一"], "household-1-member": ["二"], "household-2-member": ["三"]}
    assert rows(procedure, raw) == [0, 1, 2]
    raw, _ = pages.act(page, raw, "remove:household:1")
    assert rows(procedure, raw) == [0, 2]
    assert raw["household-2-member"] == ["三"]
    assert not any(name.startswith("household-1-") for name in raw)


def test_too_many_rows_are_refused_and_none_is_lost(procedure: Procedure, page: Page) -> None:
    raw: dict[str, list[str]] = {f"household-{n}-member": ["x"] for n in range(4)}
    result = read(procedure, raw)
    assert wrong(result) == ["purpose", "household"]
    assert "3 at most" in str(result.errors[1].message)
    assert rows(procedure, raw) == [0, 1, 2, 3]
    _, errors = pages.act(page, raw, "add:household")
    assert [error.input for error in errors] == ["household"]


def test_an_untouched_row_is_no_answer(procedure: Procedure, page: Page) -> None:
    raw, _ = pages.act(page, {"purpose": ["pension"]}, "add:household")
    result = read(procedure, dict(raw))  # type: ignore[arg-type]
    assert wrong(result) == []
    assert result.answers["household"] == []


def test_a_condition_in_a_row_sees_that_row(procedure: Procedure) -> None:
    raw = {
        "purpose": ["pension"],
        "household-0-member": ["花子"],
        "household-0-works": ["no"],
        "household-0-income": ["nonsense"],
        "household-5-member": ["次郎"],
        "household-5-works": ["yes"],
        "household-5-income": ["7"],
    }
    result = read(procedure, raw)
    assert result.answers["household"] == [
        {"member": "花子", "works": False, "jobs": []},
        {"member": "次郎", "works": True, "income": 7, "jobs": []},
    ]
    names = [[field.name for field in row.fields] for row in shown(procedure, raw)["household"].content.rows]
    assert "household-0-income" not in names[0]
    assert "household-5-income" in names[1]


def test_a_page_whose_only_conditions_are_in_rows_changes_while_it_is_filled_in() -> None:
    household = {**FIELDS[3], "fields": FIELDS[3]["fields"][:3]}
    only = procedure_of([household])
    form = pages.show(only.pages[0], {}, {}, Reading(TODAY, Values(only, {}, TODAY)))
    assert form.live
    assert form.has_conditions


def test_groups_in_groups(procedure: Procedure, page: Page) -> None:
    raw: Any = {"household-0-member": ["花子"]}
    for _ in range(2):
        raw, _ = pages.act(page, raw, "add:household-0-jobs")
    raw, _ = pages.act(page, raw, "remove:household-0-jobs:0")
    raw = {**raw, "household-0-works": ["no"], "household-0-jobs-1-firm": ["見本商店"]}
    assert read(procedure, raw).answers["household"][0]["jobs"] == [{"firm": "見本商店"}]


# Buttons


@pytest.mark.parametrize(
    "pressed", ["refresh", "lang:en", "add:nothing", "remove:household", "remove:household:x", ":", ""]
)
def test_an_unknown_button_changes_nothing(procedure: Procedure, page: Page, pressed: str) -> None:
    raw = {"household-0-member": ["花子"]}
    after, errors = pages.act(page, raw, pressed)
    assert rows(procedure, after) == [0]
    assert after["household-0-member"] == ["花子"]
    assert errors == ()


def said(page: Page, raw: Any) -> str:
    """What the address says of the look-up."""
    home = page.fields[-1]
    return str(type_of(home).show(home, raw, "home", Reading(TODAY), {}).content.found)


def look_up(page: Page, code: str, raw: Any = None, /, **typed: str) -> dict[str, str]:
    """The address after what was typed, and a look-up."""
    inputs = {f"home-{part}": [text] for part, text in {**typed, "postcode": code}.items()}
    after, errors = pages.act(page, {**(raw or {}), **inputs}, "lookup:home")
    assert not errors
    return {input.removeprefix("home-"): texts[0] for input, texts in after.items() if texts}


def address(found: dict[str, str]) -> tuple[str, str, str]:
    return found["prefecture"], found["city"], found["street"]


def again(page: Page, found: dict[str, str], code: str, **typed: str) -> tuple[str, str, str]:
    """The address after another look-up, with something typed in between."""
    return address(look_up(page, code, **{**found, **typed}))


SHINJUKU, SAPPORO, TWO_PREFECTURES, TWO_TOWNS = "1600023", "0600000", "8710000", "6360000"


def test_another_postcode_takes_back_what_the_one_before_had_filled_in(page: Page) -> None:
    found = look_up(page, SHINJUKU)
    assert address(found) == ("東京都", "新宿区", "西新宿")
    assert again(page, found, SAPPORO) == ("北海道", "札幌市中央区", "")
    assert again(page, found, TWO_PREFECTURES) == ("", "", "")
    assert again(page, found, TWO_TOWNS) == ("奈良県", "", "")
    assert again(page, found, "1638001") == ("東京都", "新宿区", "西新宿")


def test_what_was_typed_by_hand_outlives_another_postcode(page: Page) -> None:
    found = look_up(page, SHINJUKU)
    assert again(page, found, SAPPORO, street="西新宿2-8-1") == ("北海道", "札幌市中央区", "2-8-1")
    assert again(page, found, SAPPORO, street="手書き町1") == ("北海道", "札幌市中央区", "手書き町1")
    assert again(page, found, TWO_TOWNS, city="手書き町") == ("奈良県", "手書き町", "")
    assert again(page, found, TWO_PREFECTURES, prefecture="大分県", city="中津市") == ("大分県", "中津市", "")
    assert look_up(page, SHINJUKU, building="手書きビル")["building"] == "手書きビル"


@pytest.mark.parametrize(
    ("typed", "street"),
    [
        ("", "西新宿"), ("２－８－１", "西新宿２－８－１"), ("西新宿2-8-1", "西新宿2-8-1"), ("手書き町1", "手書き町1"),
    ],
)  # fmt: skip
def test_a_street_typed_before_the_first_look_up_is_completed(page: Page, typed: str, street: str) -> None:
    assert look_up(page, SHINJUKU, street=typed)["street"] == street


def test_the_postcode_of_a_stored_address_is_the_one_before(page: Page) -> None:
    stored = {"postcode": SHINJUKU, "prefecture": "東京都", "city": "新宿区", "street": "西新宿2-8-1"}
    raw = pages.inputs(page, {"home": stored})
    assert address(look_up(page, SAPPORO, raw)) == ("北海道", "札幌市中央区", "2-8-1")


@pytest.mark.parametrize(
    ("postcode", "what"),
    [
        (TWO_PREFECTURES, "['福岡県築上郡吉富町', '大分県中津市']"),
        (SAPPORO, "Found: 北海道札幌市中央区"),
    ],
)
def test_a_look_up_claims_no_more_than_the_code_says(page: Page, postcode: str, what: str) -> None:
    found = {f"home-{part}": [text] for part, text in look_up(page, postcode).items()}
    assert what in said(page, found)


CODES = st.sampled_from([SHINJUKU, SAPPORO, TWO_PREFECTURES, TWO_TOWNS, "0288407", "9500000", "1638001"])


@given(codes=st.lists(CODES, min_size=1, max_size=4), numbers=st.sampled_from(["", "1-2-3"]))
def test_after_any_look_ups_nothing_stands_there_that_the_last_does_not_say(
    page: Page, codes: list[str], numbers: str
) -> None:
    once = look_up(page, codes[-1], street=numbers)
    found: dict[str, str] = {"street": numbers}
    for code in codes:
        found = look_up(page, code, **found)
    assert found == once


def test_a_postcode_fills_in_the_address_and_leaves_the_rest(page: Page) -> None:
    raw = {"home-postcode": ["１６３-８００１"], "home-building": ["第一本庁舎"], "purpose": ["other"]}
    after, errors = pages.act(page, raw, "lookup:home")
    assert errors == ()
    assert (after["home-prefecture"], after["home-city"], after["home-street"]) == (
        ["東京都"],
        ["新宿区"],
        ["西新宿"],
    )
    assert after["home-building"] == ["第一本庁舎"]
    assert after["purpose"] == ["other"]
    assert said(page, after) == "Found: 東京都新宿区西新宿"
    typed = {**after, "home-street": ["西新宿2-8-1"]}
    assert pages.act(page, typed, "lookup:home")[0]["home-street"] == ["西新宿2-8-1"]


@pytest.mark.parametrize(
    ("typed", "why"), [("9999999", "No place has"), ("12", "Enter the seven"), ("", "Enter the postcode")]
)
def test_a_postcode_that_leads_nowhere_says_so(page: Page, typed: str, why: str) -> None:
    raw = {"home-postcode": [typed], "home-street": ["手で書いた"]}
    after, errors = pages.act(page, raw, "lookup:home")
    assert after == raw
    assert pages.act(page, {**raw, "home-found": ["東京都"]}, "lookup:home")[0] == raw
    assert [error.input for error in errors] == ["home-postcode"]
    assert str(errors[0].message).startswith(why)


def test_a_page_is_blank_while_nothing_is_typed_wrong_or_worked_out() -> None:
    plain = procedure_of(FIELDS[:1])
    page, seen = plain.pages[0], reading(plain, {})
    problem = pages.read(page, {}, {}, seen).errors

    def blank(raw: dict[str, list[str]], errors: Any = ()) -> bool:
        return pages.show(page, raw, {}, seen, errors).blank

    assert blank({})
    assert blank({"purpose": [""]})
    assert not blank({"purpose": ["pension"]})
    assert not blank({}, problem)
    worked_out = procedure_of(FIELDS, computed={"income_of_all": "sum(m.income for m in household)"})
    assert not pages.show(worked_out.pages[0], {}, {}, reading(worked_out, {})).blank
