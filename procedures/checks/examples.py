"""The examples of a file name what is there, and give what they say."""

from collections.abc import Collection, Iterable, Iterator

from core.told import NOTHING, tell
from procedures import examples
from procedures.checks.subject import Found, Subject
from procedures.expressions.checker import did_you_mean
from procedures.yaml_reader import Path


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


CHECKS = (failing,)
"""Run only where nothing else is wrong."""
