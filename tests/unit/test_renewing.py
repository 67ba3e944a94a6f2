"""What a renewal takes over from an earlier application, and what it says it leaves behind."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.renewing import TakenOver, following, take_over
from procedures import calendar, loader
from procedures.definition import Procedure
from tests.factories.definitions import CERTIFICATE, changed

TODAY = date(2028, 11, 25)
RENEW = "renew:\n  documents: [certificate]\n"
ANSWERS: dict[str, Any] = {
    "name": {"family": "見本", "given": "太郎", "family_kana": "ミホン", "given_kana": "タロウ"},
    "born": "1990-05-01",
    "email": "taro@example.invalid",
    "household": [{"member_name": "見本 花子", "income": 2000000}],
    "number": "2",
    "purpose": "other",
    "purpose_text": "学校",
}


def procedure(*changes: tuple[str, str], renew: str = RENEW) -> Procedure:
    return loader.load(changed(*changes, ("examples:\n", f"{renew}examples:\n"))).procedure


OLD = procedure()


def taken(new: Procedure, **answers: Any) -> TakenOver:
    return take_over(new, OLD, ANSWERS | answers, TODAY, "SC-8F3K-29QD")


def left(found: TakenOver) -> dict[str, str]:
    return {one.field: one.why for one in found.left}


def test_everything_that_fits_is_taken_over() -> None:
    found = taken(OLD)
    assert (found.values, found.left) == (ANSWERS, ())


def test_a_question_that_is_no_more() -> None:
    new = procedure(("      - {id: email, type: email}\n", ""), ("      email: taro@example.invalid\n", ""))
    found = taken(new)
    assert "email" not in found.values
    assert left(found) == {"email": "gone"}


def test_an_answer_that_does_not_fit_any_more() -> None:
    new = procedure(
        ("min: 1, max: 10", "min: 1, max: 3"),
        ("id: born, type: date, label: 生年月日", "id: born, type: text, label: 生年, max_length: 9"),
        ('"applicant_age >= 15"', '"number < 4"'),
        ('    when: "age(born, today) >= 15"\n', ""),
        ('  applicant_age: "age(born, today)"\n', ""),
        ("applicant_age: 36, ", ""),
    )
    found = taken(new, number="7")
    assert left(found) == {"born": "unfit", "number": "unfit"}
    assert set(found.values) == ANSWERS.keys() - {"born", "number"}


def test_an_option_that_is_no_more() -> None:
    new = procedure(
        ("{value: other, label: その他}", "{value: school, label: 学校}"),
        ("purpose == 'other'", "purpose == 'school'"),
        ("purpose: other", "purpose: school"),
    )
    assert left(taken(new)) == {"purpose": "unfit"}


def test_a_row_without_what_is_no_more() -> None:
    new = procedure(
        ("          - {id: income, type: money, label: 年間所得}\n", ""),
        ('  household_income: "sum(m.income for m in household)"\n', ""),
        (", income: 2000000", ""),
        (", household_income: 2000000", ""),
    )
    found = taken(new)
    assert found.values["household"] == [{"member_name": "見本 花子"}]
    assert left(found) == {"household.income": "gone"}


@pytest.mark.parametrize(
    ("type", "answer"),
    [
        ("consent, label: 同意", True),
        ("individual_number", "123456789018"),
        ("file, label: 写真", [{"id": "a", "name": "a.pdf"}]),
    ],
)
def test_what_is_given_each_time(type: str, answer: Any) -> None:
    field = f"      - {{id: extra, type: {type}, required: false}}\n"
    both = procedure(("      - {id: email, type: email}\n", f"      - {{id: email, type: email}}\n{field}"))
    found = take_over(both, both, ANSWERS | {"extra": answer}, TODAY, "x")
    assert "extra" not in found.values
    assert left(found) == {"extra": "anew"}


def test_what_the_author_wants_asked_again_or_knows() -> None:
    answers = '  answers: {purpose: other, purpose_text: "更新 {reference}", number: 1}\n'
    renew = f"{RENEW}  ask_again: [email]\n{answers}"
    found = taken(procedure(renew=renew))
    assert found.values["purpose_text"] == "更新 SC-8F3K-29QD"
    assert found.values["number"] == "1"
    assert left(found) == {"email": "anew"}


def test_a_procedure_that_renews_nothing() -> None:
    with pytest.raises(ValueError, match="renews nothing"):
        taken(loader.load(CERTIFICATE).procedure)


def test_names_of_documents() -> None:
    renew = OLD.renew
    assert renew
    assert renew.names("here") == ("here/certificate",)
    other = procedure(renew="renew: {documents: [certificate, other-one/permit]}\n").renew
    assert other
    assert other.names("here") == ("here/certificate", "other-one/permit")
    assert following(OLD, renew, "x") == {}


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "number": st.sampled_from(["1", "10", "11", "-1", "x", ""]),
            "purpose": st.sampled_from(["pension", "other", "none", ""]),
            "purpose_text": st.text(max_size=120),
            "email": st.sampled_from(["a@example.invalid", "no", ""]),
            "born": st.sampled_from(["1990-05-01", "2990-05-01"]),
            "gone": st.text(max_size=5),
        },
    )
)
def test_each_answer_is_taken_over_or_named_never_both(answers: dict[str, Any]) -> None:
    found = take_over(OLD, OLD, answers, TODAY, "x")
    named = {one.field for one in found.left}
    assert not named & found.values.keys()
    assert named | found.values.keys() == answers.keys() & {field.id for field in OLD.fields()}
    assert all(found.values[id] == answers[id] for id in found.values)
    assert take_over(OLD, OLD, found.values, TODAY, "x") == TakenOver(found.values, ())


@settings(deadline=None)
@given(
    st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    st.integers(1, 60),
    st.sampled_from(["days", "weeks", "months", "years", "working days"]),
)
def test_the_day_before(end: date, n: int, unit: str) -> None:
    start = calendar.before(end, f"{n} {unit}")
    assert start < end
    reached = calendar.add(start, f"{n} {unit}")
    if unit in ("days", "weeks"):
        assert reached == end
    elif unit == "working days":
        day = timedelta(days=1)
        assert calendar.working_days_between(start - day, end - day) == n
    else:
        assert timedelta() <= end - reached <= timedelta(days=3)
