"""Conditions as expressions of the language, with the types of the fields they ask for."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from core.errors import MadoguchiError
from core.told import tell
from procedures.expressions import Expression, ExpressionError
from procedures.importing.conditions import (
    ALWAYS,
    NEVER,
    Chosen,
    Compare,
    Condition,
    Elapsed,
    Every,
    Field,
    Given,
    Holds,
    Not,
    Operator,
    Some,
    Unsaid,
)

_TRUTHS: Final = ("yes_no", "consent")
_NUMBERS: Final = ("number", "money", "fiscal_year")
_DATES: Final = ("date", "month")
_TEXTS: Final = ("text", "long_text", "email", "phone", "url", "kana", "corporate_number")
_LISTS: Final = ("choices", "group", "ranking")
_OR, _AND, _NOT, _ONE = range(4)
"""How tightly an expression holds together."""


class CannotSay(MadoguchiError):
    """Raised where a condition has no expression; the text says why."""


@dataclass(frozen=True)
class Target:
    """A field that conditions may ask for: its id here, its type, our values of its options by the source's."""

    id: str
    type: str
    options: dict[str, str] = field(default_factory=dict)
    group: str | None = None


class Scope:
    """The fields by what the source calls them, those of a group's rows apart."""

    def __init__(self) -> None:
        self._targets: dict[tuple[str | None, str], Target] = {}

    def add(self, name: str, target: Target) -> None:
        """Know `target` under `name`; the first one of a name counts."""
        self._targets.setdefault((target.group, name), target)

    def find(self, name: str, group: str | None) -> Target | None:
        """The field that a condition in `group` means; also by the last part of a name with dots."""
        for wanted in (name, name.rsplit(".", 1)[-1]):
            for place in dict.fromkeys((group, None)):
                if (place, wanted) in self._targets:
                    return self._targets[place, wanted]
        return None


def expression(condition: Condition, scope: Scope, group: str | None = None) -> str:
    """The text of an expression that holds when `condition` does. Raises `CannotSay`."""
    text = _Writer(scope, group).write(condition)[0]
    try:
        Expression(text)
    except ExpressionError as error:
        raise CannotSay(error.text) from None
    return text


class _Writer:
    """Each method gives a text and how tightly it holds together."""

    def __init__(self, scope: Scope, group: str | None) -> None:
        self._scope, self._group, self._depth = scope, group, 0

    def write(self, condition: Condition) -> tuple[str, int]:
        self._depth += 1
        if self._depth > 60:
            raise CannotSay(tell("it is nested too deep"))
        found: tuple[str, int] = getattr(self, f"_{type(condition).__name__.lower()}")(condition)
        self._depth -= 1
        return found

    def _inside(self, condition: Condition, least: int) -> str:
        text, tight = self.write(condition)
        return text if tight >= least else f"({text})"

    def _unsaid(self, condition: Unsaid) -> tuple[str, int]:
        raise CannotSay(condition.why)

    def _every(self, condition: Every) -> tuple[str, int]:
        if condition == ALWAYS:
            raise CannotSay(tell("it is always met"))
        return " and ".join(self._inside(part, _AND + 1) for part in condition.parts), _AND

    def _some(self, condition: Some) -> tuple[str, int]:
        if condition == NEVER:
            raise CannotSay(tell("it is never met"))
        return " or ".join(self._inside(part, _OR + 1) for part in condition.parts), _OR

    def _not(self, condition: Not) -> tuple[str, int]:
        part = condition.part
        if isinstance(part, Given):
            target = self._target(part.field)
            if target.type in _LISTS:
                return f"len({target.id}) == 0", _ONE
        text, tight = self.write(part)
        if tight == _ONE + 1 and not isinstance(
            part, Given
        ):  # without an answer `not` alone is unanswered too
            return f"not ({text} == true)", _NOT
        return (f"not {text}" if tight > _ONE else f"not ({text})"), _NOT

    def _given(self, condition: Given) -> tuple[str, int]:
        target = self._target(condition.field)
        if target.type in _LISTS:
            return f"len({target.id}) > 0", _ONE
        return f"answered({target.id})", _ONE + 1

    def _holds(self, condition: Holds) -> tuple[str, int]:
        found = self._scope.find(condition.field, self._group)
        head, dot, option = condition.field.rpartition(".")
        boxes = self._scope.find(head, self._group) if dot else None
        if boxes is not None and boxes.type == "choices" and (found is None or option in boxes.options):
            return self._chosen(Chosen(head, option))
        target = self._target(condition.field)
        if target.type in _TRUTHS:
            return target.id, _ONE + 1
        if target.type in _NUMBERS:
            return f"{target.id} != 0", _ONE
        return self._given(Given(condition.field))

    def _chosen(self, condition: Chosen) -> tuple[str, int]:
        target = self._target(condition.field)
        if target.type == "choice":
            return self._compare(Compare(condition.field, "==", condition.value))
        if target.type not in ("choices", "ranking"):
            raise CannotSay(tell("'%(field)s' is no choice of several", field=condition.field))
        return f"'{self._option(target, condition.value)}' in {target.id}", _ONE

    def _compare(self, condition: Compare) -> tuple[str, int]:
        head, dot, option = condition.field.rpartition(".")
        boxes = self._scope.find(head, self._group) if dot else None
        if boxes is not None and boxes.type == "choices" and _truth(condition.value) is not None:
            wanted = _truth(condition.value) == (condition.operator == "==")
            return self.write(Chosen(head, option) if wanted else Not(Chosen(head, option)))
        target = self._target(condition.field)
        if isinstance(condition.value, Field):
            return self._two_fields(target, condition.operator, self._target(condition.value.name))
        if target.type in _TRUTHS:
            return self._yes_or_no(target, condition)
        if target.type == "choices" and condition.operator in ("==", "!="):
            chosen = Chosen(condition.field, str(condition.value))
            return self.write(chosen if condition.operator == "==" else Not(chosen))
        value = self._literal(target, condition.operator, condition.value)
        return f"{target.id} {condition.operator} {value}", _ONE

    def _yes_or_no(self, target: Target, condition: Compare) -> tuple[str, int]:
        truth = _truth(condition.value)
        if truth is None or condition.operator not in ("==", "!="):
            raise CannotSay(tell("'%(field)s' is a yes or no", field=condition.field))
        if truth == (condition.operator == "=="):
            return target.id, _ONE + 1
        return f"not {target.id}", _NOT

    def _two_fields(self, one: Target, operator: Operator, other: Target) -> tuple[str, int]:
        for kinds in (_NUMBERS, _DATES, ("time",), _TEXTS, _TRUTHS):
            if one.type in kinds and other.type in kinds:
                if kinds in (_TEXTS, _TRUTHS) and operator not in ("==", "!="):
                    break
                return f"{one.id} {operator} {other.id}", _ONE
        raise CannotSay(tell("'%(id)s' and '%(id2)s' cannot be compared so", id=one.id, id2=other.id))

    def _elapsed(self, condition: Elapsed) -> tuple[str, int]:
        target = self._target(condition.field)
        if target.type not in _DATES:
            raise CannotSay(tell("'%(field)s' is no day", field=condition.field))
        span = ("today", target.id) if condition.ahead else (target.id, "today")
        if condition.unit != "days" and condition.operator in ("<=", ">", "==", "!="):
            raise CannotSay(tell("whole %(unit)s do not say where the last day lies", unit=condition.unit))
        return f"{condition.unit}({span[0]}, {span[1]}) {condition.operator} {condition.count}", _ONE

    def _target(self, name: str) -> Target:
        found = self._scope.find(name, self._group)
        if found is None:
            raise CannotSay(tell("it asks for '%(name)s', which is no field here", name=name[:60]))
        return found

    def _literal(self, target: Target, operator: Operator, value: str | bool | Decimal) -> str:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        equal = operator in ("==", "!=")
        if target.type == "choice" and equal:
            return f"'{self._option(target, text)}'"
        if target.type in _NUMBERS and re.fullmatch(r"-?\d{1,15}(\.\d{1,10})?", text, re.ASCII):
            return text
        if target.type in _DATES:
            return f"date('{_day(text)}')"
        if target.type == "time" and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d(:00)?", text, re.ASCII):
            return f"time('{text[:5]}')"
        if target.type in _TEXTS and equal:
            return _quoted(text)
        raise CannotSay(
            tell(
                "'%(id)s' cannot be compared with '%(text)s' by `%(operator)s`",
                id=target.id,
                text=text[:40],
                operator=operator,
            )
        )

    def _option(self, target: Target, value: str) -> str:
        if value not in target.options:
            raise CannotSay(tell("'%(id)s' has no option '%(value)s'", id=target.id, value=value[:40]))
        return target.options[value]


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "yes": True, "false": False, "no": False}.get(str(value).lower())


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise CannotSay(tell("'%(text)s' is no day", text=text[:20])) from None


def _quoted(text: str) -> str:
    if "\\" in text or "\n" in text or ("'" in text and '"' in text):
        raise CannotSay(tell("it compares with a text that expressions cannot hold"))
    quote = '"' if "'" in text else "'"
    return f"{quote}{text}{quote}"


def names(text: str) -> frozenset[str]:
    """The fields that an expression asks for."""
    return Expression(text).names - {"today"}
