"""The address of a web page."""

from typing import Literal
from urllib.parse import urlsplit

import regex

from core.errors import message
from forms.inputs import enter, first, fold
from forms.types import EMPTY, FieldType, Line, Parsed, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Type, Value

LONGEST = 2000
_HOST = regex.compile(
    r"(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]{0,61}[\p{L}\p{N}]"
)
_WRONG = message("Enter the address of a web page, such as https://www.example.jp.")


class UrlField(FieldDefinition):
    """The address of a web page (http or https), stored whole; ``https://`` is put in front where it is missing."""

    type: Literal["url"] = "url"

    def expression_type(self) -> Type:
        return TEXT

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else stored


class UrlType(FieldType[UrlField]):
    """The address of a web page."""

    name = "url"
    definition = UrlField
    flat = True
    label = message("Address of a web page")

    def parse(self, field: UrlField, raw: Raw, name: str, reading: Reading) -> Parsed:
        text = first(raw, name)
        if not text:
            return wrong(name, enter(field)) if field.required else EMPTY
        address = _read(text)
        return Parsed(address) if address else wrong(name, _WRONG)

    def raw(self, field: UrlField, stored: Json, name: str) -> dict[str, list[str]]:
        return {name: [stored or ""]}

    def lines(self, field: UrlField, stored: Json, language: str) -> list[Line]:
        return [stored]


def _read(text: str) -> str | None:
    """The address with its scheme; None where it is none, or would carry a name and password along."""
    if len(text) > LONGEST or any(sign in text for sign in ' \\<>"'):
        return None
    text = text.replace("：／／", "://", 1)
    head, slash, path = text.partition("://") if "://" in text else ("https", "://", text)
    host, sign, rest = _split(path)
    address = f"{fold(head).lower()}{slash}{fold(host).lower()}{sign}{rest}"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    sound = parts.scheme in ("http", "https") and parts.username is None and port != 0
    return address if sound and parts.hostname and _HOST.fullmatch(parts.hostname) else None


def _split(text: str) -> tuple[str, str, str]:
    """Host and port, and what follows with the sign it begins with: only the former is folded."""
    end = next((place for place, sign in enumerate(text) if sign in "/?#"), len(text))
    return text[:end], text[end : end + 1], text[end + 1 :]


PLUGIN = UrlType()
