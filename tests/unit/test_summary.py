"""The answers to read again are the same everywhere."""

from datetime import date
from typing import Any

import pytest

from forms.summary import Row, sections
from procedures.definition import Procedure
from tests.factories.procedures import procedure_of
from translations.messages import translate

TODAY = date(2026, 11, 22)
FIELDS: list[dict[str, Any]] = [
    {"id": "note", "type": "content", "text": "説明"},
    {"id": "name", "type": "person_name"},
    {"id": "born", "type": "date", "label": "生年月日"},
    {"id": "phone", "type": "phone", "required": False},
    {"id": "secret", "type": "text", "label": "隠れた", "when": "phone == 'x'"},
    {"id": "household", "type": "group", "label": "世帯", "row_label": "世帯員", "fields": [
        {"id": "member", "type": "text", "label": "氏名"}, {"id": "income", "type": "money", "label": "所得"}]},
    {"id": "total", "type": "computed", "label": "合計", "value": "sum(m.income for m in household)", "as": "money"},
]  # fmt: skip
ANSWERS: dict[str, Any] = {
    "name": {"family": "見本", "given": "太郎", "family_kana": "ミホン", "given_kana": "タロウ"},
    "born": "1990-05-01",
    "secret": "見えない",
    "household": [{"member": "花子", "income": 1_000_000}, {"member": "次郎"}],
}


@pytest.fixture
def procedure() -> Procedure:
    return procedure_of(FIELDS)


def said(row: Row, language: str = "en") -> tuple[str, str, list[str], int]:
    assert row.label is not None
    return (
        row.field,
        translate(row.label, language),
        [translate(line, language) for line in row.lines],
        row.depth,
    )


def test_every_question_that_is_asked_has_a_row(procedure: Procedure) -> None:
    [section] = sections(procedure, ANSWERS, "en", TODAY)
    assert (section.page_id, str(section.title)) == ("first", "一枚目")
    assert [said(row) for row in section.rows] == [
        ("name", "Name", ["見本 太郎", "ミホン タロウ"], 0),
        ("born", "生年月日", ["May 1, 1990"], 0),
        ("phone", "Telephone number", [], 0),
        ("household", "世帯", ["2 entered"], 0),
        ("household-0", "世帯員", ["1 of 2"], 1),
        ("household-0-member", "氏名", ["花子"], 1),
        ("household-0-income", "所得", ["¥1,000,000"], 1),
        ("household-1", "世帯員", ["2 of 2"], 1),
        ("household-1-member", "氏名", ["次郎"], 1),
    ]


def test_a_calculated_value_is_shown_once_it_is_known(procedure: Procedure) -> None:
    answers = {**ANSWERS, "household": [{"member": "花子", "income": 5}]}
    rows = {row.field: row for row in sections(procedure, answers, "ja", TODAY)[0].rows}
    assert rows["total"].lines == ["5円"]


def test_a_page_that_is_not_asked_has_no_section() -> None:
    page = {
        "id": "second",
        "title": {"ja": "二"},
        "when": "today > date('2030-01-01')",
        "fields": FIELDS[1:2],
    }
    first = {"id": "first", "title": {"ja": "一"}, "fields": FIELDS[2:3]}
    procedure = procedure_of([], pages=[first, page])
    assert [section.page_id for section in sections(procedure, {}, "ja", TODAY)] == ["first"]
