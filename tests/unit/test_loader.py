"""Reading procedure files: what comes out, and what is said about what is wrong."""

import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.settings import ROOT
from procedures import library, yaml_reader
from procedures.checks import check_loaded
from procedures.definition import Procedure, Workflow
from procedures.loader import compiled_form, load
from procedures.problems import DefinitionErrors, Problem
from tests.factories.definitions import CERTIFICATE, changed
from translations.languages import LANGUAGES


def problems(source: str) -> list[Problem]:
    with pytest.raises(DefinitionErrors) as refused:
        load(source)
    return refused.value.problems


def said(source: str) -> list[str]:
    return [f"{p.line}:{p.column}: {p.text}" + (f"; {p.hint}" if p.hint else "") for p in problems(source)]


def test_a_file_becomes_a_definition() -> None:
    procedure = load(CERTIFICATE).procedure
    assert procedure.title.as_dict() == {"ja": "見本証明の申請"}
    assert procedure.reception.opens == datetime(2026, 4, 1, 9)  # noqa: DTZ001 (in the organisation's zone)
    assert procedure.reception.closes is None
    assert procedure.workflow.uses == "single-review"
    assert procedure.workflow.states["approved"].outcome == "approved"
    assert procedure.fields()[3].subfields()[1].id == "income"
    assert procedure.examples[0].answers["household"] == [{"member_name": "見本 花子", "income": 2000000}]
    assert procedure.examples[0].answers["number"] == "2"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "procedures" / "catalogue").glob("*/*.yaml")), ids=lambda path: path.stem
)
def test_compiled_json_gives_the_same_definition(path: Path) -> None:
    procedure = load(path).procedure
    again = Procedure.model_validate(compiled_form(procedure))
    assert again == procedure
    assert compiled_form(again) == compiled_form(procedure)


IDENTIFIER = (
    "is not written as it must be; an id has lower-case letters, digits and _, and begins with a letter"
)
NO_WORKFLOW = (
    "no workflow named 'single-reviw'; known: grant, lottery, receipt-only, review-and-approve, single-review"
)


@pytest.mark.parametrize(
    ("old", "new", "place", "expected"),
    [
        ("minutes: 5", "minuts: 5", "minuts", "unknown key 'minuts'; did you mean 'minutes'?"),
        ("max_length: 100", "max_lenght: 100", "max_lenght: 100",
         "unknown key 'max_lenght'; did you mean 'max_length'?"),
        ('when: "applicant_age >= 15"', "when: min(number, 1) > 0", ", 1)",
         'the `,` here cuts a text in two; put it into quotation marks: when: "min(number, 1) > 0"'),
        ('when: "applicant_age >= 15"', "when: older and near, younger", ", younger",
         ("the `,` here cuts a condition in two; write `older and near and younger` where both are needed,"
          " `older and near or younger` where one is enough")),
        ('when: "applicant_age >= 15"', "when: one, two", ", two",
         ("the `,` here cuts a condition in two;"
          " write `one and two` where both are needed, `one or two` where one is enough")),
        ("    title: 世帯\n", "    title: 世帯\n    when: one, two\n", "one, two",
         ("conditions are not joined by a comma;"
          " write `one and two` where both are needed, `one or two` where one is enough")),
        ("label: 生年月日}", "label: 生年月日, min: 3 days}", "3 days", "this is no day; write add_days(today, 3)"),
        ("title: 世帯", "title: {ja: 世帯, en: Sorry, no, never}", ", no,",
         'the `,` here cuts a text in two; put it into quotation marks: en: "Sorry, no, never"'),
        ("title: 世帯", "title: {ja: 世帯, en Household}", " Household",
         "`en` needs a colon and a space behind it; write `en: Household`"),
        ("repeat: {min: 0, max: 8}", "repeat: {min:0, max: 8}", ":0,",
         "`min` needs a colon and a space behind it; write `min: 0`"),
        ('amount: "300 * number"', "amount: 1,500", ",500",
         "the `,` here cuts a number in two; write it without commas: 1500"),
        ('amount: "300 * number"', "amount: '1,500'", "1,500",
         "a list holds fixed values and stands after `in`; write the number without commas: 1500"),
        ("title: 世帯", "title: {number}", "{number}",
         'a text is needed here; put a text with `{number}` into quotation marks: "{number}"'),
        ("kind: certificate", "kind: certificat", "certificat\n", "'certificat' is not possible here; did you mean 'c"),
        ("type: email", "type: emial", "emial", "no field type named 'emial'; known: "),
        ("{id: email, type: email}", "{id: email}", "{id: email}", "the key 'type' is missing; add `type: …`"),
        ("{value: pension, label: 年金}", "{value: pension}", "{value: pension}",
         "the key 'label' is missing; add `label: …`"),
        ("{id: email, type: email}", "email", "email", "a field is written as {id: …, type: …}"),
        ("desk: counter\n", "", "procedure:", "the key 'desk' is missing; add `desk: …`"),
        ("minutes: 5", "minutes: five", "five", "a whole number is needed here"),
        ("minutes: 5", "minutes: 0", "0\ndesk", "at least 1 is needed here"),
        ("repeat: {min: 0, max: 8}", "repeat: 8", "8\n        fields", "keys with values are needed here"),
        ("title: 通数", "title: [通数]", "[通数]", "a text is needed here; or one for each language: {ja: …, en: …}"),
        ("accept: [pdf, jpeg]", "accept: pdf", "pdf", "a list is needed here"),
        ("retention: 1 year", "retention: 1 yr", "1 yr", "'1 yr' is not written as it must be; write a span of time"),
        ("id: purpose_text", "id: Purpose", "Purpose", f"'Purpose' {IDENTIFIER}"),
        ('household_income: "sum', 'Household: "sum', "Household:", f"'Household' {IDENTIFIER}"),
        ("max_size: 10 MB", "max_size: 10MB", "10MB", "'10MB' is not written as it must be; write a size like '10 MB'"),
        ("purpose == 'pension'", "purpose = 'pension'", "= 'pension'",
         "this is not a complete expression; compare with `==`"),
        ("{uses: single-review}", "{uses: single-reviw}", "single-reviw", NO_WORKFLOW),
        ("purpose == 'pension'", "purpose ＝＝ 'pension'", "＝＝", "`＝＝` cannot be read here; write `==`"),
        ("300 * number", "３００ × number", "３００", "`３００` cannot be read here; write `300`"),
        ("300 * number", "300 × max(number, 1)", "×", "`×` cannot be read here; write `*`"),
        ("number: 2\n", "number: two\n", "two", "'number': a number is needed here"),
        ("born: 1990-05-01", "born: 1990-05-32", "1990-05-32", "'born': a date like 2026-04-01 is needed here"),
        ("given_kana: タロウ", "given_kanji: タロウ", "{family: 見本, given: 太郎",
         "'name': no part 'given_kanji'; known: family, given, "),
        ("income: 2000000}]", "incom: 2000000}]", "2000000}]", "unknown field 'incom'; did you mean 'income'?"),
        ("household: [{member_name: 見本 花子, income: 2000000}]", "household: 3", "3\n      number",
         "'household' is a repeating group: a list of rows is needed here"),
        ("opens: 2026-04-01T09:00", "opens: 20260401", "20260401",
         "a day is written 2026-04-01, with a time 2026-04-01T09:00"),
        ("on: 2026-11-21", "on: 1:30", "1:30", "a day is written 2026-04-01"),
        ("on: 2026-11-21", "on: 2026-13-21", "2026-13-21", "a day that exists is needed here"),
        ("kind: certificate", "kind: lottery", "procedure:", "kind: lottery and the key `lottery` belong together"),
    ],
)  # fmt: skip
def test_mistakes_of_shape(old: str, new: str, place: str, expected: str) -> None:
    source = changed((old, new))
    before = source[: source.index(place, source.index(new) if place in new else 0)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    found = said(source)
    assert any(text.startswith(f"{line}:{column}: {expected}") for text in found), found
    assert len(found) == len(set(found))


def test_a_condition_that_a_comma_cuts_is_said_once() -> None:
    source = changed(('when: "applicant_age >= 15"', "when: older, near"), source=CERTIFICATE)
    line = source[: source.index("older, near")].count("\n") + 1
    assert [problem.code for problem in problems(source) if problem.line == line] == ["comma"]


def test_what_is_neither_a_day_nor_an_expression_is_said_once() -> None:
    source = changed(("type: date, label: 生年月日}", "type: date, label: 生年月日, min: 3 days}"))
    assert [problem.text for problem in problems(source)] == ["this is no day"]


PASTED = """      - id: purpose
        type: choice
        label: 使いみち
        options:
          - {value: pension, label: 年金}
          - {id: pieces, type: number, label: 数, min: 1, max: 10, unit: 個}
"""


def test_a_question_among_options_is_said_once() -> None:
    start = CERTIFICATE.index("      - id: purpose\n")
    end = CERTIFICATE.index("      - ", start + 8)
    source = CERTIFICATE[:start] + PASTED + CERTIFICATE[end:]
    (found,) = problems(source)
    assert (found.text, found.hint, found.code) == (
        "this is a question, not an option",
        "move it 4 columns to the left",
        "misplaced",
    )
    assert source.splitlines()[found.line - 1][found.column - 1 :].startswith("{id: pieces")


def test_items_left_of_their_list_are_found() -> None:
    start = CERTIFICATE.index("        fields:\n") + len("        fields:\n")
    end = CERTIFICATE.index("  - id:", start)
    rows = CERTIFICATE[start:end].replace("          - {", "      - {")
    source = f"{CERTIFICATE[:start]}      # the rows\n{rows}{CERTIFICATE[end:]}"
    line = source[:start].count("\n") + 2
    assert [(found.text, found.hint) for found in problems(source)] == [
        ("a list is needed here", f"move line {line} to the right of `fields`"),
    ]


def test_all_mistakes_are_told_at_once() -> None:
    source = changed(("minutes: 5", "minuts: 5"), ("kind: cer", "kind: sur"), ("max: 8", "max: viele"))
    assert [problem.code for problem in problems(source)] == [
        "literal-error",
        "extra-forbidden",
        "int-parsing",
    ]


def test_everything_that_is_missing_is_told() -> None:
    assert len(problems("procedure: x\n")) >= 6


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a: &x 1", "1:4: `&x` is not available; delete it"),
        ("a: *x", "1:4: `*x` is not available; write the value again"),
        ("a: !!str 1", "1:4: the tag tag:yaml.org,2002:str is not available; delete it"),
        ("a: !local 1", "1:4: the tag !local is not available; delete it"),
        ("? &x a\n: 1", "1:3: anchors and tags are not available; delete it"),
        ("<<: {a: 1}", "1:1: `<<` is not available; write the keys out"),
        ("a: 1\nb: 2\na: 3", "3:1: the key 'a' stands here twice; keep one of them"),
        ("[a]: 1", "1:1: a key is a plain word; put a text that begins with { or [ into quotation marks"),
        ("", "1:1: the file is empty"),
        ("a: 1\n---\nb: 1", "2:1: a file holds one document; delete the line `---`"),
        ("a: b: c", "1:5: mapping values are not allowed in this context; put a text that holds"),
        ("a: 'b", "1:6: found unexpected end of stream; a quotation mark or bracket is not closed"),
        ("a: [b", "2:1: did not find expected ',' or ']'; a closing bracket or a comma is missing"),
        (
            "a: 1\n\tb: 2",
            "2:1: found a tab character that violates indentation; there is a tab at the beginning",
        ),
        (
            "a:\n\t- b: 2",
            "2:1: found character that cannot start any token; there is a tab at the beginning of the",
        ),
        (
            "a: {ja: x, en: Size: tool shed}",
            "1:20: a `:` stands in a text; put the whole text into quotation marks",
        ),
        ("a: {id: x y label: z}", "1:18: a `:` stands in a text; a comma is missing before `label`; or put"),
        ("a: {name}の登録", "1:10: `{name}` stands in a text; put the whole text into quotation marks"),
        ("a: {b: c} d: e", "1:11: did not find expected key; lines of one level start in the same column"),
        ("a: 日\u0085本", "1:5: the file holds the hidden line break U+0085; delete it"),
        ("a: \u2028", "1:4: the file holds the hidden line break U+2028; delete it"),
        ("a: " + "[" * 24 + "]" * 24, "1:27: nested deeper than 24"),
        ("[" * 100_000, "1:25: nested deeper than 24"),
        ("a: " + "x" * 1_000_000, "1:1: the file is larger than 1 MB"),
        ("a: \x00", "1:1: control characters are not allowed"),
        (
            "a: 1\nminutes：5\nb: 2",
            "2:1: could not find expected ':'; the `：` in line 2 is full-width: write `: `",
        ),
        (
            "a: 1\ndesk:food\nb: 2",
            "2:1: could not find expected ':'; write a space behind the colon in line 2",
        ),
        ("- a: 1\n  b: 2\n　　c: 3\n  d: 4", "3:1: did not find expected '-' indicator; line 3 begins with"),
        (
            "- a: 1\n b: 2\n- c: 3",
            "2:2: did not find expected '-' indicator; the keys of a list item stand under",
        ),
        (
            "- {a: 1、b: 2}",
            "1:10: did not find expected ',' or '}'; the `、` in line 1 is full-width: write `, `",
        ),
        ("- {a: “{b}の”}", "1:8: did not find expected ',' or '}'; the `“` in line 1 is no quotation mark"),
        (
            "- {a: {b}c}",
            "1:10: `{b}` stands in a text; put the whole text into quotation marks",
        ),
        (
            "a: {ja: 農園の{plots}区画}",
            "1:12: `{plots}` stands in a text; put the whole text into quotation marks",
        ),
    ],
    ids=range(33),
)
def test_yaml_that_is_refused(source: str, expected: str) -> None:
    tree = yaml_reader.read(source)
    found = [
        f"{at.line}:{at.column}: {text}" + (f"; {hint}" if hint else "")
        for at, _, text, hint in tree.mistakes
    ]
    assert any(line.startswith(expected) for line in found), found


BOMBS = {
    "aliases": "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)),
    "merge keys": "a0: &a0 {x: 1}\n"
    + "".join(f"a{n}: &a{n}\n  <<: [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)),
    "brackets": "a: " + "[" * 500_000,
    "mappings": "{a: " * 200_000,
    "keys": "".join(f"k{n}: 1\n" for n in range(80_000)),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_at_once(bomb: str) -> None:
    began = time.process_time()
    assert problems(BOMBS[bomb])
    assert time.process_time() - began < 5


def test_scalars_stay_text() -> None:
    data = yaml_reader.read("on: no\na: 012\nb: 1:30\nc: 1e3\nd: 2026-04-01\ne: 'null'\nf: ~\ng:\nh: =").data
    assert data == {
        "on": "no", "a": "012", "b": "1:30", "c": "1e3", "d": "2026-04-01", "e": "null", "f": None, "g": None, "h": "=",
    }  # fmt: skip


def test_places_count_characters() -> None:
    tree = yaml_reader.read("題: 日本\nb:\n  - {c: 'x', d: \"y\"}\n")
    assert (tree.place(("題",)).line, tree.place(("題",)).column) == (1, 4)
    place = tree.place(("b", 0, "d"))
    assert (place.line, place.column, place.key_column, place.inner) == (3, 17, 14, 1)
    assert tree.place(("b", 0, "nothing")) == tree.place(("b", 0))


def test_a_file_that_is_not_utf8_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("procedure: 見本".encode("shift_jis"))
    with pytest.raises(
        DefinitionErrors, match=r"a\.yaml:1:1: error: the file is not UTF-8; hint: save it as UTF-8"
    ):
        load(path)
    with pytest.raises(DefinitionErrors, match="cannot be read"):
        load(tmp_path / "missing.yaml")


@pytest.mark.parametrize("name", library.names())
def test_ready_made_workflows_speak_every_language(name: str) -> None:
    workflow = Workflow.model_validate(library.workflow(name))
    for state in workflow.states.values():
        for label in (state.label, *(step.label for step in state.transitions.values())):
            assert label is not None
            assert set(label.languages) == set(LANGUAGES)


def test_a_ready_made_workflow_is_overridden_in_part() -> None:
    own = """{uses: single-review, states: {
      received: {deadline: 5 working days, transitions: {refuse: null, approve: {by: chief}}},
      lapsed: {label: 終わり}}}"""
    states = load(changed(("{uses: single-review}", own))).procedure.workflow.states
    assert states["received"].deadline == "5 working days"
    assert set(states["received"].transitions) == {"approve", "request_correction", "withdraw"}
    assert states["received"].transitions["approve"].by == "chief"
    assert states["received"].transitions["approve"].to == "approved"
    assert states["lapsed"].outcome == "lapsed"
    assert states["lapsed"].label is not None
    assert states["lapsed"].label.as_dict() == {"ja": "終わり"}


LINES = CERTIFICATE.splitlines()
PIECES = st.sampled_from(
    ["", "a", "null", "[]", "{}", "- ", ": ", "'", "\n", "  ", "日", "no", "&a", "1", "]", "}"]
)


@settings(max_examples=150, deadline=None)
@given(
    line=st.integers(0, len(LINES) - 1),
    start=st.integers(0, 60),
    length=st.integers(0, 30),
    piece=PIECES,
    drop=st.booleans(),
)
def test_no_damage_to_a_file_gives_more_than_problems(
    line: int, start: int, length: int, piece: str, drop: bool
) -> None:
    lines = list(LINES)
    lines[line] = lines[line][:start] + piece + lines[line][start + length :]
    if drop:
        del lines[line]
    try:
        found = check_loaded(load("\n".join(lines)), translations=False)
    except DefinitionErrors as error:
        found = error.problems
    assert all(1 <= problem.line <= len(lines) + 2 and problem.column >= 1 for problem in found)
