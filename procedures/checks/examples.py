"""The examples of a file name what is there, and give what they say."""

from collections.abc import Collection, Iterable, Iterator

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
            ("pages", "page", expect.pages or (), [page.id for page in procedure.pages]),
            ("fields", "field", expect.fields, fields),
            (
                "attachments",
                "attachment",
                expect.attachments or (),
                [each.id for each in procedure.attachments],
            ),
            ("computed", "computed value", expect.computed, procedure.computed),
            ("lists", "list", expect.lists or (), lists),
            ("final", "transition", expect.final or (), transitions),
        )
        for key, kind, wanted, known in kinds:
            keyed = key in ("fields", "computed")
            for place, name in enumerate(wanted):
                if name not in known:
                    path: Path = ("examples", index, "expect", key, name if keyed else place)
                    text = f"no {kind} named '{name}'"
                    hint = did_you_mean(name, known) or (
                        f"known: {', '.join(sorted(known))}" if known else ""
                    )
                    yield Found(path, "unknown-expected", text, hint, on_key=keyed)


def undated(subject: Subject) -> Iterator[Found]:
    """An example that comes out otherwise another day says which day it is meant for."""
    if not any("today" in placed.expression.names for placed in subject.expressions):
        return
    for index, example in enumerate(subject.procedure.examples):
        if example.on is None:
            text = f"example '{example.name}' depends on the day it is run"
            hint = "add `on: 2026-04-01`, the day it happens"
            yield Found(("examples", index, "name"), "no-day", text, hint, severity="warning")


def failing(subject: Subject) -> Iterator[Found]:
    """Each difference of each example."""
    for index, result in enumerate(examples.run(subject.procedure)):
        for difference in result.differences:
            path: Path = ("examples", index, "expect", *difference.path)
            yield Found(path, "example", f"example '{result.name}': {difference}")


CHECKS = (failing,)
"""Run only where nothing else is wrong."""
