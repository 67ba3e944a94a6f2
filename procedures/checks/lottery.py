"""The lottery: units have seats, shares fit, and nothing is drawn while people may still apply."""

from collections.abc import Iterator
from decimal import Decimal

from core.told import tell
from procedures.checks.subject import Found, Subject
from procedures.expressions import Choice, type_of


def used(subject: Subject) -> Iterator[Found]:
    """A lottery is waited for in the workflow, and only where there is one."""
    waiting = [name for name, state in subject.procedure.workflow.states.items() if state.lottery]
    if subject.procedure.lottery and not waiting:
        hint = tell("write `uses: lottery`, or a state with `lottery: draw`")
        yield Found(
            ("lottery",),
            "never-drawn",
            tell("no state of the workflow waits for the draw"),
            hint,
            on_key=True,
        )
    if not subject.procedure.lottery and waiting:
        at = ("workflow", "states", waiting[0], "lottery")
        yield Found(
            at,
            "no-lottery",
            tell("'%(waiting)s' waits for a draw, but there is no `lottery`", waiting=waiting[0]),
        )


def units(subject: Subject) -> Iterator[Found]:
    """What people may choose has seats."""
    lottery = subject.procedure.lottery
    kind = type_of(lottery.unit, subject.scope) if lottery else None
    if lottery is None or not isinstance(kind, Choice):
        return
    for option in sorted(set(kind.options) - lottery.units.keys()):
        yield Found(
            ("lottery", "units"),
            "no-seats",
            tell("the option '%(option)s' has no seats", option=option),
            tell('add "%(option)s": 1', option=option),
        )
    for unit in sorted(lottery.units.keys() - set(kind.options)):
        text = tell("nobody can apply for the unit '%(unit)s'", unit=unit)
        yield Found(("lottery", "units", unit), "no-option", text, severity="warning", on_key=True)
    for unit, seats in lottery.units.items():
        if seats < 1:
            yield Found(
                ("lottery", "units", unit), "no-seats", tell("the unit '%(unit)s' has no seats", unit=unit)
            )


def weight(subject: Subject) -> Iterator[Found]:
    """Everybody has a ticket."""
    lottery = subject.procedure.lottery
    if lottery is None or lottery.weight.names:
        return
    value = lottery.weight.evaluate({})
    if isinstance(value, Decimal) and value < 1:
        yield Found(("lottery", "weight"), "weight", tell("an entry needs at least one ticket"))


def draw_after_reception(subject: Subject) -> Iterator[Found]:
    """The draw comes after the last moment to apply."""
    lottery, reception = subject.procedure.lottery, subject.procedure.reception
    if lottery is None or lottery.draws_on is None:
        return
    if reception.closes is None:
        text = tell("the day of the draw is fixed, but reception never closes")
        yield Found(("lottery", "draws_on"), "draw-too-early", text, tell("add `closes:` to `reception`"))
    elif lottery.draws_on <= reception.closes.date():
        text = tell("the draw is not after the day on which reception closes")
        yield Found(("lottery", "draws_on"), "draw-too-early", text)


CHECKS = (used, units, weight, draw_after_reception)
