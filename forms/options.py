"""What people choose from: the options of `choice` and `choices`."""

from dataclasses import dataclass

from pydantic import Field

from core.told import tell
from forms.types import Reading
from procedures.definition.base import Json, Model
from procedures.expressions import Expression
from translations.text import Text


class Option(Model):
    """One answer on offer."""

    value: str = Field(
        pattern=r"^[\w-]+$", max_length=60, coerce_numbers_to_str=True, description="Its name in expressions."
    )
    label: Text = Field(description="What people read.")
    hint: Text | None = Field(default=None, description="A sentence under it.")
    when: Expression | None = Field(default=None, description="Offer it only while this is true.")


@dataclass(frozen=True, slots=True)
class Offered:
    """One answer as it is shown: whether it is chosen, and the id of its input (the first has the field's own)."""

    option: Option
    id: str
    chosen: bool


def offered(options: tuple[Option, ...], reading: Reading) -> list[Option]:
    """The options whose conditions hold."""
    return [each for each in options if each.when is None or each.when.holds(reading.values)]


def shown(options: list[Option], name: str, chosen: list[str]) -> list[Offered]:
    """The options for a macro, `chosen` ones marked."""
    return [
        Offered(option, f"{name}-{place}" if place else name, option.value in chosen)
        for place, option in enumerate(options)
    ]


def label_of(options: tuple[Option, ...], value: Json) -> Text | str:
    """The label of the option `value`, or the value itself where the file no longer has it."""
    return next((option.label for option in options if option.value == value), str(value))


def each_once(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """`options`, no value of which comes twice. Raises `ValueError`."""
    values = [option.value for option in options]
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        raise ValueError(tell("two options have the value '%(twice)s'", twice=twice))
    return options
