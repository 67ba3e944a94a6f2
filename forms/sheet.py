"""Fields outside a procedure: a few questions of the platform itself, read and shown by the same field types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.errors import Message
from forms.types import Action, FieldError, Raw, Reading, Shown, field_types, type_of
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition


def question(label: Message | None = None, /, **definition: Any) -> FieldDefinition:
    """The field that `definition` describes, asking `label`, an interface message."""
    made: FieldDefinition = field_types()[definition["type"]].definition.model_validate(
        {**({"label": str(label)} if label else {}), **definition}
    )
    return made.model_copy(update={"label": label}) if label else made


@dataclass(frozen=True)
class Sheet:
    """Questions on one page."""

    fields: tuple[FieldDefinition, ...]

    def inputs(self, answers: Mapping[str, Json]) -> dict[str, list[str]]:
        """What the inputs hold for `answers`."""
        raw: dict[str, list[str]] = {}
        for field in self.fields:
            raw.update(type_of(field).raw(field, answers.get(field.id), field.id))
        return raw

    def read(self, raw: Raw, today: date) -> tuple[dict[str, Json], tuple[FieldError, ...]]:
        """The answers that were typed, and what is wrong."""
        reading = Reading(today, {"today": today})
        parsed = {field.id: type_of(field).parse(field, raw, field.id, reading) for field in self.fields}
        errors = tuple(error for one in parsed.values() for error in one.errors)
        return {id: one.value for id, one in parsed.items()}, errors

    def show(self, raw: Raw, today: date, errors: Sequence[FieldError] = ()) -> list[Shown]:
        """The fields with what stands in their inputs."""
        messages: dict[str, tuple[Message, ...]] = {}
        for error in errors:
            messages[error.input] = (*messages.get(error.input, ()), error.message)
        reading = Reading(today, {"today": today})
        return [type_of(field).show(field, raw, field.id, reading, messages) for field in self.fields]

    def act(self, raw: Raw, pressed: str) -> tuple[Raw, tuple[FieldError, ...]]:
        """The inputs after a button inside the page was pressed, and what was wrong."""
        verb, _, rest = pressed.partition(":")
        target, _, detail = rest.partition(":")
        for field in self.fields:
            if field.id == target.partition("-")[0]:
                return type_of(field).act(field, Action(verb, target, detail), raw, field.id)
        return raw, ()
