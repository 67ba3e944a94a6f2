"""The price of one (単価) where a line of the fee is a fixed sum times a number that people tell: `300 * copies`."""

import ast
from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal

from procedures.definition import Procedure
from procedures.definition.fields import FieldDefinition
from procedures.expressions import NUMBER, Expression

_Groups = Mapping[str, FieldDefinition]


def unit_price(procedure: Procedure, amount: Expression) -> int | None:
    """The whole yen in `amount` that everybody pays for each one; none where it is no such product.

    What it is multiplied by must come from numbers that are asked and rows that are counted: whether another number in
    an expression is a price, a rate or a discount nobody can tell, so nothing is said of it.
    """
    price, rest = _split(_through(procedure, amount.tree))
    if rest is None or price <= 1 or price != price.to_integral_value(ROUND_FLOOR):
        return None
    return int(price) if _counts(procedure, rest, {}) else None


def _split(node: ast.expr) -> tuple[Decimal, ast.expr | None]:
    """The numbers that the whole is multiplied by, and what is left; nothing where all of it is numbers."""
    match node:
        case ast.Constant(value=int() | float() | Decimal()) if not isinstance(node.value, bool):
            return Decimal(str(node.value)), None
        case ast.BinOp(left=left, op=ast.Mult() as op, right=right):
            (first, one), (second, other) = _split(left), _split(right)
            both = ast.BinOp(one, op, other) if one and other else one or other
            return first * second, both
        case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp(elt=each, generators=over)]):
            price, rest = _split(each)
            counted = rest or ast.Constant(1)
            return price, ast.Call(node.func, [ast.GeneratorExp(counted, over)], [])
    return Decimal(1), node


def _through(procedure: Procedure, node: ast.expr) -> ast.expr:
    """What a name that is calculated stands for, where the whole is such a name."""
    while isinstance(node, ast.Name) and node.id in procedure.computed:
        node = procedure.computed[node.id].tree
    return node


def _counts(procedure: Procedure, node: ast.expr, rows: _Groups) -> bool:
    """Whether it is a number that was told, or follows from such numbers alone; `rows` are names of a group's rows."""

    def counts(*inner: ast.expr) -> bool:
        return all(_counts(procedure, each, rows) for each in inner)

    match node:
        case ast.Constant():
            return node.value in (0, 1)
        case ast.Name(id=name):
            computed = procedure.computed.get(name)
            return _is_number(procedure.field(name)) if computed is None else counts(computed.tree)
        case ast.Attribute(value=ast.Name(id=row), attr=column) if row in rows:
            return any(_is_number(each) for each in rows[row].subfields() if each.id == column)
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, op=ast.Add() | ast.Mult(), right=other):
            return counts(one, other)
        case ast.BinOp(left=whole, op=ast.Div(), right=ast.Constant()):
            return counts(whole)
        case ast.Call(func=ast.Name(id="round_up" | "round_down"), args=[whole, ast.Constant()]):
            return counts(whole)
        case ast.Call(func=ast.Name(id="len" | "days" | "months" | "years")):
            return True
        case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp(elt=each, generators=[over])]):
            group = procedure.field(over.iter.id) if isinstance(over.iter, ast.Name) else None
            if group is None or not isinstance(over.target, ast.Name):
                return False
            return _counts(procedure, each, {**rows, over.target.id: group})
    return False


def _is_number(field: FieldDefinition | None) -> bool:
    """Whether it asks for a number that is no sum of money."""
    return field is not None and field.type == "number" and field.expression_type() == NUMBER
