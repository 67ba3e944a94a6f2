"""Choosing rows of a long table: what people read of a row, and which rows are on offer to them."""

from collections import ChainMap
from typing import Any, Final, cast

from core.errors import Message, message
from core.told import tell
from forms.types import Reading
from procedures.definition.table import Row, Table
from procedures.expressions import Expression
from translations.text import Name, Text

ROW: Final = "row"
"""What an expression calls the row that it decides about."""
MOST: Final = 20
"""Matches that are offered at once."""
LONGEST: Final = 100
"""Characters that are searched for."""


def check_columns(table: Table, show: tuple[str, ...]) -> None:
    """Raises `ValueError` where people are to read a column that the table has not."""
    unknown = [column for column in show if column not in table.columns]
    if unknown and table.columns:
        raise ValueError(tell("the table has no column '%(unknown)s'", unknown=unknown[0]))


def words_of(table: Table, show: tuple[str, ...], row: Row, language: str) -> Name:
    """A row as people read it; the file is written in `language`."""
    return Name({language: " · ".join(cell for _, cell in _shown(table, show, row))})


def facts_of(table: Table, show: tuple[str, ...], row: Row) -> tuple[str, ...]:
    """A row as papers write it: each cell behind the name of its column."""
    return tuple(f"{column}: {cell}" for column, cell in _shown(table, show, row))


def _shown(table: Table, show: tuple[str, ...], row: Row) -> list[tuple[str, str]]:
    """The cells that are shown, with their columns."""
    columns = show or table.columns
    pairs = zip(table.columns, row, strict=True)
    return [(column, cell) for column, cell in pairs if column in columns and cell]


def is_offered(table: Table, offer: Expression | None, row: Row, reading: Reading) -> bool:
    """Whether the row is on offer to this person."""
    if offer is None:
        return True
    values = cast("dict[str, Any]", reading.values)
    return offer.holds(ChainMap({ROW: table.values_of(row)}, values))


def found(table: Table, offer: Expression | None, words: str, reading: Reading) -> list[Row]:
    """The first rows on offer that hold every one of `words`, one more than are shown."""
    matches = table.find(words[:LONGEST], len(table.rows) if offer else MOST + 1)
    return [row for row in matches if is_offered(table, offer, row, reading)][: MOST + 1]


def nothing_found(label: Text, words: str) -> Message:
    """What to do where `words` find no row."""
    if not words:
        return message("Enter words to find “%(label)s” by.", label=label)
    return message("Nothing was found. Try other words.")
