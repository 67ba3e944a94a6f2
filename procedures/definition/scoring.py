"""Points by which applications are compared where there are more of them than places."""

from decimal import Decimal

from pydantic import Field

from procedures.definition.base import Model
from procedures.expressions import Expression
from translations.text import Text


class ScoreItem(Model):
    """One line of the score."""

    label: Text = Field(description="What the points are for.")
    points: Expression = Field(description="How many; fewer than none are taken away.")
    when: Expression | None = Field(default=None, description="Counted only while this is true.")


class Score(Model):
    """The points of an application. Clerks see them item by item, applicants once it is decided."""

    items: tuple[ScoreItem, ...] = Field(min_length=1, description="What it is made of, line by line.")
    tie_breaks: tuple[Expression, ...] = Field(
        default=(),
        description="Compared in order where points are equal: the larger number, or yes, goes first.",
    )
    cut_off: Decimal | None = Field(default=None, description="Fewer points than these are not enough.")
    capacity: int | None = Field(
        default=None, ge=1, description="How many can be chosen; the list of the desk marks where they end."
    )
