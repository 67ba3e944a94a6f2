"""An individual number (個人番号, マイナンバー): encrypted apart from the other answers, and never shown whole.

Only the input it is typed into holds it, until it is kept; after that a clerk with the right role can have it shown,
which the audit log notes (Act on the Use of Numbers, art. 12: whoever handles them keeps them safe).
"""

from typing import Any, Literal

from stdnum.jp import in_

from core.errors import message
from forms.apart import APART, KEPT, SEALED, SHOWN, WHOLE, masked
from forms.inputs import digits, enter, first
from forms.types import EMPTY, FieldType, Line, Parsed, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Type, Value


class IndividualNumberField(FieldDefinition):
    """The 12 digits of an individual number, the last of which checks the others.

    It is encrypted apart; summaries, the desk, documents and expressions see it masked. It may be asked for only where
    a law says so.
    """

    type: Literal["individual_number"] = "individual_number"

    def expression_type(self) -> Type:
        return TEXT

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else shown_of(stored)

    def stored_answer(self, written: Json) -> Json:
        return None if written is None else {WHOLE: digits(str(written))}


class IndividualNumberType(FieldType[IndividualNumberField]):
    """An individual number."""

    name = "individual_number"
    definition = IndividualNumberField
    lasts = False
    label = message("Individual number (My Number)")
    hint = message("12 digits.")
    parts = ("", KEPT)
    apart = True

    def parse(self, field: IndividualNumberField, raw: Raw, name: str, reading: Reading) -> Parsed:
        typed = first(raw, name)
        kept = reading.kept.get(first(raw, f"{name}-{KEPT}"))
        if kept and typed == shown_of(kept):
            return Parsed(kept)
        text = digits(typed)
        if not text:
            return wrong(name, enter(field)) if field.required else EMPTY
        if not (text.isascii() and text.isdigit() and len(text) == 12):
            return wrong(name, message("Enter all 12 digits of the individual number, in digits only."))
        if not in_.is_valid(text):
            return wrong(name, message("Enter the individual number once more: one of its digits is wrong."))
        return Parsed({WHOLE: text})

    def raw(self, field: IndividualNumberField, stored: Json, name: str) -> dict[str, list[str]]:
        if stored and APART in stored:
            return {name: [shown_of(stored)], f"{name}-{KEPT}": [stored[APART]]}
        return {name: [in_.format(_whole(stored)) if stored else ""]}

    def lines(self, field: IndividualNumberField, stored: Json, language: str) -> list[Line]:
        return [shown_of(stored)]

    def told(self, field: IndividualNumberField, stored: Json) -> Json:
        return shown_of(stored)

    def shape(self, field: IndividualNumberField) -> dict[str, Any]:
        texts = {name: {"type": "string"} for name in (APART, SEALED, SHOWN)}
        whole = {WHOLE: {"type": "string", "pattern": r"^\d{12}$"}}
        return {"type": "object", "properties": whole | texts, "additionalProperties": False}

    def secret(self, typed: str) -> str | None:
        text = digits(typed)
        return text if in_.is_valid(text) else None


def shown_of(stored: Json) -> str:
    """What may be seen of an answer."""
    return str(stored[SHOWN]) if SHOWN in stored else masked(_whole(stored))


def _whole(stored: Json) -> str:
    """The number of an answer that is not encrypted apart yet."""
    return str(stored[WHOLE])


PLUGIN = IndividualNumberType()
