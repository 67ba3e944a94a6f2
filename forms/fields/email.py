"""An e-mail address."""

import re
from typing import Literal

from core.errors import message
from forms.inputs import enter, first, fold
from forms.types import EMPTY, FieldType, Line, Parsed, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Type, Value

LONGEST = 254
"""Characters of an address (RFC 5321)."""
_SHAPE = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}"
)
"""The shape HTML gives `input type=email`, with a dot in the domain. Old Japanese mobile addresses break RFC 5322's
rules about dots, and are real."""
_WRONG = message("Enter an e-mail address with one @, such as name@example.com.")


class EmailField(FieldDefinition):
    """An e-mail address; the domain is folded to lower case."""

    type: Literal["email"] = "email"

    def expression_type(self) -> Type:
        return TEXT

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else stored


class EmailType(FieldType[EmailField]):
    """An e-mail address."""

    name = "email"
    definition = EmailField
    flat = True
    label = message("E-mail address")

    def parse(self, field: EmailField, raw: Raw, name: str, reading: Reading) -> Parsed:
        text = first(raw, name)
        if not text:
            return wrong(name, enter(field)) if field.required else EMPTY
        local, _, domain = fold(text).rpartition("@")
        address = f"{local}@{domain.lower()}"
        return (
            Parsed(address) if len(address) <= LONGEST and _SHAPE.fullmatch(address) else wrong(name, _WRONG)
        )

    def raw(self, field: EmailField, stored: Json, name: str) -> dict[str, list[str]]:
        return {name: [stored or ""]}

    def lines(self, field: EmailField, stored: Json, language: str) -> list[Line]:
        return [stored]


PLUGIN = EmailType()
