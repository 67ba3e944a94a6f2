"""The fee (手数料) of an application, in whole yen."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from procedures.definition import FeeItem, Procedure
from procedures.expressions import Value
from translations.text import Text


@dataclass(frozen=True)
class FeeDue:
    """What is due: each line's label with its yen, the total, and whether it is waived (減免; then the total is 0)."""

    lines: tuple[tuple[Text, int], ...] = ()
    total: int = 0
    waived: bool = False
    complete: bool = True
    """False while an answer that an amount depends on is missing; its line is then left out."""


def fee_of(procedure: Procedure, values: Mapping[str, Value]) -> FeeDue:
    """The fee for these answers; amounts are cut to whole yen and the total is never below 0."""
    fee = procedure.fee
    if fee is None:
        return FeeDue()
    due = [item for item in fee.items if item.when is None or item.when.holds(values)]
    amounts = [(item.label, item.amount.evaluate(values)) for item in due]
    lines = tuple((label, _yen(amount)) for label, amount in amounts if isinstance(amount, Decimal))
    waived = fee.waive is not None and fee.waive.holds(values)
    total = 0 if waived else max(sum(yen for _, yen in lines), 0)
    return FeeDue(lines, total, waived, len(lines) == len(amounts))


def constant_fee(procedure: Procedure) -> int | None:
    """The fee where it is the same for everybody, in yen; none where it follows from the answers."""
    fee = procedure.fee
    if fee is None:
        return 0
    if fee.waive or any(item.when or item.amount.names for item in fee.items):
        return None
    return fee_of(procedure, {}).total


def constant_amount(item: FeeItem) -> int | None:
    """The yen of a line where they are the same for everybody who pays it."""
    amount = None if item.amount.names else item.amount.evaluate({})
    return _yen(amount) if isinstance(amount, Decimal) else None


def _yen(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_FLOOR))
