"""Amounts are whole yen."""

import pytest

from payments.money import MOST, Line, lines_of, whole_yen
from translations.text import Text

FEE = Text({"ja": "手数料"})


@pytest.mark.parametrize("amount", [0, 1, 400, MOST])
def test_whole_yen(amount: int) -> None:
    assert whole_yen(amount) == amount


@pytest.mark.parametrize("amount", [-1, 0.5, 400.0, True, "400", None, MOST + 1])
def test_anything_else_is_refused(amount: object) -> None:
    with pytest.raises(ValueError, match="whole yen"):
        whole_yen(amount)


def test_lines_keep_their_words_and_may_reduce() -> None:
    lines = lines_of([(FEE, 1200), (FEE, -400)])
    assert [Line.from_json(line.as_json()) for line in lines] == list(lines)
    assert sum(line.amount for line in lines) == 800


@pytest.mark.parametrize("amount", [400.0, True, MOST + 1])
def test_lines_are_whole_yen(amount: int) -> None:
    with pytest.raises(ValueError, match="whole yen"):
        lines_of([(FEE, amount)])
