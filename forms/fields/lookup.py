"""One row of a long table, found by words: a dwelling out of ten thousand."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from core.errors import Message
from core.told import tell
from forms import rows
from forms.inputs import choose, first
from forms.types import (
    EMPTY,
    Action,
    Errors,
    FieldError,
    FieldType,
    Line,
    Parsed,
    Question,
    Raw,
    Reading,
    wrong,
)
from procedures.definition.base import Json
from procedures.definition.table import Row, Table
from procedures.expressions import TEXT, UNANSWERED, Expression, Type, Value
from translations.text import Text


class LookupField(Question):
    """One row of a table, stored as what its first column says."""

    type: Literal["lookup"] = "lookup"
    table: Table = Field(description="The CSV file beside this one; its first column names the rows.")
    show: tuple[str, ...] = Field(default=(), description="The columns people read; all without it.")
    offer: Expression | None = Field(
        default=None, description="Which rows are on offer: `row.size >= persons`; all without it."
    )

    @model_validator(mode="after")
    def _columns_exist(self) -> "LookupField":
        rows.check_columns(self.table, self.show)
        return self

    def expression_type(self) -> Type:
        return TEXT

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else stored

    def stored_answer(self, written: Json) -> Json:
        if written is not None and self.table.row(str(written)) is None:
            raise ValueError(tell("the table has no row '%(written)s'", written=written))
        return written


@dataclass(frozen=True, slots=True)
class Match:
    """A row on offer, with the id of its radio button."""

    key: str
    words: Text
    id: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Matches:
    """What was found; `more`: there are others that are not shown."""

    rows: list[Match]
    more: bool


class LookupType(FieldType[LookupField]):
    """One row of a table."""

    name = "lookup"
    definition = LookupField
    flat = True
    parts = ("words",)

    def parse(self, field: LookupField, raw: Raw, name: str, reading: Reading) -> Parsed:
        key, words = first(raw, name), first(raw, f"{name}-words")
        row = field.table.row(key)
        if row and rows.is_offered(field.table, field.offer, row, reading):
            return Parsed(key)
        if not field.required and not key and not words:
            return EMPTY
        return wrong(f"{name}-words", _what_to_do(field, words, reading))

    def raw(self, field: LookupField, stored: Json, name: str) -> dict[str, list[str]]:
        words = {f"{name}-words": [""]}
        return {**words, name: [stored]} if stored else words

    def lines(self, field: LookupField, stored: Json, language: str) -> list[Line]:
        row = field.table.row(stored)
        return [_words(field, row) if row else stored]

    def printed(self, field: LookupField, stored: Json, language: str) -> list[Line]:
        """The columns that people read, one below the other with their names."""
        row = field.table.row(stored)
        return list(rows.facts_of(field.table, field.show, row)) if row else [stored]

    def content(self, field: LookupField, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        key = first(raw, name)
        found = rows.found(field.table, field.offer, first(raw, f"{name}-words"), reading)
        listed = found[: rows.MOST]
        chosen = field.table.row(key)
        if chosen and chosen not in listed:
            listed = [chosen, *listed]
        matches = [
            Match(row[0], _words(field, row), f"{name}-{place}" if place else name, row[0] == key)
            for place, row in enumerate(listed)
        ]
        return Matches(matches, len(found) > rows.MOST)

    def act(
        self, field: LookupField, action: Action, raw: Raw, name: str
    ) -> tuple[Raw, tuple[FieldError, ...]]:
        """``find``: show what the words find."""
        words = first(raw, f"{name}-words")
        if action.verb != "find" or action.target != name or field.table.find(words[: rows.LONGEST], 1):
            return raw, ()
        return raw, (FieldError(f"{name}-words", rows.nothing_found(field.label, words)),)

    def depends_on(self, field: LookupField) -> frozenset[str]:
        return super().depends_on(field) | (field.offer.names - {rows.ROW} if field.offer else frozenset())


def _what_to_do(field: LookupField, words: str, reading: Reading) -> Message:
    if not words or not rows.found(field.table, field.offer, words, reading):
        return rows.nothing_found(field.label, words)
    return choose(field)


def _words(field: LookupField, row: Row) -> Text:
    return rows.words_of(field.table, field.show, row, field.label.source)


PLUGIN = LookupType()
