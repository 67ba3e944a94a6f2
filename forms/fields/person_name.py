"""A person's name: family and given name, their reading in kana, and Roman letters where asked for."""

from typing import Literal

import regex
from pydantic import Field

from core.errors import Message, message
from forms.inputs import first, fold, longer_than
from forms.readings import APOSTROPHES, folded, is_latin, katakana, katakana_of_romaji
from forms.types import EMPTY, FieldError, FieldType, Line, Parsed, Raw, Reading
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Row, Type, Value
from translations.spelling import search_key

LONGEST = 60
KANA = regex.compile(r"[\p{Katakana}ー・゠ 　]+")
ROMAN = regex.compile(r"[\p{Latin}' .,-]+")
_ENTER = {
    "family": message("Enter the family name."),
    "given": message("Enter the given name."),
    "family_kana": message("Enter the reading of the family name."),
    "given_kana": message("Enter the reading of the given name."),
    "family_roman": message("Enter the family name in Roman letters."),
    "given_roman": message("Enter the given name in Roman letters."),
}
_IN_KANA = {
    "family_kana": message(
        "Enter the reading of the family name in katakana, such as ミホン, or in Latin letters if the name is written"
        " in them."
    ),
    "given_kana": message(
        "Enter the reading of the given name in katakana, such as タロウ, or in Latin letters if the name is written"
        " in them."
    ),
}
_IN_ROMAN = {
    "family_roman": message("Enter the family name in Roman letters, as in the passport."),
    "given_roman": message("Enter the given name in Roman letters, as in the passport."),
}
_SHORTER = message("Shorten the name to %(limit)s characters.", limit=LONGEST)


class PersonNameField(FieldDefinition):
    """A person's name. Kanji are kept exactly as typed, variants included; the reading is folded to katakana.

    A name in Latin letters (foreign residents are registered so) may have its reading in them.
    """

    type: Literal["person_name"] = "person_name"
    kana: Literal["required", "optional", "none"] = Field(
        default="required", description="Ask for the reading."
    )
    roman: Literal["required", "optional", "none"] = Field(
        default="none", description="Ask for Roman letters."
    )
    own: bool = Field(
        default=True, description="`false` where it is somebody else's name: browsers offer none."
    )

    def expression_type(self) -> Type:
        return Row(dict.fromkeys(self.asked(), TEXT))

    def expression_value(self, stored: Json) -> Value:
        if stored is None:
            return UNANSWERED
        return {part: stored.get(part) or UNANSWERED for part in self.asked()}

    def asked(self) -> tuple[str, ...]:
        """The parts that are asked for."""
        kana = ("family_kana", "given_kana") if self.kana != "none" else ()
        roman = ("family_roman", "given_roman") if self.roman != "none" else ()
        return ("family", "given", *kana, *roman)

    def demands(self, part: str) -> bool:
        """Whether `part` must be filled in once a name is given."""
        kind = self.kana if part.endswith("_kana") else self.roman if part.endswith("_roman") else "required"
        return kind == "required"


class PersonNameType(FieldType[PersonNameField]):
    """A person's name."""

    name = "person_name"
    definition = PersonNameField
    label = message("Name")
    parts = tuple(_ENTER)

    def parse(self, field: PersonNameField, raw: Raw, name: str, reading: Reading) -> Parsed:
        typed = {part: first(raw, f"{name}-{part}") for part in field.asked()}
        if not field.required and not any(typed.values()):
            return EMPTY
        value: dict[str, str] = {}
        errors: list[FieldError] = []
        latin = _kept_in_latin(typed)
        for part, text in typed.items():
            kept, why = _read(part, text, field.demands(part), part in latin)
            if why:
                errors.append(FieldError(f"{name}-{part}", why))
            elif kept:
                value[part] = kept
        return Parsed(None, tuple(errors)) if errors else Parsed(value)

    def raw(self, field: PersonNameField, stored: Json, name: str) -> dict[str, list[str]]:
        return {f"{name}-{part}": [(stored or {}).get(part, "")] for part in field.asked()}

    def lines(self, field: PersonNameField, stored: Json, language: str) -> list[Line]:
        kinds = (("family", "given"), ("family_kana", "given_kana"), ("family_roman", "given_roman"))
        pairs = (" ".join(stored[part] for part in kind if stored.get(part)) for kind in kinds)
        return [line for line in pairs if line]

    def search_key(self, field: PersonNameField, stored: Json) -> str:
        """Name and reading, each under all the ways it is written; blanks part them."""
        kinds = (("family", "given"), ("family_kana", "given_kana"), ("family_roman", "given_roman"))
        keys = (search_key("".join(stored.get(part, "") for part in kind)) for kind in kinds)
        return " ".join(key for key in keys if key)


def _read(part: str, text: str, demanded: bool, in_latin: bool) -> tuple[str, Message | None]:
    if not text:
        return "", _ENTER[part] if demanded else None
    if longer_than(text, LONGEST):
        return "", _SHORTER
    if in_latin:
        return folded(text).upper(), None
    if part.endswith("_kana"):
        text = katakana(text)
        return text, None if KANA.fullmatch(text) else _IN_KANA[part]
    if part.endswith("_roman"):
        text = fold(text).translate(APOSTROPHES)
        return text, None if ROMAN.fullmatch(text) else _IN_ROMAN[part]
    return text, None


def _kept_in_latin(typed: dict[str, str]) -> frozenset[str]:
    """The readings that stay in Latin letters, as the name is written in them: all of the name's, or none.

    They stay where one is no romaji (Tran), or where they only repeat the name: Mike is not read ミケ.
    """
    readings = {
        f"{part}_kana": (text, typed[part])
        for part in ("family", "given")
        if is_latin(text := typed.get(f"{part}_kana", "")) and is_latin(typed[part])
    }
    pairs = readings.values()
    foreign = any(katakana_of_romaji(text) is None for text, _ in pairs)
    repeated = all(folded(text).casefold() == folded(name).casefold() for text, name in pairs)
    return frozenset(readings) if foreign or repeated else frozenset()


PLUGIN = PersonNameType()
