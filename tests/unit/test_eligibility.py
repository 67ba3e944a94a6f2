"""Only what decides is asked: the check of every procedure judges every example as the whole form does."""

from datetime import date
from pathlib import Path

import pytest

from core.settings import ROOT
from forms import page as form_page
from forms.conditions import in_words
from forms.eligibility import check_of
from forms.fee_examples import fee_examples
from forms.types import Reading
from procedures.definition import Procedure
from procedures.examples import answers_on
from procedures.expressions import Expression
from procedures.loader import load
from procedures.values import Values
from procedures.visibility import unmet_requirements
from translations.messages import translate

FILES = sorted((ROOT / "procedures" / "catalogue").glob("*/*.yaml"))
TODAY = date(2026, 11, 25)


def named(name: str) -> Procedure:
    return load(next(file for file in FILES if file.stem == name)).procedure


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_check_judges_as_the_form_does(file: Path) -> None:
    procedure = load(file).procedure
    check = check_of(procedure)
    if check is None:
        assert not procedure.eligibility
        return
    for example in procedure.examples:
        today = example.on or TODAY
        answers = answers_on(procedure, example, today)
        reading = Reading(today, Values(procedure, {}, today))
        typed = form_page.inputs(check.page, answers)
        result = form_page.read(check.page, typed, {}, reading)
        found = check.unmet(Values(procedure, result.answers, today))
        assert found == unmet_requirements(procedure, Values(procedure, answers, today)), example.name


def test_every_question_of_a_check_decides_something() -> None:
    asked = {file.stem: check_of(load(file).procedure) for file in FILES}
    assert {name for name, check in asked.items() if check is None} == {
        "building-plan-viewing",
        "income-report",
        "tax-certificate",
    }
    housing = asked["public-housing"]
    assert housing is not None
    household = next(field for field in housing.page.fields if field.id == "household")
    assert [column.id for column in household.subfields()] == ["member_income"]


@pytest.mark.parametrize(
    ("procedure", "when", "questions", "answers"),
    [
        (
            "income-certificate",
            "free",
            ["何に使いますか"],
            ["奨学金の申込み", "児童扶養手当の手続", "年金の手続"],
        ),
        ("income-certificate", "not free and delivery == 'post'", ["何に使いますか", "受け取り方"], []),
        ("park-occupation", "visitors >= 1000", ["1日に来る人の数（見込み）"], []),
        ("recruitment-exam", "'none' not in skills and len(skills) > 5", ["持っている資格"], []),
        ("public-housing", "needs_housing", ["住む家に困っていますか"], ["はい"]),
        ("public-housing", "today > date('2020-01-01')", None, None),
    ],
)
def test_conditions_are_told_by_questions_and_answers(
    procedure: str, when: str, questions: list[str] | None, answers: list[str] | None
) -> None:
    told = in_words(named(procedure), Expression(when), TODAY)
    if questions is None:
        assert told is None
        return
    assert told is not None
    assert [translate(one, "ja") for one in told.questions] == questions
    assert [translate(one, "ja") for one in told.answers] == answers


def test_examples_of_a_fee_name_nobody() -> None:
    for file in FILES:
        procedure = load(file).procedure
        told = fee_examples(procedure, TODAY, "ja")
        assert len(told) <= 3
        assert len({one.due.total for one in told}) == len(told)
        assert bool(told) == (procedure.fee is not None), file.stem
        lines = " ".join(translate(line, "ja") for one in told for _, lines in one.answers for line in lines)
        assert not any(name in lines for name in ("太郎", "花子", "example.invalid"))
