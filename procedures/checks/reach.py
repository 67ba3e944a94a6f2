"""What can never be reached: pages, questions, options, files, lines of the fee, and steps nobody may take."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from core.told import NOTHING, Told, tell
from procedures.checks.possible import impossible
from procedures.checks.subject import Found, Placed, Subject
from procedures.definition import FieldDefinition
from procedures.expressions import Expression, Type
from procedures.visibility import asked_by
from procedures.yaml_reader import Path

_NEVER: Final[Mapping[str, Callable[[str], Told]]] = {
    "page": lambda name: tell("the page '%(name)s' can never be reached", name=name),
    "field": lambda name: tell("the question '%(name)s' is never asked", name=name),
    "option": lambda name: tell("the option '%(name)s' can never be chosen", name=name),
    "attachment": lambda name: tell("the attachment '%(name)s' is never asked for", name=name),
    "fee": lambda _: tell("this line of the fee is never charged"),
    "score": lambda _: tell("this line of the score never counts"),
    "transition": lambda name: tell("nobody can ever take '%(name)s'", name=name),
    "list": lambda name: tell("nobody is ever on the list '%(name)s'", name=name),
}


def conditions(subject: Subject) -> Iterator[Found]:
    """A condition that no answers meet, alone or with those around it."""
    required = [each.when for each in subject.procedure.eligibility]
    if required and _never(subject, required, subject.scope):
        hint = tell("these requirements exclude each other") if len(required) > 1 else NOTHING
        yield Found(("eligibility",), "never-met", tell("nobody may ever apply"), hint, on_key=True)
        return
    for placed in subject.expressions:
        if placed.path[-1] != "when" or placed.path[0] == "eligibility" or not placed.expression.names:
            continue
        around = [*_around(subject, placed), placed.expression]
        if not _never(subject, around, subject.scope_of(placed)):
            if _asked_first(subject, placed):
                continue
            demanded = [each for each in required if _shares(subject, each, placed.expression)]
            if not demanded or not _never(subject, [*demanded, *around], subject.scope_of(placed)):
                continue
            around = [*demanded, *around]
        kind, name = _what(subject, placed.path)
        hint = (
            tell("together: %(conditions)s", conditions="; ".join(map(str, around)))
            if len(around) > 1
            else tell("look at the limits and options")
        )
        yield Found(placed.path, "never-met", _NEVER[kind](name), hint)


def _never(subject: Subject, together: list[Expression], scope: Mapping[str, Type | None]) -> bool:
    fields: dict[str, FieldDefinition] = {
        id: field for id, (_page, field) in subject.procedure.places.items()
    }
    return impossible(together, scope, subject.procedure.computed, fields)


def _around(subject: Subject, placed: Placed) -> Iterator[Expression]:
    """The conditions of what this one stands in. A row's own names may hide those outside, so it stands alone."""
    if placed.group is not None or placed.path[0] != "pages":
        return
    page = subject.procedure.pages[int(placed.path[1])]
    if len(placed.path) > 3 and page.when is not None:
        yield page.when
    if placed.field is not None and len(placed.path) > 5 and placed.field.when is not None:
        yield placed.field.when


def _asked_first(subject: Subject, placed: Placed) -> bool:
    """Whether it stands before the requirements are checked."""
    return placed.group is not None or (
        placed.path[0] == "pages" and subject.procedure.pages[int(placed.path[1])].eligibility
    )


def _shares(subject: Subject, one: Expression, other: Expression) -> bool:
    return bool(asked_by(subject.procedure, one) & asked_by(subject.procedure, other))


def _what(subject: Subject, path: Path) -> tuple[str, str]:
    """What a condition at `path` decides about, and its name."""
    procedure = subject.procedure
    if path[0] == "pages":
        page = procedure.pages[int(path[1])]
        if len(path) == 3:
            return "page", page.id
        thing: object = page
        for step in path[2:-1]:
            thing = getattr(thing, step) if isinstance(step, str) else thing[step]  # type: ignore[index]
        kind = "option" if path[-3] == "options" else "field"
        return kind, str(getattr(thing, "value", None) if kind == "option" else getattr(thing, "id", ""))
    if path[0] == "attachments":
        return "attachment", procedure.attachments[int(path[1])].id
    if path[0] == "lottery" and procedure.lottery:
        return "list", procedure.lottery.lists[int(path[2])].id
    if path[0] == "workflow":
        return "transition", str(path[-2])
    return ("score", "") if path[0] == "score" else ("fee", "")


def nobody(subject: Subject) -> Iterator[Found]:
    """A step that no role may take: applicants only withdraw, the system only promotes from a waiting list."""
    for name, state in subject.procedure.workflow.states.items():
        for id, step in state.transitions.items():
            text = hint = NOTHING
            if step.by == "applicant" and step.uses != "withdrawal":
                text, hint = (
                    tell("applicants cannot take steps but withdraw"),
                    tell("write `by: reviewer`, or `uses: withdrawal`"),
                )
            elif step.by == "system" and (id != "promote" or subject.procedure.lottery is None):
                text, hint = (
                    tell("the system takes no step but `promote` of a lottery"),
                    tell("write `by: reviewer`"),
                )
            if text:
                at: Path = ("workflow", "states", name, "transitions", id)
                yield Found(
                    at,
                    "nobody",
                    tell("nobody can take '%(id)s': %(text)s", id=id, text=text),
                    hint,
                    on_key=True,
                )


CHECKS = (conditions, nobody)
