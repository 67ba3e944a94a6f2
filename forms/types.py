"""What a field type is: how its input is read, validated, stored, shown again and summed up."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar

from core.errors import Message
from core.registry import Registry, registry
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from translations.text import Text

D = TypeVar("D", bound=FieldDefinition)

Raw = Mapping[str, Sequence[str]]
"""What the browser sent: values by input name."""


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one input. `input` is the name of the input it belongs to (the link target of the summary)."""

    input: str
    message: Message


@dataclass(frozen=True)
class Parsed:
    """The outcome of reading a field: the JSON value to store (None: left empty) or errors, never both."""

    value: Json = None
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What reading a field may depend on."""

    today: date
    values: Mapping[str, Any] = field(default_factory=dict)


Line = str | Text | Message
"""A line of a summary: an answer as typed, a procedure's text, or an interface message."""


class FieldType(ABC, Generic[D]):
    """A kind of question. One file in ``forms/fields`` each, with ``PLUGIN = TheType()``.

    Input names are `name` itself or `name` + ``-part`` (``born-year``). Rendering is the macro `field` of the template
    ``web/templates/fields/<type>.html``.
    """

    name: ClassVar[str]
    definition: ClassVar[type[FieldDefinition]]
    label: ClassVar[Message | None] = None
    """The built-in label, where the type has one."""
    asks: ClassVar[bool] = True
    """Whether it takes an answer (content and computed values do not)."""

    @abstractmethod
    def parse(self, field: D, raw: Raw, name: str, reading: Reading) -> Parsed:
        """Read, fold and validate the inputs under `name`."""

    @abstractmethod
    def raw(self, field: D, stored: Json, name: str) -> dict[str, list[str]]:
        """The inputs that would give `stored` again."""

    @abstractmethod
    def lines(self, field: D, stored: Json, language: str) -> list[Line]:
        """The answer for summary, PDF and desk, a line each."""


def field_types() -> Registry:
    """All field types by name."""
    return registry("forms.fields", "field type")


def type_of(field: FieldDefinition) -> FieldType[Any]:
    """The type of `field`."""
    found: FieldType[Any] = field_types()[field.type]
    return found
