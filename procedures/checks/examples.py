"""The examples of a file name what is there, and give what they say."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from core import clock
from core.registry import registry
from core.told import NOTHING, Told, tell
from procedures import examples
from procedures.checks.subject import Found, Subject
from procedures.definition import FieldDefinition
from procedures.expressions import BOOL, MONEY, NUMBER, Choice
from procedures.expressions.checker import did_you_mean
from procedures.expressions.types import ListOf
from procedures.values import Values
from procedures.visibility import visible_fields, visible_in_row, visible_pages
from procedures.yaml_reader import Path

_LISTED: Final = 8
_EXAMPLES_TOO: Final[Told] = tell("where you changed the options, change the answers of the examples too")


def names(subject: Subject) -> Iterator[Found]:
    """What an example expects has the names of things in the file."""
    procedure = subject.procedure
    fields = [field.id for field in procedure.fields()]
    transitions = {id for state in procedure.workflow.states.values() for id in state.transitions}
    lists = [each.id for each in procedure.lottery.lists] if procedure.lottery else []
    for index, example in enumerate(procedure.examples):
        expect = example.expect
        kinds: tuple[tuple[str, str, Iterable[str], Collection[str]], ...] = (
            ("pages", tell("page"), expect.pages or (), [page.id for page in procedure.pages]),
            ("fields", tell("field"), expect.fields, fields),
            (
                "attachments",
                tell("attachment"),
                expect.attachments or (),
                [each.id for each in procedure.attachments],
            ),
            ("computed", tell("computed value"), expect.computed, procedure.computed),
            ("lists", tell("list"), expect.lists or (), lists),
            ("final", tell("transition"), expect.final or (), transitions),
        )
        for key, kind, wanted, known in kinds:
            keyed = key in ("fields", "computed")
            for place, name in enumerate(wanted):
                if name not in known:
                    path: Path = ("examples", index, "expect", key, name if keyed else place)
                    text = tell("no %(kind)s named '%(name)s'", kind=kind, name=name)
                    hint = did_you_mean(name, known) or (
                        tell("known: %(known)s", known=", ".join(sorted(known))) if known else NOTHING
                    )
                    yield Found(path, "unknown-expected", text, hint, on_key=keyed)


def impossible(subject: Subject) -> Iterator[Found]:
    """An answer that the form would not take: no option of its question, a number beyond its limits."""
    procedure = subject.procedure
    fields = [field for page in procedure.pages for field in page.fields]
    for index, example in enumerate(procedure.examples):
        yield from _impossible(fields, example.answers, ("examples", index, "answers"))


def _impossible(fields: Iterable[FieldDefinition], answers: Mapping[str, Any], path: Path) -> Iterator[Found]:
    for field in fields:
        stored, at = answers.get(field.id), (*path, field.id)
        if stored is None:
            continue
        if field.subfields():
            for number, row in enumerate(stored):
                yield from _impossible(field.subfields(), row, (*at, number))
            continue
        kind = field.expression_type()
        if isinstance(kind, Choice):
            yield from _no_option(kind, stored, at)
        elif isinstance(kind, ListOf) and isinstance(kind.item, Choice):
            for place, each in enumerate(stored):
                yield from _no_option(kind.item, each, (*at, place))
        elif kind in (NUMBER, MONEY):
            yield from _beyond(field, Decimal(stored), at)


def _no_option(kind: Choice, stored: str, path: Path) -> Iterator[Found]:
    if kind.options and stored not in kind.options:
        first = kind.options[:_LISTED]
        listed = ", ".join([*first, *(["…"] if len(kind.options) > len(first) else [])])
        text = tell("'%(answer)s' is none of the options (%(options)s)", answer=stored, options=listed)
        yield Found(path, "no-option", text, did_you_mean(stored, kind.options) or _EXAMPLES_TOO)


def _beyond(field: FieldDefinition, number: Decimal, path: Path) -> Iterator[Found]:
    least, most = getattr(field, "min", None), getattr(field, "max", None)
    if isinstance(least, Decimal | int) and number < least:
        yield Found(
            path, "beyond", tell("%(number)s is less than `min: %(limit)s`", number=number, limit=least)
        )
    if isinstance(most, Decimal | int) and number > most:
        yield Found(
            path, "beyond", tell("%(number)s is more than `max: %(limit)s`", number=number, limit=most)
        )


def undated(subject: Subject) -> Iterator[Found]:
    """An example that comes out otherwise another day says which day it is meant for."""
    if not any("today" in placed.expression.names for placed in subject.expressions):
        return
    for index, example in enumerate(subject.procedure.examples):
        if example.on is None:
            text = tell("example '%(name)s' depends on the day it is run", name=example.name)
            hint = tell("add `on: 2026-04-01`, the day it happens")
            yield Found(("examples", index, "name"), "no-day", text, hint, severity="warning")


def failing(subject: Subject) -> Iterator[Found]:
    """Each difference of each example."""
    for index, result in enumerate(examples.run(subject.procedure)):
        for difference in result.differences:
            path: Path = ("examples", index, "expect", *difference.path)
            yield Found(
                path,
                "example",
                tell("example '%(name)s': %(difference)s", name=result.name, difference=difference.told),
            )


def unanswered(subject: Subject) -> Iterator[Found]:
    """What the form would demand of an eligible example, and the example does not answer."""
    procedure = subject.procedure
    for index, example in enumerate(procedure.examples):
        if not example.expect.eligible:
            continue
        values = Values(procedure, example.answers, example.on or clock.today("Asia/Tokyo"))
        for page in visible_pages(procedure, values):
            for field in visible_fields(page, values):
                at: Path = ("examples", index, "answers")
                if field.id not in example.answers:
                    yield from _lacking(example.name, field, at)
                for number, row in enumerate((field.subfields() and example.answers.get(field.id)) or ()):
                    inside = values.with_row(values[field.id][number])  # type: ignore[index, arg-type]
                    for inner in visible_in_row(field, inside):
                        if inner.id not in row:
                            yield from _lacking(example.name, inner, (*at, field.id, number))


def _lacking(example: str, field: FieldDefinition, at: Path) -> Iterator[Found]:
    """That `field` is not answered, where it must be."""
    repeat = getattr(field, "repeat", None)
    if not field.required or not registry("forms.fields", "field type")[field.type].asks:
        return
    if repeat is not None and repeat.min == 0:
        return
    text = tell("example '%(name)s' does not answer '%(field)s'", name=example, field=field.id)
    kind = field.expression_type()
    hint = tell("add `%(field)s: …` to its answers", field=field.id)
    if kind == BOOL:
        hint = tell("add `%(field)s: yes` or `%(field)s: no` to its answers", field=field.id)
    elif isinstance(kind, Choice) and kind.options:
        hint = tell("add `%(field)s: %(option)s` to its answers", field=field.id, option=kind.options[0])
    yield Found(at, "unanswered", text, hint, severity="warning", on_key=isinstance(at[-1], str))


CHECKS = (failing, unanswered)
"""Run only where nothing else is wrong."""
