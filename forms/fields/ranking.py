"""Several answers in the order of preference: of a few options, or of the rows of a long table, found by words."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from core.errors import Message, message
from core.told import tell
from forms import rows
from forms.inputs import choose, first
from forms.options import Option, each_once, label_of, offered
from forms.types import EMPTY, Action, Errors, FieldError, FieldType, Line, Parsed, Question, Raw, Reading
from procedures.definition.base import Json
from procedures.definition.table import Row, Table
from procedures.expressions import TEXT, Choice, Expression, ListOf, Type, Value
from translations.text import Text

MOST = 10
"""Places a ranking may have."""
WORDS = "words"


class RankingField(Question):
    """Options, or rows of a table, in order, stored as a list of their values, the first choice first."""

    type: Literal["ranking"] = "ranking"
    options: tuple[Option, ...] = Field(
        default=(), max_length=500, description="The answers on offer, at least two; or `table`."
    )
    table: Table | None = Field(
        default=None,
        description="Instead of options: the CSV file beside this one; its first column names the rows.",
    )
    show: tuple[str, ...] = Field(
        default=(), description="The columns of the table that people read; all without it."
    )
    offer: Expression | None = Field(
        default=None, description="Which rows are on offer: `row.youngest <= class_age`; all without it."
    )
    places: int = Field(default=3, ge=2, le=MOST, description="How many may be chosen.")
    min: int = Field(default=1, ge=1, le=MOST, description="How many must be chosen.")

    @field_validator("options")
    @classmethod
    def _each_once(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        return each_once(options)

    @model_validator(mode="after")
    def _enough(self) -> "RankingField":
        if self.min > self.places:
            raise ValueError(tell("min is larger than places"))
        if self.table is None:
            if len(self.options) < 2:
                raise ValueError(tell("at least two `options` are needed here, or a `table`"))
            if self.places > len(self.options):
                raise ValueError(tell("there are more places than options"))
        else:
            if self.options:
                raise ValueError(tell("`options` and `table` exclude each other"))
            rows.check_columns(self.table, self.show)
        return self

    def expression_type(self) -> Type:
        return ListOf(TEXT if self.table else Choice(tuple(option.value for option in self.options)))

    def expression_value(self, stored: Json) -> Value:
        return tuple(stored or ())

    def stored_answer(self, written: Json) -> Json:
        if self.table is None or not isinstance(written, list):
            return NotImplemented
        unknown = next((key for key in written if self.table.row(str(key)) is None), None)
        if unknown is not None:
            raise ValueError(tell("the table has no row '%(written)s'", written=unknown))
        return [str(key) for key in written]

    def called(self, value: str) -> Text | str:
        """What people read of what they chose; the value itself where the file no longer has it."""
        if self.table is None:
            return label_of(self.options, value)
        row = self.table.row(value)
        return rows.words_of(self.table, self.show, row, self.label.source) if row else value


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row in its place."""

    place: int
    key: str
    words: Text | str


@dataclass(frozen=True, slots=True)
class Places:
    """What the macro shows: a list to choose from for each place, or rows chosen so far and rows that were found."""

    places: range
    min: int
    options: list[Option]
    searched: bool = False
    chosen: tuple[Chosen, ...] = ()
    matches: tuple[tuple[str, Text | str], ...] = ()
    more: bool = False
    full: bool = False


class RankingType(FieldType[RankingField]):
    """Several answers in order."""

    name = "ranking"
    definition = RankingField
    parts = (*(str(place) for place in range(1, MOST + 1)), WORDS)

    def parse(self, field: RankingField, raw: Raw, name: str, reading: Reading) -> Parsed:
        if field.table is not None:
            return _parse_rows(field, field.table, raw, name, reading)
        sent = {place: first(raw, f"{name}-{place}") for place in range(1, field.places + 1)}
        chosen = [value for value in sent.values() if value]
        if not chosen and not field.required:
            return EMPTY
        known = {option.value for option in offered(field.options, reading)}
        errors = []
        for place, value in sent.items():
            if value and value not in known:
                errors.append(FieldError(f"{name}-{place}", choose(field)))
            elif not value and (place <= field.min or any(sent[later] for later in sent if later > place)):
                errors.append(FieldError(f"{name}-{place}", _number_missing(field, place)))
            elif value and value in [sent[earlier] for earlier in sent if earlier < place]:
                errors.append(FieldError(f"{name}-{place}", _twice(field, value)))
        return Parsed(None, tuple(errors)) if errors else Parsed(chosen)

    def raw(self, field: RankingField, stored: Json, name: str) -> dict[str, list[str]]:
        places = dict(enumerate(stored or (), start=1))
        if field.table is not None:
            return {f"{name}-{WORDS}": [""]} | {f"{name}-{place}": [key] for place, key in places.items()}
        return {f"{name}-{place}": [places.get(place, "")] for place in range(1, field.places + 1)}

    def lines(self, field: RankingField, stored: Json, language: str) -> list[Line]:
        return [
            message("%(place)s. %(option)s", place=place, option=field.called(value))
            for place, value in enumerate(stored, start=1)
        ]

    def depends_on(self, field: RankingField) -> frozenset[str]:
        names = super().depends_on(field).union(*(each.when.names for each in field.options if each.when))
        return names | (field.offer.names - {rows.ROW} if field.offer else frozenset())

    def content(self, field: RankingField, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        places = range(1, field.places + 1)
        if field.table is None:
            return Places(places, field.min, offered(field.options, reading))
        keys = _chosen(field, raw, name)
        found = rows.found(field.table, field.offer, first(raw, f"{name}-{WORDS}"), reading)
        listed: list[Row] = [row for row in found[: rows.MOST] if row[0] not in keys]
        return Places(
            places,
            field.min,
            [],
            searched=True,
            chosen=tuple(Chosen(at, key, field.called(key)) for at, key in enumerate(keys, start=1)),
            matches=tuple((row[0], field.called(row[0])) for row in listed),
            more=len(found) > rows.MOST,
            full=len(keys) >= field.places,
        )

    def act(
        self, field: RankingField, action: Action, raw: Raw, name: str
    ) -> tuple[Raw, tuple[FieldError, ...]]:
        """``find``: show what the words find; ``add``, ``drop`` and ``up`` (with a key or a place) change the order."""
        if field.table is None or action.target != name:
            return raw, ()
        keys, words = _chosen(field, raw, name), first(raw, f"{name}-{WORDS}")
        problem: Message | None = None
        if action.verb == "find" and not field.table.find(words[: rows.LONGEST], 1):
            problem = rows.nothing_found(field.label, words)
        elif action.verb == "add" and len(keys) >= field.places:
            problem = message("All places are taken. Remove one first.")
        elif action.verb == "add" and action.detail in keys:
            problem = _twice(field, action.detail)
        elif action.verb == "add" and field.table.row(action.detail):
            keys.append(action.detail)
        elif (
            action.verb in ("drop", "up")
            and action.detail.isdecimal()
            and 1 <= int(action.detail) <= len(keys)
        ):
            at = int(action.detail) - 1
            key = keys.pop(at)
            if action.verb == "up":
                keys.insert(max(at - 1, 0), key)
        changed = {**raw, **_inputs(field, keys, name)}
        return changed, () if problem is None else (FieldError(f"{name}-{WORDS}", problem),)


def _parse_rows(field: RankingField, table: Table, raw: Raw, name: str, reading: Reading) -> Parsed:
    """Rows in their order; gaps between them close by themselves, as nobody can see them."""
    keys = _chosen(field, raw, name)
    if not keys and not field.required:
        return EMPTY
    for place, key in enumerate(keys):
        row = table.row(key)
        if row is None or not rows.is_offered(table, field.offer, row, reading):
            return _wrong(name, choose(field))
        if key in keys[:place]:
            return _wrong(name, _twice(field, key))
    if len(keys) < field.min:
        return _wrong(name, _number_missing(field, len(keys) + 1))
    return Parsed(keys)


def _wrong(name: str, why: Message) -> Parsed:
    return Parsed(None, (FieldError(f"{name}-{WORDS}", why),))


def _chosen(field: RankingField, raw: Raw, name: str) -> list[str]:
    sent = [first(raw, f"{name}-{place}") for place in range(1, field.places + 1)]
    return [key for key in sent if key]


def _inputs(field: RankingField, keys: list[str], name: str) -> dict[str, list[str]]:
    places = dict(enumerate(keys, start=1))
    return {f"{name}-{place}": [places.get(place, "")] for place in range(1, field.places + 1)}


def _number_missing(field: RankingField, place: int) -> Message:
    return message("Choose number %(place)s of “%(label)s”.", place=place, label=field.label)


def _twice(field: RankingField, value: str) -> Message:
    return message("Choose “%(option)s” only once: it is there twice.", option=field.called(value))


PLUGIN = RankingType()
