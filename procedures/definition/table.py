"""A table that lies beside a procedure file: its rows are part of the definition, so a version pins them."""

from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Annotated, Final

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from core.told import tell
from procedures import expressions
from procedures.definition.base import Model
from procedures.expressions import NUMBER, TEXT, Value
from translations.spelling import fold_spelling

FILE_NAME: Final = r"^[A-Za-z0-9_-]+\.csv$"

_BETWEEN: Final = "\x1e"
"""A sign that no cell has."""

Row = tuple[str, ...]


class Table(Model):
    """The rows of a CSV file, the first column naming each. Authors write the file's name; the loader reads it."""

    file: Annotated[str, Field(pattern=FILE_NAME)]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def row(self, key: str) -> Row | None:
        """The row that `key` names."""
        return self._by_key.get(key)

    def find(self, words: str, limit: int) -> list[Row]:
        """The first rows that hold every one of `words`; width, case and kind of kana do not matter."""
        wanted = fold_spelling(words).split()
        found: list[Row] = []
        if wanted:
            for row, text in zip(self.rows, self._texts, strict=True):
                if all(word in text for word in wanted):
                    found.append(row)
                    if len(found) == limit:
                        break
        return found

    @cached_property
    def _by_key(self) -> dict[str, Row]:
        return {row[0]: row for row in self.rows}

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        """What is searched in, a text for each row; folded at one go, which takes a tenth of the time."""
        whole = _BETWEEN.join("\n".join(row) for row in self.rows)
        return tuple(fold_spelling(whole).split(_BETWEEN)) if self.rows else ()

    @cached_property
    def row_type(self) -> expressions.Row:
        """What expressions see of a row: the columns whose names they can write, numbers where every cell is one."""
        named = [(place, name) for place, name in enumerate(self.columns) if name.isidentifier()]
        numbers = {place for place, _ in named if all(_is_number(row[place]) for row in self.rows)}
        return expressions.Row({name: NUMBER if place in numbers else TEXT for place, name in named})

    def values_of(self, row: Row) -> dict[str, Value]:
        """The cells of `row` as expressions see them."""
        kinds = self.row_type.fields
        return {
            name: Decimal(cell) if kinds[name] == NUMBER else cell
            for name, cell in zip(self.columns, row, strict=True)
            if name in kinds
        }

    @cached_property
    def numbers(self) -> dict[str, Decimal]:
        """The second column as numbers, by the first. Raises `ValueError`."""
        return {row[0]: _number(row) for row in self.rows}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": FILE_NAME}


class NumberTable(Table):
    """A table for `lookup(table, key)`: keys in the first column, numbers in the second."""

    @model_validator(mode="after")
    def _holds_numbers(self) -> "NumberTable":
        if len(self.columns) == 1:
            raise ValueError(tell("a second column with numbers is needed"))
        _ = self.numbers
        return self


def _is_number(cell: str) -> bool:
    try:
        return Decimal(cell).is_finite()
    except InvalidOperation:
        return False


def _number(row: Row) -> Decimal:
    try:
        found = Decimal(row[1])
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise ValueError(tell("'%(value)s' in the row '%(row)s' is not a number", value=row[1], row=row[0]))
    return found
