"""Any number of several answers."""

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from core.errors import message
from core.told import tell
from forms.inputs import choose
from forms.options import Option, each_once, label_of, offered, shown
from forms.types import EMPTY, Errors, FieldType, Line, Parsed, Question, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.expressions import Choice, ListOf, Type, Value


class ChoicesField(Question):
    """Any number of several answers, stored as the list of their values in the file's order."""

    type: Literal["choices"] = "choices"
    options: tuple[Option, ...] = Field(min_length=1, max_length=100, description="The answers on offer.")
    min: int = Field(default=1, ge=0, description="How many at least, where an answer is required.")
    max: int | None = Field(default=None, ge=1, description="How many at most.")
    exclusive: str | None = Field(default=None, description="The option that rules out all others: “none”.")

    @field_validator("options")
    @classmethod
    def _each_once(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        return each_once(options)

    @model_validator(mode="after")
    def _exclusive_is_an_option(self) -> "ChoicesField":
        if self.exclusive and all(option.value != self.exclusive for option in self.options):
            raise ValueError(
                tell("exclusive: no option has the value '%(exclusive)s'", exclusive=self.exclusive)
            )
        return self

    def expression_type(self) -> Type:
        return ListOf(Choice(tuple(option.value for option in self.options)))

    def expression_value(self, stored: Json) -> Value:
        return tuple(stored or ())


class ChoicesType(FieldType[ChoicesField]):
    """Any number of several answers."""

    name = "choices"
    definition = ChoicesField

    def parse(self, field: ChoicesField, raw: Raw, name: str, reading: Reading) -> Parsed:
        sent = set(raw.get(name, ()))
        chosen = [option.value for option in offered(field.options, reading) if option.value in sent]
        if not chosen:
            return wrong(name, choose(field)) if field.required and field.min else EMPTY
        if field.exclusive in chosen and len(chosen) > 1:
            none = label_of(field.options, field.exclusive)
            why = message(
                "For “%(label)s”, choose either “%(none)s” alone or other answers.",
                label=field.label,
                none=none,
            )
            return wrong(name, why)
        if field.required and len(chosen) < field.min and field.exclusive not in chosen:
            why = message("Choose at least %(limit)s for “%(label)s”.", label=field.label, limit=field.min)
            return wrong(name, why)
        if field.max and len(chosen) > field.max:
            why = message("Choose at most %(limit)s for “%(label)s”.", label=field.label, limit=field.max)
            return wrong(name, why)
        return Parsed(chosen)

    def raw(self, field: ChoicesField, stored: Json, name: str) -> dict[str, list[str]]:
        return {name: list(stored)} if stored else {}

    def lines(self, field: ChoicesField, stored: Json, language: str) -> list[Line]:
        return [label_of(field.options, value) for value in stored]

    def depends_on(self, field: ChoicesField) -> frozenset[str]:
        return super().depends_on(field).union(*(each.when.names for each in field.options if each.when))

    def content(self, field: ChoicesField, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        return shown(offered(field.options, reading), name, list(raw.get(name, ())))


PLUGIN = ChoicesType()
