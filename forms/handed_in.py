"""Questions that are answered with files: what `file` and `image` share.

Files are sent to an endpoint of their own, which keeps them at once; the page names them by their ids in hidden inputs.
An id counts only where `Reading.uploads` knows it, so nobody can hand in another person's file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

from pydantic import Field

from core.errors import Message, message
from forms.types import (
    EMPTY,
    Action,
    Errors,
    FieldError,
    FieldType,
    Line,
    Parsed,
    Question,
    Raw,
    Reading,
    wrong,
)
from procedures.definition.base import Json
from procedures.expressions import TEXT, ListOf, Row, Type, Value

KEPT: Final = "kept"
CHOSEN: Final = "file"
"""The parts of the inputs: ids of files that are there, and the files just chosen."""
_SIZE: Final = r"^\d+ (kB|MB)$"


class HandedIn(Question):
    """A question for files, stored as a list of ``{"id", "name", "size", "sha256", "media_type"}``."""

    max_files: int = Field(default=1, ge=1, le=20, description="How many files at most.")
    max_size: str = Field(default="10 MB", pattern=_SIZE, description="The largest size of a file: `10 MB`.")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of files that are taken, as `forms.uploads` names them."""
        raise NotImplementedError

    def expression_type(self) -> Type:
        return ListOf(Row({"name": TEXT}))

    def expression_value(self, stored: Json) -> Value:
        return tuple({"name": entry["name"]} for entry in stored or ())


@dataclass(frozen=True, slots=True)
class Files:
    """The files that are there, and whether there may be more."""

    entries: list[dict[str, Any]]
    may_add: bool


D = TypeVar("D", bound=HandedIn)


class HandedInType(FieldType[D]):
    """A question for files."""

    parts = (CHOSEN,)
    takes_files: ClassVar[bool] = True
    missing: ClassVar[str] = message("Choose a file for “%(label)s”.").msgid

    def parse(self, field: D, raw: Raw, name: str, reading: Reading) -> Parsed:
        entries = _entries(field, raw, name, reading)
        if len(entries) > field.max_files:
            return wrong(f"{name}-{CHOSEN}", too_many(field))
        if not entries:
            return wrong(f"{name}-{CHOSEN}", self._missing(field)) if field.required else EMPTY
        return Parsed(entries)

    def raw(self, field: D, stored: Json, name: str) -> dict[str, list[str]]:
        return {f"{name}-{KEPT}": [_key(entry) for entry in stored]} if stored else {}

    def lines(self, field: D, stored: Json, language: str) -> list[Line]:
        return [entry["name"] for entry in stored]

    def shape(self, field: D) -> dict[str, Any]:
        texts = {key: {"type": "string"} for key in ("id", "name", "sha256", "media_type")}
        entry = {**texts, "size": {"type": "integer"}}
        item = {"type": "object", "properties": entry, "required": ["name"], "additionalProperties": False}
        return {"type": "array", "items": item, "maxItems": field.max_files}

    def told(self, field: D, stored: Json) -> Json:
        return [entry["name"] for entry in stored]

    def content(self, field: D, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        entries = _entries(field, raw, name, reading)
        return Files(entries, len(entries) < field.max_files)

    def act(self, field: D, action: Action, raw: Raw, name: str) -> tuple[Raw, tuple[FieldError, ...]]:
        """``remove``: let go of a file."""
        if action.verb != "remove" or action.target != name:
            return raw, ()
        input = f"{name}-{KEPT}"
        return {**raw, input: [id for id in raw.get(input, ()) if id != action.detail]}, ()

    def files(self, field: D, stored: Json) -> tuple[dict[str, Any], ...]:
        return tuple(stored)

    def questions(self, field: D, raw: Raw, name: str) -> dict[str, HandedIn]:
        return {name: field}

    def _missing(self, field: D) -> Message:
        return Message(self.missing, {"label": field.label})


def too_many(field: HandedIn) -> Message:
    """What to do where there are more files than may be."""
    return message("At most %(most)s files go here. Remove one first.", most=field.max_files)


def _entries(field: HandedIn, raw: Raw, name: str, reading: Reading) -> list[dict[str, Any]]:
    """The files that the inputs name, each once, of a kind that this question takes."""
    named = dict.fromkeys(raw.get(f"{name}-{KEPT}", ()))
    if reading.uploads is None:
        return [{"name": key} for key in named if key]
    known = (reading.uploads.get(key) for key in named)
    return [dict(entry) for entry in known if entry is not None and _fits(field, entry)]


def _fits(field: HandedIn, entry: Mapping[str, Any]) -> bool:
    kind = str(entry["media_type"]).rpartition("/")[2]
    return kind in field.kinds or (kind == "jpeg" and "heic" in field.kinds)


def _key(entry: Mapping[str, Any]) -> str:
    return str(entry.get("id") or entry["name"])
