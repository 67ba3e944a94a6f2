"""An address in Japan, looked up from its postcode and always editable."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from core.errors import Message, message
from forms.inputs import digits, first, longer_than
from forms.postcodes import look_up
from forms.prefectures import PREFECTURES
from forms.types import EMPTY, Action, Errors, FieldError, FieldType, Line, Parsed, Raw, Reading
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Row, Type, Value

LONGEST = 120
FOUND = "found"
"""Stands beside the parts after a look-up, with what it found, until something else is typed or sent."""
_ENTER = {
    "postcode": message("Enter the postcode, such as 163-8001."),
    "prefecture": message("Choose the prefecture."),
    "city": message("Enter the city, ward, town or village."),
    "street": message("Enter the street address with its numbers."),
}
_SEVEN = message("Enter the seven digits of the postcode, such as 163-8001.")
_SHORTER = message("Shorten this part of the address to %(limit)s characters.", limit=LONGEST)


@dataclass(frozen=True, slots=True)
class Offered:
    """What its macro needs: the prefectures with their names in Latin letters, and what a look-up has just found."""

    prefectures: Mapping[str, str]
    found: Message | None


class AddressField(FieldDefinition):
    """An address, stored as postcode, prefecture, city, street and building, as typed."""

    type: Literal["address"] = "address"
    own: bool = Field(
        default=True, description="`false` where it is not the applicant's own: browsers offer none."
    )

    def expression_type(self) -> Type:
        return Row(dict.fromkeys(PLUGIN.parts, TEXT))

    def expression_value(self, stored: Json) -> Value:
        return (
            UNANSWERED if stored is None else {part: stored.get(part) or UNANSWERED for part in PLUGIN.parts}
        )


class AddressType(FieldType[AddressField]):
    """An address in Japan."""

    name = "address"
    definition = AddressField
    label = message("Address")
    parts = ("postcode", "prefecture", "city", "street", "building")

    def parse(self, field: AddressField, raw: Raw, name: str, reading: Reading) -> Parsed:
        typed = {part: first(raw, f"{name}-{part}") for part in self.parts}
        if not field.required and not any(typed.values()):
            return EMPTY
        typed["postcode"] = digits(typed["postcode"])
        errors = tuple(
            FieldError(f"{name}-{part}", why) for part, text in typed.items() if (why := _wrong(part, text))
        )
        return (
            Parsed(None, errors) if errors else Parsed({part: text for part, text in typed.items() if text})
        )

    def raw(self, field: AddressField, stored: Json, name: str) -> dict[str, list[str]]:
        parts = stored or {}
        shown = {**parts, "postcode": dashed(parts.get("postcode", ""))}
        return {f"{name}-{part}": [shown.get(part, "")] for part in self.parts}

    def lines(self, field: AddressField, stored: Json, language: str) -> list[Line]:
        street = "".join(stored.get(part, "") for part in ("prefecture", "city", "street"))
        lines = (f"〒{dashed(stored.get('postcode', ''))}", street, stored.get("building", ""))
        return [line for line in lines if line]

    def content(self, field: AddressField, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        address = first(raw, f"{name}-{FOUND}")[: 3 * LONGEST]
        return Offered(PREFECTURES, message("Found: %(address)s", address=address) if address else None)

    def act(
        self, field: AddressField, action: Action, raw: Raw, name: str
    ) -> tuple[Raw, tuple[FieldError, ...]]:
        """``lookup``: fill in what the postcode says. What was typed stays where the register says nothing."""
        if action.verb != "lookup" or action.target != name:
            return raw, ()
        raw = {input: sent for input, sent in raw.items() if input != f"{name}-{FOUND}"}
        postcode = digits(first(raw, f"{name}-postcode"))
        if why := _wrong("postcode", postcode):
            return raw, (FieldError(f"{name}-postcode", why),)
        place = look_up(postcode)
        if place is None:
            unknown = message("No place has this postcode. Check it, or enter the address yourself.")
            return raw, (FieldError(f"{name}-postcode", unknown),)
        found = {"prefecture": place.prefecture, "city": place.city}
        if not first(raw, f"{name}-street").startswith(place.street):
            found["street"] = place.street
        found[FOUND] = f"{place.prefecture}{place.city}{place.street}"
        return {**raw, **{f"{name}-{part}": [text] for part, text in found.items() if text}}, ()


def dashed(postcode: str) -> str:
    """``1638001`` as ``163-8001``."""
    return f"{postcode[:3]}-{postcode[3:]}" if postcode else ""


def _wrong(part: str, text: str) -> Message | None:
    if not text:
        return _ENTER.get(part)
    if part == "postcode" and not (len(text) == 7 and text.isascii() and text.isdigit()):
        return _SEVEN
    if part == "prefecture" and text not in PREFECTURES:
        return _ENTER[part]
    return _SHORTER if longer_than(text, LONGEST) else None


PLUGIN = AddressType()
