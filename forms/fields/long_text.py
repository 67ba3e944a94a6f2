"""Several lines of text."""

from typing import Literal

from pydantic import Field

from forms.inputs import enter, length, lines, longer_than, too_long, too_short
from forms.types import EMPTY, FieldType, Line, Parsed, Question, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.expressions import TEXT, UNANSWERED, Type, Value


class LongTextField(Question):
    """Text of several lines, kept as typed."""

    type: Literal["long_text"] = "long_text"
    min_length: int = Field(
        default=0, ge=0, description="The least number of characters as people count them."
    )
    max_length: int = Field(default=2000, ge=1, le=20_000, description="The largest number of characters.")
    rows: int = Field(default=5, ge=2, le=30, description="The height of the input in lines.")

    def expression_type(self) -> Type:
        return TEXT

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else stored


class LongTextType(FieldType[LongTextField]):
    """Several lines of text."""

    name = "long_text"
    definition = LongTextField

    def parse(self, field: LongTextField, raw: Raw, name: str, reading: Reading) -> Parsed:
        text = lines(raw, name)
        if not text:
            return wrong(name, enter(field)) if field.required else EMPTY
        if longer_than(text, field.max_length):
            return wrong(name, too_long(field, field.max_length, text))
        if field.min_length and length(text) < field.min_length:
            return wrong(name, too_short(field, field.min_length))
        return Parsed(text)

    def raw(self, field: LongTextField, stored: Json, name: str) -> dict[str, list[str]]:
        return {name: [stored or ""]}

    def lines(self, field: LongTextField, stored: Json, language: str) -> list[Line]:
        return [line for line in stored.split("\n") if line.strip()]


PLUGIN = LongTextType()
