"""The engine: workflow + facts of a case + what happened → where the case stands next, and what must follow.

Pure: no database, no clock of its own, no mail. Beside what a workflow declares, every open case offers two things by
itself: the applicant may withdraw (取下げ), and the desk may ask for a correction (補正), while the clock stands.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from core.errors import MadoguchiError, Message, Refused, message
from procedures import calendar
from procedures.definition import State, Transition, Workflow
from procedures.expressions import Value
from translations.text import Text

WITHDRAW, REQUEST_CORRECTION, WITHDRAWN = "withdraw", "request_correction", "withdrawn"
_WITHDRAW = Transition(by="applicant", uses="withdrawal")
_REQUEST_CORRECTION = Transition(by="reviewer", uses="correction")
_RESUME = Transition(by="reviewer")
_WITHDRAWN = State(outcome="withdrawn")
RESUME = "resume"
Label = Text | Message | str
LABELS: Mapping[str, Label] = {
    WITHDRAW: message("Withdraw the application"),
    REQUEST_CORRECTION: message("Ask for a correction"),
    RESUME: message("Go on without the correction"),
    WITHDRAWN: message("Withdrawn"),
}
Result = Literal["won", "waiting", "lost"]


class WorkflowError(MadoguchiError):
    """Raised for a workflow that cannot be run (states that lead in circles); the checks find it earlier."""


class NotAllowed(Refused):
    """Raised when a step is not offered to this person in this state."""


@dataclass(frozen=True)
class Actor:
    """Who acts, with the roles held at the state's desk. The applicant and the system have theirs by name."""

    name: str
    roles: frozenset[str] = frozenset()

    def holds(self, role: str) -> bool:
        """Whether the actor may take steps that are `by` this role."""
        return role == self.name if role in ("applicant", "system") else role in self.roles


APPLICANT, SYSTEM = Actor("applicant"), Actor("system")


@dataclass(frozen=True)
class Pause:
    """A clock that stands: since when, and when it would have ended."""

    since: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class Facts:
    """What the engine needs to know of a case."""

    state: str
    now: datetime
    zone: str
    values: Mapping[str, Value] = field(default_factory=dict)
    due_at: datetime | None = None
    fee_open: bool = False
    """Whether a fee stands that is neither paid nor waived."""
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Who took which transition on this case before."""
    correcting: Pause | None = None
    """Set while the applicant has a correction to answer."""

    @property
    def seen(self) -> Mapping[str, Value]:
        """What conditions of transitions see: the values, and `now`, the present day there."""
        today: dict[str, Any] = {"now": self.now.astimezone(ZoneInfo(self.zone)).date()}
        return ChainMap(today, cast("dict[str, Any]", self.values))


@dataclass(frozen=True)
class Filed:
    """The application was filed."""


@dataclass(frozen=True)
class Taken:
    """Somebody takes a transition, or a correction is asked for, or the applicant withdraws."""

    transition: str
    actor: Actor
    reason: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Paid:
    """The fee was paid in full."""


@dataclass(frozen=True)
class Drawn:
    """The draw gave this application a result."""

    result: Result


@dataclass(frozen=True)
class Corrected:
    """The applicant answered the correction request."""


@dataclass(frozen=True)
class DeadlinePassed:
    """The state's deadline has passed."""


Happening = Filed | Taken | Paid | Drawn | Corrected | DeadlinePassed


@dataclass(frozen=True)
class Charge:
    """Charge the fee, or note that it is waived."""


@dataclass(frozen=True)
class EnterDraw:
    """Enter the application into the procedure's draw."""


@dataclass(frozen=True)
class Act:
    """Perform an action that the state declares."""

    state: str
    name: str
    options: Any


@dataclass(frozen=True)
class AskCorrection:
    """The applicant is asked to correct; the clock stands."""


@dataclass(frozen=True)
class EndCorrection:
    """The correction request is answered, or the office goes on without an answer."""


Effect = Charge | EnterDraw | Act | AskCorrection | EndCorrection


@dataclass(frozen=True)
class Step:
    """Where the case stands now, and what must follow, in order."""

    state: str
    desk: str | None
    due_at: datetime | None
    outcome: str | None = None
    expires_on: date | None = None
    entered: tuple[str, ...] = ()
    """States entered on the way, the last one being `state`; none where the case stays."""
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Offer:
    """A step that is possible now."""

    id: str
    transition: Transition

    @property
    def label(self) -> Label:
        """What its button says."""
        return _label(self.transition.label, self.id)

    @property
    def kind(self) -> Literal["step", "correction", "withdrawal", "resume"]:
        """What it is: a correction request has a form of its own."""
        return "resume" if self.id == RESUME else self.transition.uses or "step"


def state_of(workflow: Workflow, name: str) -> State:
    """The state `name`; every workflow has one for withdrawn cases. Raises `WorkflowError`."""
    if name in workflow.states:
        return workflow.states[name]
    if name == WITHDRAWN:
        return _WITHDRAWN
    raise WorkflowError(f"no state named '{name}'")


def label_of(workflow: Workflow, name: str) -> Label:
    """What the state is called."""
    return _label(state_of(workflow, name).label, name)


def label_of_step(workflow: Workflow, state: str, id: str) -> Label:
    """What the step `id` of `state` is called."""
    step = state_of(workflow, state).transitions.get(id)
    return _label(step.label if step else None, id)


def _label(own: Text | None, name: str) -> Label:
    if own is not None:
        return own
    return LABELS.get(name, name)


def allowed(workflow: Workflow, facts: Facts, actor: Actor) -> list[Offer]:
    """The steps that `actor` may take now."""
    return [
        offer
        for offer in _offers(workflow, facts)
        if actor.holds(offer.transition.by)
        and _guard(offer, facts)
        and not _second_person(offer, facts, actor)
    ]


def advance(workflow: Workflow, facts: Facts, event: Happening) -> Step:
    """What follows from `event`. Raises `NotAllowed` for what is not possible in this state, by this person, so."""
    state = state_of(workflow, facts.state)
    if isinstance(event, Filed):
        return _enter(workflow, workflow.start, facts)
    if state.outcome:
        raise NotAllowed(message("This case is closed."))
    if isinstance(event, Taken):
        return _take(workflow, facts, event)
    if isinstance(event, Corrected):
        if facts.correcting is None:
            raise NotAllowed(message("There is nothing to correct."))
        return _stay(state, facts, _resumed(state, facts.correcting, facts), EndCorrection())
    target = _target(state, event)
    return _enter(workflow, target, facts) if target else _stay(state, facts, facts.due_at)


def _target(state: State, event: Paid | Drawn | DeadlinePassed) -> str | None:
    if isinstance(event, Paid):
        return state.on_paid if state.payment else None
    if isinstance(event, DeadlinePassed):
        return state.on_deadline
    results = {"won": state.on_won, "waiting": state.on_waiting, "lost": state.on_lost}
    return results[event.result] if state.lottery else None


def _offers(workflow: Workflow, facts: Facts) -> Iterator[Offer]:
    state = state_of(workflow, facts.state)
    if state.outcome:
        return
    if facts.correcting:
        yield Offer(RESUME, _RESUME)
        yield from (Offer(id, step) for id, step in state.transitions.items() if step.by == "system")
    else:
        yield from (Offer(id, step) for id, step in state.transitions.items() if step.uses != "withdrawal")
        if not state.lottery and not _using(state, "correction"):
            yield Offer(REQUEST_CORRECTION, _REQUEST_CORRECTION)
    yield from _using(state, "withdrawal") or [Offer(WITHDRAW, _WITHDRAW)]


def _using(state: State, what: str) -> list[Offer]:
    return [Offer(id, step) for id, step in state.transitions.items() if step.uses == what]


def _guard(offer: Offer, facts: Facts) -> bool:
    return offer.transition.when is None or offer.transition.when.holds(facts.seen)


def _second_person(offer: Offer, facts: Facts, actor: Actor) -> bool:
    return any(actor.name in facts.taken.get(before, ()) for before in offer.transition.not_by)


def _take(workflow: Workflow, facts: Facts, event: Taken) -> Step:
    offer = next((one for one in _offers(workflow, facts) if one.id == event.transition), None)
    if offer is None or not event.actor.holds(offer.transition.by) or not _guard(offer, facts):
        raise NotAllowed(message("This step is not possible now."))
    if _second_person(offer, facts, event.actor):
        raise NotAllowed(message("A second person must take this step."))
    if "reason" in offer.transition.needs and not event.reason.strip():
        raise NotAllowed(message("Please write the reason. The applicant will read it."))
    if "comment" in offer.transition.needs and not event.comment.strip():
        raise NotAllowed(message("Please write a comment for your colleagues."))
    state = state_of(workflow, facts.state)
    if offer.kind == "correction":
        return _stay(state, facts, None, AskCorrection())
    if offer.kind == "withdrawal":
        return _enter(workflow, offer.transition.to or _withdrawn(workflow), facts)
    if offer.kind == "resume" and facts.correcting:
        return _stay(state, facts, _resumed(state, facts.correcting, facts), EndCorrection())
    if offer.transition.to is None:
        return _stay(state, facts, facts.due_at)
    return _enter(workflow, offer.transition.to, facts)


def _withdrawn(workflow: Workflow) -> str:
    return next((id for id, state in workflow.states.items() if state.outcome == "withdrawn"), WITHDRAWN)


def _stay(state: State, facts: Facts, due_at: datetime | None, *effects: Effect) -> Step:
    return Step(facts.state, state.desk, due_at, effects=effects)


def _enter(workflow: Workflow, name: str, facts: Facts) -> Step:
    """Enter `name`, and go on through payment states where nothing is left to pay."""
    entered: list[str] = []
    effects: list[Effect] = []
    while True:
        if name in entered:
            raise WorkflowError(f"the state '{name}' leads back to itself")
        state = state_of(workflow, name)
        entered.append(name)
        effects += [Charge()] if state.payment else []
        effects += [
            Act(name, action, options) for entry in state.actions for action, options in entry.items()
        ]
        if not state.payment or facts.fee_open or state.on_paid is None:
            break
        name = state.on_paid
    effects += [EnterDraw()] if state.lottery else []
    today = facts.now.astimezone(ZoneInfo(facts.zone)).date()
    return Step(
        state=name,
        desk=state.desk,
        due_at=calendar.after(facts.now, state.deadline, facts.zone) if state.deadline else None,
        outcome=state.outcome,
        expires_on=calendar.add(today, state.expires) if state.expires else None,
        entered=tuple(entered),
        effects=tuple(effects),
    )


def _resumed(state: State, pause: Pause, facts: Facts) -> datetime | None:
    """When the deadline ends after a pause: what was left of it, in its own unit, counted from now."""
    if pause.due_at is None or state.deadline is None:
        return None
    there = ZoneInfo(facts.zone)
    since, due = pause.since.astimezone(there).date(), pause.due_at.astimezone(there).date()
    if "working" in state.deadline:
        left, unit = calendar.working_days_between(since, due), "working days"
    else:
        left, unit = (due - since).days, "days"
    if left < 0:
        return pause.due_at
    return calendar.after(facts.now, f"{left} {unit}", facts.zone)
