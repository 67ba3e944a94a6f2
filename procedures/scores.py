"""The score (指数) of an application, and the order in which applications stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from procedures.definition import Procedure
from procedures.expressions import Value
from translations.text import Text

_LEAST: Final = Decimal("-Infinity")


@dataclass(frozen=True)
class Scored:
    """Each line's label with its points, the total, and what decides between equal ones (larger goes first)."""

    lines: tuple[tuple[Text, Decimal], ...]
    total: Decimal
    ties: tuple[Decimal, ...] = ()
    complete: bool = True
    """False while an answer that points depend on is missing; its line is then left out."""
    cut_off: Decimal | None = None

    @property
    def enough(self) -> bool:
        """Whether the points reach the cut-off."""
        return self.cut_off is None or self.total >= self.cut_off

    @property
    def rank(self) -> tuple[Decimal, ...]:
        """What lists are sorted by, the smallest first."""
        return tuple(-number for number in (self.total, *self.ties))


def score_of(procedure: Procedure, values: Mapping[str, Value]) -> Scored | None:
    """The score that these answers give; none where the procedure has none."""
    score = procedure.score
    if score is None:
        return None
    counted = [item for item in score.items if item.when is None or item.when.holds(values)]
    points = [(item.label, item.points.evaluate(values)) for item in counted]
    lines = tuple((label, number) for label, number in points if isinstance(number, Decimal))
    ties = tuple(_number(each.evaluate(values)) for each in score.tie_breaks)
    total = sum((number for _, number in lines), Decimal(0))
    return Scored(lines, total, ties, len(lines) == len(points), score.cut_off)


def _number(value: Value) -> Decimal:
    """A tie-break as a number; what is unanswered goes last."""
    if isinstance(value, bool):
        return Decimal(value)
    return value if isinstance(value, Decimal) else _LEAST
