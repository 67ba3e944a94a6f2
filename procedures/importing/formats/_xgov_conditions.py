"""Conditions of the GOV.UK form builders: structured ones, the older text form, and those of version 2."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, get_args

from core.told import tell
from procedures.importing import written
from procedures.importing.conditions import (
    Chosen,
    Condition,
    Elapsed,
    Operator,
    Unsaid,
    bounded,
    every,
    none_of,
    some,
)
from procedures.importing.model import Form
from procedures.importing.values import items, mapping, objects, text, whole

_COMPARING: Final[Mapping[str, Operator]] = {
    "is": "==",
    "is not": "!=",
    "is at least": ">=",
    "is at most": "<=",
    "is less than": "<",
    "is more than": ">",
    "is before": "<",
    "is after": ">",
    **{operator: operator for operator in get_args(Operator)},
}
_AGO: Final[Mapping[str, Operator]] = {
    "is at least": ">=",
    "is at most": "<=",
    "is less than": "<",
    "is more than": ">",
}
_DEEPEST: Final = 20


class Conditions:
    """The conditions of a form by name."""

    def __init__(self, data: Mapping[str, Any], form: Form) -> None:
        self._form = form
        self._named: dict[str, Mapping[str, Any]] = {}
        self._known: dict[str, Condition] = {}
        for _, each in objects(data.get("conditions"), "conditions"):
            for key in ("id", "name", "displayName"):
                if text(each.get(key)):
                    self._named.setdefault(text(each.get(key)), each)
        self._names = _components(data)
        self._items = {
            text(item.get("id")): text(item.get("value"))
            for _, each in objects(data.get("lists"), "lists")
            for _, item in objects(each.get("items"), "items")
            if text(item.get("id"))
        }

    def named(self, name: Any, path: str, depth: int = 0) -> Condition | None:
        """The condition that `name` stands for; none for no name."""
        if isinstance(name, list):
            return (
                some([every([self._third(each, path) for each in items(group)]) for group in name])
                if name
                else None
            )
        wanted = text(name)
        if not wanted:
            return None
        if wanted not in self._known:
            self._known[wanted] = bounded(self._read(wanted, depth))
        return self._known[wanted]

    def _read(self, wanted: str, depth: int) -> Condition:
        found = self._named.get(wanted)
        if found is None:
            return Unsaid(tell("there is no condition '%(wanted)s'", wanted=wanted[:40]))
        if depth > _DEEPEST:
            return Unsaid(tell("its conditions refer to each other"))
        if "items" in found:
            return self._second(found, depth)
        value = found.get("value")
        if isinstance(value, str):
            return written.read(value, strict=True)
        return self._group(mapping(value), depth)

    def _group(self, value: Mapping[str, Any], depth: int) -> Condition:
        """Parts joined by coordinators, of which `and` binds closer; groups within are parts."""
        if depth > _DEEPEST:
            return Unsaid(tell("it is nested too deep"))
        either: list[list[Condition]] = []
        for _, part in objects(value.get("conditions"), ""):
            condition = self._part(part, depth + 1)
            if either and text(part.get("coordinator")).lower() == "and":
                either[-1].append(condition)
            else:
                either.append([condition])
        return some(every(parts) for parts in either) if either else Unsaid(tell("it is empty"))

    def _part(self, part: Mapping[str, Any], depth: int) -> Condition:
        if "conditions" in part:
            return self._group(part, depth)
        if "conditionName" in part:
            return self.named(part.get("conditionName"), "", depth + 1) or Unsaid(
                tell("it refers to no condition")
            )
        field = mapping(part.get("field"))
        name = text(field.get("name")).rsplit(".", 1)[-1]
        return self._single(name, text(part.get("operator")), part.get("value"))

    def _second(self, found: Mapping[str, Any], depth: int) -> Condition:
        """A condition of version 2: items that are all joined in one way."""
        parts = []
        for _, item in objects(found.get("items"), ""):
            if "conditionId" in item:
                parts.append(
                    self.named(item.get("conditionId"), "", depth + 1)
                    or Unsaid(tell("it refers to no condition"))
                )
                continue
            name = self._names.get(text(item.get("componentId")), text(item.get("componentId")))
            parts.append(
                self._single(name, text(item.get("operator")), item.get("value"), text(item.get("type")))
            )
        if not parts:
            return Unsaid(tell("it is empty"))
        return some(parts) if text(found.get("coordinator")).lower() == "or" else every(parts)

    def _third(self, part: Any, path: str) -> Condition:
        """A part of a page's own condition: component and item by their ids."""
        item = mapping(part)
        name = self._names.get(text(item.get("componentId")), text(item.get("componentId")))
        value = item.get("value", self._items.get(text(item.get("valueId")), item.get("valueId")))
        return (
            self._single(name, text(item.get("operator")), value)
            if name
            else Unsaid(tell("%(path)s names no component", path=path))
        )

    def _single(self, name: str, operator: str, value: Any, kind: str = "") -> Condition:
        if operator in ("contains", "does not contain"):
            chosen = Chosen(name, str(self._value(value)))
            return chosen if operator == "contains" else none_of(chosen)
        inner = mapping(value)
        if kind == "RelativeDate" or "timePeriod" in inner or "period" in inner:
            return _relative(name, operator, inner)
        if operator not in _COMPARING:
            return Unsaid(tell("the operator '%(operator)s' has no counterpart", operator=operator[:40]))
        compared = self._value(value)
        if compared == "":
            return Unsaid(tell("it compares with nothing"))
        return written.compared(name, _COMPARING[operator], compared, strict=True)

    def _value(self, value: Any) -> str | bool | Decimal:
        inner = mapping(value)
        if "itemId" in inner:
            return self._items.get(text(inner.get("itemId")), text(inner.get("itemId")))
        plain = inner.get("value") if inner else value
        return plain if isinstance(plain, bool | Decimal) else text(plain)


def _relative(name: str, operator: str, value: Mapping[str, Any]) -> Condition:
    """So long ago or ahead: `is at least 18 years in the past`."""
    count = whole(value.get("timePeriod", value.get("period")), 0, 10_000)
    unit = text(value.get("timeUnit") or value.get("unit"))
    ahead = text(value.get("direction")) in ("in the future", "future")
    if unit == "weeks" and count is not None:
        unit, count = "days", count * 7
    if count is None or unit not in ("days", "months", "years") or operator not in _AGO:
        return Unsaid(
            tell(
                "the span '%(operator)s %(unit)s' has no counterpart", operator=operator[:30], unit=unit[:20]
            )
        )
    return Elapsed(name, _AGO[operator], count, unit, ahead)  # type: ignore[arg-type]


def _components(data: Mapping[str, Any]) -> dict[str, str]:
    """The components' names by their ids."""
    return {
        text(each.get("id")): text(each.get("name")) or text(each.get("id"))
        for _, page in objects(data.get("pages"), "pages")
        for _, each in objects(page.get("components"), "components")
        if text(each.get("id"))
    }
