"""Fees in whole yen."""

from datetime import date
from typing import Any

import pytest

from procedures.fees import FeeDue, constant_fee, fee_of
from procedures.loader import load
from procedures.unit_price import unit_price
from procedures.values import Values
from tests.factories.definitions import CERTIFICATE, changed

ANSWERS = {"born": "1990-05-01", "number": "2", "purpose": "other"}
AMOUNT = 'amount: "300 * number"'
WAIVED = "  waive: \"purpose == 'pension'\"\n"
FEE = 'fee:\n  when: before_review\n  items:\n    - {label: 手数料, amount: "300 * number"}\n' + WAIVED


def due(source: str = CERTIFICATE, **answers: Any) -> FeeDue:
    procedure = load(source).procedure
    return fee_of(procedure, Values(procedure, {**ANSWERS, **answers}, date(2026, 11, 22)))


def test_a_fee_has_lines_and_a_total() -> None:
    fee = due()
    assert [(str(label), yen) for label, yen in fee.lines] == [("手数料", 600)]
    assert (fee.total, fee.waived, fee.complete) == (600, False, True)


def test_a_waived_fee_shows_its_lines() -> None:
    fee = due(purpose="pension")
    assert (fee.total, fee.waived, len(fee.lines)) == (0, True, 1)


def test_lines_may_depend_on_answers() -> None:
    source = changed((AMOUNT + "}", AMOUNT + "}\n    - {label: 郵送料, amount: 140, when: number > 2}"))
    assert due(source).total == 600
    assert due(source, number="3").total == 1040


def test_a_missing_answer_leaves_the_fee_incomplete() -> None:
    fee = due(number=None)
    assert (fee.total, fee.lines, fee.complete) == (0, (), False)


@pytest.mark.parametrize(
    ("amount", "total"), [("1000 / 3", 333), ("0 - number", 0), ("number * 0.5", 1), ("-0.5 + number", 1)]
)
def test_amounts_are_whole_yen_from_zero(amount: str, total: int) -> None:
    assert due(changed((AMOUNT, f'amount: "{amount}"'))).total == total


@pytest.mark.parametrize(
    ("amount", "each"),
    [
        ("300 * number", 300),
        ("number * 300", 300),
        ("100 * number * 3", 300),
        ("copies_due", 300),
        ("300 * copies", 300),
        ("300 * len(household)", 300),
        ("sum(m.size * 300 for m in household)", 300),
        ("sum(round_up(m.size, 5) / 5 for m in household) * 300", 300),
        pytest.param("300", None, id="the same for everybody"),
        pytest.param("300.5 * number", None, id="no whole yen"),
        pytest.param("number", None, id="no price at all"),
        pytest.param("300 * number + 140", None, id="more than a product"),
        pytest.param("2 * price", None, id="twice a price"),
        pytest.param("12 * household_income", None, id="of money"),
        pytest.param("0.3 * number * 100", 30, id="together they are whole yen"),
        pytest.param("number * (300 if purpose == 'other' else 200)", None, id="two prices"),
    ],
)
def test_the_price_of_one_is_told_where_there_is_one(amount: str, each: int | None) -> None:
    computed = """
  copies: "number if purpose == 'other' else 1"
  copies_due: "copies * 300"
  price: "300 if purpose == 'other' else 200"
  household_income:"""
    size = "{id: income, type: money, label: 年間所得}\n          - {id: size, type: number, label: 広さ}"
    source = changed(
        (AMOUNT, f'amount: "{amount}"'),
        ("\n  household_income:", computed),
        ("{id: income, type: money, label: 年間所得}", size),
    )
    procedure = load(source).procedure
    assert procedure.fee is not None
    assert unit_price(procedure, procedure.fee.items[0].amount) == each


def test_what_the_catalogue_can_say_beforehand() -> None:
    assert constant_fee(load(CERTIFICATE).procedure) is None
    assert constant_fee(load(changed((AMOUNT, "amount: 300"))).procedure) is None
    assert constant_fee(load(changed((AMOUNT, "amount: 300"), (WAIVED, ""))).procedure) == 300
    assert constant_fee(load(changed((FEE, ""))).procedure) == 0
    assert due(changed((FEE, ""))) == FeeDue()
