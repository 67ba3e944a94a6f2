"""Several answers in the order of preference: first choice, second choice …"""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from core.errors import message
from core.told import tell
from forms.inputs import choose, first
from forms.options import Option, each_once, label_of, offered
from forms.types import EMPTY, Errors, FieldError, FieldType, Line, Parsed, Question, Raw, Reading
from procedures.definition.base import Json
from procedures.expressions import Choice, ListOf, Type, Value

MOST = 10
"""Places a ranking may have."""


class RankingField(Question):
    """Options chosen in order, stored as a list of their values, the first choice first."""

    type: Literal["ranking"] = "ranking"
    options: tuple[Option, ...] = Field(min_length=2, max_length=500, description="The answers on offer.")
    places: int = Field(default=3, ge=2, le=MOST, description="How many may be chosen.")
    min: int = Field(default=1, ge=1, le=MOST, description="How many must be chosen.")

    @field_validator("options")
    @classmethod
    def _each_once(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        return each_once(options)

    @model_validator(mode="after")
    def _enough(self) -> "RankingField":
        if self.min > self.places:
            raise ValueError(tell("min is larger than places"))
        if self.places > len(self.options):
            raise ValueError(tell("there are more places than options"))
        return self

    def expression_type(self) -> Type:
        return ListOf(Choice(tuple(option.value for option in self.options)))

    def expression_value(self, stored: Json) -> Value:
        return tuple(stored or ())


@dataclass(frozen=True, slots=True)
class Places:
    """The places and the options on offer for each, as the macro shows them."""

    places: range
    min: int
    options: list[Option]


class RankingType(FieldType[RankingField]):
    """Several answers in order."""

    name = "ranking"
    definition = RankingField
    parts = tuple(str(place) for place in range(1, MOST + 1))

    def parse(self, field: RankingField, raw: Raw, name: str, reading: Reading) -> Parsed:
        sent = {place: first(raw, f"{name}-{place}") for place in range(1, field.places + 1)}
        chosen = [value for value in sent.values() if value]
        if not chosen and not field.required:
            return EMPTY
        known = {option.value for option in offered(field.options, reading)}
        errors = []
        for place, value in sent.items():
            if value and value not in known:
                errors.append(FieldError(f"{name}-{place}", choose(field)))
            elif not value and (place <= field.min or any(sent[later] for later in sent if later > place)):
                why = message("Choose number %(place)s of “%(label)s”.", place=place, label=field.label)
                errors.append(FieldError(f"{name}-{place}", why))
            elif value and value in [sent[earlier] for earlier in sent if earlier < place]:
                again = label_of(field.options, value)
                why = message("Choose “%(option)s” only once: it is there twice.", option=again)
                errors.append(FieldError(f"{name}-{place}", why))
        return Parsed(None, tuple(errors)) if errors else Parsed(chosen)

    def raw(self, field: RankingField, stored: Json, name: str) -> dict[str, list[str]]:
        places = dict(enumerate(stored or (), start=1))
        return {f"{name}-{place}": [places.get(place, "")] for place in range(1, field.places + 1)}

    def lines(self, field: RankingField, stored: Json, language: str) -> list[Line]:
        return [
            message("%(place)s. %(option)s", place=place, option=label_of(field.options, value))
            for place, value in enumerate(stored, start=1)
        ]

    def depends_on(self, field: RankingField) -> frozenset[str]:
        return super().depends_on(field).union(*(each.when.names for each in field.options if each.when))

    def content(self, field: RankingField, raw: Raw, name: str, reading: Reading, errors: Errors) -> Any:
        return Places(range(1, field.places + 1), field.min, offered(field.options, reading))


PLUGIN = RankingType()
