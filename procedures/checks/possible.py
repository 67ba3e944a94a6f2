"""Whether conditions can hold together for any answers at all.

Every part that a condition asks about becomes a variable over the few values that make a difference: the options of a
choice, yes and no, the numbers around those it is compared with, and no answer. What is not understood (calculations,
rows) may be anything. So "impossible" is certain, while "possible" may still be wrong.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise, product
from math import prod
from typing import Any, Final, TypeAlias

from procedures.definition import FieldDefinition
from procedures.expressions import BOOL, UNANSWERED, Choice, Expression, Type, Value

MOST: Final = 4_096
"""Combinations that are tried; with more, conditions count as possible."""

Formula: TypeAlias = Callable[[Mapping[str, Value]], Value]
_COMPARE: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}


def impossible(
    conditions: Iterable[Expression],
    scope: Mapping[str, Type | None],
    computed: Mapping[str, Expression],
    fields: Mapping[str, FieldDefinition],
) -> bool:
    """Whether no answers at all meet every one of `conditions`."""
    reader = _Reader(scope, computed, fields)
    formulas = [reader.of(condition.tree) for condition in conditions]
    domains = reader.domains()
    if prod(len(values) for values in domains.values()) > MOST:
        return False
    names = list(domains)
    return not any(
        all(_true(formula(dict(zip(names, values, strict=True)))) for formula in formulas)
        for values in product(*domains.values())
    )


def _true(value: Value) -> bool:
    return value is not UNANSWERED and bool(value)


class _Reader:
    """Makes formulas of syntax trees, and gathers the variables in them with what they are compared with."""

    def __init__(
        self,
        scope: Mapping[str, Type | None],
        computed: Mapping[str, Expression],
        fields: Mapping[str, FieldDefinition],
    ) -> None:
        self._scope, self._computed, self._fields = scope, computed, fields
        self._compared: dict[str, set[Value]] = {}
        self._free: set[str] = set()

    def of(self, node: ast.expr) -> Formula:
        """The truth of `node`."""
        if isinstance(node, ast.BoolOp):
            parts = [self.of(value) for value in node.values]
            every = all if isinstance(node.op, ast.And) else any
            return lambda values: every(_true(part(values)) for part in parts)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.of(node.operand)
            return lambda values: UNANSWERED if (value := inner(values)) is UNANSWERED else not value
        if isinstance(node, ast.IfExp):
            test, yes, no = self.of(node.test), self.of(node.body), self.of(node.orelse)
            return lambda values: yes(values) if _true(test(values)) else no(values)
        if isinstance(node, ast.Name) and node.id in ("true", "false"):
            return lambda _values: node.id == "true"
        if isinstance(node, ast.Name) and node.id in self._computed and self._scope.get(node.id) == BOOL:
            return self.of(self._computed[node.id].tree)
        return (isinstance(node, ast.Compare) and self._compare(node)) or self._variable(node, {})

    def _variable(self, node: ast.expr, compared: Iterable[Value]) -> Formula:
        name = ast.unparse(node)
        if not compared and self._type(node) is None:
            self._free.add(name)
        self._compared.setdefault(name, set()).update(compared)
        return lambda values: values[name]

    def _compare(self, node: ast.Compare) -> Formula | None:
        """One thing compared with fixed values; none for anything else."""
        operands = [node.left, *node.comparators]
        written = [_constant(operand) for operand in operands]
        open = {
            ast.unparse(one): one for one, fixed in zip(operands, written, strict=True) if fixed is UNANSWERED
        }
        if len(open) != 1:
            return None
        (asked,) = open.values()
        inside = [fixed for fixed in written if fixed is not UNANSWERED]
        flat = [item for fixed in inside for item in (fixed if isinstance(fixed, tuple) else (fixed,))]
        if isinstance(self._type(asked), Choice | None) or all(isinstance(one, Decimal) for one in flat):
            term = self._variable(asked, flat)
            return lambda values: _chain(
                node.ops, [term(values) if fixed is UNANSWERED else fixed for fixed in written]
            )
        return None

    def _type(self, node: ast.expr) -> Type | None:
        return self._scope.get(node.id) if isinstance(node, ast.Name) else None

    def domains(self) -> dict[str, list[Value]]:
        """Every variable with the values to try."""
        return {name: [UNANSWERED, *self._values(name, found)] for name, found in self._compared.items()}

    def _values(self, name: str, compared: set[Value]) -> Iterator[Value]:
        kind = self._scope.get(name)
        if isinstance(kind, Choice):
            yield from kind.options
            return
        numbers = sorted(value for value in compared if isinstance(value, Decimal))
        if numbers:
            yield from self._numbers(name, numbers)
        texts = {value for value in compared if isinstance(value, str)}
        if texts:
            yield from (*sorted(texts), "\0another")
        if not compared or name in self._free:
            yield from (True, False)

    def _numbers(self, name: str, compared: Sequence[Decimal]) -> Iterator[Decimal]:
        """The numbers it is compared with, one of each gap between them, and its own limits."""
        field = self._fields.get(name)
        least, most = (getattr(field, key, None) for key in ("min", "max"))
        low, high = (Decimal(each) if isinstance(each, int | Decimal) else None for each in (least, most))
        digits = getattr(field, "decimals", 0) if field else 6
        step = Decimal(1).scaleb(-digits)
        edges = {*compared, *(each for each in (low, high) if each is not None)}
        tried = {each + side * step for each in edges for side in (-1, 0, 1)}
        tried |= {(a + b) / 2 for a, b in pairwise(sorted(edges))} if field is None else set()
        yield from (
            each for each in sorted(tried)
            if (low is None or each >= low) and (high is None or each <= high)
        )  # fmt: skip


def _constant(node: ast.expr) -> Any:
    """The fixed value of `node`; `UNANSWERED` where it has none."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, bool | str) else Decimal(repr(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return -inner if isinstance(inner, Decimal) else UNANSWERED
    if isinstance(node, ast.Name) and node.id in ("true", "false"):
        return node.id == "true"
    if isinstance(node, ast.Tuple | ast.List):
        items = tuple(_constant(item) for item in node.elts)
        return UNANSWERED if UNANSWERED in items else items
    return UNANSWERED


def _chain(ops: Sequence[ast.cmpop], values: Sequence[Any]) -> bool:
    try:
        return all(
            left is not UNANSWERED and right is not UNANSWERED and _COMPARE[type(op)](left, right)
            for op, (left, right) in zip(ops, pairwise(values), strict=True)
        )
    except TypeError:  # a free part took a value of another kind
        return True
