"""What one form may take from another: by source, by name and type, and never what only looks alike."""

from typing import Any

from forms import sharing
from forms.sharing import Other
from procedures.definition import Procedure
from tests.factories.procedures import procedure_of

NAME = {"family": "見本", "given": "太郎", "family_kana": "ミホン", "given_kana": "タロウ"}


def form(*fields: dict[str, Any]) -> Procedure:
    return procedure_of([field | {"label": {"ja": field.get("label", "名")}} for field in fields])


def taken(mine: Procedure, theirs: Procedure, **answers: Any) -> dict[str, Any]:
    found = sharing.answers(mine, [Other("draft", theirs, answers)], "ja")
    assert all(one.source == "draft" for one in found.values())
    return {id: one.value for id, one in found.items()}


def test_by_source_whatever_the_fields_are_called() -> None:
    mine = form({"id": "applicant", "type": "person_name", "label": "申請者", "prefill": "profile.name"})
    theirs = form({"id": "guardian", "type": "person_name", "label": "保護者", "prefill": "profile.name"})
    assert taken(mine, theirs, guardian=NAME) == {"applicant": NAME}


def test_by_name_and_type() -> None:
    mine = form({"id": "email", "type": "email"}, {"id": "phone", "type": "phone"})
    theirs = form({"id": "email", "type": "email"}, {"id": "phone", "type": "text", "label": "電話"})
    assert taken(mine, theirs, email="taro@example.invalid", phone="x") == {"email": "taro@example.invalid"}


def test_a_date_needs_the_same_label() -> None:
    asked = {"id": "day", "type": "date", "label": "生年月日"}
    other = asked | {"label": "利用したい日"}
    assert taken(form(asked), form(asked), day="2020-01-02") == {"day": "2020-01-02"}
    assert taken(form(asked), form(other), day="2020-01-02") == {}


def test_another_persons_name_and_secret_numbers_stay_where_they_are() -> None:
    child = {"id": "name", "type": "person_name", "label": "子どもの氏名", "own": False}
    assert taken(form({"id": "name", "type": "person_name"}), form(child), name=NAME) == {}
    number = {"id": "number", "type": "individual_number"}
    assert taken(form(number), form(number), number="123456789018") == {}


def test_the_first_form_that_has_something_counts() -> None:
    mine = form({"id": "email", "type": "email"})
    others = [Other(key, mine, {"email": value}) for key, value in (("a", ""), ("b", "b@x"), ("c", "c@x"))]
    found = sharing.answers(mine, others, "ja")
    assert (found["email"].value, found["email"].source) == ("b@x", "b")
