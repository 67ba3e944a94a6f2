"""A signature drawn with finger, pen or mouse, or a typed name in its place."""

from dataclasses import dataclass
from typing import Literal

import regex

from core.errors import Message, message
from forms.inputs import enter, first, longer_than
from forms.types import EMPTY, FieldType, Line, Parsed, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Row, Type, Value

LONGEST_PATH = 12_000
"""Characters of SVG path data; the pad thins out its points and stops before."""
LONGEST_NAME = 60
_STROKES = regex.compile(r"(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})+)+")
"""Strokes of straight lines on a sheet of 600 by 200: no other command, sign or number passes."""
_AGAIN = message("Enter your name instead, or draw the signature once more with fewer strokes.")


@dataclass(frozen=True)
class Drawing(Message):
    """A line of a summary that is a picture where pictures can be shown, and its caption elsewhere."""

    path: str = ""
    """SVG path data, as `_STROKES` lets it through."""


class DrawnField(FieldDefinition):
    """A signature: the strokes as SVG path data, a typed name, or both. Not an electronic signature in law's sense."""

    type: Literal["drawn"] = "drawn"

    def expression_type(self) -> Type:
        return Row({"path": TEXT, "typed": TEXT})

    def expression_value(self, stored: Json) -> Value:
        if stored is None:
            return UNANSWERED
        return {part: stored.get(part) or UNANSWERED for part in PLUGIN.parts}


class DrawnType(FieldType[DrawnField]):
    """A drawn signature."""

    name = "drawn"
    definition = DrawnField
    lasts = False
    label = message("Signature")
    hint = message("Enter your name. Where a box appears, you may sign in it with a finger, pen or mouse.")
    parts = ("path", "typed")

    def parse(self, field: DrawnField, raw: Raw, name: str, reading: Reading) -> Parsed:
        path, typed = first(raw, f"{name}-path"), first(raw, f"{name}-typed")
        if not path and not typed:
            return wrong(f"{name}-typed", enter(field)) if field.required else EMPTY
        if path and (len(path) > LONGEST_PATH or not _STROKES.fullmatch(path)):
            return wrong(f"{name}-typed", _AGAIN)
        if longer_than(typed, LONGEST_NAME):
            why = message("Shorten the name to %(limit)s characters.", limit=LONGEST_NAME)
            return wrong(f"{name}-typed", why)
        return Parsed({part: text for part, text in (("path", path), ("typed", typed)) if text})

    def raw(self, field: DrawnField, stored: Json, name: str) -> dict[str, list[str]]:
        return {f"{name}-{part}": [(stored or {}).get(part, "")] for part in self.parts}

    def lines(self, field: DrawnField, stored: Json, language: str) -> list[Line]:
        drawn: list[Line] = [Drawing(DRAWN.msgid, path=stored["path"])] if stored.get("path") else []
        return [stored["typed"], *drawn] if stored.get("typed") else drawn


DRAWN = message("Signed by hand")
PLUGIN = DrawnType()
