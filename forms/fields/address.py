"""An address in Japan, looked up from its postcode and always editable."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from core.errors import Message, message
from forms.inputs import digits, first, fold, longer_than
from forms.postcodes import NOWHERE, Place, look_up
from forms.prefectures import PREFECTURES
from forms.types import EMPTY, Action, Errors, FieldError, FieldType, Line, Parsed, Raw, Reading
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Row, Type, Value

LONGEST = 120
FOUND = "found"
"""Stands beside the parts after a look-up, with its postcode, until something else is typed or sent."""
LOOKED_UP = "looked"
"""Holds the postcode that the parts were filled in from: the next look-up takes back what that one gave."""
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
    """What its macro needs: the prefectures with their names in Latin letters, what a look-up has just found, and the
    postcode of the last one."""

    prefectures: Mapping[str, str]
    found: Message | None
    looked_up: str


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
    aids = (LOOKED_UP, FOUND)

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
        inputs = {f"{name}-{part}": [shown.get(part, "")] for part in self.parts}
        return {**inputs, f"{name}-{LOOKED_UP}": [parts.get("postcode", "")]}

    def lines(self, field: AddressField, stored: Json, language: str) -> list[Line]:
        street = "".join(stored.get(part, "") for part in ("prefecture", "city", "street"))
        lines = (f"〒{dashed(stored.get('postcode', ''))}", street, stored.get("building", ""))
        return [line for line in lines if line]

    def content(self, field: AddressField, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        code, looked_up = (digits(first(raw, f"{name}-{part}"))[:7] for part in (FOUND, LOOKED_UP))
        place = look_up(code) if code else None
        return Offered(PREFECTURES, _found(place) if place else None, looked_up)

    def act(
        self, field: AddressField, action: Action, raw: Raw, name: str
    ) -> tuple[Raw, tuple[FieldError, ...]]:
        """``lookup``: fill in what the postcode says, and take back what an earlier one had said.

        What was typed stays where the register says nothing; so does a street it does not know.
        """
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
        before = look_up(digits(first(raw, f"{name}-{LOOKED_UP}"))) or NOWHERE
        typed = {part: first(raw, f"{name}-{part}") for part in self.parts}
        filled = {
            "prefecture": _whole(typed["prefecture"], before.prefecture, place.prefecture),
            "city": _whole(typed["city"], before.city, place.city),
            "street": _street(typed["street"], before.street, place.street),
            LOOKED_UP: postcode,
            FOUND: postcode,
        }
        return {**raw, **{f"{name}-{part}": [text] for part, text in filled.items()}}, ()


def _whole(typed: str, before: str, now: str) -> str:
    """A part that a postcode says wholly or not at all."""
    return now or ("" if typed == before else typed)


def _street(typed: str, before: str, now: str) -> str:
    """The street, of which a postcode knows no more than how it begins: the numbers are the person's own."""
    if now and typed.startswith(now):
        return typed
    own = typed.removeprefix(before)
    begun = own != typed or not own or fold(own)[:1].isdecimal()
    return now + own if begun else typed


def _found(place: Place) -> Message:
    if len(place.towns) > 1:
        return message(
            "This postcode covers several places: %(places)s. Fill in the right one.",
            places=list(place.towns),
        )
    return message("Found: %(address)s", address=str(place))


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
