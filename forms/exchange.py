"""Answers for other programs: the JSON Schema of what is stored, from the type that expressions see."""

from typing import Any

from procedures.expressions import BOOL, DATE, MONEY, NUMBER, TIME, Choice, ListOf, Row, Type

_SCALARS: dict[Type, dict[str, Any]] = {
    BOOL: {"type": "boolean"},
    MONEY: {"type": "integer"},
    NUMBER: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    DATE: {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    TIME: {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"},
}


def stored_schema(type: Type) -> dict[str, Any]:
    """The schema of a stored answer that expressions see as `type`."""
    match type:
        case Choice():
            return {"type": "string", "enum": list(type.options)}
        case ListOf():
            return {"type": "array", "items": stored_schema(type.item)}
        case Row():
            parts = {name: stored_schema(part) for name, part in type.fields.items()}
            return {"type": "object", "properties": parts, "additionalProperties": False}
        case _:
            return dict(_SCALARS.get(type, {"type": "string"}))
