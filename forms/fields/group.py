"""Questions that repeat: one row for each person, sign, vehicle …"""

from collections import ChainMap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from pydantic import Field, SerializeAsAny, model_validator

from core.errors import message
from core.told import tell
from forms.inputs import first
from forms.slots import Slot
from forms.types import (
    Action,
    Errors,
    FieldError,
    FieldType,
    Line,
    Parsed,
    Question,
    Raw,
    Reading,
    Shown,
    Whose,
    type_of,
    whose,
)
from procedures.definition.base import Json, Model
from procedures.definition.fields import FieldDefinition
from procedures.expressions import ListOf, Row, Type, Value
from procedures.values import field_value
from translations import furigana
from translations.messages import translate
from translations.text import Text

DIGITS = 4
"""How long the number of a row may be in the names of its inputs."""

SPARE = 20
"""Rows above `max` that are still shown, so that people choose which to remove; nobody types more than that."""


class Repeat(Model):
    """How many rows."""

    min: int = Field(default=0, ge=0, le=100, description="How many at least.")
    max: int = Field(default=20, ge=1, le=200, description="How many at most.")

    @model_validator(mode="after")
    def _in_order(self) -> "Repeat":
        if self.min > self.max:
            raise ValueError(tell("repeat: min is larger than max"))
        return self


class GroupField(Question):
    """Rows of answers, stored as a list of objects. A group may hold one more level of groups."""

    type: Literal["group"] = "group"
    repeat: Repeat = Field(default=Repeat(), description="How many rows there may be.")
    fields: tuple[SerializeAsAny[FieldDefinition], ...] = Field(
        min_length=1, max_length=40, description="What is asked in each row."
    )
    row_label: Text | None = Field(default=None, description="What one row is called, e.g. 世帯員.")

    @model_validator(mode="after")
    def _nested_once(self) -> "GroupField":
        if any(inner.subfields() for field in self.fields for inner in field.subfields()):
            raise ValueError(tell("groups nest once: a group in a group may hold no third one"))
        ids = [field.id for field in self.fields]
        if len(set(ids)) < len(ids):
            raise ValueError(tell("two fields of the group have the same id"))
        return self

    def subfields(self) -> tuple[FieldDefinition, ...]:
        return self.fields

    def expression_type(self) -> Type:
        return ListOf(Row({field.id: field.expression_type() for field in asking(self)}))

    def expression_value(self, stored: Json) -> Value:
        return tuple(
            {field.id: field_value(field, row.get(field.id)) for field in asking(self)}
            for row in stored or ()
        )

    def moved(self, stored: Json, old: date, new: date) -> Json:
        fields = {field.id: field for field in self.fields}
        return stored and [
            {id: fields[id].moved(value, old, new) for id, value in row.items()} for row in stored
        ]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row as the macro shows it: its number in input names, its place for people, its fields."""

    number: int
    place: int
    fields: list[Shown]


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows as the macro shows them."""

    rows: list[ShownRow]
    may_add: bool
    may_remove: bool


def asking(group: GroupField) -> Iterator[FieldDefinition]:
    """The fields of a row that take answers."""
    return (field for field in group.fields if type_of(field).asks)


class GroupType(FieldType[GroupField]):
    """Questions that repeat."""

    name = "group"
    definition = GroupField

    def parse(self, field: GroupField, raw: Raw, name: str, reading: Reading) -> Parsed:
        numbers = _numbers(raw, name)
        if len(numbers) > field.repeat.max:
            return Parsed(None, (FieldError(name, _too_many(field)),))
        kept = _without_blank(field, raw, name, numbers)
        if len(kept) < field.repeat.min:
            why = message(
                "Add to “%(label)s” until it has %(limit)s.", label=field.label, limit=field.repeat.min
            )
            return Parsed(None, (FieldError(name, why),))
        rows, errors = [], []
        for number in kept:
            row, wrong = self._row(field, raw, f"{name}-{number}", reading)
            reading = reading.taking(self.slots(field, [row]))
            rows.append(row)
            errors.extend(wrong)
        return Parsed(None, tuple(errors)) if errors else Parsed(rows)

    def raw(self, field: GroupField, stored: Json, name: str) -> dict[str, list[str]]:
        rows = stored or [{}] * field.repeat.min
        inputs = {f"{name}-row": [str(number) for number in range(len(rows))]}
        for number, row in enumerate(rows):
            for sub in field.fields:
                inputs.update(type_of(sub).raw(sub, row.get(sub.id), f"{name}-{number}-{sub.id}"))
        return inputs

    def lines(self, field: GroupField, stored: Json, language: str) -> list[Line]:
        """A line for each row, its answers side by side; `forms.summary` shows them one by one."""
        return [" / ".join(_cells(field, row, language)) for row in stored]

    def export(self, field: GroupField, stored: Json, language: str) -> str:
        rows = (" / ".join(_exported(field, row, language)) for row in stored)
        return "; ".join(rows)

    def shape(self, field: GroupField) -> dict[str, Any]:
        rows = {sub.id: type_of(sub).shape(sub) for sub in asking(field)}
        row = {"type": "object", "properties": rows, "additionalProperties": False}
        return {"type": "array", "items": row, "maxItems": field.repeat.max}

    def api(self, field: GroupField, language: str) -> dict[str, Any]:
        made = super().api(field, language)
        made["items"]["properties"] = {sub.id: type_of(sub).api(sub, language) for sub in asking(field)}
        return made

    def told(self, field: GroupField, stored: Json) -> Json:
        return [
            {
                sub.id: type_of(sub).told(sub, row[sub.id])
                for sub in field.fields
                if row.get(sub.id) is not None
            }
            for row in stored
        ]

    def depends_on(self, field: GroupField) -> frozenset[str]:
        """What its rows depend on too: their own fields, and others of the page."""
        return super().depends_on(field).union(*(type_of(sub).depends_on(sub) for sub in field.fields))

    def resources(self, field: GroupField) -> frozenset[str]:
        return frozenset[str]().union(*(type_of(sub).resources(sub) for sub in field.fields))

    def files(self, field: GroupField, stored: Json) -> tuple[dict[str, Any], ...]:
        return tuple(
            entry
            for row in stored
            for sub in field.fields
            if row.get(sub.id) is not None
            for entry in type_of(sub).files(sub, row[sub.id])
        )

    def questions(self, field: GroupField, raw: Raw, name: str) -> dict[str, Any]:
        return {
            input: question
            for number in _numbers(raw, name)
            for sub in field.fields
            for input, question in type_of(sub).questions(sub, raw, f"{name}-{number}-{sub.id}").items()
        }

    def slots(self, field: GroupField, stored: Json) -> tuple[Slot, ...]:
        return tuple(
            slot
            for row in stored
            for sub in field.fields
            if row.get(sub.id) is not None
            for slot in type_of(sub).slots(sub, row[sub.id])
        )

    def content(self, field: GroupField, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        numbers = _numbers(raw, name)[: field.repeat.max + SPARE]
        rows = [
            ShownRow(number, place, self._show_row(field, raw, f"{name}-{number}", reading, errors))
            for place, number in enumerate(numbers, 1)
        ]
        return Rows(rows, len(rows) < field.repeat.max, len(rows) > field.repeat.min)

    def whose(self, field: GroupField, raw: Raw, name: str, input: str) -> Whose:
        number, _, _ = input.removeprefix(f"{name}-").partition("-")
        numbers = [str(each) for each in _numbers(raw, name)]
        if number not in numbers:
            return super().whose(field, raw, name, input)
        inner = whose(field.fields, raw, f"{name}-{number}-", input)
        row = message(
            "%(row)s %(place)s", row=field.row_label or field.label, place=numbers.index(number) + 1
        )
        return Whose((row, *inner.rows), (*inner.closer, field.label), inner.alike)

    def act(
        self, field: GroupField, action: Action, raw: Raw, name: str
    ) -> tuple[Raw, tuple[FieldError, ...]]:
        """``add`` and ``remove`` a row; anything else is for a field of a row."""
        if action.target != name:
            return self._act_inside(field, action, raw, name)
        numbers = _numbers(raw, name)
        if action.verb == "add":
            if len(numbers) >= field.repeat.max:
                return raw, (FieldError(name, _too_many(field)),)
            return self._with_row(field, raw, name, numbers), ()
        if action.verb == "remove":
            return _without_row(raw, name, numbers, action.detail), ()
        return raw, ()

    def _row(
        self, group: GroupField, raw: Raw, prefix: str, reading: Reading
    ) -> tuple[dict[str, Json], list[FieldError]]:
        """The answers of one row and what is wrong in it; fields whose condition does not hold are passed over."""
        row: dict[str, Json] = {}
        values: dict[str, Value] = {}
        inside = reading.seeing(_inside(values, reading))
        errors: list[FieldError] = []
        for sub in asking(group):
            if sub.when is not None and not sub.when.holds(inside.values):
                continue
            parsed = type_of(sub).parse(sub, raw, f"{prefix}-{sub.id}", inside)
            errors.extend(parsed.errors)
            values[sub.id] = field_value(sub, parsed.value)
            if parsed.value is not None:
                row[sub.id] = parsed.value
        return row, errors

    def _show_row(
        self, group: GroupField, raw: Raw, prefix: str, reading: Reading, errors: Errors
    ) -> list[Shown]:
        named = self.depends_on(group)
        inside = reading
        if named or any(not type_of(sub).asks for sub in group.fields):
            row, _ = self._row(group, raw, prefix, reading)
            values = {sub.id: field_value(sub, row.get(sub.id)) for sub in asking(group)}
            inside = reading.seeing(_inside(values, reading))
        return [
            type_of(sub).show(sub, raw, f"{prefix}-{sub.id}", inside, errors, sub.id in named)
            for sub in group.fields
            if sub.when is None or sub.when.holds(inside.values)
        ]

    def _with_row(self, group: GroupField, raw: Raw, name: str, numbers: list[int]) -> Raw:
        number = numbers[-1] + 1 if numbers else 0
        inputs = {**raw, f"{name}-row": [str(each) for each in (*numbers, number)]}
        for sub in group.fields:
            inputs.update(type_of(sub).raw(sub, None, f"{name}-{number}-{sub.id}"))
        return inputs

    def _act_inside(
        self, group: GroupField, action: Action, raw: Raw, name: str
    ) -> tuple[Raw, tuple[FieldError, ...]]:
        number, _, rest = action.target.removeprefix(f"{name}-").partition("-")
        for sub in group.fields:
            if rest.split("-", 1)[0] == sub.id:
                return type_of(sub).act(sub, action, raw, f"{name}-{number}-{sub.id}")
        return raw, ()


def _numbers(raw: Raw, name: str) -> list[int]:
    """The numbers of the rows that were sent. A gap stays a gap, so that names do not change under people's hands."""
    prefix = f"{name}-"
    named = (key[len(prefix) :].partition("-")[0] for key in raw if key.startswith(prefix))
    return sorted(
        {
            int(each)
            for each in (*raw.get(f"{name}-row", ()), *named)
            if len(each) <= DIGITS and each.isdecimal()
        }
    )


def _without_blank(group: GroupField, raw: Raw, name: str, numbers: list[int]) -> list[int]:
    """The rows to read: those with anything in them, and blank ones only as far as `min` asks for them."""
    filled = {number for number in numbers if not _blank(group, raw, f"{name}-{number}")}
    spare = max(0, group.repeat.min - len(filled))
    blank = [number for number in numbers if number not in filled][:spare]
    return sorted(filled.union(blank))


def _blank(group: GroupField, raw: Raw, prefix: str) -> bool:
    """Whether the row holds no more than an untouched one."""
    untouched: dict[str, list[str]] = {}
    for sub in group.fields:
        untouched.update(type_of(sub).raw(sub, None, f"{prefix}-{sub.id}"))
    aids = {f"{prefix}-{sub.id}-{aid}" for sub in group.fields for aid in type_of(sub).aids}
    start = f"{prefix}-"
    return all(
        not first(raw, key) or list(raw[key]) == untouched.get(key)
        for key in raw
        if key.startswith(start) and key not in aids
    )


def _without_row(raw: Raw, name: str, numbers: list[int], number: str) -> Raw:
    start = f"{name}-{number}-"
    inputs = {key: sent for key, sent in raw.items() if not key.startswith(start)}
    inputs[f"{name}-row"] = [str(each) for each in numbers if str(each) != number]
    return inputs


def _inside(values: dict[str, Value], reading: Reading) -> ChainMap[str, Any]:
    return ChainMap(values, cast("dict[str, Any]", reading.values))


def _exported(group: GroupField, row: dict[str, Json], language: str) -> Iterator[str]:
    """The answers of a row side by side; where one is missing its place stays empty."""
    for sub in asking(group):
        stored = row.get(sub.id)
        yield "" if stored is None else type_of(sub).export(sub, stored, language)


def _cells(group: GroupField, row: dict[str, Json], language: str) -> Iterator[str]:
    for sub in asking(group):
        if row.get(sub.id) is not None:
            for line in type_of(sub).lines(sub, row[sub.id], language):
                yield furigana.strip(translate(line, language))


def _too_many(group: GroupField) -> Any:
    return message(
        "Keep “%(label)s” to %(limit)s at most: remove what is too many.",
        label=group.label,
        limit=group.repeat.max,
    )


PLUGIN = GroupType()
