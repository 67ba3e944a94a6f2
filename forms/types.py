"""What a field type is: how its input is read, validated, stored, shown again and summed up."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import Field

from core.errors import Message
from core.registry import Registry, registry
from forms.exchange import stored_schema
from forms.slots import Booked, Slot
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from translations import furigana
from translations.languages import DEFAULT
from translations.messages import translate
from translations.spelling import search_key
from translations.text import Text

D = TypeVar("D", bound=FieldDefinition)

Raw = Mapping[str, Sequence[str]]
"""What the browser sent: values by input name."""
Label = Text | Message
"""A question: the author's text, or the built-in one of a standard type."""
Line = str | Text | Message
"""A line of a summary: an answer as typed, a procedure's text, or an interface message."""


class Question(FieldDefinition):
    """A field whose question only the author can know."""

    label: Text = Field(description="The question.")


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one input. `input` is the name of the input it belongs to (the link target of the summary)."""

    input: str
    message: Message


@dataclass(frozen=True, slots=True)
class Whose:
    """What people know an input by: the rows it stands in, and what else tells it from others."""

    rows: tuple[Label, ...] = ()
    closer: tuple[Label, ...] = ()
    """The question, and then the lists that the rows belong to, from within."""
    alike: bool = False
    """Whether a question of the same kind stands beside it."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The outcome of reading a field: the JSON value to store (None: left empty) or errors, never both."""

    value: Json = None
    errors: tuple[FieldError, ...] = ()


def wrong(input: str, message: Message) -> Parsed:
    """The outcome where one input is wrong."""
    return Parsed(None, (FieldError(input, message),))


EMPTY = Parsed()
"""The outcome of a field that was left empty and may be."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading or showing a field may depend on: the day, what expressions see, places others took, files sent."""

    today: date
    values: Mapping[str, Any] = field(default_factory=dict)
    booked: Booked = field(default_factory=dict)
    uploads: Mapping[str, Mapping[str, Any]] | None = None
    """The files that were sent, by id; None where no file can be, as in examples: then what is named counts."""
    kept: Mapping[str, Any] = field(default_factory=dict)
    """Answers that are encrypted apart (`forms.apart`), by the id that stands in for them in a browser."""

    def seeing(self, values: Mapping[str, Any]) -> "Reading":
        """The same with other values for expressions."""
        return Reading(self.today, values, self.booked, self.uploads, self.kept)

    def keeping(self, kept: Mapping[str, Any]) -> "Reading":
        """The same with these answers that are kept apart, beside those known already."""
        return Reading(self.today, self.values, self.booked, self.uploads, {**self.kept, **kept})

    def taking(self, slots: Sequence[Slot]) -> "Reading":
        """The same where `slots` are taken as well: nobody chooses one place twice."""
        if not slots:
            return self
        booked = dict(self.booked)
        for slot in slots:
            booked[slot.moment] = booked.get(slot.moment, 0) + 1
        return Reading(self.today, self.values, booked, self.uploads, self.kept)


@dataclass(frozen=True, slots=True)
class Action:
    """A button that changes a page without leaving it: ``add:household``, ``remove:household:2``, ``lookup:home``."""

    verb: str
    target: str
    detail: str = ""


Errors = Mapping[str, tuple[Message, ...]]
"""What is wrong, by input name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as its macro shows it. Nothing in it depends on the reader's language."""

    field: Any
    type: str
    name: str
    label: Label | None
    hint: Label | None
    required: bool
    values: Mapping[str, str]
    """What stands in the inputs, by part; the only input of a simple type is ``""``."""
    errors: Mapping[str, tuple[Message, ...]]
    """What is wrong, by part; each part is read out with its own mistakes only."""
    described: str
    """The ids for ``aria-describedby`` of the whole question: of the hint, and of what is wrong with no single part."""
    content: Any = None
    """What only this type has: offered options, rows of a group, a computed value …"""
    refresh: bool = False
    """Whether what else is shown on the page depends on this answer."""


class FieldType(ABC, Generic[D]):
    """A kind of question. One file in ``forms/fields`` each, with ``PLUGIN = TheType()``.

    Input names are `name` itself or `name` + ``-part`` (``born-year``). Rendering is the macro `field` of the template
    ``web/templates/fields/<type>.html``.
    """

    name: ClassVar[str]
    definition: ClassVar[type[FieldDefinition]]
    label: ClassVar[Message | None] = None
    """The built-in label, where the type has one."""
    hint: ClassVar[Message | None] = None
    """The built-in hint; a field's `help` replaces it."""
    parts: ClassVar[tuple[str, ...]] = ("",)
    """The inputs it is made of; ``""`` is `name` itself."""
    aids: ClassVar[tuple[str, ...]] = ()
    """Inputs that its buttons leave beside the parts; nobody types them."""
    asks: ClassVar[bool] = True
    """Whether it takes an answer (content and computed values do not)."""
    flat: ClassVar[bool] = False
    """Whether the stored answer itself is what a column of a table holds: a day, a number, a code."""
    live: ClassVar[bool] = False
    """Whether what it shows follows from what is chosen in it."""
    apart: ClassVar[bool] = False
    """Whether its answers are encrypted apart from the others (`forms.apart`); it says what is `secret` then."""
    takes_files: ClassVar[bool] = False
    """Whether it is answered with files (`forms.handed_in`)."""
    lasts: ClassVar[bool] = True
    """Whether an answer may be filled in again in a later form of the same person: not what is booked, signed, agreed
    to or handed in for one application, nor what may be typed only where it is asked."""

    @abstractmethod
    def parse(self, field: D, raw: Raw, name: str, reading: Reading) -> Parsed:
        """Read, fold and validate the inputs under `name`."""

    @abstractmethod
    def raw(self, field: D, stored: Json, name: str) -> dict[str, list[str]]:
        """The inputs that would give `stored` again. For None: the inputs of an untouched field."""

    @abstractmethod
    def lines(self, field: D, stored: Json, language: str) -> list[Line]:
        """The answer for summary, PDF and desk, a line each. `stored` is never None."""

    def printed(self, field: D, stored: Json, language: str) -> list[Line]:
        """The answer as issued documents write it, a line each: as everywhere, unless the type has more to say."""
        return self.lines(field, stored, language)

    def answer(self, field: D, answers: Mapping[str, Json], reading: Reading) -> Json:
        """What `lines` takes for `field`: the stored answer (or a calculated value); None where there is none."""
        return answers.get(field.id)

    def export(self, field: D, stored: Json, language: str) -> str:
        """The answer as one flat text, for a column of a table. Never a secret: what `lines` masks stays masked."""
        if self.flat:
            return str(stored)
        return " / ".join(
            furigana.strip(translate(line, language)) for line in self.lines(field, stored, language)
        )

    def api(self, field: D, language: str) -> dict[str, Any]:
        """The JSON Schema of a stored answer, with the question in `language`."""
        label = field.own_label()
        named = {"title": furigana.strip(translate(label, language))} if label else {}
        return {**named, **self.shape(field)}

    def shape(self, field: D) -> dict[str, Any]:
        """The JSON Schema of a stored answer, without words."""
        return stored_schema(field.expression_type())

    def search_key(self, field: D, stored: Json) -> str:
        """What the answer is found by, whatever way it is written."""
        return search_key(self.export(field, stored, DEFAULT))

    def told(self, field: D, stored: Json) -> Json:
        """`stored` as it may travel in the data of issued documents: masked where the type keeps it secret."""
        return stored

    def secret(self, typed: str) -> str | None:
        """What of a typed text is to be kept apart; none where it is not right."""
        return None

    def resources(self, field: D) -> frozenset[str]:
        """The resources whose dated places it books (`forms.slots`)."""
        return frozenset()

    def slots(self, field: D, stored: Json) -> tuple[Slot, ...]:
        """The dated places that the answer takes."""
        return ()

    def files(self, field: D, stored: Json) -> tuple[dict[str, Any], ...]:
        """The files that the answer consists of."""
        return ()

    def questions(self, field: D, raw: Raw, name: str) -> dict[str, Any]:
        """The questions for files under `name`, by the names of their inputs (`forms.handed_in.HandedIn`)."""
        return {}

    def depends_on(self, field: D) -> frozenset[str]:
        """The names that decide whether and how it is shown."""
        return field.when.names if field.when is not None else frozenset()

    def act(self, field: D, action: Action, raw: Raw, name: str) -> tuple[Raw, tuple[FieldError, ...]]:
        """The inputs after a button of this field was pressed, and what was wrong with pressing it."""
        return raw, ()

    def whose(self, field: D, raw: Raw, name: str, input: str) -> Whose:
        """What the question under `name` calls one of its inputs."""
        label = field.own_label()
        return Whose(closer=(label,) if label else ())

    def content(self, field: D, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        """What the type's macro needs beyond label, values and errors."""
        return None

    def show(
        self, field: D, raw: Raw, name: str, reading: Reading, errors: Errors, refresh: bool = False
    ) -> Shown:
        """The field as its macro shows it, with what stands in `raw` and the messages of its inputs."""
        values: dict[str, str] = {}
        found: dict[str, tuple[Message, ...]] = {}
        for part in self.parts:
            input = f"{name}-{part}" if part else name
            sent = raw.get(input)
            values[part] = sent[0] if sent else ""
            if errors and input in errors:
                found[part] = errors[input]
        hint = field.help or self.hint
        ids = [f"{name}-hint"] if hint else []
        if "" in found:
            ids.append(f"{name}-error")
        return Shown(
            field, self.name, name, field.own_label(), hint, field.required, values, found,
            " ".join(ids), self.content(field, raw, name, reading, errors), refresh,
        )  # fmt: skip


def field_types() -> Registry:
    """All field types by name."""
    return registry("forms.fields", "field type")


def whose(fields: Sequence[FieldDefinition], raw: Raw, prefix: str, input: str) -> Whose:
    """What one of `fields`, whose names begin with `prefix`, calls an input; nothing where it belongs to none."""
    id = input.removeprefix(prefix).partition("-")[0]
    field = next((field for field in fields if field.id == id), None)
    if field is None or not input.startswith(prefix):
        return Whose()
    found = type_of(field).whose(field, raw, f"{prefix}{id}", input)
    if found.rows:
        return found
    return replace(found, alike=sum(other.type == field.type for other in fields) > 1)


def type_of(field: FieldDefinition) -> FieldType[Any]:
    """The type of `field`."""
    found: FieldType[Any] = field_types()[field.type]
    return found
