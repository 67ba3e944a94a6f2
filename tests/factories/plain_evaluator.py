"""The language of expressions once more, as plainly as possible: what compiled ones are compared with."""

import ast
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from procedures.expressions import UNANSWERED

_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


def reference(node: ast.expr, values: Mapping[str, Any]) -> Any:
    """The value of a tree by walking it."""
    match node:
        case ast.Constant(value=value):
            return value if isinstance(value, bool | str) else Decimal(str(value))
        case ast.Name(id=name):
            return values.get(name, UNANSWERED)
        case ast.Attribute(value=ast.Name(id=row), attr=name):
            return values[row].get(name, UNANSWERED)
        case ast.UnaryOp(operand=operand, op=op):
            value = reference(operand, values)
            if value is UNANSWERED:
                return UNANSWERED
            return not value if isinstance(op, ast.Not) else -value
        case ast.BinOp(left=left, right=right, op=op):
            return _binary(op, reference(left, values), reference(right, values))
        case ast.BoolOp(values=parts, op=op):
            truths = [bool(reference(part, values)) for part in parts]
            return all(truths) if isinstance(op, ast.And) else any(truths)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return reference(body if reference(test, values) else orelse, values)
        case ast.Compare(left=left, ops=ops, comparators=rights):
            operands = [reference(part, values) for part in (left, *rights)]
            return all(_holds(op, operands[i], operands[i + 1]) for i, op in enumerate(ops))
        case ast.Call(func=ast.Name(id=name), args=[ast.GeneratorExp() as rows]):
            return _fold(name, rows, values)
    raise AssertionError(ast.dump(node))


def _binary(op: ast.operator, a: Any, b: Any) -> Any:
    if a is UNANSWERED or b is UNANSWERED:
        return UNANSWERED
    if isinstance(op, ast.Add | ast.Sub | ast.Mult):
        return {"+": a + b, "-": a - b, "*": a * b}[_ARITHMETIC[type(op)]]
    if b == 0:
        return UNANSWERED
    a, b = Decimal(a), Decimal(b)  # counts and sums of nothing are whole numbers of Python here
    if isinstance(op, ast.Div):
        return a / b
    floor = (a / b).to_integral_value("ROUND_FLOOR")
    return floor if isinstance(op, ast.FloorDiv) else a - b * floor


def _holds(op: ast.cmpop, a: Any, b: Any) -> bool:
    if a is UNANSWERED or b is UNANSWERED:
        return False
    signs = {
        ast.Eq: a == b,
        ast.NotEq: a != b,
        ast.Lt: a < b,
        ast.LtE: a <= b,
        ast.Gt: a > b,
        ast.GtE: a >= b,
    }
    return bool(signs[type(op)])


def _fold(name: str, rows: ast.GeneratorExp, values: Mapping[str, Any]) -> Any:
    (step,) = rows.generators
    assert isinstance(step.target, ast.Name)
    scopes = [{**values, step.target.id: row} for row in reference(step.iter, values)]
    kept = [scope for scope in scopes if all(reference(test, scope) for test in step.ifs)]
    found = [reference(rows.elt, scope) for scope in kept]
    if name in ("any", "all"):
        return {"any": any, "all": all}[name](bool(value) for value in found)
    if name == "len":
        return len(found)
    if UNANSWERED in found or (name != "sum" and not found):
        return UNANSWERED
    folds: dict[str, Any] = {"sum": sum, "min": min, "max": max}
    return folds[name](found)
