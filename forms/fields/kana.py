"""The reading of something in kana."""

from typing import Literal

import jaconv
import regex
from pydantic import Field

from core.errors import message
from forms.inputs import enter, first, longer_than, too_long
from forms.readings import katakana
from forms.types import EMPTY, FieldType, Line, Parsed, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Type, Value

_SCRIPTS = {
    "katakana": (
        regex.compile(r"[\p{Katakana}ー・゠\s]+"),
        message("Enter the reading in katakana or in romaji, such as ミホン or Mihon."),
    ),
    "hiragana": (
        regex.compile(r"[\p{Hiragana}ー・\s]+"),
        message("Enter the reading in hiragana or in romaji, such as みほん or Mihon."),
    ),
}


class KanaField(FieldDefinition):
    """A reading in kana; kana of the other kind, half-width ones and romaji are folded."""

    type: Literal["kana"] = "kana"
    script: Literal["katakana", "hiragana"] = Field(
        default="katakana", description="What it is written in; the other kind and romaji are folded."
    )
    max_length: int = Field(default=100, ge=1, le=500, description="The largest number of characters.")

    def expression_type(self) -> Type:
        return TEXT

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else stored


class KanaType(FieldType[KanaField]):
    """A reading in kana."""

    name = "kana"
    definition = KanaField
    label = message("Reading in kana")

    def parse(self, field: KanaField, raw: Raw, name: str, reading: Reading) -> Parsed:
        text = first(raw, name)
        if not text:
            return wrong(name, enter(field)) if field.required else EMPTY
        text = katakana(text)
        if field.script == "hiragana":
            text = jaconv.kata2hira(text)
        allowed, why = _SCRIPTS[field.script]
        if not allowed.fullmatch(text):
            return wrong(name, why)
        if longer_than(text, field.max_length):
            return wrong(name, too_long(field, field.max_length, text))
        return Parsed(text)

    def raw(self, field: KanaField, stored: Json, name: str) -> dict[str, list[str]]:
        return {name: [stored or ""]}

    def lines(self, field: KanaField, stored: Json, language: str) -> list[Line]:
        return [stored]


PLUGIN = KanaType()
