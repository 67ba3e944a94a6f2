"""A question with the answers yes and no."""

from typing import Literal

from core.errors import message
from forms.inputs import choose, first
from forms.types import EMPTY, FieldType, Line, Parsed, Question, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.expressions import BOOL, UNANSWERED, Type, Value

YES, NO = message("Yes"), message("No")


class YesNoField(Question):
    """Yes or no, stored as a boolean."""

    type: Literal["yes_no"] = "yes_no"

    def expression_type(self) -> Type:
        return BOOL

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else stored


class YesNoType(FieldType[YesNoField]):
    """A question with the answers yes and no."""

    name = "yes_no"
    definition = YesNoField

    def parse(self, field: YesNoField, raw: Raw, name: str, reading: Reading) -> Parsed:
        match first(raw, name):
            case "yes":
                return Parsed(True)
            case "no":
                return Parsed(False)
            case _:
                return wrong(name, choose(field)) if field.required else EMPTY

    def raw(self, field: YesNoField, stored: Json, name: str) -> dict[str, list[str]]:
        return {} if stored is None else {name: ["yes" if stored else "no"]}

    def lines(self, field: YesNoField, stored: Json, language: str) -> list[Line]:
        return [YES if stored else NO]


PLUGIN = YesNoType()
