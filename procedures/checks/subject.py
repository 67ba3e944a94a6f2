"""What checks look at: a loaded definition with the types of its names, and how to say where something is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Final, Literal

from pydantic import BaseModel

from core.told import NOTHING, Told
from procedures.definition import FieldDefinition, Page
from procedures.expressions import DATE, TABLE, Expression, Type, type_of
from procedures.facts import FACTS
from procedures.loader import Loaded
from procedures.problems import Problem
from procedures.yaml_reader import Path
from translations.text import Text

PRESENT: Final[Mapping[str, Type]] = {"today": DATE}
STEPS: Final[Mapping[str, Type]] = {"now": DATE}
"""What the conditions of transitions may ask for besides."""


@dataclass(frozen=True)
class Found:
    """A problem at a path of the file; `offset` counts into an expression there."""

    path: Path
    code: str
    text: Told
    hint: Told = NOTHING
    severity: Literal["error", "warning"] = "error"
    offset: int | None = None
    on_key: bool = False


@dataclass(frozen=True)
class Placed:
    """An expression of the definition, the path it stands at, and the group in whose rows it is evaluated."""

    path: Path
    expression: Expression
    group: FieldDefinition | None = None
    field: FieldDefinition | None = None


class Subject:
    """One definition under examination."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded, self.procedure = loaded, loaded.procedure

    def problem(self, found: Found) -> Problem:
        """`found` with its line and column."""
        at = self.loaded.tree.place(found.path)
        line, column = (at.key_line, at.key_column) if found.on_key else (at.line, at.column)
        if found.offset is not None and at.inner is not None and found.path in self.loaded.tree.places:
            column += at.inner + found.offset
        return Problem(self.loaded.file, line, column, found.severity, found.text, found.hint, found.code)

    @cached_property
    def pages(self) -> list[tuple[int, Page]]:
        """The pages with their positions in the file, in the order in which people fill them in."""
        return sorted(enumerate(self.procedure.pages), key=lambda pair: not pair[1].eligibility)

    @cached_property
    def expressions(self) -> list[Placed]:
        """Every expression of the definition."""
        return [
            Placed(path, leaf, group, field)
            for path, leaf, group, field in _leaves(self.procedure, (), None, None)
            if isinstance(leaf, Expression)
        ]

    @property
    def texts(self) -> Iterator[tuple[Path, Text]]:
        """Every text of the definition with its path in the file."""
        return (
            (path, leaf)
            for path, leaf, _, _ in _leaves(self.procedure, (), None, None)
            if isinstance(leaf, Text)
        )

    @cached_property
    def cycle(self) -> list[str]:
        """Computed values that depend on each other in a circle; empty where there is none."""
        try:
            self._order.prepare()
        except CycleError as error:
            return list(error.args[1])
        return []

    @cached_property
    def ordered(self) -> list[str]:
        """The computed values, each after those it depends on; none where they form a circle."""
        return [] if self.cycle else list(self._order.static_order())

    @property
    def _order(self) -> TopologicalSorter[str]:
        computed = self.procedure.computed
        return TopologicalSorter({name: computed[name].names & computed.keys() for name in computed})

    @cached_property
    def scope(self) -> dict[str, Type | None]:
        """The type of every name; none for a computed value that has mistakes of its own."""
        scope: dict[str, Type | None] = dict(PRESENT)
        scope |= dict.fromkeys(self.procedure.tables, TABLE)
        scope |= {field.id: field.expression_type() for field in self.procedure.fields()}
        for name in self.ordered:
            scope[name] = type_of(self.procedure.computed[name], scope)
        return {**dict.fromkeys(self.procedure.computed), **scope}

    def scope_of(self, placed: Placed) -> Mapping[str, Type | None]:
        """The names that an expression may use: all, and those of its row before them."""
        if placed.path[0] == "notify":
            return FACTS
        if placed.group is None:
            scope = {**self.scope, **STEPS} if placed.path[0] == "workflow" else self.scope
        else:
            inside = {field.id: field.expression_type() for field in placed.group.subfields()}
            scope = {**self.scope, **inside}
        table = getattr(placed.field, "table", None)
        return {**scope, "row": table.row_type} if placed.path[-1] == "offer" and table else scope

    @cached_property
    def positions(self) -> dict[str, tuple[int, int]]:
        """When each field is asked: page, then place on the page."""
        return {
            field.id: (turn, place)
            for turn, (_, page) in enumerate(self.pages)
            for place, field in enumerate(page.fields)
        }

    def needs(self, expression: Expression, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """The fields that `expression` depends on, through computed values too."""
        for name in sorted(expression.names - seen):
            if name in self.positions:
                yield name
            elif name in self.procedure.computed:
                yield from self.needs(self.procedure.computed[name], seen | {name})


def _leaves(
    thing: object, path: Path, group: FieldDefinition | None, field: FieldDefinition | None
) -> Iterator[tuple[Path, Expression | Text, FieldDefinition | None, FieldDefinition | None]]:
    """Every expression and text below `thing`, with the field it belongs to and the group whose row that is in."""
    if isinstance(thing, Expression | Text):
        yield path, thing, group, field
    elif isinstance(thing, BaseModel):
        here = thing if isinstance(thing, FieldDefinition) else None
        for name, info in type(thing).model_fields.items():
            inside = here if here and name == "fields" else group
            yield from _leaves(getattr(thing, name), (*path, info.alias or name), inside, here or field)
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from _leaves(value, (*path, key), group, field)
    elif isinstance(thing, tuple | list):
        for index, value in enumerate(thing):
            yield from _leaves(value, (*path, index), group, field)
