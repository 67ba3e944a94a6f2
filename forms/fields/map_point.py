"""A place in Japan by latitude and longitude: typed, or taken from the device. No map is loaded from anywhere."""

from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from core.errors import Message, message
from forms.inputs import first, fold
from forms.types import EMPTY, FieldError, FieldType, Line, Parsed, Question, Raw, Reading
from procedures.definition.base import Json
from procedures.expressions import NUMBER, UNANSWERED, Row, Type, Value

_LIMITS: Final = {"latitude": (Decimal(20), Decimal(46)), "longitude": (Decimal(122), Decimal(154))}
"""Degrees between which all of Japan lies."""
_WRONG: Final = {
    "latitude": message("Enter the latitude of a place in Japan in degrees, such as 35.6895."),
    "longitude": message("Enter the longitude of a place in Japan in degrees, such as 139.6917."),
}
_FINEST: Final = Decimal("0.000001")
"""About 10 cm."""
LONGEST: Final = 24


class MapPointField(Question):
    """A place, stored as latitude and longitude in degrees (WGS 84) with six digits after the point."""

    type: Literal["map_point"] = "map_point"

    def expression_type(self) -> Type:
        return Row(dict.fromkeys(_LIMITS, NUMBER))

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else {part: Decimal(text) for part, text in stored.items()}


class MapPointType(FieldType[MapPointField]):
    """A place by its coordinates."""

    name = "map_point"
    definition = MapPointField
    hint = message("In degrees, as maps show them, such as 35.6895 and 139.6917.")
    parts = tuple(_LIMITS)

    def parse(self, field: MapPointField, raw: Raw, name: str, reading: Reading) -> Parsed:
        typed = _typed(raw, name)
        if not field.required and not any(typed.values()):
            return EMPTY
        found = {part: _degrees(part, text) for part, text in typed.items()}
        wrong: dict[str, Message] = {part: _WRONG[part] for part, degrees in found.items() if degrees is None}
        if wrong:
            return Parsed(None, tuple(FieldError(f"{name}-{part}", why) for part, why in wrong.items()))
        return Parsed(found)

    def raw(self, field: MapPointField, stored: Json, name: str) -> dict[str, list[str]]:
        return {f"{name}-{part}": [(stored or {}).get(part, "")] for part in self.parts}

    def lines(self, field: MapPointField, stored: Json, language: str) -> list[Line]:
        return [f"{stored['latitude']}, {stored['longitude']}"]


def _typed(raw: Raw, name: str) -> dict[str, str]:
    """Both texts; a pair pasted into the first input (``35.6895, 139.6917``) fills the second."""
    latitude, longitude = (fold(first(raw, f"{name}-{part}")) for part in _LIMITS)
    if not longitude and latitude.count(",") == 1:
        latitude, longitude = (text.strip() for text in latitude.split(","))
    return {"latitude": latitude, "longitude": longitude}


def _degrees(part: str, text: str) -> str | None:
    if len(text) > LONGEST or not text.rstrip("°").replace(".", "", 1).isdecimal():
        return None
    try:
        degrees = Decimal(text.rstrip("°"))
    except InvalidOperation:
        return None
    least, most = _LIMITS[part]
    return str(degrees.quantize(_FINEST)) if least <= degrees <= most else None


PLUGIN = MapPointType()
