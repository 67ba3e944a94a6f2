"""Filling forms in from what is stored: sources that are checked, values for each type, and back again."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import page as pages
from forms import prefill, profile
from forms.sheet import Sheet
from forms.types import Reading, type_of
from procedures.checks import check_loaded
from procedures.definition import Procedure
from procedures.loader import load
from procedures.prefill import RELATIONSHIPS, ROW_SOURCES, SOURCES
from procedures.values import Values
from tests.factories.definitions import changed
from tests.factories.procedures import procedure_of

TODAY = date(2026, 11, 22)
NAME = {"family": "𠮷見本", "given": "太郎", "family_kana": "ミホン", "given_kana": "タロウ"}
HOME = {"postcode": "1638001", "prefecture": "東京都", "city": "新宿区", "street": "西新宿9-99-9"}
STORED: dict[str, Any] = {
    "profile.name": NAME,
    "profile.born": "1990-04-01",
    "profile.household": [
        {"name": {"family": "見本", "given": "花子"}, "relationship": "spouse", "born": "1991-05-02"},
        {"name": {"family": "見本", "given": "一"}, "relationship": "grandchild"},
    ],
    "applicant.address": HOME,
}
FIELDS: list[dict[str, Any]] = [
    {"id": "name", "type": "person_name", "prefill": "profile.name"},
    {"id": "line", "type": "text", "label": "氏名", "prefill": "profile.full_name"},
    {"id": "reading", "type": "kana", "prefill": "profile.kana"},
    {"id": "born", "type": "date", "label": "生年月日", "prefill": "profile.born"},
    {"id": "home", "type": "address", "prefill": "applicant.address"},
    {"id": "phone", "type": "phone", "prefill": "profile.phone"},
    {"id": "remark", "type": "text", "label": "備考"},
    {"id": "household", "type": "group", "label": "世帯員", "prefill": "profile.household", "fields": [
        {"id": "who", "type": "person_name", "kana": "none", "prefill": "member.name"},
        {"id": "kin", "type": "choice", "label": "続柄", "prefill": "member.relationship", "options": [
            {"value": "spouse", "label": "配偶者"}, {"value": "child", "label": "子"}]},
        {"id": "income", "type": "money", "label": "所得"}]},
]  # fmt: skip


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return procedure_of(FIELDS)


def found(*changes: tuple[str, str]) -> list[tuple[str, str, str]]:
    problems = check_loaded(load(changed(*changes)))
    return [(one.code, one.text, one.hint) for one in problems if one.code != "untranslated"]


FIELD = "- {id: name, type: person_name}"


def test_a_source_of_the_right_type_is_right() -> None:
    assert found((FIELD, "- {id: name, type: person_name, prefill: profile.name}")) == []


@pytest.mark.parametrize(
    ("field", "code", "hint"),
    [
        (
            "{id: name, type: person_name, prefill: profile.nmae}",
            "unknown-source",
            "did you mean 'profile.name'?",
        ),
        ("{id: name, type: person_name, prefill: zzz}", "unknown-source", "sources: profile.name, "),
        (
            "{id: name, type: person_name, prefill: profile.phone}",
            "prefill-type",
            "for person_name: profile.name, company.representative",
        ),
        ("{id: name, type: person_name, prefill: member.name}", "prefill-place", "profile.household"),
    ],
)
def test_a_wrong_source_is_named_with_what_to_write(field: str, code: str, hint: str) -> None:
    [(said, _text, advice)] = found((FIELD, f"- {field}"))
    assert said == code
    assert hint in advice


def test_rows_are_filled_from_the_household_only() -> None:
    row = "- {id: member_name, type: text, label: 氏名, max_length: 50}"
    named = f"{row}\n          - {{id: kin, type: person_name, required: false, prefill: member.name}}"
    group = "        label: 世帯員\n"
    assert [code for code, _, _ in found((row, named))] == ["prefill-place"]
    assert found((row, named), (group, f"{group}        prefill: profile.household\n")) == []
    wrong = named.replace("member.name", "profile.name")
    assert [
        code for code, _, _ in found((row, wrong), (group, f"{group}        prefill: profile.household\n"))
    ] == ["prefill-place"]


def test_every_source_is_an_entry_that_can_be_stored() -> None:
    entries = profile.entries()
    for source, (type, _) in SOURCES.items():
        kind, _, name = source.partition(".")
        if kind == "profile" and name not in ("full_name", "kana"):
            assert entries[name].type == type, source
        elif kind == "company":
            assert {field.id: field.type for field in profile.company().fields}[name] == type, source
    rows = {field.id: field.type for field in entries["household"].subfields()}
    assert rows == {source.removeprefix("member."): type for source, (type, _) in ROW_SOURCES.items()}
    [kin] = [field for field in entries["household"].subfields() if field.id == "relationship"]
    assert tuple(option.value for option in kin.options) == RELATIONSHIPS  # type: ignore[attr-defined]


def test_values(procedure: Procedure) -> None:
    assert prefill.values(procedure, STORED) == {
        "name": NAME,
        "line": "𠮷見本 太郎",
        "reading": "ミホン タロウ",
        "born": "1990-04-01",
        "home": HOME,
        "household": [
            {"who": {"family": "見本", "given": "花子"}, "kin": "spouse"},
            {"who": {"family": "見本", "given": "一"}},
        ],
    }
    assert prefill.values(procedure, {}) == {}


def test_what_is_filled_in_is_what_the_form_takes(procedure: Procedure) -> None:
    values = prefill.values(procedure, STORED)
    for id, value in values.items():
        if id == "household":
            continue
        field = next(field for field in procedure.fields() if field.id == id)
        raw = type_of(field).raw(field, value, id)
        assert type_of(field).parse(field, raw, id, Reading(TODAY)).value == value, id


def test_an_answer_stands_before_what_is_stored(procedure: Procedure) -> None:
    page, values = procedure.pages[0], prefill.values(procedure, STORED)
    shown = prefill.on_page(page, values, {"born": "2001-01-01", "line": None})
    assert (shown["born"], shown["line"], shown["home"]) == ("2001-01-01", None, HOME)


def test_only_what_is_unchanged_is_called_from_the_profile(procedure: Procedure) -> None:
    page, values = procedure.pages[0], prefill.values(procedure, STORED)
    raw = pages.inputs(page, prefill.on_page(page, values, {}))
    assert prefill.unchanged(page, values, raw) == set(values)
    raw["home-city"] = ["渋谷区"]
    raw["household-0-who-given"] = ["次郎"]
    assert prefill.unchanged(page, values, raw) == set(values) - {"home", "household"}
    form = pages.show(page, raw, {}, Reading(TODAY, Values(procedure, {}, TODAY)))
    described = prefill.described(form, frozenset({"born"})).fields
    assert [one.name for one in described if "born-source" in one.described] == ["born"]


def test_answers_go_back_as_entries(procedure: Procedure) -> None:
    answers = {
        **prefill.values(procedure, STORED),
        "remark": "秘密",
        "phone": None,
        "household": [
            {"who": {"family": "見本", "given": "花子"}, "kin": "child", "income": 5},
            {"income": 1},
        ],
    }
    entries = {one.name: one.value for one in prefill.entries(procedure, answers, "ja")}
    assert entries == {
        "name": NAME,
        "born": "1990-04-01",
        "address": HOME,
        "household": [{"name": {"family": "見本", "given": "花子"}, "relationship": "child"}],
    }


_TEXTS = st.text(st.characters(categories=("Lo", "Lu", "Ll")), min_size=1, max_size=20)


@given(family=_TEXTS, given_name=_TEXTS, kin=st.sampled_from(RELATIONSHIPS))
def test_a_profile_reads_back_what_it_shows(family: str, given_name: str, kin: str) -> None:
    """Whatever a profile holds, opening and keeping it unchanged changes nothing."""
    sheet = Sheet((profile.entries()["household"], profile.entries()["name"]))
    name = {"family": family, "given": given_name}
    stored = {"household": [{"name": name, "relationship": kin}], "name": {**NAME, **name}}
    answers, errors = sheet.read(sheet.inputs(stored), TODAY)
    assert not errors
    assert answers == stored
    assert sheet.show(sheet.inputs(stored), TODAY)


def test_a_row_can_be_added_and_wrong_ones_are_named() -> None:
    sheet = Sheet((profile.entries()["household"],))
    raw, errors = sheet.act(sheet.inputs({}), "add:household")
    assert not errors
    assert "household-0-name-family" in raw
    _answers, errors = sheet.read({**raw, "household-0-name-family": ["見本"]}, TODAY)
    assert [error.input for error in errors] == ["household-0-name-given"]
    assert sheet.show(raw, TODAY, errors)
    assert sheet.act(raw, "refresh") == (raw, ())


def test_nobody_is_born_tomorrow() -> None:
    sheet = Sheet((profile.entries()["born"],))
    raw = {"born-era": ["ce"], "born-year": ["2026"], "born-month": ["11"], "born-day": ["23"]}
    assert sheet.read(raw, TODAY)[1]
    assert sheet.read({**raw, "born-day": ["22"]}, TODAY) == ({"born": "2026-11-22"}, ())
