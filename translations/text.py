"""A text of a procedure in the languages it has, and the one a reader gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from translations.languages import PSEUDO, fallbacks
from translations.pseudo import disguised


@dataclass(frozen=True)
class Phrase:
    """What a reader gets: the text and the language it is really in (BCP 47), which may not be the one asked for."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


class Text:
    """A text in one or more languages. The first one is its source, in the language the file is written in.

    In YAML it is a plain text, or ``{ja: …, en: …}``. A plain text has the tag ``""`` until the loader names the
    file's language.
    """

    __slots__ = ("_by_language", "source")

    def __init__(self, by_language: Mapping[str, str]) -> None:
        if not by_language:
            raise ValueError("a text needs at least one language")
        self._by_language = dict(by_language)
        self.source = next(iter(self._by_language))

    def phrase(self, language: str) -> Phrase:
        """The text for a reader of `language`: itself, else along the declared fallbacks, else the source."""
        for tag in fallbacks(language):
            if tag in self._by_language:
                return Phrase(
                    disguised(self._by_language[tag], language), language if language in PSEUDO else tag
                )
        return Phrase(self._by_language[self.source], self.source)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it has, the source first."""
        return tuple(self._by_language)

    def as_dict(self) -> dict[str, str]:
        """Text by language, the source first."""
        return dict(self._by_language)

    def __str__(self) -> str:
        return self._by_language[self.source]

    def __repr__(self) -> str:
        return f"Text({self._by_language!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self._by_language == other._by_language

    def __hash__(self) -> int:
        return hash(tuple(self._by_language.items()))

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        def build(value: str | dict[str, str]) -> Text:
            return cls({"": value} if isinstance(value, str) else value)

        return core_schema.no_info_after_validator_function(
            build,
            core_schema.union_schema(
                [
                    core_schema.str_schema(min_length=1),
                    core_schema.dict_schema(
                        core_schema.str_schema(), core_schema.str_schema(min_length=1), min_length=1
                    ),
                ]
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda text: text.as_dict()),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"$comment": "text"}


class Name(Text):
    """A text that is no translator's work, as a row of a table: it is in one language, and stays as it is in all."""

    __slots__ = ()
