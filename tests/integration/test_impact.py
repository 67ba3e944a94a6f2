"""What publishing shows of drafts and applications that are in flight."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from applications import drafts
from applications.impact import DRAFT, failures, impact
from core.context import Context
from procedures import versions
from procedures.loader import load
from tests.factories import applications as people
from tests.factories.definitions import CERTIFICATE, changed
from tests.integration.test_procedure_commands import copy, run, spoil

__all__ = ["copy"]

DAY = date(2026, 11, 21)
OLD = load(CERTIFICATE).procedure
ANSWERS = OLD.examples[0].answers


def why(*edits: tuple[str, str], **answers: object) -> list[str]:
    return list(failures(OLD, load(changed(*edits)).procedure, {**ANSWERS, **answers}, DAY))


def test_the_same_rules_take_the_same_answers() -> None:
    assert why() == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("max: 10}", "max: 1}", "field 'number' does not take the answer"),
        ("applicant_age >= 15", "applicant_age >= 60", "requirement 'of_age' is not met"),
        (
            "max_length: 100}",
            "max_length: 100}\n      - {id: note, type: text, label: 備考}",
            "field 'note' needs an answer",
        ),
        (
            "{id: income, type: money,",
            "{id: income, type: text, required: false,",
            "field 'income' asks for text instead of money",
        ),
    ],
)
def test_what_does_not_pass_any_more(old: str, new: str, reason: str) -> None:
    edits = [(old, new)]
    if "income" in old:
        edits.append(('  household_income: "sum(m.income for m in household)"\n', ""))
        edits.append((", household_income: 2000000", ""))
    assert why(*edits) == [reason]


def test_a_field_that_is_gone_and_an_option_that_is_gone() -> None:
    text = "      - {id: purpose_text, type: text, label: 具体的に, when: \"purpose == 'other'\", max_length: 100}\n"
    option = "{value: other, label: その他}"
    edits = [(text, ""), ("      purpose_text: 学校\n", ""), (option, "{value: school, label: 学校}"),
             ("      purpose: other\n", "      purpose: school\n")]  # fmt: skip
    assert why(*edits) == [
        "field 'purpose_text' is not asked any more",
        "field 'purpose' does not take the answer",
    ]


def test_an_answer_that_the_new_type_could_not_even_read() -> None:
    edits = [
        (
            "type: text, label: 具体的に, when: \"purpose == 'other'\", max_length: 100",
            "type: date, label: 日",
        ),
        ("purpose_text: 学校", "purpose_text: 2026-01-01"),
    ]
    assert why(*edits) == [
        "field 'purpose_text' asks for date instead of text", "field 'purpose_text' needs an answer",
    ]  # fmt: skip


@pytest.fixture
def in_flight(catalogue: Context) -> Context:
    """A draft, of which two pages are filled in, and an application that waits for its fee."""
    with catalogue.database.writing(people.TOKYO) as session:
        draft, document = people.fill(session, catalogue, people.TAX)
        document.done = document.done[:2]
        drafts.save(session, catalogue, draft, document, draft.row_version)
    people.filed(catalogue, people.TAX)
    return catalogue


def test_drafts_and_applications_are_counted_by_state(in_flight: Context, copy: Path) -> None:
    spoil(copy, "minutes: ", "minutes: 1")
    with in_flight.database.reading(people.TOKYO) as session:
        found = impact(session, in_flight, load(copy).procedure)
    assert found.standing == {DRAFT: 1, "awaiting_fee": 1}
    assert (found.failing.total(), len(found.versions)) == (0, 1)


def test_publishing_shows_and_asks_first(app: Flask, in_flight: Context, copy: Path) -> None:
    spoil(copy, "minutes: ", "minutes: 1")
    spoil(copy, "type: phone, prefill: applicant.phone", "type: text, label: 暗証番号")
    result = run(app, "publish", copy)
    assert result.exit_code == 1
    assert "in flight: 1 drafts, 1 applications of 1 earlier version; all keep their version" in result.output
    assert "awaiting_fee" in result.output
    assert "× field 'phone' asks for text instead of phone" in result.output
    assert "published" not in result.output
    with in_flight.database.reading(people.TOKYO) as session:
        before = versions.current(session, people.TAX)
        answers = before.procedure.examples[0].answers
    assert not any(str(answer) in result.output for answer in answers.values() if len(str(answer)) > 5)
    said = app.test_cli_runner().invoke(args=["procedures", "publish", str(copy)], input="y\n")
    assert said.output.endswith("published tax-certificate\n")
    with in_flight.database.reading(people.TOKYO) as session:
        assert versions.current(session, people.TAX) != before
