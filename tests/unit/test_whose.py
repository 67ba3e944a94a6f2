"""Lines of a summary that say whose mistake it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.whose import told
from procedures.definition import Procedure
from tests.factories.procedures import procedure_of
from tests.unit.test_page import read
from translations.messages import translate

FIELDS: list[dict[str, Any]] = [
    {"id": "old", "type": "person_name", "label": "旧世帯主"},
    {"id": "new", "type": "person_name", "label": "新世帯主"},
    {"id": "purpose", "type": "text", "label": "理由"},
    {"id": "members", "type": "group", "label": "世帯員", "fields": [
        {"id": "who", "type": "person_name"},
        {"id": "carer", "type": "person_name", "label": "保護者"},
        {"id": "born", "type": "date", "label": "生年月日"}]},
    {"id": "guests", "type": "group", "label": "同居人", "row_label": "世帯員", "fields": [
        {"id": "who", "type": "person_name"},
        {"id": "pets", "type": "group", "label": "ペット", "repeat": {"min": 1}, "fields": [
            {"id": "kind", "type": "text", "label": "種類"}]}]},
]  # fmt: skip
NAME = {"x-family": "見本", "x-given": "太郎", "x-family_kana": "ミホン", "x-given_kana": "タロウ"}


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return procedure_of(FIELDS)


def name(input: str, **changed: str) -> dict[str, list[str]]:
    return {key.replace("x", input, 1): [changed.get(key[2:], text)] for key, text in NAME.items()}


def lines(procedure: Procedure, raw: dict[str, list[str]], language: str = "en") -> list[tuple[str, str]]:
    errors = told(procedure.pages[0].fields, raw, read(procedure, raw).errors)
    return [(error.input, translate(error.message, language)) for error in errors]


def test_a_line_that_can_mean_one_question_only_stays_as_short_as_it_is() -> None:
    alone = procedure_of(FIELDS[1:3])
    assert lines(alone, name("new", family="")) == [
        ("new-family", "Enter the family name."),
        ("purpose", "Enter “理由”."),
    ]


def test_lines_name_the_question_where_two_ask_for_the_same(procedure: Procedure) -> None:
    raw = {**name("old", family=""), **name("new", given="")}
    assert lines(procedure, raw) == [
        ("old-family", "旧世帯主: Enter the family name."),
        ("new-given", "新世帯主: Enter the given name."),
        ("purpose", "Enter “理由”."),
    ]


def test_rows_are_always_named_and_their_numbers_are_those_on_the_page(procedure: Procedure) -> None:
    raw = {
        **name("old"), **name("new"), "purpose": ["x"],
        **name("members-3-who"), **name("members-3-carer", family=""),
        "members-3-born-year": ["2020"], "members-3-born-month": ["1"], "members-3-born-day": ["2"],
        **name("members-7-who", family=""), **name("members-7-carer", family=""),
    }  # fmt: skip
    assert lines(procedure, raw) == [
        ("members-3-carer-family", "世帯員 1: 保護者: Enter the family name."),
        ("members-7-who-family", "世帯員 2: Name: Enter the family name."),
        ("members-7-carer-family", "世帯員 2: 保護者: Enter the family name."),
        ("members-7-born-year", "世帯員 2: Enter “生年月日”."),
    ]


def test_rows_of_two_lists_that_call_them_alike_name_the_list(procedure: Procedure) -> None:
    raw = {
        **name("old"), **name("new"), "purpose": ["x"],
        **name("members-0-who", family=""), **name("members-0-carer"),
        "members-0-born-year": ["2020"], "members-0-born-month": ["1"], "members-0-born-day": ["2"],
        **name("guests-0-who", family=""), "guests-0-pets-row": ["0"],
    }  # fmt: skip
    assert lines(procedure, raw) == [
        ("members-0-who-family", "世帯員 1: Name: Enter the family name."),
        ("guests-0-who-family", "世帯員 1: Enter the family name."),
        ("guests-0-pets-0-kind", "世帯員 1: ペット 1: Enter “種類”."),
    ]


@given(
    filled=st.sets(st.sampled_from(["old", "new", "members-0-who", "members-1-carer", "guests-0-who"])),
    part=st.sampled_from([key[2:] for key in NAME]),
)
def test_no_two_lines_are_alike(procedure: Procedure, filled: set[str], part: str) -> None:
    raw: dict[str, list[str]] = {}
    for input in filled:
        raw.update(name(input, **{part: ""}))
    for language in ("ja", "en", "ko"):
        said = [line for _, line in lines(procedure, raw, language)]
        assert len(set(said)) == len(said)


def test_inputs_of_no_question_are_left_alone(procedure: Procedure) -> None:
    errors = read(procedure, {}).errors
    assert told((), {}, errors) == errors
