"""A statement that people agree to by ticking a box."""

from typing import Literal

from pydantic import Field

from core.errors import message
from forms.inputs import first
from forms.types import EMPTY, FieldType, Line, Parsed, Question, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.expressions import BOOL, UNANSWERED, Type, Value
from translations.text import Text

AGREED = message("Agreed")
YES = "yes"


class ConsentField(Question):
    """A box to tick, stored as true. `label` is what is agreed to; `text` may explain it."""

    type: Literal["consent"] = "consent"
    text: Text | None = Field(default=None, description="An explanation before the box.")

    def expression_type(self) -> Type:
        return BOOL

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else stored


class ConsentType(FieldType[ConsentField]):
    """A statement that people agree to."""

    name = "consent"
    definition = ConsentField
    lasts = False

    def parse(self, field: ConsentField, raw: Raw, name: str, reading: Reading) -> Parsed:
        if first(raw, name) == YES:
            return Parsed(True)
        if field.required:
            return wrong(name, message("Tick the box “%(label)s” to go on.", label=field.label))
        return EMPTY

    def raw(self, field: ConsentField, stored: Json, name: str) -> dict[str, list[str]]:
        return {name: [YES]} if stored else {}

    def lines(self, field: ConsentField, stored: Json, language: str) -> list[Line]:
        return [AGREED]


PLUGIN = ConsentType()
