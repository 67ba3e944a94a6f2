"""Conditions of JSON Schema: what `if` and the branches of `oneOf` say about answers given before."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from core.told import tell
from procedures.importing.conditions import (
    Chosen,
    Compare,
    Condition,
    Given,
    Not,
    Operator,
    Unsaid,
    bounded,
    every,
    none_of,
    some,
)
from procedures.importing.values import items, mapping, number, text

_LIMITS: Final[Mapping[str, Operator]] = {
    "minimum": ">=",
    "maximum": "<=",
    "exclusiveMinimum": ">",
    "exclusiveMaximum": "<",
}
_READ: Final = ("properties", "required", "allOf", "anyOf", "oneOf", "not")
_SILENT: Final = ("title", "description", "type", "$comment")
DEEPEST: Final = 10


def condition(schema: Any, prefix: str, depth: int = 0) -> Condition:
    """When an object fulfils `schema`; properties are called with `prefix` before them.

    A property without an answer fulfils nothing here, as authors mean it, though JSON Schema would let it pass.
    """
    node = mapping(schema)
    if depth > DEEPEST:
        return Unsaid(tell("it is nested too deep"))
    parts = [
        _property(f"{prefix}{name}", mapping(each), depth)
        for name, each in mapping(node.get("properties")).items()
    ]
    named = mapping(node.get("properties"))
    parts += [
        Given(f"{prefix}{text(each)}") for each in items(node.get("required")) if text(each) not in named
    ]
    parts += [condition(each, prefix, depth + 1) for each in items(node.get("allOf"))]
    for key in ("anyOf", "oneOf"):
        if items(node.get(key)):
            parts.append(some(condition(each, prefix, depth + 1) for each in items(node.get(key))))
    if mapping(node.get("not")):
        parts.append(none_of(condition(node.get("not"), prefix, depth + 1)))
    unknown = [key for key in node if key not in (*_READ, *_SILENT)]
    if unknown or not parts:
        return Unsaid(
            tell("`%(unknown)s` in a condition", unknown=unknown[0][:30])
            if unknown
            else tell("it says nothing about an answer")
        )
    return bounded(every(parts))


def _property(name: str, node: Mapping[str, Any], depth: int) -> Condition:
    """What a condition says about one property."""
    parts: list[Condition] = []
    for key, value in node.items():
        if key == "const":
            parts.append(_equal(name, value))
        elif key == "enum":
            parts.append(some(_equal(name, each) for each in items(value)))
        elif key in _LIMITS and number(value) is not None:
            parts.append(Compare(name, _LIMITS[key], number(value) or Decimal(0)))
        elif key == "contains" and "const" in mapping(value):
            parts.append(Chosen(name, text(mapping(value)["const"])))
        elif key == "not":
            parts.append(
                Not(_property(name, mapping(value), depth + 1))
                if depth < DEEPEST
                else Unsaid(tell("too deep"))
            )
        elif key == "properties":
            parts.append(condition(node, f"{name}.", depth + 1))
        elif key == "minLength" and value == 1:
            parts.append(Given(name))
        elif key not in ("type", "title", "description", "required"):
            parts.append(Unsaid(tell("`%(key)s` in a condition", key=key[:30])))
    return every(parts) if parts else Given(name)


def _equal(name: str, value: Any) -> Condition:
    if value is None:
        return Not(Given(name))
    if isinstance(value, int) and not isinstance(value, bool):
        return Compare(name, "==", Decimal(value))
    if isinstance(value, str | bool | Decimal):
        return Compare(name, "==", value)
    return Unsaid(tell("it compares with a list or an object"))


def fixed(schema: Any, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of a branch that says which answers it is for: properties known before, with fixed values."""
    named = mapping(mapping(schema).get("properties"))
    kept = {
        name: each for name, each in named.items() if name in known and {"const", "enum"} & set(mapping(each))
    }
    return {"properties": kept} if kept else {}
