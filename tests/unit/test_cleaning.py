"""What is handed in holds no answer to a question that was not asked."""

from datetime import date
from typing import Any

from forms.cleaning import drop_hidden
from forms.contact import Contact, contact
from tests.factories.procedures import procedure_of

TODAY = date(2026, 11, 22)
PAGES: list[dict[str, Any]] = [
    {"id": "one", "title": {"ja": "一"}, "fields": [
        {"id": "owns", "type": "yes_no", "label": "所有"},
        {"id": "cars", "type": "number", "label": "台数", "when": "owns"},
        {"id": "note", "type": "content", "text": "説明"}]},
    {"id": "two", "title": {"ja": "二"}, "when": "cars > 1", "fields": [
        {"id": "garage", "type": "text", "label": "車庫"},
        {"id": "reason", "type": "text", "label": "理由", "when": "answered(garage)"},
        {"id": "name", "type": "person_name"},
        {"id": "mail", "type": "email"}]},
]  # fmt: skip
ANSWERS = {
    "owns": True,
    "cars": "2",
    "garage": "見本",
    "reason": "見本",
    "name": {"family": "見本", "given": "太郎"},
    "mail": "taro@example.invalid",
}


def test_what_is_asked_stays_in_the_order_of_the_form() -> None:
    procedure = procedure_of([], pages=PAGES)
    shuffled = dict(reversed(ANSWERS.items()))
    assert list(drop_hidden(procedure, {**shuffled, "gone": 1, "note": "x"}, TODAY).items()) == list(
        ANSWERS.items()
    )


def test_one_hidden_answer_takes_along_what_depends_on_it() -> None:
    procedure = procedure_of([], pages=PAGES)
    assert drop_hidden(procedure, {**ANSWERS, "owns": False}, TODAY) == {"owns": False}
    without = drop_hidden(procedure, {**ANSWERS, "garage": None}, TODAY)
    assert "reason" not in without
    assert "garage" not in without


def test_rows_keep_only_what_they_are_asked() -> None:
    sub: list[dict[str, Any]] = [
        {"id": "who", "type": "text", "label": "名"},
        {"id": "pay", "type": "money", "label": "所得", "when": "works and who == 'a'"},
    ]
    fields: list[dict[str, Any]] = [
        {"id": "works", "type": "yes_no", "label": "働く"},
        {"id": "people", "type": "group", "label": "人", "fields": sub},
    ]
    rows = [{"who": "a", "pay": 1}, {"who": "b", "pay": 2}]
    procedure = procedure_of(fields)
    works = drop_hidden(procedure, {"works": True, "people": rows}, TODAY)
    assert works["people"] == [{"who": "a", "pay": 1}, {"who": "b"}]
    rests = drop_hidden(procedure, {"works": False, "people": rows}, TODAY)
    assert rests["people"] == [{"who": "a"}, {"who": "b"}]


def test_the_contact_is_the_first_mail_and_name_that_were_given() -> None:
    procedure = procedure_of([], pages=PAGES)
    assert contact(procedure, ANSWERS) == Contact("taro@example.invalid", "見本 太郎", "mail")
    assert contact(procedure, {}) == Contact(None, None)


def test_the_contact_is_the_applicant_and_not_whom_they_apply_for() -> None:
    fields: list[dict[str, Any]] = [
        {"id": "child", "type": "person_name", "label": "お子さん", "own": False},
        {"id": "parent", "type": "person_name", "label": "保護者"},
    ]
    names = {"child": {"family": "見本", "given": "碧"}, "parent": {"family": "見本", "given": "夏子"}}
    assert contact(procedure_of(fields), names).name == "見本 夏子"
    assert contact(procedure_of(fields), {"child": names["child"]}).name == "見本 碧"
