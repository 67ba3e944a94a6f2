"""Changes between two definitions, told by what they mean."""

import pytest

from procedures.changes import Change, Gravity, changes
from procedures.definition import Procedure
from procedures.loader import load
from tests.factories.definitions import CERTIFICATE, changed

OLD = load(CERTIFICATE).procedure
PURPOSE_TEXT = (
    "      - {id: purpose_text, type: text, label: 具体的に, when: \"purpose == 'other'\", max_length: 100}\n"
)
OPTION = "{value: pension, label: 年金}"
WORKFLOW = "workflow: {uses: single-review}"


def own(states: str) -> tuple[str, str]:
    """The edit that overrides parts of the ready-made workflow."""
    return WORKFLOW, f"workflow: {{uses: single-review, {states}}}"


def new(*edits: tuple[str, str]) -> Procedure:
    return load(changed(*edits)).procedure


def told(*edits: tuple[str, str]) -> list[Change]:
    return changes(OLD, new(*edits))


def test_no_change() -> None:
    assert changes(OLD, new()) == []


@pytest.mark.parametrize(
    ("edits", "gravity", "kind", "text"),
    [
        (
            [(PURPOSE_TEXT, ""), ("      purpose_text: 学校\n", "")],
            Gravity.BREAKS,
            "field-removed",
            "field 'purpose_text' on page 'copies' was removed",
        ),
        (
            [(PURPOSE_TEXT, PURPOSE_TEXT + "      - {id: note, type: text, label: 備考}\n")],
            Gravity.BREAKS,
            "field-added",
            "field 'note' on page 'copies' is new and required",
        ),
        (
            [(PURPOSE_TEXT, PURPOSE_TEXT + "      - {id: note, type: text, label: 備考, required: no}\n")],
            Gravity.ADDS,
            "field-added",
            "field 'note' on page 'copies' is new and optional",
        ),
        (
            [("max_length: 100}", "max_length: 100, required: false}")],
            Gravity.ADDS,
            "made-optional",
            "field 'purpose_text' on page 'copies' is optional now",
        ),
        (
            [("type: text, label: 氏名, max_length: 50}", "type: long_text, label: 氏名}")],
            Gravity.BREAKS,
            "type-changed",
            "field 'member_name' of field 'household' on page 'household_page' asks for long_text instead of text",
        ),
        (
            [
                (OPTION + ", ", ""),
                ("\"purpose == 'pension'\"", "\"purpose == 'other'\""),
                ("fee: 600", "fee: 0"),
            ],
            Gravity.BREAKS,
            "option-removed",
            "option 'pension' of field 'purpose' on page 'copies' was removed",
        ),
        (
            [(OPTION, OPTION + ", {value: school, label: 学校}")],
            Gravity.ADDS,
            "option-added",
            "option 'school' of field 'purpose' on page 'copies' is new",
        ),
        (
            [("max: 10}", "max: 5}")],
            Gravity.BREAKS,
            "limit-narrowed",
            "max of field 'number' on page 'copies': 10 → 5",
        ),
        (
            [("max: 10}", "max: 20}")],
            Gravity.ADDS,
            "limit-widened",
            "max of field 'number' on page 'copies': 10 → 20",
        ),
        (
            [("max_length: 100}", "max_length: 100, min_length: 3}"), (": 学校\n", ": 小学校\n")],
            Gravity.BREAKS,
            "limit-narrowed",
            "min_length of field 'purpose_text' on page 'copies': 0 → 3",
        ),
        (
            [('    when: "age(born, today) >= 15"', '    when: "age(born, today) >= 18"')],
            Gravity.RULES,
            "condition-changed",
            "when on page 'copies': age(born, today) >= 15 → age(born, today) >= 18",
        ),
        (
            [("applicant_age >= 15", "applicant_age >= 18")],
            Gravity.RULES,
            "condition-changed",
            "when of requirement 'of_age': applicant_age >= 15 → applicant_age >= 18",
        ),
        (
            [('"sum(m.income for m in household)"', '"1000 * len(household)"')],
            Gravity.RULES,
            "computed-changed",
            "computed value 'household_income': sum(m.income for m in household) → 1000 * len(household)",
        ),
        (
            [("300 * number", "400 * number")],
            Gravity.RULES,
            "fee-changed",
            "amount of fee item '1' of fee: 300 * number → 400 * number",
        ),
        (
            [("  waive: \"purpose == 'pension'\"\n", "")],
            Gravity.RULES,
            "fee-changed",
            "waive of fee: purpose == 'pension' → none",
        ),
        (
            [own("states: {received: {deadline: 9 days}}")],
            Gravity.RULES,
            "setting-changed",
            None,
        ),
        (
            [own("states: {approved: {actions: [issue: certificate]}}")],
            Gravity.RULES,
            "actions-changed",
            None,
        ),
        (
            [own("states: {extra: {outcome: refused}, received: {transitions: {other: {to: extra}}}}")],
            Gravity.ADDS,
            "state-added",
            "state 'extra' is new",
        ),
        (
            [own("states: {received: {transitions: {request_correction: null}}}")],
            Gravity.BREAKS,
            "transition-removed",
            "transition 'request_correction' of state 'received' was removed",
        ),
        ([(WORKFLOW, "workflow: {uses: receipt-only}")], Gravity.BREAKS, "state-removed", None),
        (
            [("title: あなたについて", "title: 申請する方")],
            Gravity.WORDS,
            "text-changed",
            "the text of title on page 'about_you' changed",
        ),
        (
            [("title: あなたについて", "title: {ja: あなたについて, en: You}")],
            Gravity.TRANSLATIONS,
            "translation-changed",
            "the text of title on page 'about_you' changed in en only",
        ),
        ([("minutes: 5", "minutes: 6")], Gravity.ASIDE, "setting-changed", "minutes: 5 → 6"),
        ([("words: [しょうめい, 見本]", "words: [しょうめい]")], Gravity.ASIDE, "setting-changed", None),
        (
            [("max_size: 10 MB", "max_size: 5 MB")],
            Gravity.RULES,
            "setting-changed",
            "max_size of attachment 'identity': 10 MB → 5 MB",
        ),
        (
            [("declarations: [", "declarations: [{id: again, text: もう一度}, ")],
            Gravity.RULES,
            "declaration-added",
            "declaration 'again' is new",
        ),
        (
            [("level: email", "level: none")],
            Gravity.RULES,
            "setting-changed",
            "level of signature: email → none",
        ),
        (
            [("retention: 1 year", "retention: 3 years")],
            Gravity.RULES,
            "setting-changed",
            "retention of law: 1 year → 3 years",
        ),
    ],
)
def test_each_kind(edits: list[tuple[str, str]], gravity: Gravity, kind: str, text: str | None) -> None:
    found = [
        change for change in told(*edits) if change.gravity is not Gravity.ASIDE or gravity is Gravity.ASIDE
    ]
    assert (gravity, kind) in [(change.gravity, change.kind) for change in found], found
    if text is not None:
        assert text in [change.text for change in found]


def test_what_becomes_required() -> None:
    optional = new(("max_length: 100}", "max_length: 100, required: false}"))
    assert [(change.gravity, change.kind) for change in changes(optional, OLD)] == [
        (Gravity.BREAKS, "made-required")
    ]


def test_a_field_that_moved_is_not_lost_and_its_other_changes_are_told() -> None:
    email = "      - {id: email, type: email}\n"
    found = told(
        (email, ""), (PURPOSE_TEXT, PURPOSE_TEXT + email.replace("}", ", required: false}")),
        ("email: taro", "email: hana"),
    )  # fmt: skip
    assert [(change.kind, change.text) for change in found if change.gravity is not Gravity.ASIDE] == [
        ("made-optional", "field 'email' on page 'about_you' is optional now"),
        ("field-moved", "field 'email' on page 'copies' was on page 'about_you' before"),
    ]


def test_what_changed_its_place_among_its_like() -> None:
    found = told(
        (", {value: other, label: その他}]", "]"), (OPTION, "{value: other, label: その他}, " + OPTION)
    )
    assert [(change.gravity, change.kind) for change in found] == [(Gravity.ORDER, "option-moved")]


def test_the_gravest_come_first_and_are_told_to_tools() -> None:
    found = told(("title: あなたについて", "title: 申請する方"), ("max: 10}", "max: 5}"), ("300 *", "400 *"))
    assert [change.gravity.name for change in found if change.gravity] == ["BREAKS", "RULES", "WORDS"]
    told_to_tools = found[0].as_dict()
    assert told_to_tools.pop("told")  # the same again for another language
    assert told_to_tools == {
        "gravity": "breaks", "kind": "limit-narrowed", "before": "10", "after": "5",
        "place": ["pages", "copies", "fields", "number", "max"],
        "text": "max of field 'number' on page 'copies': 10 → 5",
    }  # fmt: skip


def test_a_new_page_that_asks_breaks_and_one_that_tells_does_not() -> None:
    ask = "  - {id: more, title: ほかに, fields: [{id: note, type: text, label: 備考}]}\ncomputed:\n"
    tell = ask.replace("text, label: 備考", "content, text: 注意, required: no")
    assert [change.gravity for change in told(("computed:\n", ask))] == [Gravity.BREAKS]
    assert [change.gravity for change in told(("computed:\n", tell))] == [Gravity.ADDS]


def test_a_page_taken_away_with_its_fields_kept_elsewhere() -> None:
    head = '  - id: copies\n    title: 通数\n    when: "age(born, today) >= 15"\n    fields:\n'
    found = told((head, ""))
    assert {(change.kind, change.place[-1]) for change in found if change.gravity is not Gravity.ASIDE} == {
        ("page-removed", "copies"),
        ("field-moved", "number"), ("field-moved", "purpose"), ("field-moved", "purpose_text"),
    }  # fmt: skip


def test_a_list_of_texts_is_compared_one_by_one() -> None:
    old, translated, more = (
        load(changed(("minutes: 5\n", f"minutes: 5\nbring: {bring}\n"))).procedure
        for bring in ("[見本]", "[{ja: 見本, en: sample}]", "[見本, 印鑑]")
    )
    assert [change.kind for change in changes(old, translated)] == ["translation-changed"]
    assert [(change.kind, change.after) for change in changes(old, more)] == [("text-changed", "見本, 印鑑")]
