"""What is said about files that are well-formed but wrong: each message with a broken file."""

import json
from pathlib import Path

import pytest

from core.settings import ROOT
from procedures.checks import check_file, check_loaded
from procedures.loader import load
from procedures.problems import Problem
from tests.factories.definitions import CERTIFICATE, changed
from translations.procedures import po_path, stale

OWN = """workflow:
  start: received
  states:
    received:
      deadline: 3 working days
      transitions:
        draft: {to: approving, by: reviewer, needs: [reason]}
        refuse: {to: refused, by: reviewer, needs: [reason]}
    approving:
      transitions:
        approve: {to: awaiting_fee, by: chief, not_by: [draft]}
        send_back: {to: received, by: chief}
    awaiting_fee: {payment: fee, deadline: 15 days, on_paid: granted, on_deadline: lapsed}
    granted: {outcome: approved, actions: [issue: certificate, notify: approved]}
    refused: {outcome: refused}
    lapsed: {outcome: lapsed}
"""
OWN_WORKFLOW = changed(
    ("workflow: {uses: single-review}\n", OWN),
    ("when: before_review", "when: after_approval"),
    ("      final: [approve]\n", "      final: [draft, approve]\n"),
)
LOTTERY = changed(
    ("kind: certificate", "kind: lottery"),
    ("workflow: {uses: single-review}\n", """workflow: {uses: lottery}
lottery:
  unit: unit
  units: {"101": 2, "102": 1}
  weight: 1
  lists: [{id: single, share: 1/2, when: "number == 1"}]
  waiting: 5
  witnesses: [見本 一郎]
"""),
    (("fee:\n  when: before_review\n  items:\n    - {label: 手数料, amount: \"300 * number\"}\n"
     "  waive: \"purpose == 'pension'\"\n"), ""),
    ("      fee: 600\n", "      weight: 1\n      lists: []\n"),
    ("      final: [approve]\n", ""),
    ("      number: 2\n", "      unit: '101'\n      number: 2\n"),
    ("      - {id: number,",
     ("      - {id: unit, type: choice, label: 住戸, options: [{value: '101', label: A}, {value: '102', label: B}]}\n"
     "      - {id: number,")),
    (("issue:\n  - id: certificate\n    title: 見本証明書\n    body: \"{name} の見本を証明します。\"\n"
     "    rows: [{label: 通数, value: \"{number}\"}]\n    valid_for: 3 months\n"), ""),
)  # fmt: skip


def problems(source: str) -> list[Problem]:
    return [problem for problem in check_loaded(load(source)) if problem.code != "untranslated"]


def said(problem: Problem) -> str:
    return f"{problem.text}; {problem.hint}" if problem.hint else problem.text


@pytest.mark.parametrize("source", [CERTIFICATE, OWN_WORKFLOW, LOTTERY], ids=["ready-made", "own", "lottery"])
def test_the_samples_are_right(source: str) -> None:
    assert problems(source) == []


def broken(source: str, old: str, new: str, place: str, expected: str) -> None:
    text = changed((old, new), source=source)
    before = text[: text.index(place, text.index(new) if place in new else 0)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    found = problems(text)
    assert (line, column, expected) in [(problem.line, problem.column, said(problem)) for problem in found], (
        found
    )


NUMBER = "      - {id: number,"
QUESTIONS = [
    ('"sum(m.income for m', '"sum(m.incom for m', "m.incom", "'m' has no part 'incom'; did you mean 'income'?"),
    ("purpose == 'other'", "purpose == 'othr'", "'othr'", "no option 'othr'; did you mean 'other'?"),
    ('"applicant_age >= 15"', "applicant_age", "applicant_age", "this gives a number; yes or no is needed here"),
    ('amount: "300 * number"', "amount: purpose", "purpose", "this gives a choice; a number is needed here"),
    ('"sum(m.income for m in household)"', "household", "household\nattach",
     "a computed value is one number, text, date or yes or no"),
    ("label: 年間所得}", "label: 年間所得, when: membr_name == 'a'}", "membr_name",
     "unknown field 'membr_name'; did you mean 'member_name'?"),
    ("type: date, label: 生年月日}", "type: date, label: 生年月日, max: number}", "number",
     "this gives a number; a date is needed here"),
    ('household_income: "sum(m.income for m in household)"', "a: b + 1\n  b: a + 1", "b + 1",
     "this depends on itself: a → b → a"),
    ("    when: \"age(born, today) >= 15\"", "    when: number > 1", "number > 1",
     "this depends on 'number', which is asked later or here; ask it on an earlier page, or further up"),
    ("type: number, label: 通数,", "type: number, label: 通数, when: purpose == 'other',", "purpose ==",
     "this depends on 'purpose', which is asked later or here; ask it on an earlier page, or further up"),
    ("label: 年間所得}", "label: 年間所得, when: income > 3}", "income > 3",
     "this depends on 'income', which is asked later or here; ask it on an earlier page, or further up"),
    ("type: date, label: 生年月日}", "type: date, label: 生年月日, min: 'add_days(born, 3)'}", "add_days(born",
     "this depends on the answer to 'born' itself; count from today: add_days(today, 3)"),
    ("type: date, label: 生年月日}", "type: date, label: 生年月日, min: 3}", "3}",
     "this gives a number; a date is needed here; write add_days(today, 3)"),
    ("    title: 世帯\n", "    title: 世帯\n    when: total > 2\n", "total > 2",
     "unknown field 'total'; did you mean 'today'?"),
    ("    eligibility: true\n", "", "- {id: of_age",
     ("no page is asked before the requirements; "
     "write `eligibility: true` on the pages that the requirements ask about")),
    ('when: "applicant_age >= 15", o', 'when: "number > 1", o', '"number > 1"',
     "the requirement depends on 'number', which is asked after the eligibility pages"),
    ('when: "number > 5"', 'when: "1 > 5"', '"1 > 5"', "this is never met"),
    ('when: "number > 5"', 'when: "true"', '"true"', "this is always met"),
    ('amount: "300 * number"', "amount: \"200 - (9 - number if purpose == 'other' else 7)\"", "9 - number if",
     ("all of `9 - number` depends on the condition; "
     "write `9 - (number if purpose == 'other' else 7)` for a part of it, or `(9 - number)` for all")),
    ('amount: "300 * number"', "amount: \"100 if purpose == 'other' else 0 + number\"", "0 + number",
     ("all of `0 + number` depends on the condition; "
     "write `(100 if purpose == 'other' else 0) + number` for a part of it, or `(0 + number)` for all")),
]  # fmt: skip
THINGS = [
    (NUMBER, "      - {id: born, type: text, label: 別, required: false}\n" + NUMBER, "born, type: text",
     "'born' is already used (field); give it another id"),
    ("id: household_page", "id: copies", "copies\n    title: 通数",
     "'copies' is already used (pages); give it another id"),
    (NUMBER, "      - {id: class, type: text, label: 別, required: false}\n" + NUMBER, "class, type: text",
     "'class' is a word of expressions; give it another id"),
    (NUMBER, "      - {id: today, type: text, label: 別, required: false}\n" + NUMBER, "today, type: text",
     "'today' is a word of expressions; give it another id"),
    ("level: email", "level: emial", "emial",
     "no signature level named 'emial'; known: email, none; did you mean 'email'?"),
    (", retention: 1 year", "", "law:",
     "'name' is personal, and nothing says how long the case is kept; add `retention: 5 years` to `law`"),
    ('"{name} の見本を証明します。"', '"{nam} の見本"', '"{nam}',
     "no field named 'nam' to fill in; did you mean 'name'?"),
    ('value: "{number}"', 'value: "{nummer}"', '"{nummer}"',
     "no field named 'nummer' to fill in; did you mean 'number'?"),
    ("label: 使いみち", "label: 通数", "通数\n        options",
     ("'purpose' and 'number' have the same label on one page;"
     " say what makes them different")),
    ("label: 氏名, max", "label: 年間所得, max", "年間所得}",
     "'income' and 'member_name' have the same label on one page; say what makes them different"),
    ("language: ja", "language: jp", "jp", "no language 'jp'; languages: ja, ja-simple, en, zh-Hans, zh-Hant, ko"),
    ("title: 世帯", "title: {ja: 世帯, eng: Household}", "eng:", "no language 'eng'; did you mean 'en'?"),
    ("title: 世帯", "title: {en: Household}", "{en: H",
     "this text is missing in 日本語; add `ja: …`: it is the language of the file"),
    ('amount: "300 * number"', "amount: 0 - 300", "0 - 300",
     ("the fee can be below zero: -300 yen for born: 1946-04-01, purpose: other;"
      " set `min` and `max` where the answers are asked, or write `max(0, …)`")),
    ("uses: single-review}", "uses: receipt-only}", "fee:",
     "the fee is never paid in this workflow; add a state with `payment: fee` and `on_paid: <state>`"),
    ("when: before_review", "when: after_approval", "after_approval",
     "the fee is due after_approval, but the workflow begins with it; write `when: before_review`"),
    ("fee: 600", "fee: 601", "601", "example 'ひとり世帯が2通申請する': fee: expected 601 yen, got 600 yen"),
    ("eligible: true", "eligible: false", "false", "example 'ひとり世帯が2通申請する': eligible: expected no, got yes"),
    ("pages: [about_you, household_page", "pages: [household_page", "[household_page",
     ("example 'ひとり世帯が2通申請する': pages: expected household_page, copies,"
      " got about_you, household_page, copies")),
    ("attachments: []", "attachments: [identity]", "[identity]",
     "example 'ひとり世帯が2通申請する': attachments: expected identity, got none"),
    ("applicant_age: 36", "applicant_age: 35", "35,",
     "example 'ひとり世帯が2通申請する': computed.applicant_age: expected 35, got 36"),
    ("applicant_age: 36", "applicant_ag: 36", "applicant_ag: 36",
     "no computed value named 'applicant_ag'; did you mean 'applicant_age'?"),
    ("pages: [about_you, household_page", "pages: [about_you, household", "household, copies]",
     "no page named 'household'; did you mean 'household_page'?"),
    ("attachments: []", "attachments: [identiti]", "identiti]",
     "no attachment named 'identiti'; did you mean 'identity'?"),
    ("attachments: []", "fields: {purpose_text: false}", "false",
     "example 'ひとり世帯が2通申請する': fields.purpose_text: expected not shown, got shown"),
    ("final: [approve]", "final: [grant]", "grant]",
     "no transition named 'grant'; known: approve, refuse, request_correction, withdraw"),
    ("final: [approve]", "final: [approve, refuse]", "[approve, refuse]",
     ("example 'ひとり世帯が2通申請する': "
      "final: expected approve, refuse, got the case is in state 'approved'; not taken: refuse")),
    ("final: [approve]", "final: []", "[]",
     "example 'ひとり世帯が2通申請する': final: expected no step, got the case is in state 'received'"),
]  # fmt: skip
FLOW = [
    ("start: received", "start: recieved", "recieved", "no state named 'recieved'; did you mean 'received'?"),
    ("on_paid: granted", "on_paid: grant", "grant,", "no state named 'grant'; did you mean 'granted'?"),
    ("{to: received, by: chief}", "{to: x, by: chief}", "x, by",
     "no state named 'x'; states: received, approving, awaiting_fee, granted, refused, lapsed"),
    ("send_back: {to: received, by: chief}", "send_back: {by: chief}", "send_back",
     "the transition 'send_back' leads nowhere; add `to: <state>`"),
    ("not_by: [draft]", "not_by: [draft, drafft]", "[draft, drafft]",
     "no transition named 'drafft'; did you mean 'draft'?"),
    (", not_by: [draft]", "", "approve: {",
     "one person could draft (draft) and settle (approve) the same case; add `not_by: [draft]`"),
    ("    lapsed: {outcome", "    lost: {outcome: void}\n    lapsed: {outcome", "lost",
     "the state 'lost' can never be reached; delete it, or let a transition lead to it"),
    ("{outcome: lapsed}", "{label: 終わり}", "lapsed: {label",
     "from the state 'lapsed' no case can end; add a transition, or an `outcome`"),
    ("{outcome: lapsed}", "{outcome: lapsed, transitions: {again: {to: received}}}", "transitions: {again",
     "the case ends in 'lapsed', so its transitions are never taken"),
    ("payment: fee, ", "", "awaiting_fee: {deadline",
     "`payment` and `on_paid` of 'awaiting_fee' belong together; write `payment: fee` and `on_paid: <state>`"),
    ("deadline: 15 days, ", "", "lapsed}\n    granted",
     "'awaiting_fee' has `on_deadline` but no `deadline`; add `deadline: 15 days`"),
    ("payment: fee, ", "payment: fee, lottery: draw, ", "awaiting_fee: {payment",
     "`lottery`, `on_won` and `on_lost` of 'awaiting_fee' belong together"),
    ("payment: fee, ", "payment: fee, lottery: draw, ", "draw",
     "'awaiting_fee' waits for a draw, but there is no `lottery`"),
    ("{to: refused, by: reviewer, needs: [reason]}", "{to: refused, by: reviewer}", "refuse:",
     "'refuse' refuses without a reason; add `needs: [reason]`"),
    ("issue: certificate, ", "isue: certificate, ", "isue",
     "no action named 'isue'; known: issue, notify; did you mean 'issue'?"),
    ("issue: certificate, ", "issue: certificat, ", "certificat,",
     "the workflow issues a document 'certificat', which is not under `issue`; did you mean 'certificate'?"),
    ("issue: certificate, ", "", "certificate\n    title",
     "the document 'certificate' is never issued; add the action `issue: certificate` to a state"),
    ("issue:\n  - id: certificate", "issue:\n  - id: certification", "certification",
     "the document 'certification' is never issued; the workflow issues `certificate`: write `id: certificate` here"),
    (("fee:\n  when: after_approval\n  items:\n    - {label: 手数料, amount: \"300 * number\"}\n"
     "  waive: \"purpose == 'pension'\"\n"), "", "fee, deadline",
     "'awaiting_fee' waits for a fee, but there is none; add `fee:`"),
]  # fmt: skip
DRAWS = [
    ("uses: lottery}", "uses: single-review}", "lottery:\n  unit",
     "no state of the workflow waits for the draw; write `uses: lottery`, or a state with `lottery: draw`"),
    (', "102": 1}', "}", '{"101": 2}', "the option '102' has no seats; add \"102\": 1"),
    (', "102": 1}', ', "102": 0}', "0}\n  weight", "the unit '102' has no seats"),
    (', "102": 1}', ', "102": 1, "103": 1}', '"103"', "nobody can apply for the unit '103'"),
    ("}\n  weight: 1\n", "}\n  weight: 0\n", "0\n  lists", "an entry needs at least one ticket"),
    ("waiting: 5", "waiting: 5\n  draws_on: 2026-12-01", "2026-12-01",
     "the day of the draw is fixed, but reception never closes; add `closes:` to `reception`"),
    ("weight: 1\n      lists", "weight: 2\n      lists", "2\n      lists",
     "example 'ひとり世帯が2通申請する': weight: expected 2, got 1"),
    ("lists: []", "lists: [single]", "[single]", "example 'ひとり世帯が2通申請する': lists: expected single, got none"),
    ("uses: lottery}", "uses: lottery, states: {numbered: {on_waiting: null}}}", "numbered: {on",
     "'numbered' has no `on_waiting`, but there is a waiting list"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "expected"), QUESTIONS)
def test_names_types_and_order(old: str, new: str, place: str, expected: str) -> None:
    broken(CERTIFICATE, old, new, place, expected)


@pytest.mark.parametrize(("old", "new", "place", "expected"), THINGS)
def test_ids_texts_money_and_examples(old: str, new: str, place: str, expected: str) -> None:
    broken(CERTIFICATE, old, new, place, expected)


@pytest.mark.parametrize(("old", "new", "place", "expected"), FLOW)
def test_workflows(old: str, new: str, place: str, expected: str) -> None:
    broken(OWN_WORKFLOW, old, new, place, expected)


@pytest.mark.parametrize(("old", "new", "place", "expected"), DRAWS)
def test_lotteries(old: str, new: str, place: str, expected: str) -> None:
    broken(LOTTERY, old, new, place, expected)


def test_a_draw_comes_after_reception() -> None:
    text = changed(
        ("waiting: 5", "waiting: 5\n  draws_on: 2026-12-01"),
        ("closes: null", "closes: 2026-12-01T17:00"),
        source=LOTTERY,
    )
    assert [said(one) for one in problems(text)] == [
        "the draw is not after the day on which reception closes"
    ]


def test_computed_values_build_on_each_other_only_so_far() -> None:
    chain = "\n".join(f"  c{n}: c{n - 1} + 1" for n in range(1, 25))
    text = changed(("computed:\n", f"computed:\n  c0: number\n{chain}\n"))
    assert [one.text for one in problems(text)] == [
        "computed values build on each other 20 times at most"
    ] * 5


def test_an_unanswered_fee_is_a_difference() -> None:
    text = changed(("      number: 2\n", ""))
    assert "an answer the fee depends on is missing" in problems(text)[0].text


def test_missing_translations_are_warnings_with_their_share() -> None:
    begun = changed(("title: 世帯", "title: {ja: 世帯, en: Household}"))
    others, english = [one for one in check_loaded(load(begun)) if one.code == "untranslated"]
    assert (english.severity, others.severity) == ("warning", "warning")
    assert "English: 4 % translated" in english.text, english
    assert others.text == "0 % translated: やさしい日本語, 简体中文, 繁體中文, 한국어"


def demanding(languages: str) -> str:
    return changed(("kind: certificate\n", f"kind: certificate\nlanguages: {languages}\n"))


def test_a_file_may_demand_translations() -> None:
    assert problems(demanding("{en: 0}")) == []
    (found,) = problems(demanding("{ja: 100, en: 80}"))
    assert said(found).startswith("English: 0 % translated, but 80 % are demanded; translate it")
    assert (found.severity, found.line) == ("error", 4)


def test_only_known_languages_can_be_demanded() -> None:
    (found,) = problems(demanding("{eng: 100}"))
    assert said(found) == "no language 'eng'; did you mean 'en'?"


@pytest.mark.parametrize(
    ("key", "written", "text", "hint"),
    [
        ("life_events", "movin", "no life event 'movin'", "did you mean 'moving'?"),
        ("circumstances", "students", "no circumstance 'students'", "did you mean 'student'?"),
    ],
)
def test_unknown_occasions_are_warned_of(key: str, written: str, text: str, hint: str) -> None:
    source = changed(("life_events: [moving]", f"{key}: [{written}]"))
    (found,) = problems(source)
    assert (found.severity, found.code, found.hint) == ("warning", "unknown-occasion", hint)
    assert found.text.startswith(text)
    assert found.line == source[: source.index(written)].count("\n") + 1


def _catalogue(folder: Path, text: str, name: str = "sample-certificate") -> Path:
    organisations = {
        "id": "here",
        "title": "見本都",
        "desks": {"counter": "窓口"},
        "departments": {"samples": "部"},
    }
    (folder / "organisations.yaml").write_text(json.dumps({"organisations": [organisations]}))
    (folder / "samples").mkdir()
    path = folder / "samples" / f"{name}.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("old", "new", "name", "expected"),
    [
        ("minutes", "minutes", "other", ["the file is not named like the procedure"]),
        ("department: samples", "department: sample", "sample-certificate",
         ["the file does not lie in its department's folder", "no organisation has the department 'sample'"]),
        ("desk: counter", "desk: countr", "sample-certificate", ["here has no desk 'countr'"]),
    ],
)  # fmt: skip
def test_files_lie_where_they_belong(
    tmp_path: Path, old: str, new: str, name: str, expected: list[str]
) -> None:
    found = [
        one for one in check_file(_catalogue(tmp_path, changed((old, new)), name)) if one.severity == "error"
    ]
    assert sorted(one.text for one in found) == sorted(expected)


def test_a_file_is_checked_by_its_path(tmp_path: Path) -> None:
    path = _catalogue(tmp_path, CERTIFICATE)
    assert all(one.severity == "warning" for one in check_file(path))
    path.write_text(changed(("minutes: 5", "minuts: 5")))
    (problem,) = check_file(path)
    assert str(problem) == f"{path}:10:1: error: unknown key 'minuts'; hint: did you mean 'minutes'?"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "procedures" / "catalogue").glob("*/*.yaml")), ids=lambda path: path.stem
)
def test_the_catalogue_is_right(path: Path) -> None:
    assert [str(one) for one in check_file(path) if one.severity == "error"] == []


def test_comments_with_to_do_are_warned_about() -> None:
    source = CERTIFICATE.replace("pages:\n", "# TODO: ask less\npages:\n", 1)
    line = source[: source.index("# TODO")].count("\n") + 1
    [found] = problems(source)
    assert (found.severity, found.code, found.line, found.column) == ("warning", "unfinished", line, 9)
    assert found.text == "to do: ask less"


def test_a_translation_marked_as_fuzzy_is_stale(tmp_path: Path) -> None:
    path = po_path("en", "samples", "sample-certificate", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        '#, fuzzy\nmsgctxt "title"\nmsgid "見本"\nmsgstr "Sample"\n\n'
        'msgctxt "summary"\nmsgid "概要"\nmsgstr "Summary"\n'
    )
    assert stale("samples", "sample-certificate", "en", tmp_path) == {"title"}
    assert stale("samples", "sample-certificate", "ko", tmp_path) == set()


def test_a_mistake_in_an_example_hides_no_other(tmp_path: Path) -> None:
    path = tmp_path / "samples" / "sample-certificate.yaml"
    path.parent.mkdir()
    path.write_text(changed(("number: 2\n", "numbr: 2\n"), ("id: household_page", "id: copies")))
    found = {(problem.code, problem.text) for problem in check_file(path) if problem.severity == "error"}
    assert found == {
        ("example", "unknown field 'numbr'"),
        ("duplicate-id", "'copies' is already used (pages)"),
    }


def test_an_answer_that_is_missing_is_asked_for() -> None:
    source = changed(
        ("      number: 2\n", ""),
        ("      fee: 600\n", ""),
        ("label: 年間所得}", "label: 年間所得}\n          - {id: works, type: yes_no, label: 仕事}"),
    )
    found = [problem for problem in problems(source) if problem.code == "unanswered"]
    assert {(problem.hint, problem.severity) for problem in found} == {
        ("add `works: yes` or `works: no` to its answers", "warning"),
        ("add `number: …` to its answers", "warning"),
    }


def test_an_answer_in_a_row_or_a_list_is_an_option_too() -> None:
    chosen = "options: [{value: sakura, label: 桜}, {value: ume, label: 梅}]"
    kinds = f"{{id: tree, type: choice, label: 木, {chosen}}}"
    several = f"{{id: trees, type: choices, label: 木々, {chosen}}}"
    source = changed(
        ("label: 年間所得}", f"label: 年間所得}}\n          - {kinds}"),
        ("      - {id: email, type: email}", f"      - {{id: email, type: email}}\n      - {several}"),
        ("household: [{", "household: [{tree: umee, "),
        ("      number: 2\n", "      number: 0\n      trees: [ume, first]\n"),
    )
    found = {str(problem.text): problem for problem in problems(source)}
    assert found["'umee' is none of the options (sakura, ume)"].hint == "did you mean 'ume'?"
    listed = found["'first' is none of the options (sakura, ume)"]
    line = source.splitlines()[listed.line - 1]
    assert line[listed.column - 1 :] == "first]"
    assert listed.hint == "where you changed the options, change the answers of the examples too"
    assert "0 is less than `min: 1`" in found


def test_an_answer_of_a_field_that_is_gone_is_not_taken_for_another(tmp_path: Path) -> None:
    path = tmp_path / "samples" / "sample-certificate.yaml"
    path.parent.mkdir()
    path.write_text(changed(("      number: 2\n", "      emails: 2\n")))
    (found,) = check_file(path)  # and nothing about translations, which can wait
    assert found.text == "unknown field 'emails'"
    assert found.hint.startswith("where you removed a question or changed its id, change the answers")
    assert "without an answer here: number" in found.hint


def test_a_sum_that_is_clear_is_let_be() -> None:
    for amount in (
        "(300 * number + 200) if purpose == 'other' else 0",
        "300 * number + (200 if purpose == 'other' else 0)",
        "300 * number if purpose == 'other' else 300 * number + 140",
        "300 * number + 140 if purpose == 'other' else 300 * number",
        "100 if purpose == 'other' else (0 + number)",
    ):
        found = problems(changed(('"300 * number"', f'"{amount}"')))
        assert "whole-sum" not in {problem.code for problem in found}, amount


def test_a_ready_made_workflow_says_which_id_its_document_has() -> None:
    found = [
        said(each) for each in problems(changed(("issue:\n  - id: certificate", "issue:\n  - id: paper")))
    ]
    assert found == [
        (
            "the workflow issues a document 'certificate', which is not under `issue`; "
            "write `id: certificate` under `issue`, in place of `paper`"
        ),
        "the document 'paper' is never issued; the workflow issues `certificate`: write `id: certificate` here",
    ]


def test_a_fee_that_differs_shows_its_lines() -> None:
    lines = '"300 * number"}\n    - {label: 郵送料, amount: 140}'
    found = problems(changed(('"300 * number"}', lines)))
    assert [said(each) for each in found] == [
        "example 'ひとり世帯が2通申請する': fee: expected 600 yen, got 740 yen (手数料 600 yen, 郵送料 140 yen)"
    ]
