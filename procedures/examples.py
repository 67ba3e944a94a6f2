"""Running the example applicants of a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from core import clock
from procedures.definition import Example, Procedure, Workflow
from procedures.expressions import UNANSWERED, Value
from procedures.fees import fee_of
from procedures.scores import score_of
from procedures.values import Values
from procedures.visibility import asked_attachments, unmet_requirements, visible_fields, visible_pages

Difference = tuple[tuple[str, ...], str]
"""Where in `expect`, and what came out instead."""
_LONGEST: Final = 50


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


def _differences(procedure: Procedure, example: Example) -> Iterator[Difference]:
    values = Values(procedure, example.answers, example.on or clock.today("Asia/Tokyo"))
    expect = example.expect
    pages = visible_pages(procedure, values)
    unmet = [requirement.id for requirement in unmet_requirements(procedure, values)]
    if expect.eligible is not None and expect.eligible != (not unmet):
        yield ("eligible",), f"not eligible: {', '.join(unmet)}" if unmet else "eligible"
    yield from _unlike("pages", expect.pages, tuple(page.id for page in _in_order(pages)))
    attachments = tuple(item.id for item in asked_attachments(procedure, values))
    yield from _unlike("attachments", expect.attachments, attachments)
    shown = {field.id for page in pages for field in visible_fields(page, values)}
    for name, wanted in expect.fields.items():
        if (name in shown) != wanted:
            yield ("fields", name), f"'{name}' is {'shown' if name in shown else 'not shown'}"
    for name, written in expect.computed.items():
        yield from _computed(procedure, values, name, written)
    due = fee_of(procedure, values)
    if expect.fee is not None and (due.total != expect.fee or not due.complete):
        yield (
            ("fee",),
            f"the fee is {due.total}" if due.complete else "an answer the fee depends on is missing",
        )
    yield from _score(procedure, values, example)
    yield from _lottery(procedure, values, example)
    if expect.final is not None:
        yield from _final(procedure.workflow, expect.final)


def _in_order(pages: tuple[Any, ...]) -> list[Any]:
    return sorted(pages, key=lambda page: not page.eligibility)


def _unlike(key: str, wanted: tuple[str, ...] | None, found: tuple[str, ...]) -> Iterator[Difference]:
    if wanted is not None and wanted != found:
        yield (key,), f"{key}: {', '.join(found) or 'none'}"


def _computed(procedure: Procedure, values: Values, name: str, written: Any) -> Iterator[Difference]:
    if name not in procedure.computed:
        yield ("computed", name), f"no computed value named '{name}'"
    elif not _same(values[name], written):
        found = "unanswered" if values[name] is UNANSWERED else values[name]
        yield ("computed", name), f"'{name}' is {found}"


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
        yield ("score",), "the procedure has no score"
    elif not found.complete:
        yield ("score",), "an answer the score depends on is missing"
    elif found.total != wanted:
        yield ("score",), f"the score is {found.total}"


def _lottery(procedure: Procedure, values: Values, example: Example) -> Iterator[Difference]:
    lottery = procedure.lottery
    if lottery is None:
        return
    weight = lottery.weight.evaluate(values)
    if example.expect.weight is not None and weight != example.expect.weight:
        yield ("weight",), f"the weight is {weight}"
    lists = tuple(entry.id for entry in lottery.lists if entry.when.holds(values))
    yield from _unlike("lists", example.expect.lists, lists)


def _final(workflow: Workflow, steps: tuple[str, ...]) -> Iterator[Difference]:
    """Take the steps in order, paid fees in between; the case must end with the last one."""
    state, waiting = workflow.states[workflow.start], list(steps)
    for _ in range(_LONGEST):
        if state.outcome or (not waiting and not state.on_paid):
            break
        step = state.transitions.get(waiting[0]) if waiting else None
        target = step.to if step else state.on_paid
        if target is None:
            yield ("final",), f"'{waiting[0]}' cannot be taken there"
            return
        waiting = waiting[1:] if step else waiting
        state = workflow.states[target]
    if waiting or not state.outcome:
        yield ("final",), f"the case does not end with {', '.join(steps) or 'nothing'}"
