"""The types and values of expressions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

from core.errors import MadoguchiError
from core.told import NOTHING, Told, tell


class Unanswered:
    """The value of a question that has no answer (yet), or that is not asked."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNANSWERED"

    def __bool__(self) -> bool:
        return False


UNANSWERED: Final = Unanswered()

Value: TypeAlias = Decimal | str | bool | date | tuple[Any, ...] | Mapping[str, Any] | Unanswered
"""What expressions calculate with. Rows of a group are a tuple of mappings; money is a `Decimal` of whole yen."""


class StepsExceeded(MadoguchiError):
    """Raised when an evaluation would take more than 10,000 steps: far more rows than any form allows."""


@dataclass(frozen=True)
class Scalar:
    """A simple type; `told` is how messages call it."""

    told: Told

    def __str__(self) -> str:
        return str(self.told)


NUMBER: Final = Scalar(tell("a number"))
MONEY: Final = Scalar(tell("money"))
TEXT: Final = Scalar(tell("text"))
DATE: Final = Scalar(tell("a date"))
TIME: Final = Scalar(tell("a time of day"))
"""Its values are texts like ``09:30``, which come in the order of the day."""
BOOL: Final = Scalar(tell("yes or no"))
TABLE: Final = Scalar(tell("a table"))
"""Numbers by key; only `lookup` takes one."""


@dataclass(frozen=True)
class Choice:
    """One of `options` (their values); compares with text."""

    options: tuple[str, ...]

    @property
    def told(self) -> Told:
        """What messages call it."""
        return tell("a choice")

    def __str__(self) -> str:
        return str(self.told)


@dataclass(frozen=True)
class Row:
    """Named parts: a row of a group, or an answer in parts such as a name (``name.family``)."""

    fields: Mapping[str, "Type"] = field(hash=False)

    @property
    def told(self) -> Told:
        """What messages call it."""
        return tell("a row")

    def __str__(self) -> str:
        return str(self.told)


@dataclass(frozen=True)
class ListOf:
    """Rows of a repeating group, or the options chosen where several may be."""

    item: "Type"

    @property
    def told(self) -> Told:
        """What messages call it."""
        return tell("a list")

    def __str__(self) -> str:
        return str(self.told)


Type: TypeAlias = Scalar | Choice | Row | ListOf


@dataclass(frozen=True)
class Finding:
    """A mistake in an expression: what, a hint, and where (characters from its start)."""

    code: str
    text: Told
    offset: int = 0
    hint: Told = NOTHING
