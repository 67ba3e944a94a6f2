"""The number plate of a vehicle in Japan: 品川 300 さ 12-34."""

from typing import Final, Literal

import jaconv
import regex

from core.errors import Message, message
from forms.inputs import digits, first, fold
from forms.types import EMPTY, FieldError, FieldType, Line, Parsed, Raw, Reading
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Row, Type, Value

_WRONG: Final = {
    "region": message("Enter the place on the number plate, such as 品川."),
    "category": message("Enter the number beside the place, such as 300."),
    "kana": message("Enter the kana on the number plate, such as さ."),
    "number": message("Enter the large number on the number plate, such as 12-34."),
}
_SHAPES: Final = {
    "region": regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}ー々ヶ]{1,5}"),
    "category": regex.compile(r"[0-9][0-9ACFHKLMPXY]{0,2}"),
    "kana": regex.compile(
        r"[あいうえかきくけこさすせそたちつてとなにぬねのはひふほまみむめもやゆよらりるれろわをABEHKMTY]"
    ),
    "number": regex.compile(r"[1-9][0-9]{0,3}"),
}
"""What plates are made of (道路運送車両法施行規則, its table of letters): お, し, へ and ん are on none."""


class LicensePlateField(FieldDefinition):
    """A number plate in its four parts; `number` is stored without hyphen and leading dots."""

    type: Literal["license_plate"] = "license_plate"

    def expression_type(self) -> Type:
        return Row(dict.fromkeys(_WRONG, TEXT))

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else dict(stored)


class LicensePlateType(FieldType[LicensePlateField]):
    """A number plate."""

    name = "license_plate"
    definition = LicensePlateField
    label = message("Number plate")
    hint = message("For example 品川 300 さ 12-34.")
    parts = tuple(_WRONG)

    def parse(self, field: LicensePlateField, raw: Raw, name: str, reading: Reading) -> Parsed:
        typed = {part: _folded(part, first(raw, f"{name}-{part}")) for part in self.parts}
        if not field.required and not any(typed.values()):
            return EMPTY
        errors = tuple(
            FieldError(f"{name}-{part}", why) for part, text in typed.items() if (why := _wrong(part, text))
        )
        return Parsed(None, errors) if errors else Parsed(typed)

    def raw(self, field: LicensePlateField, stored: Json, name: str) -> dict[str, list[str]]:
        parts = stored or {}
        shown = {**parts, "number": dashed(parts["number"]) if parts else ""}
        return {f"{name}-{part}": [shown.get(part, "")] for part in self.parts}

    def lines(self, field: LicensePlateField, stored: Json, language: str) -> list[Line]:
        return [
            " ".join((stored["region"], stored["category"], stored["kana"], dashed(stored["number"]))),
        ]


def dashed(number: str) -> str:
    """The number as plates have it: ``1234`` as 12-34, ``123`` as ・1-23, ``7`` as ・・・7."""
    dotted = number.rjust(4, "・")
    return f"{dotted[:2]}-{dotted[2:]}" if len(number) > 2 else dotted


def _folded(part: str, text: str) -> str:
    match part:
        case "number":
            return digits(text)
        case "category":
            return fold(text).upper()
        case "kana":
            return str(jaconv.kata2hira(jaconv.h2z(fold(text).upper())))
        case _:
            return text


def _wrong(part: str, text: str) -> Message | None:
    return None if _SHAPES[part].fullmatch(text) else _WRONG[part]


PLUGIN = LicensePlateType()
