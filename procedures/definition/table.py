"""A table that lies beside a procedure file: its rows are part of the definition, so a version pins them."""

import unicodedata
from functools import cached_property
from typing import Annotated, Final

from pydantic import Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from procedures.definition.base import Model

FILE_NAME: Final = r"^[A-Za-z0-9_-]+\.csv$"
_HIRAGANA: Final = {code: code + 0x60 for code in range(0x3041, 0x3097)}

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
        wanted = folded(words).split()
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
        """What is searched in, a text for each row."""
        return tuple(folded("\n".join(row)) for row in self.rows)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": FILE_NAME}


def folded(text: str) -> str:
    """`text` for searching: half width, small letters, katakana."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_HIRAGANA)
