"""What an unknown name in an expression was probably meant to be: a yes, an option, a day, a column, a new id."""

import ast
from collections.abc import Mapping
from copy import deepcopy
from typing import Final

from core.told import NOTHING, Told, tell
from procedures.expressions.types import BOOL, MONEY, NUMBER, Choice, ListOf, Row, Type

_TRUE: Final = ("yes", "Yes", "YES", "True", "on")
_FALSE: Final = ("no", "No", "NO", "False", "off")
_DAYS: Final = {
    **dict.fromkeys(("today", "now", "今日", "本日"), "today"),
    **dict.fromkeys(("tomorrow", "明日", "翌日"), "add_days(today, 1)"),
    **dict.fromkeys(("yesterday", "昨日", "前日"), "add_days(today, -1)"),
}
"""Words for days, and how they are written."""
_LISTED: Final = 8


def hint(node: ast.Name, comparing: ast.Compare | None, scope: Mapping[str, Type | None]) -> Told:
    """How to write what `node`, which is no name of `scope`, stands for; empty where nothing suggests itself."""
    return _day(node.id) or _compared(node, comparing, scope) or _column(node, comparing, scope)


def _day(name: str) -> Told:
    """A day counted from today, in a word."""
    usage = _DAYS.get(name.lower())
    return tell("write %(usage)s", usage=usage) if usage else NOTHING


def no_function(name: str, scope: Mapping[str, Type | None]) -> Told:
    """How to write ``today()``, or a field that is called as if it were a function."""
    usage = name if name in scope else _DAYS.get(name.lower())
    return tell("write %(usage)s, without brackets after it", usage=usage) if usage else NOTHING


def in_days(node: ast.expr, start: str = "today", sign: str = "") -> Told:
    """How to write a number of days after (or, with a minus, before) a day."""
    if isinstance(node, ast.UnaryOp):
        node, sign = node.operand, "-"
    if not isinstance(node, ast.Constant):
        return NOTHING
    return tell("write %(usage)s", usage=f"add_days({start}, {sign}{ast.unparse(node)})")


def renamed(
    node: ast.Name, comparing: ast.Compare | None, wanted: Type | None, scope: Mapping[str, Type | None]
) -> Told:
    """What a question may be called now whose id was changed: names with a word of the old one, else those that fit."""
    words = set(node.id.split("_"))
    alike = [name for name in scope if words & set(name.split("_"))]
    if len(alike) == 1:
        return tell("did you mean '%(near)s'?", near=alike[0])
    fitting = alike or [
        name for name in scope if name != "today" and _fits(scope[name], node, comparing, wanted)
    ]
    if not fitting:
        return NOTHING
    listed = ", ".join([*fitting[:_LISTED], *(["…"] if len(fitting) > _LISTED else [])])
    return tell(
        "where you changed the id of a question, change it here, too; it could be: %(names)s", names=listed
    )


def _fits(kind: Type | None, node: ast.Name, comparing: ast.Compare | None, wanted: Type | None) -> bool:
    """Whether a name of this type could stand where `node` does."""
    if comparing is None:
        return wanted is None or _same(kind, wanted)
    others = [part for part in (comparing.left, *comparing.comparators) if part is not node]
    constants = [part.value for other in others for part in ast.walk(other) if isinstance(part, ast.Constant)]
    options = kind.item if isinstance(kind, ListOf) else kind
    if constants and all(isinstance(each, str) for each in constants):
        return isinstance(options, Choice) and set(constants) <= set(options.options)
    numbers = bool(constants) and not any(isinstance(each, str | bool) for each in constants)
    return numbers and _same(kind, NUMBER)


def _same(kind: Type | None, wanted: Type) -> bool:
    numbers = (NUMBER, MONEY)
    return kind == wanted or (kind in numbers and wanted in numbers)


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
