"""One page of a form: what its inputs hold, what is shown, what was typed. Nothing here knows of a browser."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import Message
from forms import apart
from forms.types import Action, FieldError, Line, Raw, Reading, Shown, type_of
from procedures.definition import Page, Procedure
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import Value
from procedures.values import Values
from procedures.visibility import visible_fields

_NOT_TYPED = ("row", apart.KEPT, "era", "path", "words")
"""Parts of inputs that nobody reads as an answer."""
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page as a template shows it."""

    page: Page
    fields: list[Shown]
    has_conditions: bool
    """Whether an answer on the page decides what else the page shows."""
    live: bool
    """Whether choosing something changes the page: through a condition, or inside a field."""
    takes_files: bool
    """Whether it has to be sent where files are taken."""
    blank: bool
    """Whether nobody has typed anything yet and nothing is worked out: then it looks alike for everybody."""


@dataclass(frozen=True, slots=True)
class PageResult:
    """What was read from a page."""

    answers: dict[str, Json]
    """The answers of the fields that are shown, by id; None: left empty, or wrong. Hidden fields are not in it."""
    errors: tuple[FieldError, ...]
    """What is wrong, in the order of the page."""
    visible: frozenset[str]
    """The fields that are shown with these answers."""


def inputs(page: Page, answers: Mapping[str, Json]) -> dict[str, list[str]]:
    """What the inputs of `page` hold for `answers`."""
    raw: dict[str, list[str]] = {}
    for field in page.fields:
        raw.update(type_of(field).raw(field, answers.get(field.id), field.id))
    return raw


def read(page: Page, raw: Raw, answers: Mapping[str, Json], reading: Reading) -> PageResult:
    """Read and validate what was typed. `answers` are those of the other pages; `reading.values` are a `Values`.

    Conditions see what was typed just now; fields they hide are not validated.
    """
    typed, errors = _parse(page, raw, answers, reading)
    shown = visible_fields(page, typed)
    return PageResult(
        {field.id: typed.answers.get(field.id) for field in shown if type_of(field).asks},
        tuple(error for field in shown for error in errors.get(field.id, ())),
        frozenset(field.id for field in shown),
    )


def lines(
    page: Page, raw: Raw, answers: Mapping[str, Json], reading: Reading, language: str
) -> dict[str, list[Line]]:
    """What was typed on `page`, to be read: as answers where they are right, else as it was typed."""
    typed, _ = _parse(page, raw, answers, reading)
    told: dict[str, list[Line]] = {}
    for field in page.fields:
        kind = type_of(field)
        if kind.asks:
            answer = typed.answers.get(field.id)
            told[field.id] = _as_typed(field, raw) if answer is None else kind.lines(field, answer, language)
    return told


def aids(field: FieldDefinition) -> tuple[str, ...]:
    """How the names of those inputs of `field` end that its buttons leave beside what people type."""
    own = (f"{field.id}-{aid}" for aid in type_of(field).aids)
    return (*own, *(f"-{ending}" for sub in field.subfields() for ending in aids(sub)))


def _as_typed(field: FieldDefinition, raw: Raw) -> list[Line]:
    """The texts that stand in the inputs of `field`, without what stands for rows and files."""
    own = {name: texts for name, texts in raw.items() if name.partition("-")[0] == field.id}
    shown = [
        text
        for name, texts in own.items()
        if name.rpartition("-")[2] not in _NOT_TYPED and not name.endswith(aids(field))
        for text in texts
        if text.strip()
    ]
    return [" ".join(shown)[:_LONGEST]] if shown else []


def show(
    page: Page,
    raw: Raw,
    answers: Mapping[str, Json],
    reading: Reading,
    errors: Sequence[FieldError] = (),
) -> FormPage:
    """`page` with what stands in its inputs; conditions see it as `read` does."""
    watched = _watched(page, _procedure(reading))
    fields: Sequence[FieldDefinition] = page.fields
    if any(type_of(field).depends_on(field) for field in fields):
        typed, _ = _parse(page, raw, answers, reading)
        reading = reading.seeing(typed)
        fields = visible_fields(page, typed)
    messages: dict[str, tuple[Message, ...]] = {}
    for error in errors:
        messages[error.input] = (*messages.get(error.input, ()), error.message)
    shown = [
        type_of(field).show(field, raw, field.id, reading, messages, field.id in watched) for field in fields
    ]
    blank = not errors and not any(map(any, raw.values())) and all(type_of(field).asks for field in fields)
    return FormPage(
        page, shown, bool(watched), bool(watched) or _live(fields), takes_files(page.fields), blank
    )


def act(page: Page, raw: Raw, pressed: str) -> tuple[Raw, tuple[FieldError, ...]]:
    """The inputs after a button inside the page was pressed (its value, e.g. ``add:household``), and what was wrong.

    A button no field knows (``refresh``, ``lang:en``) changes nothing.
    """
    verb, _, rest = pressed.partition(":")
    target, _, detail = rest.partition(":")
    id = target.partition("-")[0]
    for field in page.fields:
        if field.id == id:
            return type_of(field).act(field, Action(verb, target, detail), raw, field.id)
    return raw, ()


class _Typed(Mapping[str, Value]):
    """What expressions see while a page is being read: each answer counts as soon as it is read."""

    __slots__ = ("_values", "answers", "procedure", "today")

    def __init__(self, answers: Mapping[str, Json], reading: Reading) -> None:
        self.answers = dict(answers)
        self.procedure, self.today = _procedure(reading), reading.today
        self._values: Values | None = None

    def set(self, id: str, answer: Json) -> None:
        self.answers[id] = answer
        self._values = None

    def _now(self) -> Values:
        if self._values is None:
            self._values = Values(self.procedure, self.answers, self.today)
        return self._values

    def __getitem__(self, name: str) -> Value:
        return self._now()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())


def _procedure(reading: Reading) -> Procedure:
    if not isinstance(reading.values, Values | _Typed):
        raise TypeError("a page is read with the Values of its procedure")
    return reading.values.procedure


def _parse(
    page: Page, raw: Raw, answers: Mapping[str, Json], reading: Reading
) -> tuple[_Typed, dict[str, tuple[FieldError, ...]]]:
    """Every field's typed answer, whether shown or not, and the errors by field."""
    typed = _Typed(answers, reading)
    inside = reading.seeing(typed)
    if apart.is_asked(page.fields):
        inside = inside.keeping(apart.by_id(dict(answers)))
    errors: dict[str, tuple[FieldError, ...]] = {}
    for field in page.fields:
        kind = type_of(field)
        if not kind.asks:
            continue
        parsed = kind.parse(field, raw, field.id, inside)
        typed.set(field.id, parsed.value)
        if parsed.value is not None:
            inside = inside.taking(kind.slots(field, parsed.value))
        if parsed.errors:
            errors[field.id] = parsed.errors
    return typed, errors


def _live(fields: Sequence[FieldDefinition]) -> bool:
    return any(type_of(field).live or _live(field.subfields()) for field in fields)


def takes_files(fields: Sequence[FieldDefinition]) -> bool:
    """Whether any of `fields`, or of those in their rows, is answered with files."""
    return any(type_of(field).takes_files or takes_files(field.subfields()) for field in fields)


def _watched(page: Page, procedure: Procedure) -> frozenset[str]:
    """The fields of the page (and of rows on it) that decide what else it shows, through computed values too."""
    named: set[str] = set()
    asked = list(_with_rows(page.fields))
    open = set[str]().union(*(type_of(field).depends_on(field) for field in asked))
    while open:
        name = open.pop()
        if name not in named:
            named.add(name)
            computed: Any = procedure.computed.get(name)
            open.update(computed.names if computed is not None else ())
    return frozenset(named & {field.id for field in asked})


def _with_rows(fields: Sequence[FieldDefinition]) -> Iterator[FieldDefinition]:
    """`fields` and those of the rows in them."""
    for field in fields:
        yield field
        yield from _with_rows(field.subfields())
