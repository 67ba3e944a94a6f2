"""One row of a long table, found by words: a dwelling out of ten thousand."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from core.errors import Message, message
from core.told import tell
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
from procedures.expressions import TEXT, UNANSWERED, Type, Value

MOST = 20
"""Matches that are offered at once."""
LONGEST = 100


class LookupField(Question):
    """One row of a table, stored as what its first column says."""

    type: Literal["lookup"] = "lookup"
    table: Table = Field(description="The CSV file beside this one; its first column names the rows.")
    show: tuple[str, ...] = Field(default=(), description="The columns people read; all without it.")

    @model_validator(mode="after")
    def _columns_exist(self) -> "LookupField":
        unknown = [column for column in self.show if column not in self.table.columns]
        if unknown and self.table.columns:
            raise ValueError(tell("the table has no column '%(unknown)s'", unknown=unknown[0]))
        return self

    def expression_type(self) -> Type:
        return TEXT

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else stored

    def stored_answer(self, written: Json) -> Json:
        if written is not None and self.table.row(str(written)) is None:
            raise ValueError(tell("the table has no row '%(written)s'", written=written))
        return written

    def words_of(self, row: Row) -> str:
        """A row as people read it."""
        return " · ".join(cell for _, cell in self._shown(row))

    def facts_of(self, row: Row) -> tuple[str, ...]:
        """A row as papers write it: each cell behind the name of its column."""
        return tuple(f"{column}: {cell}" for column, cell in self._shown(row))

    def _shown(self, row: Row) -> list[tuple[str, str]]:
        """The cells that are shown, with their columns."""
        shown = self.show or self.table.columns
        pairs = zip(self.table.columns, row, strict=True)
        return [(column, cell) for column, cell in pairs if column in shown and cell]


@dataclass(frozen=True, slots=True)
class Match:
    """A row on offer, with the id of its radio button."""

    key: str
    words: str
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
        if field.table.row(key):
            return Parsed(key)
        if not field.required and not key and not words:
            return EMPTY
        return wrong(f"{name}-words", _what_to_do(field, words))

    def raw(self, field: LookupField, stored: Json, name: str) -> dict[str, list[str]]:
        words = {f"{name}-words": [""]}
        return {**words, name: [stored]} if stored else words

    def lines(self, field: LookupField, stored: Json, language: str) -> list[Line]:
        row = field.table.row(stored)
        return [field.words_of(row) if row else stored]

    def printed(self, field: LookupField, stored: Json, language: str) -> list[Line]:
        """The columns that people read, one below the other with their names."""
        row = field.table.row(stored)
        return list(field.facts_of(row)) if row else [stored]

    def content(self, field: LookupField, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        key = first(raw, name)
        found = field.table.find(first(raw, f"{name}-words")[:LONGEST], MOST + 1)
        rows = found[:MOST]
        chosen = field.table.row(key)
        if chosen and chosen not in rows:
            rows = [chosen, *rows]
        matches = [
            Match(row[0], field.words_of(row), f"{name}-{place}" if place else name, row[0] == key)
            for place, row in enumerate(rows)
        ]
        return Matches(matches, len(found) > MOST)

    def act(
        self, field: LookupField, action: Action, raw: Raw, name: str
    ) -> tuple[Raw, tuple[FieldError, ...]]:
        """``find``: show what the words find."""
        words = first(raw, f"{name}-words")
        if action.verb != "find" or action.target != name or field.table.find(words[:LONGEST], 1):
            return raw, ()
        return raw, (FieldError(f"{name}-words", _what_to_do(field, words)),)


def _what_to_do(field: LookupField, words: str) -> Message:
    if not words:
        return message("Enter words to find “%(label)s” by.", label=field.label)
    if not field.table.find(words[:LONGEST], 1):
        return message("Enter other words: nothing was found by these.")
    return choose(field)


PLUGIN = LookupType()
