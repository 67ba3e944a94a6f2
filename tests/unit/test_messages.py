"""Every message about a procedure file has a broken file here, with the line and column at which it must point.

`¦` marks the place in the broken file. Which codes there are is read from the source, so that none can be forgotten.
"""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from procedures.checks import check_file
from tests.factories.definitions import CERTIFICATE, changed
from tests.fixtures.codes import codes
from tests.unit.test_checks import LOTTERY, OWN_WORKFLOW
from translations import authors

MARK = "¦"
JAPANESE = re.compile(r"[ぁ-ん]")
UNFILLED = re.compile(r"%\(|%%")
NAME = "sample-certificate"


class Case(NamedTuple):
    """What to change in which sample, and how the message begins."""

    text: str
    changes: tuple[tuple[str, str], ...]
    source: str = CERTIFICATE


def case(text: str, *changes: str, source: str = CERTIFICATE) -> Case:
    return Case(text, tuple(zip(changes[::2], changes[1::2], strict=True)), source)


def whole(text: str, source: str) -> Case:
    return Case(text, (), source)


PURPOSE = "options: [{value: pension, label: 年金}, {value: other, label: その他}]"
EXAMPLES = "examples:\n"
SHAPE = {
    "bool-parsing": case("yes or no is needed here", "type: email}", "type: email, required: ¦perhaps}"),
    "bool-type": case("yes or no is needed here", "type: email}", "type: email, required: ¦[]}"),
    "decimal-parsing": case("a number is needed here", "max: 10}", "max: ¦ten}"),
    "decimal-type": case("a number is needed here", "max: 10}", "max: ¦[10]}"),
    "misplaced": case(
        "this is a question, not an option",
        PURPOSE,
        "options:\n          - {value: pension, label: 年金}\n          - ¦{id: pieces, type: number, label: 数}",
    ),
    "greater-than-equal": case("at least 1 is needed here", "minutes: 5", "minutes: ¦0"),
    "less-than-equal": case("at most 240 is possible here", "minutes: 5", "minutes: ¦500"),
    "too-short": case("nothing stands here", PURPOSE, "options: ¦[]"),
    "date-from-datetime-parsing": case(
        "a day that exists is needed here", "on: 2026-11-21", "on: ¦2026-13-21"
    ),
    "datetime-from-date-parsing": case(
        "a day that exists, and a time, are needed here", "2026-04-01T09:00", "¦2026-04-01T25:00"
    ),
    "more": case(
        "20 more mistakes are not shown",
        "minutes: 5",
        "".join(f"{'¦' * (n == 99)}k{n}: 1\n" for n in range(120)),
    ),
    "dict-type": case(
        "keys with values are needed here",
        "computed:\n  applicant",
        "computed: ¦[]\nbring: []\n#",
        '  household_income: "sum(m.income for m in household)"\n',
        "",
    ),
    "expression": case("this is not a complete expression", "purpose == 'pension'", "purpose ¦= 'pension'"),
    "extra-forbidden": case("unknown key 'minuts'", "minutes: 5", "¦minuts: 5"),
    "int-parsing": case("a whole number is needed here", "minutes: 5", "minutes: ¦five"),
    "int-type": case("a whole number is needed here", "minutes: 5", "minutes: ¦[5]"),
    "literal-error": case("'certificat' is not possible here", "kind: certificate", "kind: ¦certificat"),
    "missing": case("the key 'desk' is missing", "desk: counter\n", "", "procedure:", "¦procedure:"),
    "missing-type": case("the key 'type' is missing", "{id: email, type: email}", "¦{id: email}"),
    "model-type": case(
        "keys with values are needed here",
        "law: {basis: 見本条例 第1条, processing_period: 3 working days, retention: 1 year}",
        "law: ¦見本条例",
    ),
    "string-pattern-mismatch": case("'10MB' is not written as it must be", "10 MB", "¦10MB"),
    "string-type": case("a text is needed here", "level: email", "level: ¦[email]"),
    "text": case("a text is needed here", "title: 通数", "title: ¦[通数]"),
    "tuple-type": case("a list is needed here", "accept: [pdf, jpeg]", "accept: ¦pdf"),
    "unknown-plugin": case("no field type named 'emial'", "type: email}", "type: ¦emial}"),
    "unknown-workflow": case("no workflow named 'single-reviw'", "single-review}", "¦single-reviw}"),
    "value-error": case(
        "two options have the value 'pension'",
        PURPOSE,
        "options: ¦[{value: pension, label: 年金}, {value: pension, label: その他}]",
        "purpose == 'other'",
        "purpose == 'pension'",
        "purpose: other",
        "purpose: pension",
    ),
    "alias": case("`*x` is not available", "minutes: 5", "minutes: ¦*x"),
    "anchor": case("`&x` is not available", "minutes: 5", "minutes: ¦&x 5"),
    "documents": case("a file holds one document", "minutes: 5", "¦---\nminutes: 5"),
    "duplicate-key": case("the key 'desk' stands here twice", "desk: counter\n", "desk: counter\n¦desk: b\n"),
    "key": case("a key is a plain word", "minutes: 5", "¦[minutes]: 5"),
    "merge-key": case("`<<` is not available", "minutes: 5", "¦<<: {minutes: 5}"),
    "tag": case("the tag tag:yaml.org,2002:int is not available", "minutes: 5", "minutes: ¦!!int 5"),
    "line-break": case("the file holds the hidden line break U+0085", "title: 世帯", "title: 世¦\u0085帯"),
    "yaml": case("mapping values are not allowed", "title: 世帯", "title: 世帯¦: 人"),
    "comma": case("the `,` here cuts a text", "title: 世帯", "title: {ja: 世帯, en: The house¦, all of it}"),
    "colon": case("`max` needs a colon", "{min: 0, max: 8}", "{min: 0, max¦:8}"),
    "empty": whole("the file is empty", "¦# nothing here\n"),
    "table": case(
        "the table 'none.csv' cannot be read",
        "{id: email, type: email}",
        "{id: email, type: email}\n      - {id: home, type: lookup, label: 住戸, table: ¦none.csv}",
    ),
    "example": case("'number': a number is needed here", "number: 2\n", "number: ¦two\n"),
}
MEANING = {
    "notify-audience": case(
        "these mails go to residents",
        "for: [resident]",
        "for: [business]",
        EXAMPLES,
        f"¦notify: {{likely: age > 64}}\n{EXAMPLES}",
    ),
    "notify-everybody": case(
        "this says nothing about a person", EXAMPLES, f"notify: {{likely: ¦not 'x' in applied}}\n{EXAMPLES}"
    ),
    "notify-again": case(
        "nobody gets a mail about the same procedure so often",
        EXAMPLES,
        f"notify: {{likely: age > 64, again: ¦27 days}}\n{EXAMPLES}",
    ),
    "renewed-document": case(
        "'sample-certificate' issues no document 'permit'",
        EXAMPLES,
        f"renew: {{documents: [¦permit]}}\n{EXAMPLES}",
    ),
    "renewed-procedure": case(
        "no procedure named 'elsewhere'", EXAMPLES, f"renew: {{documents: [¦elsewhere/permit]}}\n{EXAMPLES}"
    ),
    "no-end": case(
        "the document 'certificate' is valid for ever",
        "    valid_for: 3 months\n",
        "renew: {documents: [¦certificate]}\n",
    ),
    "renewal-late": case(
        "holders are reminded 30 days before the end",
        EXAMPLES,
        f"renew: {{documents: [certificate], opens: ¦4 weeks}}\n{EXAMPLES}",
    ),
    "renewal-field": case(
        "no field named 'numbr'",
        EXAMPLES,
        f"renew: {{documents: [certificate], ask_again: [¦numbr]}}\n{EXAMPLES}",
    ),
    "renewal-answer": case(
        "'purpose' has no option 'renewal'",
        EXAMPLES,
        f"renew: {{documents: [certificate], answers: {{purpose: ¦renewal}}}}\n{EXAMPLES}",
    ),
    "arguments": case("age takes 2 values", 'when: "age(born, today) >= 15"', 'when: "¦age(born) >= 15"'),
    "of-itself": case(
        "this depends on the answer to 'born' itself",
        "type: date, label: 生年月日}",
        "type: date, label: 生年月日, min: '¦add_days(born, 3)'}",
    ),
    "unanswered": case(
        "example 'ひとり世帯が2通申請する' does not answer 'near'",
        "{id: email, type: email}",
        "{id: email, type: email}\n      - {id: near, type: yes_no, label: 近所}",
        "    answers:",
        "    ¦answers:",
    ),
    "no-option": case(
        "'pensoin' is none of the options (pension, other)",
        "      purpose: other\n",
        "      purpose: ¦pensoin\n",
    ),
    "beyond": case("11 is more than `max: 10`", "      number: 2\n", "      number: ¦11\n"),
    "asked-later": case(
        "this depends on 'number', which is asked later or here",
        'when: "age(born, today) >= 15"',
        'when: ¦"number > 1"',
    ),
    "constant": case("this is never met", 'when: "number > 5"', 'when: ¦"1 > 5"'),
    "whole-sum": case(
        "all of `300 * number + 200` depends on the condition",
        '"300 * number"',
        "\"¦300 * number + 200 if purpose == 'other' else 0\"",
        "fee: 600",
        "fee: 800",
    ),
    "cycle": case(
        "this depends on itself: a → b → a",
        'household_income: "sum(m.income for m in household)"',
        "a: ¦b + 1\n  b: a + 1",
        ", household_income: 2000000",
        "",
    ),
    "duplicate-id": case(
        "'copies' is already used (pages)",
        "id: household_page",
        "id: copies",
        "- id: copies\n    title: 通数",
        "- id: ¦copies\n    title: 通数",
    ),
    "eligibility": case(
        "no page is asked before the requirements",
        "    eligibility: true\n",
        "",
        "  - {id: of_age",
        "  ¦- {id: of_age",
    ),
    "group": case(
        "'household' is a list: it needs a `for`", '"sum(m.income for m in household)"', '"¦household.income"'
    ),
    "negative-fee": case(
        "the fee can be below zero: -700 yen for ", '"300 * number"', '¦"300 * number - 1000"'
    ),
    "never-met": case(
        "the question 'purpose_text' is never asked",
        "when: \"purpose == 'other'\"",
        "when: ¦\"purpose == 'other' and number > 10\"",
    ),
    "no-day": case(
        "example 'ひとり世帯が2通申請する' depends on the day",
        "    on: 2026-11-21\n",
        "",
        "- name: ひとり",
        "- name: ¦ひとり",
    ),
    "no-source": case("this text is missing in 日本語", "title: 世帯", "title: ¦{en: Household}"),
    "plural-rows": case(
        "each row is called 'Members 1', 'Members 2'", "label: 世帯員", "label: ¦{ja: 世帯員, en: Members}"
    ),
    "placeholder": case(
        "no field named 'nam' to fill in", '"{name} の見本を証明します。"', '¦"{nam} の見本"'
    ),
    "reserved-id": case(
        "'class' is a word of expressions",
        "{id: email, type: email}",
        "{id: ¦class, type: email}",
        "email: taro@example.invalid",
        "class: taro@example.invalid",
    ),
    "retention": case(
        "'name' is personal, and nothing says how long the case is kept",
        ", retention: 1 year",
        "",
        "law: {",
        "¦law: {",
    ),
    "same-label": case(
        "the options 'other' and 'pension' have the same label", "label: その他", "label: ¦年金"
    ),
    "shadowed": case(
        "'number' is already a field",
        '"sum(m.income for m in household)"',
        '"sum(number.income for ¦number in household)"',
    ),
    "type": case(
        "this gives a choice; a number is needed here", 'amount: "300 * number"', "amount: ¦purpose"
    ),
    "too-large": case(
        "computed values build on each other 20 times at most",
        "computed:\n",
        "computed:\n  c0: number\n"
        + "".join(f"  c{n}: c{n - 1} + 1\n" for n in range(1, 20))
        + "  c20: ¦c19 + 1\n",
    ),
    "unknown-expected": case(
        "no page named 'household'", "pages: [about_you, household_page", "pages: [about_you, ¦household"
    ),
    "unknown-function": case("unknown function 'agee'", 'when: "age(born', 'when: "¦agee(born'),
    "unknown-language": case("no language 'eng'", "title: 世帯", "title: {ja: 世帯, ¦eng: Household}"),
    "unknown-level": case("no signature level named 'emial'", "level: email", "level: ¦emial"),
    "unknown-name": case("unknown field 'numbr'", '"300 * number"', '"300 * ¦numbr"'),
    "unknown-option": case("no option 'othr'", "purpose == 'other'", "purpose == ¦'othr'"),
    "unknown-document": case(
        "the workflow issues a document 'certificate'",
        "id: certificate",
        "id: certificat",
        "workflow: {uses: single-review}",
        "workflow: ¦{uses: single-review}",
    ),
    "too-little-translated": case(
        "English: 0 % translated, but 50 % are demanded",
        "minutes: 5",
        "minutes: 5\nlanguages: {en: ¦50}",
    ),
    "unknown-source": case(
        "nothing is stored as 'profile.emial'",
        "{id: email, type: email}",
        "{id: email, type: email, prefill: ¦profile.emial}",
    ),
    "prefill-type": case(
        "'profile.phone' fills fields of type phone",
        "{id: email, type: email}",
        "{id: email, type: email, prefill: ¦profile.phone}",
    ),
    "prefill-place": case(
        "'member.name' is about a row of the household",
        "{id: email, type: email}",
        "{id: email, type: email, prefill: ¦member.name}",
    ),
    "unknown-occasion": case("no life event 'movingg'", "life_events: [moving]", "life_events: [¦movingg]"),
    "unfinished": case("to do: ask the desk", "minutes: 5", "# TODO: ¦ask the desk\nminutes: 5"),
    "untranslated": case("0 % translated: やさしい日本語, English", "language: ja", "language: ¦ja"),
    "unknown-department": case(
        "no organisation has the department 'sample'", "department: samples", "department: ¦sample"
    ),
    "unknown-desk": case("here has no desk 'countr'", "desk: counter", "desk: ¦countr"),
    "file-name": case(
        "the file is not named like the procedure",
        "procedure: sample-certificate",
        "procedure: ¦certificates",
    ),
    "fee-never-paid": case(
        "the fee is never paid in this workflow",
        "single-review}",
        "receipt-only}",
        "fee:\n  when",
        "¦fee:\n  when",
    ),
    "fee-time": case("the fee is due after_approval", "when: before_review", "when: ¦after_approval"),
}
FLOW = {
    "action": case("no notice named 'aproved'", "notify: approved", "notify: ¦aproved"),
    "after-the-end": case(
        "the case ends in 'lapsed'",
        "{outcome: lapsed}",
        "{outcome: lapsed, ¦transitions: {again: {to: received}}}",
    ),
    "dead-end": case(
        "from the state 'lapsed' no case can end",
        "    lapsed: {outcome: lapsed}",
        "    ¦lapsed: {label: 終わり}",
    ),
    "deadline": case(
        "'awaiting_fee' has `on_deadline` but no `deadline`",
        "deadline: 15 days, ",
        "",
        "on_deadline: lapsed",
        "on_deadline: ¦lapsed",
    ),
    "never-issued": case(
        "the document 'certificate' is never issued",
        "issue: certificate, ",
        "",
        "- id: certificate",
        "- id: ¦certificate",
    ),
    "no-fee": case(
        "'awaiting_fee' waits for a fee, but there is none",
        'fee:\n  when: after_approval\n  items:\n    - {label: 手数料, amount: "300 * number"}\n'
        "  waive: \"purpose == 'pension'\"\n",
        "",
        "payment: fee",
        "payment: ¦fee",
        "      fee: 600\n",
        "",
    ),
    "no-lottery": case("'awaiting_fee' waits for a draw", "payment: fee, ", "payment: fee, lottery: ¦draw, "),
    "no-reason": case(
        "'refuse' refuses without a reason",
        "refuse: {to: refused, by: reviewer, needs: [reason]}",
        "¦refuse: {to: refused, by: reviewer}",
    ),
    "no-target": case(
        "the transition 'send_back' leads nowhere",
        "send_back: {to: received, by: chief}",
        "¦send_back: {by: chief}",
    ),
    "nobody": case(
        "nobody can take 'send_back': applicants cannot",
        "send_back: {to: received, by: chief}",
        "¦send_back: {to: received, by: applicant}",
    ),
    "payment": case(
        "`payment` and `on_paid` of 'awaiting_fee' belong together",
        "    awaiting_fee: {payment: fee, ",
        "    ¦awaiting_fee: {",
    ),
    "self-approval": case(
        "one person could draft (draft) and settle (approve)",
        "approve: {to: awaiting_fee, by: chief, not_by: [draft]}",
        "¦approve: {to: awaiting_fee, by: chief}",
    ),
    "unknown-action": case("no action named 'isue'", "issue: certificate, ", "¦isue: certificate, "),
    "unknown-state": case("no state named 'recieved'", "start: received", "start: ¦recieved"),
    "unknown-transition": case("no transition named 'drafft'", "not_by: [draft]", "not_by: ¦[draft, drafft]"),
    "unreachable": case(
        "the state 'lost' can never be reached",
        "    lapsed: {outcome",
        "    ¦lost: {outcome: void}\n    lapsed: {outcome",
    ),
}
DRAW = {
    "draw-too-early": case(
        "the day of the draw is fixed, but reception never closes",
        "waiting: 5",
        "waiting: 5\n  draws_on: ¦2026-12-01",
    ),
    "lottery-state": case(
        "'numbered' has no `on_waiting`",
        "{uses: lottery}",
        "{uses: lottery, states: {¦numbered: {on_waiting: null}}}",
    ),
    "never-drawn": case(
        "no state of the workflow waits for the draw",
        "uses: lottery}\nlottery:",
        "uses: single-review}\n¦lottery:",
    ),
    "no-option": case("nobody can apply for the unit '103'", ', "102": 1}', ', "102": 1, ¦"103": 1}'),
    "no-seats": case("the unit '102' has no seats", ', "102": 1}', ', "102": ¦0}'),
    "weight": case("an entry needs at least one ticket", "}\n  weight: 1\n", "}\n  weight: ¦0\n"),
}
CASES = {
    **SHAPE,
    **MEANING,
    **{code: one._replace(source=OWN_WORKFLOW) for code, one in FLOW.items()},
    **{code: one._replace(source=LOTTERY) for code, one in DRAW.items()},
}
ELSEWHERE = {"encoding", "file"}
"""Files that cannot be read at all: `test_loader`."""


def test_every_message_has_a_broken_file() -> None:
    assert codes() - CASES.keys() - ELSEWHERE == set(), "a message without an example: add one here"
    assert CASES.keys() - codes() == set(), "an example of a message that is no more"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty department of a catalogue."""
    organisation = {
        "id": "here",
        "title": "見本都",
        "desks": {"counter": "窓口"},
        "departments": {"samples": "部"},
    }
    (tmp_path / "organisations.yaml").write_text(json.dumps({"organisations": [organisation]}))
    (tmp_path / "samples").mkdir()
    return tmp_path / "samples"


@pytest.mark.parametrize("code", CASES)
def test_a_message_says_what_and_where(code: str, folder: Path) -> None:
    text, changes, source = CASES[code]
    broken = changed(*changes, source=source)
    before = broken[: broken.index(MARK)]
    path = folder / f"{NAME}.yaml"
    path.write_text(broken.replace(MARK, ""))
    found = [one for one in check_file(path) if one.code == code]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    assert [(one.line, one.column) for one in found if one.text.startswith(text)] == [place], found
    assert str(found[0]).startswith(f"{path}:")
    said = authors.said(found[0].told, "ja")
    assert said.startswith(f"{path}:{place[0]}:{place[1]}: ")
    assert JAPANESE.search(authors.said(found[0].text, "ja")), said
    assert not UNFILLED.search(said), said
    assert (
        not found[0].hint or code == "untranslated" or authors.said(found[0].hint, "ja") != found[0].hint
    ), said


def test_the_samples_have_none_of_them(folder: Path) -> None:
    path = folder / f"{NAME}.yaml"
    for source in (CERTIFICATE, OWN_WORKFLOW, LOTTERY):
        path.write_text(source)
        assert {one.code for one in check_file(path)} == {"untranslated"}
