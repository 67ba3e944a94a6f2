"""An explanation between the questions."""

from typing import Literal

from pydantic import Field

from forms.types import EMPTY, FieldType, Line, Parsed, Raw, Reading
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Type, Value
from translations.text import Text


class ContentField(FieldDefinition):
    """An explanation; it asks nothing. `label` is its heading."""

    type: Literal["content"] = "content"
    text: Text = Field(description="What it says.")
    style: Literal["plain", "note", "warning"] = Field(default="plain", description="How much it stands out.")

    def expression_type(self) -> Type:
        return TEXT

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED


class ContentType(FieldType[ContentField]):
    """An explanation between the questions."""

    name = "content"
    definition = ContentField
    parts = ()
    asks = False

    def parse(self, field: ContentField, raw: Raw, name: str, reading: Reading) -> Parsed:
        return EMPTY

    def raw(self, field: ContentField, stored: Json, name: str) -> dict[str, list[str]]:
        return {}

    def lines(self, field: ContentField, stored: Json, language: str) -> list[Line]:
        return []


PLUGIN = ContentType()
