"""What is asked of an applicant: values, pages, fields, attachments, requirements."""

from datetime import date
from decimal import Decimal
from typing import Any

from procedures.definition import Procedure
from procedures.expressions import UNANSWERED
from procedures.loader import load
from procedures.values import Values
from procedures.visibility import (
    asked_attachments,
    required_attachments,
    unmet_requirements,
    visible_fields,
    visible_in_row,
    visible_pages,
)
from tests.factories.definitions import CERTIFICATE, changed

TODAY = date(2026, 11, 22)
ADULT: dict[str, Any] = {"born": "1990-05-01", "number": "2", "purpose": "other", "purpose_text": "学校"}


def values(source: str = CERTIFICATE, **answers: Any) -> Values:
    return Values(load(source).procedure, answers, TODAY)


def shown(of: Values) -> dict[str, list[str]]:
    pages = visible_pages(of.procedure, of)
    return {page.id: [field.id for field in visible_fields(page, of)] for page in pages}


def test_values_are_typed() -> None:
    found = values(**ADULT, household=[{"member_name": "見本", "income": 2000}])
    assert found["born"] == date(1990, 5, 1)
    assert found["number"] == Decimal(2)
    assert found["applicant_age"] == 36
    assert found["household_income"] == 2000
    assert found["today"] == TODAY
    assert found["email"] is UNANSWERED
    assert {"born", "household", "applicant_age", "today"} <= set(found)
    assert len(found) == len(list(found))


def test_names_that_are_not_there_are_no_values() -> None:
    found = values(**ADULT)
    assert "nothing" not in found
    assert found.get("nothing", 3) == 3
    assert found.get("nothing", 4) == 4


def test_facts_of_the_caller_are_added() -> None:
    assert Values(load(CERTIFICATE).procedure, {}, TODAY, state="received")["state"] == "received"


def test_pages_and_fields_follow_the_answers() -> None:
    assert list(shown(values(**ADULT))) == ["about_you", "household_page", "copies"]
    assert shown(values(**ADULT))["copies"] == ["number", "purpose", "purpose_text"]
    assert shown(values(**{**ADULT, "purpose": "pension"}))["copies"] == ["number", "purpose"]
    assert list(shown(values(born="2020-01-01"))) == ["about_you", "household_page"]
    assert list(shown(values())) == ["about_you", "household_page"]


def test_what_is_not_shown_does_not_count() -> None:
    """A stored answer of a hidden page or field has no value, so nothing that depends on it is shown either."""
    child = values(**{**ADULT, "born": "2020-01-01", "number": "9"})
    assert child["number"] is UNANSWERED
    assert child["purpose"] is UNANSWERED
    assert asked_attachments(child.procedure, child) == ()
    hidden = changed(("label: 世帯員", "label: 世帯員\n        when: email == 'a'"))
    assert values(hidden, household=[{"member_name": "a", "income": 1}])["household"] == ()


def test_a_page_without_a_visible_field_is_left_out() -> None:
    source = changed(("label: 世帯員", "label: 世帯員\n        when: answered(email)"))
    assert list(shown(values(source, **ADULT))) == ["about_you", "copies"]
    assert "household_page" in shown(values(source, **ADULT, email="a@example.invalid"))


def test_attachments() -> None:
    assert asked_attachments(_procedure(), values(**ADULT)) == ()
    many = values(**{**ADULT, "number": "6"})
    assert [item.id for item in asked_attachments(many.procedure, many)] == ["identity"]
    optional = changed(("label: 本人確認書類", "required: false, label: 本人確認書類"))
    many = values(optional, **{**ADULT, "number": "6"})
    assert len(asked_attachments(many.procedure, many)) == 1
    assert required_attachments(many.procedure, many) == ()


def test_requirements() -> None:
    adult, child, nobody = values(**ADULT), values(born="2020-01-01"), values()
    assert unmet_requirements(adult.procedure, adult) == ()
    assert [one.id for one in unmet_requirements(child.procedure, child)] == ["of_age"]
    assert [one.id for one in unmet_requirements(nobody.procedure, nobody)] == ["of_age"]


def test_rows_see_their_own_fields_first() -> None:
    source = changed(("label: 年間所得}", "label: 年間所得, when: member_name != 'a' and answered(born)}"))
    found = values(source, **ADULT)
    group = found.procedure.field("household")
    assert group is not None
    rows = [found.with_row({"member_name": name}) for name in ("a", "b")]
    assert [[field.id for field in visible_in_row(group, row)] for row in rows] == [
        ["member_name"],
        ["member_name", "income"],
    ]
    assert rows[0]["born"] == date(1990, 5, 1)
    assert len(rows[0]) == len(list(rows[0]))


def _procedure() -> Procedure:
    return load(CERTIFICATE).procedure
