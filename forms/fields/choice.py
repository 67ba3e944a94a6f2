"""One of several answers."""

from typing import Any, Literal

from pydantic import Field, field_validator

from forms.inputs import choose, first
from forms.options import Option, each_once, label_of, offered, shown
from forms.types import EMPTY, Errors, FieldType, Line, Parsed, Question, Raw, Reading, wrong
from procedures.definition.base import Json
from procedures.expressions import UNANSWERED, Choice, Type, Value


class ChoiceField(Question):
    """One of several answers, stored as the option's value. Radio buttons up to seven options, else a select."""

    type: Literal["choice"] = "choice"
    options: tuple[Option, ...] = Field(min_length=1, max_length=500, description="The answers on offer.")

    @field_validator("options")
    @classmethod
    def _each_once(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        return each_once(options)

    def expression_type(self) -> Type:
        return Choice(tuple(option.value for option in self.options))

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else stored


class ChoiceType(FieldType[ChoiceField]):
    """One of several answers."""

    name = "choice"
    definition = ChoiceField

    def parse(self, field: ChoiceField, raw: Raw, name: str, reading: Reading) -> Parsed:
        value = first(raw, name)
        if any(value == option.value for option in offered(field.options, reading)):
            return Parsed(value)
        return wrong(name, choose(field)) if field.required or value else EMPTY

    def raw(self, field: ChoiceField, stored: Json, name: str) -> dict[str, list[str]]:
        return {} if stored is None else {name: [stored]}

    def lines(self, field: ChoiceField, stored: Json, language: str) -> list[Line]:
        return [label_of(field.options, stored)]

    def depends_on(self, field: ChoiceField) -> frozenset[str]:
        return super().depends_on(field).union(*(each.when.names for each in field.options if each.when))

    def content(self, field: ChoiceField, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        return shown(offered(field.options, reading), name, list(raw.get(name, ())))


PLUGIN = ChoiceType()
