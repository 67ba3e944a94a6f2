"""Amounts of money: whole yen as `int`, never a float, never a fraction (通貨の単位及び貨幣の発行等に関する法律 §2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from translations.text import Text

MOST = 10**12
"""More than any fee: a larger amount is a mistake."""


def whole_yen(amount: object) -> int:
    """`amount` if it is a whole number of yen from 0. Raises `ValueError` (also for floats, booleans and texts)."""
    if type(amount) is not int or not 0 <= amount <= MOST:
        raise ValueError(f"not an amount in whole yen: {amount!r}")
    return amount


@dataclass(frozen=True)
class Line:
    """One line of a fee. A reduction is a line with a negative amount."""

    label: Text
    amount: int

    def as_json(self) -> dict[str, Any]:
        """The line as it is kept with the charge."""
        return {"label": self.label.as_dict(), "amount": self.amount}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Line":
        """The line that `as_json` wrote."""
        return cls(Text(data["label"]), data["amount"])


def lines_of(pairs: Iterable[tuple[Text, int]]) -> tuple[Line, ...]:
    """Lines from labels and amounts. Raises `ValueError` where an amount is no whole number of yen."""
    lines = tuple(Line(label, amount) for label, amount in pairs)
    for line in lines:
        whole_yen(abs(line.amount) if type(line.amount) is int else line.amount)
    return lines
