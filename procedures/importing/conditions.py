"""Conditions of other programs, before they become expressions. Fields are called as in their source."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from core.told import Told, tell

Operator = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Field:
    """A field in the place of a value."""

    name: str


@dataclass(frozen=True)
class Compare:
    """A field against a value or another field. A field without an answer fulfils none of them."""

    field: str
    operator: Operator
    value: str | bool | Decimal | Field


@dataclass(frozen=True)
class Chosen:
    """An option is among those chosen."""

    field: str
    value: str


@dataclass(frozen=True)
class Holds:
    """A field is true, or has any answer where it is not one of yes or no."""

    field: str


@dataclass(frozen=True)
class Given:
    """A field has an answer."""

    field: str


@dataclass(frozen=True)
class Elapsed:
    """A day is so many days, months or years ago, or ahead."""

    field: str
    operator: Operator
    count: int
    unit: Literal["days", "months", "years"]
    ahead: bool = False


@dataclass(frozen=True)
class Not:
    """The contrary."""

    part: "Condition"


@dataclass(frozen=True)
class Every:
    """All parts; without any it is always true."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Some:
    """At least one part; without any it is never true."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Unsaid:
    """A condition that expressions cannot say, and why."""

    why: Told


Condition: TypeAlias = Compare | Chosen | Holds | Given | Elapsed | Not | Every | Some | Unsaid
ALWAYS = Every(())
NEVER = Some(())
MIRRORED: dict[Operator, Operator] = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


LARGEST = 400
"""Parts of a condition that an expression could still hold."""


def size(condition: Condition) -> int:
    """How many parts a condition has."""
    if isinstance(condition, Every | Some):
        return 1 + sum(size(part) for part in condition.parts)
    return 1 + size(condition.part) if isinstance(condition, Not) else 1


def bounded(condition: Condition) -> Condition:
    """`condition`, or why it cannot be said where it is too large."""
    return condition if size(condition) <= LARGEST else Unsaid(tell("it has too many parts"))


def every(parts: Iterable[Condition | None]) -> Condition:
    """All of `parts`, none of which says nothing."""
    kept = _flat([part for part in parts if part is not None], Every)
    if NEVER in kept:
        return NEVER
    return kept[0] if len(kept) == 1 else Every(kept)


def some(parts: Iterable[Condition | None]) -> Condition:
    """Any of `parts`; one that says nothing is always true."""
    kept = _flat([ALWAYS if part is None else part for part in parts], Some)
    if ALWAYS in kept:
        return ALWAYS
    return kept[0] if len(kept) == 1 else Some(kept)


def none_of(part: Condition) -> Condition:
    """The contrary of `part`."""
    if isinstance(part, Not):
        return part.part
    if part in (ALWAYS, NEVER):
        return NEVER if part == ALWAYS else ALWAYS
    return Not(part)


def _flat(parts: Iterable[Condition], kind: type[Every] | type[Some]) -> tuple[Condition, ...]:
    """Parts of parts of the same kind, each once."""
    found: dict[Condition, None] = {}
    for part in parts:
        found.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
    return tuple(found)
