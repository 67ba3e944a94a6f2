"""What the examples of a file reach: pages, questions, options, conditions, files, lines of the fee, steps.

A condition is covered when one example meets it and another does not.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from core import clock
from core.told import Told, series, tell
from procedures import examples
from procedures.definition import FieldDefinition, Procedure
from procedures.definition.base import Json
from procedures.expressions import Expression, Value
from procedures.values import Values
from procedures.visibility import unmet_requirements, visible_in_row

KINDS: Final = {
    "page": tell("pages"),
    "field": tell("questions"),
    "option": tell("options"),
    "condition": tell("conditions"),
    "attachment": tell("attachments"),
    "fee": tell("lines of the fee"),
    "transition": tell("steps of the workflow"),
}
"""What is counted, and what it is called."""


@dataclass(frozen=True, order=True)
class Part:
    """One thing an example may reach; `detail` says which side of a condition."""

    kind: str
    name: str
    detail: str = ""

    def __str__(self) -> str:
        return str(self.told)

    @property
    def told(self) -> Told:
        """Its name and side."""
        return series(filter(None, (self.name, self.detail)), " ")


@dataclass(frozen=True)
class Coverage:
    """Everything there is, and what no example reaches, both in the order of the file."""

    all: tuple[Part, ...]
    missed: tuple[Part, ...]

    def count(self, kind: str) -> tuple[int, int]:
        """(reached, all) of a kind."""
        total = sum(part.kind == kind for part in self.all)
        return total - sum(part.kind == kind for part in self.missed), total

    def as_dict(self, say: Callable[[str], str] = str) -> dict[str, Any]:
        """For tools, in words as `say` puts them."""
        kinds: dict[str, Any] = {}
        for kind in KINDS:
            reached, total = self.count(kind)
            missed = [say(part.told) for part in self.missed if part.kind == kind]
            kinds[kind] = {"reached": reached, "total": total, "missed": missed}
        return kinds


def coverage(procedure: Procedure) -> Coverage:
    """What the examples of `procedure` reach."""
    reached: set[Part] = set()
    for example in procedure.examples:
        values = Values(procedure, example.answers, example.on or clock.today("Asia/Tokyo"))
        reached |= set(_reached(procedure, values, example.answers))
        way = examples.walk(procedure.workflow, example.expect.final or ())
        reached |= {Part("transition", f"{state}.{step}") for state, step in way.taken}
    everything = tuple(dict.fromkeys(_parts(procedure)))
    return Coverage(everything, tuple(part for part in everything if part not in reached))


def _parts(procedure: Procedure) -> Iterator[Part]:
    for requirement in procedure.eligibility:
        yield from _both(f"eligibility.{requirement.id}")
    for page in procedure.pages:
        yield Part("page", page.id)
        yield from _both(page.id) if page.when else ()
        for field in page.fields:
            yield from _of_field(field, f"{page.id}.{field.id}")
            for inner in field.subfields():
                yield from _of_field(inner, f"{page.id}.{field.id}.{inner.id}")
    for attachment in procedure.attachments:
        yield Part("attachment", attachment.id)
        yield from _both(f"attachments.{attachment.id}") if attachment.when else ()
    for place, item in enumerate(procedure.fee.items if procedure.fee else (), 1):
        yield Part("fee", tell("line %(place)s", place=place))
        yield from _both(tell("fee line %(place)s", place=place)) if item.when else ()
        for name, _condition in _inner(procedure, item.amount, place):
            yield from _both(name)
    if procedure.fee and procedure.fee.waive:
        yield from _both("fee.waive")
    for name, state in procedure.workflow.states.items():
        yield from (Part("transition", f"{name}.{id}") for id, step in state.transitions.items() if step.to)
        if state.on_paid:
            yield Part("transition", f"{name}.on_paid")


def _of_field(field: FieldDefinition, name: str) -> Iterator[Part]:
    yield Part("field", name)
    yield from _both(name) if field.when else ()
    yield from (Part("option", f"{name}={option.value}") for option in getattr(field, "options", ()))


def _both(name: str) -> Iterator[Part]:
    yield Part("condition", name, tell("(met)"))
    yield Part("condition", name, tell("(not met)"))


def _reached(procedure: Procedure, values: Values, answers: dict[str, Json]) -> Iterator[Part]:
    for requirement in procedure.eligibility:
        yield _side(f"eligibility.{requirement.id}", requirement.when, values)
    excluded = bool(unmet_requirements(procedure, values))
    for page in procedure.pages:
        if excluded and not page.eligibility:
            continue
        if page.when:
            yield _side(page.id, page.when, values)
        if page.when is None or page.when.holds(values):
            yield Part("page", page.id)
            for field in page.fields:
                yield from _field(field, f"{page.id}.{field.id}", values, answers.get(field.id))
    if not excluded:
        yield from _asked(procedure, values)


def _asked(procedure: Procedure, values: Values) -> Iterator[Part]:
    """Files and money, of somebody who may apply."""
    for attachment in procedure.attachments:
        if attachment.when:
            yield _side(f"attachments.{attachment.id}", attachment.when, values)
        if attachment.when is None or attachment.when.holds(values):
            yield Part("attachment", attachment.id)
    for place, item in enumerate(procedure.fee.items if procedure.fee else (), 1):
        if item.when:
            yield _side(tell("fee line %(place)s", place=place), item.when, values)
        if item.when is None or item.when.holds(values):
            yield Part("fee", tell("line %(place)s", place=place))
            for name, condition in _inner(procedure, item.amount, place):
                yield _side(name, condition, values)
    if procedure.fee and procedure.fee.waive:
        yield _side("fee.waive", procedure.fee.waive, values)


def _inner(procedure: Procedure, amount: Expression, place: int) -> Iterator[tuple[str, Expression]]:
    """Each `if` inside an amount, and inside the computed values it stands on: one side of it is easily never tried."""
    known, waiting = {amount}, [amount]
    while waiting:
        expression = waiting.pop()
        for test in _tests(expression):
            yield tell("fee line %(place)s, if %(condition)s", place=place, condition=test.source), test
        further = {procedure.computed[name] for name in expression.names & procedure.computed.keys()} - known
        known |= further
        waiting += sorted(further, key=str)


def _tests(expression: Expression) -> Iterator[Expression]:
    """The conditions of its `… if … else …`; those that stand on single rows of a group are left out."""
    waiting: list[ast.AST] = [expression.tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.IfExp):
            yield Expression(ast.unparse(node.test))
        if not isinstance(node, ast.GeneratorExp):
            waiting += ast.iter_child_nodes(node)


def _field(field: FieldDefinition, name: str, values: Any, stored: Json) -> Iterator[Part]:
    if field.when:
        yield _side(name, field.when, values)
        if not field.when.holds(values):
            return
    yield Part("field", name)
    chosen = stored if isinstance(stored, list) else [stored]
    yield from (Part("option", f"{name}={value}") for value in chosen if isinstance(value, str))
    if field.subfields() and isinstance(values, Values):
        for row, written in zip(values[field.id], stored or (), strict=True):  # type: ignore[arg-type]
            inside = values.with_row(row)
            shown = visible_in_row(field, inside)
            for inner in field.subfields():
                if inner in shown or inner.when:
                    yield from _field(inner, f"{name}.{inner.id}", inside, written.get(inner.id))


def _side(name: str, condition: Expression, values: Any) -> Part:
    held: Value = condition.holds(values)
    return Part("condition", name, tell("(met)") if held else tell("(not met)"))
