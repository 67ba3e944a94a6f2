"""Running the example applicants of a file."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from core import clock
from core.told import Told, series, tell
from procedures.definition import Example, Procedure, Workflow
from procedures.definition.base import Json
from procedures.expressions import UNANSWERED, Value
from procedures.fees import FeeDue, fee_of
from procedures.scores import score_of
from procedures.values import Values
from procedures.visibility import asked_attachments, unmet_requirements, visible_fields, visible_pages


class Difference(NamedTuple):
    """Where in `expect`, what stands there, and what came out instead, in words."""

    path: tuple[str, ...]
    expected: str
    got: str

    def __str__(self) -> str:
        return str(self.told)

    @property
    def told(self) -> Told:
        """All of it in one sentence."""
        return tell(
            "%(path)s: expected %(expected)s, got %(got)s",
            path=".".join(self.path),
            expected=self.expected,
            got=self.got,
        )


LONGEST: Final = 50
"""Steps after which a case that does not end is given up."""


@dataclass(frozen=True)
class ExampleResult:
    """One example and how it differs from what it expects; no difference is success."""

    name: str
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


def run(procedure: Procedure) -> list[ExampleResult]:
    """Run every example, on its own day where it names one."""
    return [
        ExampleResult(example.name, tuple(_differences(procedure, example))) for example in procedure.examples
    ]


def answers_on(procedure: Procedure, example: Example, day: date) -> dict[str, Json]:
    """What the example answers, as somebody would on `day`: a move "next month" stays one, birthdays stay."""
    written = deepcopy(example.answers)
    if example.on is None:
        return written
    fields = {name: field for name, (_page, field) in procedure.places.items()}
    return {name: fields[name].moved(value, example.on, day) for name, value in written.items()}


def _differences(procedure: Procedure, example: Example) -> Iterator[Difference]:
    values = Values(procedure, example.answers, example.on or clock.today("Asia/Tokyo"))
    expect = example.expect
    pages = visible_pages(procedure, values)
    unmet = [requirement.id for requirement in unmet_requirements(procedure, values)]
    if expect.eligible is not None and expect.eligible != (not unmet):
        yield Difference(
            ("eligible",),
            _yes(expect.eligible),
            tell("no (%(unmet)s not met)", unmet=", ".join(unmet)) if unmet else tell("yes"),
        )
    yield from _unlike("pages", expect.pages, tuple(page.id for page in _in_order(pages)))
    attachments = tuple(item.id for item in asked_attachments(procedure, values))
    yield from _unlike("attachments", expect.attachments, attachments)
    shown = {field.id for page in pages for field in visible_fields(page, values)}
    for name, wanted in expect.fields.items():
        if (name in shown) != wanted:
            yield Difference(("fields", name), _shown(wanted), _shown(name in shown))
    for name, written in expect.computed.items():
        yield from _computed(procedure, values, name, written)
    due = fee_of(procedure, values)
    if expect.fee is not None and (due.total != expect.fee or not due.complete):
        got = _itemised(due) if due.complete else tell("none: an answer the fee depends on is missing")
        yield Difference(("fee",), tell("%(fee)s yen", fee=expect.fee), got)
    yield from _score(procedure, values, example)
    yield from _lottery(procedure, values, example)
    if expect.final is not None:
        yield from _final(procedure.workflow, expect.final)


def _itemised(due: FeeDue) -> Told:
    """The total, with what it is made of where that is more than one line."""
    if due.waived:
        return tell("%(total)s yen (waived)", total=due.total)
    if len(due.lines) < 2:
        return tell("%(total)s yen", total=due.total)
    lines = series(tell("%(label)s %(yen)s yen", label=str(label), yen=yen) for label, yen in due.lines)
    return tell("%(total)s yen (%(lines)s)", total=due.total, lines=lines)


def _yes(value: bool) -> Told:
    return tell("yes") if value else tell("no")


def _shown(value: bool) -> Told:
    return tell("shown") if value else tell("not shown")


def _in_order(pages: tuple[Any, ...]) -> list[Any]:
    return sorted(pages, key=lambda page: not page.eligibility)


def _unlike(key: str, wanted: tuple[str, ...] | None, found: tuple[str, ...]) -> Iterator[Difference]:
    if wanted is not None and wanted != found:
        yield Difference((key,), ", ".join(wanted) or tell("none"), ", ".join(found) or tell("none"))


def _computed(procedure: Procedure, values: Values, name: str, written: Any) -> Iterator[Difference]:
    path = ("computed", name)
    if name not in procedure.computed:
        yield Difference(path, str(written), tell("no computed value of this name"))
    elif not _same(values[name], written):
        found = values[name]
        got = (
            tell("unanswered")
            if found is UNANSWERED
            else _yes(found)
            if isinstance(found, bool)
            else str(found)
        )
        yield Difference(path, tell("unanswered") if written is None else str(written), got)


def _same(value: Value, written: Any) -> bool:
    """Whether a value is the one that the author wrote (as text)."""
    if value is UNANSWERED or written is None:
        return value is UNANSWERED and written is None
    text = str(written)
    if isinstance(value, bool):
        return text.lower() in (("true", "yes") if value else ("false", "no"))
    if isinstance(value, Decimal):
        try:
            return value == Decimal(text)
        except InvalidOperation:
            return False
    return (value.isoformat() if isinstance(value, date) else value) == text


def _score(procedure: Procedure, values: Values, example: Example) -> Iterator[Difference]:
    wanted, found = example.expect.score, score_of(procedure, values)
    if wanted is None:
        return
    if found is None:
        yield Difference(("score",), str(wanted), tell("none: the procedure has no score"))
    elif not found.complete:
        yield Difference(("score",), str(wanted), tell("none: an answer the score depends on is missing"))
    elif found.total != wanted:
        yield Difference(("score",), str(wanted), str(found.total))


def _lottery(procedure: Procedure, values: Values, example: Example) -> Iterator[Difference]:
    lottery = procedure.lottery
    if lottery is None:
        return
    weight = lottery.weight.evaluate(values)
    if example.expect.weight is not None and weight != example.expect.weight:
        yield Difference(("weight",), str(example.expect.weight), str(weight))
    lists = tuple(entry.id for entry in lottery.lists if entry.when.holds(values))
    yield from _unlike("lists", example.expect.lists, lists)


def _final(workflow: Workflow, steps: tuple[str, ...]) -> Iterator[Difference]:
    """Take the steps in order, paid fees in between; the case must end with the last one."""
    way = walk(workflow, steps)
    if not way.ended:
        yield Difference(("final",), ", ".join(steps) or tell("no step"), way.said)


@dataclass(frozen=True)
class Way:
    """The way of a case through its workflow: states, and the transitions taken (state, name)."""

    states: tuple[str, ...]
    taken: tuple[tuple[str, str], ...]
    ended: bool
    said: str
    """Where it stopped, in words."""


def walk(workflow: Workflow, steps: tuple[str, ...]) -> Way:
    """The way that `steps` lead, paid fees in between."""
    taken: list[tuple[str, str]] = []
    states, waiting = [workflow.start], list(steps)
    for _ in range(LONGEST):
        name, state = states[-1], workflow.states[states[-1]]
        if state.outcome or (not waiting and not state.on_paid):
            break
        step = state.transitions.get(waiting[0]) if waiting else None
        target = step.to if step else state.on_paid
        if target is None:
            steps_there = ", ".join(state.transitions) or tell("none")
            said = tell(
                "'%(waiting)s' cannot be taken in state '%(name)s'; steps there: %(steps_there)s",
                waiting=waiting[0],
                name=name,
                steps_there=steps_there,
            )
            return Way(tuple(states), tuple(taken), False, said)
        taken += [(name, waiting.pop(0))] if step else [(name, "on_paid")]
        states.append(target)
    ended = bool(workflow.states[states[-1]].outcome) and not waiting
    said = tell("the case is in state '%(state)s'", state=states[-1])
    if waiting:
        left = ", ".join(waiting)
        said = tell("the case is in state '%(state)s'; not taken: %(steps)s", state=states[-1], steps=left)
    return Way(tuple(states), tuple(taken), ended, said)
