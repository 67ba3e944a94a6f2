"""What an unknown name in an expression was probably meant to be: a yes, an option, or a column of a group."""

import ast
from collections.abc import Mapping
from copy import deepcopy
from typing import Final

from core.told import NOTHING, Told, tell
from procedures.expressions.types import BOOL, Choice, ListOf, Row, Type

_TRUE: Final = ("yes", "Yes", "YES", "True", "on")
_FALSE: Final = ("no", "No", "NO", "False", "off")


def hint(node: ast.Name, comparing: ast.Compare | None, scope: Mapping[str, Type | None]) -> Told:
    """How to write what `node`, which is no name of `scope`, stands for; empty where nothing suggests itself."""
    return _compared(node, comparing, scope) or _column(node, comparing, scope)


def _compared(node: ast.Name, comparing: ast.Compare | None, scope: Mapping[str, Type | None]) -> Told:
    """It stands beside the name of a question, as if it were one of its answers."""
    if comparing is None or len(comparing.ops) != 1:
        return NOTHING
    other = comparing.comparators[0] if comparing.left is node else comparing.left
    kind = scope.get(other.id) if isinstance(other, ast.Name) else None
    if isinstance(kind, Choice) and node.id in kind.options:
        return tell("put the option into quotation marks: '%(option)s'", option=node.id)
    if kind == BOOL and node.id in (*_TRUE, *_FALSE):
        asked = ast.unparse(other)
        alone = (node.id in _TRUE) == isinstance(comparing.ops[0], ast.Eq)
        return tell("write it without comparing: %(condition)s", condition=asked if alone else f"not {asked}")
    return NOTHING


def _column(node: ast.Name, comparing: ast.Compare | None, scope: Mapping[str, Type | None]) -> Told:
    """It is asked in the rows of a group."""
    groups = (
        (name, kind.item.fields[node.id])
        for name, kind in scope.items()
        if isinstance(kind, ListOf) and isinstance(kind.item, Row) and node.id in kind.item.fields
    )
    group, kind = next(groups, ("", None))
    if not group:
        return NOTHING
    letter = next(sign for sign in (group[0], "m", "each") if sign not in scope)
    whole = _written(comparing, node, letter) if comparing else f"{letter}.{node.id}"
    fold = "any" if comparing or kind == BOOL else "sum"
    example = f"{fold}({whole} for {letter} in {group})"
    return tell("it is a column of `%(group)s`: write for example %(example)s", group=group, example=example)


def in_rows(node: ast.Attribute, comparing: ast.Compare | None) -> str:
    """How to ask the rows of a group for what was written as ``household.income > 3``."""
    group, whole = ast.unparse(node.value), ast.unparse(node)
    if comparing is None:
        return f"sum(m.{node.attr} for m in {group})"
    return f"any({ast.unparse(comparing).replace(whole, f'm.{node.attr}')} for m in {group})"


def _written(comparing: ast.Compare, node: ast.Name, letter: str) -> str:
    """The comparison, with the column of a row in place of its name."""
    again = deepcopy(comparing)
    for part in ast.walk(again):
        if isinstance(part, ast.Name) and part.id == node.id:
            part.id = f"{letter}.{node.id}"
    return ast.unparse(again)
