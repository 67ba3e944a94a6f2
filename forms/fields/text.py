"""One line of text."""

from typing import Literal

import jaconv
import regex
from pydantic import Field

from core.errors import Message, message
from forms.inputs import enter, first, fold, length, longer_than, too_long, too_short
from forms.readings import katakana
from forms.types import EMPTY, FieldType, Line, Parsed, Question, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.expressions import TEXT, UNANSWERED, Type, Value
from translations.text import Text

Kind = Literal["digits", "alphanumeric", "katakana", "hiragana"]


class TextField(Question):
    """One line of text, kept as typed; a `pattern` says what it is made of."""

    type: Literal["text"] = "text"
    min_length: int = Field(
        default=0, ge=0, description="The least number of characters as people count them."
    )
    max_length: int = Field(default=200, ge=1, le=2000, description="The largest number of characters.")
    pattern: Kind | None = Field(
        default=None,
        description="What it is made of; full-width digits, kana of the other kind and romaji are folded.",
    )
    unit: Text | None = Field(default=None, description="What stands behind the input.")
    autocomplete: str | None = Field(
        default=None,
        pattern=r"^[a-z][a-z0-9 -]*$",
        description="What browsers offer, in HTML's word: `organization`.",
    )

    def expression_type(self) -> Type:
        return TEXT

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else stored


_PATTERNS: dict[Kind, tuple[regex.Pattern[str], Message]] = {
    "digits": (regex.compile(r"[0-9]+"), message("Enter “%(label)s” in digits only, such as 0123.")),
    "alphanumeric": (
        regex.compile(r"[0-9A-Za-z-]+"),
        message("Enter “%(label)s” in letters from A to Z, digits and hyphens only."),
    ),
    "katakana": (regex.compile(r"[\p{Katakana}ー・゠\s]+"), message("Enter “%(label)s” in katakana.")),
    "hiragana": (regex.compile(r"[\p{Hiragana}ー・\s]+"), message("Enter “%(label)s” in hiragana.")),
}


def _folded(text: str, pattern: Kind | None) -> str:
    match pattern:
        case "digits" | "alphanumeric":
            return fold(text)
        case "katakana":
            return katakana(text)
        case "hiragana":
            return str(jaconv.kata2hira(katakana(text)))
        case _:
            return text


class TextType(FieldType[TextField]):
    """One line of text."""

    name = "text"
    definition = TextField
    flat = True

    def parse(self, field: TextField, raw: Raw, name: str, reading: Reading) -> Parsed:
        text = first(raw, name)
        if not text:
            return wrong(name, enter(field)) if field.required else EMPTY
        text = _folded(text, field.pattern)
        if field.pattern:
            allowed, why = _PATTERNS[field.pattern]
            if not allowed.fullmatch(text):
                return wrong(name, message(why.msgid, label=field.label))
        if longer_than(text, field.max_length):
            return wrong(name, too_long(field, field.max_length, text))
        if field.min_length and length(text) < field.min_length:
            return wrong(name, too_short(field, field.min_length))
        return Parsed(text)

    def raw(self, field: TextField, stored: Json, name: str) -> dict[str, list[str]]:
        return {name: [stored or ""]}

    def lines(self, field: TextField, stored: Json, language: str) -> list[Line]:
        return [stored]


PLUGIN = TextType()
