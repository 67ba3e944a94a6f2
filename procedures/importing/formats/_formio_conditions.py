"""Conditions of Form.io: simple ones of both generations, JsonLogic, and JavaScript."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from core.told import tell
from procedures.importing import written
from procedures.importing.conditions import (
    MIRRORED,
    Chosen,
    Compare,
    Condition,
    Field,
    Given,
    Holds,
    Not,
    Operator,
    Unsaid,
    bounded,
    every,
    none_of,
    some,
)
from procedures.importing.values import mapping, objects, text

DEEPEST: Final = 30
_SIMPLE: Final[Mapping[str, Operator]] = {
    "isEqual": "==",
    "isNotEqual": "!=",
    "greaterThan": ">",
    "greaterThanOrEqual": ">=",
    "lessThan": "<",
    "lessThanOrEqual": "<=",
    "isDateEqual": "==",
    "isNotDateEqual": "!=",
    "dateGreaterThan": ">",
    "dateGreaterThanOrEqual": ">=",
    "dateLessThan": "<",
    "dateLessThanOrEqual": "<=",
}
_LOGIC: Final[Mapping[str, Operator]] = {
    "==": "==",
    "===": "==",
    "!=": "!=",
    "!==": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}


def shown(component: Mapping[str, Any]) -> Condition | None:
    """The condition under which a component is shown; none: always."""
    custom = component.get("customConditional")
    own = text(custom) if isinstance(custom, str) else ""
    if own:
        return written.read(own)
    conditional = mapping(component.get("conditional"))
    if mapping(conditional.get("json")):
        return logic(conditional.get("json"))
    parts = _parts(conditional)
    if not parts:
        return None
    whole = some(parts) if text(conditional.get("conjunction")) == "any" else every(parts)
    show = conditional.get("show")
    hides = show is False or (isinstance(show, str) and show.strip().lower() == "false")
    return bounded(none_of(whole) if hides else whole)


def _parts(conditional: Mapping[str, Any]) -> list[Condition]:
    if text(conditional.get("when")):
        return [_equal(text(conditional.get("when")), conditional.get("eq"))]
    found = []
    for _, part in objects(conditional.get("conditions"), ""):
        name, operator = text(part.get("component")), text(part.get("operator"))
        if name:
            found.append(_simple(name, operator, part.get("value")))
    return found


def _simple(name: str, operator: str, value: Any) -> Condition:
    if operator in ("isEmpty", "isNotEmpty"):
        return Given(name) if operator == "isNotEmpty" else Not(Given(name))
    if operator in ("includes", "notIncludes"):
        chosen = Chosen(name, _plain(value) or "")
        return chosen if operator == "includes" else Not(chosen)
    if operator in ("isEqual", "isNotEqual"):
        equal = _equal(name, value)
        return equal if operator == "isEqual" else none_of(equal)
    if operator not in _SIMPLE:
        return Unsaid(tell("the operator '%(operator)s' has no counterpart", operator=operator[:40]))
    return written.compared(name, _SIMPLE[operator], _value(value))


def _equal(name: str, value: Any) -> Condition:
    """Equality as Form.io sees it: a ticked box with true, a list of boxes with one of them."""
    if value is True or value is False:
        return Compare(name, "==", True) if value else Not(Compare(name, "==", True))
    if isinstance(value, str) and value.strip().lower() == "false":
        return Not(Compare(name, "==", "true"))
    return written.compared(name, "==", _value(value))


def logic(rule: Any, depth: int = 0) -> Condition:
    """A rule of JsonLogic, as far as it is a formula over fields."""
    if depth > DEEPEST:
        return Unsaid(tell("it is nested too deep"))
    if isinstance(rule, bool):
        return every([]) if rule else some([])
    pair = _operation(rule)
    if pair is None:
        return Unsaid(tell("it is no rule of JsonLogic"))
    name, values = pair
    match name:
        case "and" | "or":
            parts = [logic(part, depth + 1) for part in values]
            return bounded(every(parts) if name == "and" else some(parts))
        case "!" | "not":
            return (
                none_of(logic(values[0], depth + 1)) if len(values) == 1 else Unsaid(tell("it is incomplete"))
            )
        case "!!":
            return logic(values[0], depth + 1) if len(values) == 1 else Unsaid(tell("it is incomplete"))
        case "var":
            return Holds(_variable(rule) or "")
        case "in":
            return _member(values)
        case _ if name in _LOGIC:
            return _compared(name, values)
    return Unsaid(tell("the operation '%(name)s' of JsonLogic has no counterpart", name=name[:30]))


def _compared(name: str, values: list[Any]) -> Condition:
    if len(values) == 3 and name in ("<", "<="):
        return every([_compared(name, values[:2]), _compared(name, values[1:])])
    if len(values) != 2:
        return Unsaid(tell("it compares more than two values"))
    left, right = (_operand(value) for value in values)
    operator = _LOGIC[name]
    if not isinstance(left, Field):
        left, right, operator = right, left, MIRRORED[operator]
    if not isinstance(left, Field) or isinstance(right, Unsaid):
        return Unsaid(tell("it compares with something calculated"))
    if right is False and operator in ("==", "!="):
        yes = Compare(left.name, "==", True)
        return Not(yes) if operator == "==" else yes
    return written.compared(left.name, operator, right)


def _member(values: list[Any]) -> Condition:
    if len(values) != 2:
        return Unsaid(tell("it is incomplete"))
    needle, heap = _operand(values[0]), values[1]
    if isinstance(needle, Field) and isinstance(heap, list):
        return bounded(some(written.compared(needle.name, "==", _value(each)) for each in heap))
    listed = _operand(heap)
    if isinstance(listed, Field) and isinstance(needle, str):
        return Chosen(listed.name, needle)
    return Unsaid(tell("`in` is understood between a field and fixed values only"))


def _operand(value: Any) -> "str | bool | Decimal | Field | Unsaid | None":
    name = _variable(value)
    if name is not None:
        return Field(name)
    pair = _operation(value)
    if pair is not None and pair[0] in ("date", "datetime") and len(pair[1]) == 1:
        return _operand(pair[1][0])
    if isinstance(value, dict | list):
        return Unsaid(tell("it compares with something calculated"))
    return _value(value)


def _operation(rule: Any) -> tuple[str, list[Any]] | None:
    if not isinstance(rule, dict) or len(rule) != 1:
        return None
    name, values = next(iter(rule.items()))
    return str(name), values if isinstance(values, list) else [values]


def _variable(value: Any) -> str | None:
    """The name of a field, where `value` is ``{"var": …}``."""
    pair = _operation(value)
    if pair is None or pair[0] != "var":
        return None
    name = text(pair[1][0]) if pair[1] else ""
    return name.removeprefix("data.").removeprefix("row.") or None


def _value(value: Any) -> str | bool | Decimal | None:
    if value is None or isinstance(value, bool | Decimal):
        return value
    return Decimal(value) if isinstance(value, int) else text(value)


def _plain(value: Any) -> str:
    return text(value)
