"""The workflow: every state can be reached and left, nobody approves their own work, what is named exists."""

from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel, ValidationError

from core.registry import registry
from core.told import NOTHING, Told, tell
from procedures.checks.subject import Found, Subject
from procedures.definition import State, Transition, Workflow
from procedures.expressions.checker import did_you_mean
from procedures.sentences import sentence
from procedures.yaml_reader import Path

AUTOMATIC: Final = ("on_paid", "on_deadline", "on_won", "on_waiting", "on_lost")
_STATES: Final[Path] = ("workflow", "states")


def targets(subject: Subject) -> Iterator[Found]:
    """Every state that is named exists."""
    workflow = subject.procedure.workflow
    if workflow.start not in workflow.states:
        yield _unknown_state(workflow, ("workflow", "start"), workflow.start)
    for name, state in workflow.states.items():
        for key, id in _named(state):
            if id not in workflow.states:
                yield _unknown_state(workflow, (*_STATES, name, *key), id)
        for id, step in state.transitions.items():
            if step.to is None and step.uses is None:
                at = (*_STATES, name, "transitions", id)
                yield Found(
                    at,
                    "no-target",
                    tell("the transition '%(id)s' leads nowhere", id=id),
                    tell("add `to: <state>`"),
                    on_key=True,
                )
            for other in step.not_by:
                if other not in _transition_names(workflow):
                    at = (*_STATES, name, "transitions", id, "not_by")
                    hint = did_you_mean(other, _transition_names(workflow))
                    yield Found(
                        at, "unknown-transition", tell("no transition named '%(other)s'", other=other), hint
                    )


def _named(state: State) -> Iterator[tuple[Path, str]]:
    """The states that `state` names, with the keys under which it does."""
    for key in AUTOMATIC:
        if (id := getattr(state, key)) is not None:
            yield (key,), id
    for id, step in state.transitions.items():
        if step.to is not None:
            yield ("transitions", id, "to"), step.to


def _unknown_state(workflow: Workflow, path: Path, id: str) -> Found:
    hint = did_you_mean(id, workflow.states) or tell("states: %(states)s", states=", ".join(workflow.states))
    return Found(path, "unknown-state", tell("no state named '%(id)s'", id=id), hint)


def _transition_names(workflow: Workflow) -> set[str]:
    return {id for state in workflow.states.values() for id in state.transitions}


def reachable(subject: Subject) -> Iterator[Found]:
    """Every state can be reached from the start, and from every state the case can come to an end."""
    workflow = subject.procedure.workflow
    onward = {
        name: {id for _, id in _named(state) if id in workflow.states}
        for name, state in workflow.states.items()
    }
    seen = _closure({workflow.start} & workflow.states.keys(), onward)
    back: dict[str, set[str]] = {name: set() for name in onward}
    for name, nexts in onward.items():
        for following in nexts:
            back[following].add(name)
    ending = _closure({name for name, state in workflow.states.items() if state.outcome}, back)
    for name in workflow.states:
        if name not in seen and workflow.start in workflow.states:
            hint = tell("delete it, or let a transition lead to it")
            yield Found(
                (*_STATES, name),
                "unreachable",
                tell("the state '%(name)s' can never be reached", name=name),
                hint,
                on_key=True,
            )
        if name not in ending:
            hint = tell("add a transition, or an `outcome`")
            yield Found(
                (*_STATES, name),
                "dead-end",
                tell("from the state '%(name)s' no case can end", name=name),
                hint,
                on_key=True,
            )


def _closure(start: set[str], onward: dict[str, set[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        for name in onward[waiting.pop()] - found:
            found.add(name)
            waiting.append(name)
    return found


def ends(subject: Subject) -> Iterator[Found]:
    """Where a case ends, nothing is left to be done."""
    for name, state in subject.procedure.workflow.states.items():
        if state.outcome and any(step.uses is None for step in state.transitions.values()):
            text = tell("the case ends in '%(name)s', so its transitions are never taken", name=name)
            yield Found((*_STATES, name, "transitions"), "after-the-end", text, on_key=True)


def waits(subject: Subject) -> Iterator[Found]:
    """A state that waits says for what, and what comes then."""
    for name, state in subject.procedure.workflow.states.items():
        at: Path = (*_STATES, name)
        if (state.payment is None) != (state.on_paid is None):
            text = tell("`payment` and `on_paid` of '%(name)s' belong together", name=name)
            yield Found(at, "payment", text, tell("write `payment: fee` and `on_paid: <state>`"), on_key=True)
        if state.on_deadline is not None and state.deadline is None:
            text = tell("'%(name)s' has `on_deadline` but no `deadline`", name=name)
            yield Found((*at, "on_deadline"), "deadline", text, tell("add `deadline: 15 days`"))
        drawn = [state.on_won, state.on_lost]
        if (state.lottery is None) != (drawn == [None, None]) or (state.lottery and None in drawn):
            text = tell("`lottery`, `on_won` and `on_lost` of '%(name)s' belong together", name=name)
            yield Found(at, "lottery-state", text, on_key=True)
        if (
            state.lottery
            and subject.procedure.lottery
            and subject.procedure.lottery.waiting
            and not state.on_waiting
        ):
            yield Found(
                at,
                "lottery-state",
                tell("'%(name)s' has no `on_waiting`, but there is a waiting list", name=name),
                on_key=True,
            )


def payment(subject: Subject) -> Iterator[Found]:
    """A fee is paid somewhere, before or after the decision as it says."""
    procedure = subject.procedure
    workflow = procedure.workflow
    paying = [name for name, state in workflow.states.items() if state.payment]
    if procedure.fee and not paying:
        hint = tell("add a state with `payment: fee` and `on_paid: <state>`")
        yield Found(
            ("fee",), "fee-never-paid", tell("the fee is never paid in this workflow"), hint, on_key=True
        )
    if not procedure.fee and paying and workflow.uses is None:
        text = tell("'%(paying)s' waits for a fee, but there is none", paying=paying[0])
        yield Found((*_STATES, paying[0], "payment"), "no-fee", text, tell("add `fee:`"))
    if procedure.fee and paying:
        first = workflow.start in paying
        if first != (procedure.fee.when == "before_review"):
            text = tell("the fee is due %(when)s, but the workflow begins with it", when=procedure.fee.when)
            if not first:
                text = tell(
                    "the fee is due %(when)s, but the workflow does not begin with it",
                    when=procedure.fee.when,
                )
            hint = tell("write `when: %(value)s`", value="before_review" if first else "after_approval")
            yield Found(("fee", "when"), "fee-time", text, hint)


def second_person(subject: Subject) -> Iterator[Found]:
    """Where a chief settles what a reviewer drafted, they are two people."""
    workflow = subject.procedure.workflow
    for name, state in workflow.states.items():
        drafts = [
            (origin, id)
            for origin, other in workflow.states.items()
            for id, step in other.transitions.items()
            if step.to == name and step.by == "reviewer"
        ]
        for id, step in state.transitions.items():
            if step.by != "chief" or step.to in {origin for origin, _ in drafts}:
                continue
            missing = [draft for _, draft in drafts if draft not in step.not_by]
            if missing:
                text = tell(
                    "one person could draft (%(missing)s) and settle (%(id)s) the same case",
                    missing=missing[0],
                    id=id,
                )
                at = (*_STATES, name, "transitions", id)
                yield Found(
                    at,
                    "self-approval",
                    text,
                    tell("add `not_by: [%(missing)s]`", missing=", ".join(missing)),
                    on_key=True,
                )


def reasons(subject: Subject) -> Iterator[Found]:
    """Whoever is refused learns why (Administrative Procedure Act art. 8)."""
    workflow = subject.procedure.workflow
    for name, state in workflow.states.items():
        for id, step in state.transitions.items():
            target = workflow.states.get(step.to or "")
            if target is None or target.outcome != "refused" or step.by in ("applicant", "system"):
                continue
            before = _into(workflow, name)
            drafted = before and all("reason" in draft.needs for draft in before)
            if "reason" not in step.needs and not drafted:
                at = (*_STATES, name, "transitions", id)
                yield Found(
                    at,
                    "no-reason",
                    tell("'%(id)s' refuses without a reason", id=id),
                    tell("add `needs: [reason]`"),
                    on_key=True,
                )


def _into(workflow: Workflow, name: str) -> list[Transition]:
    return [
        step for state in workflow.states.values() for step in state.transitions.values() if step.to == name
    ]


def actions(subject: Subject) -> Iterator[Found]:
    """Actions and the documents they issue exist; every document is issued somewhere."""
    known = registry("workflows.actions", "action")
    documents = {document.id for document in subject.procedure.issue}
    issued: set[str] = set()
    wanted: set[str] = set()
    for name, state in subject.procedure.workflow.states.items():
        for index, action in enumerate(state.actions):
            for verb, value in action.items():
                at: Path = (*_STATES, name, "actions", index)
                if verb not in known:
                    text = tell(
                        "no action named '%(verb)s'; known: %(known)s",
                        verb=verb,
                        known=", ".join(sorted(known)),
                    )
                    yield Found((*at, verb), "unknown-action", text, did_you_mean(verb, known), on_key=True)
                elif verb == "issue" and str(value) not in documents:
                    wanted.add(str(value))
                    yield _no_document((*at, verb), str(value), subject)
                elif wrong := _wrong_options(known[verb].Options, value):
                    yield Found((*at, verb), "action", wrong)
                issued |= {str(value)} if verb == "issue" else set()
    for index, document in enumerate(subject.procedure.issue):
        if document.id not in issued:
            text = tell("the document '%(id)s' is never issued", id=document.id)
            hint = tell("add the action `issue: %(id)s` to a state", id=document.id)
            if missing := sorted(wanted - documents):
                hint = tell("the workflow issues `%(name)s`: write `id: %(name)s` here", name=missing[0])
            yield Found(("issue", index, "id"), "never-issued", text, hint)


def _wrong_options(options: type[BaseModel], value: object) -> Told:
    """What an action says to `value`; empty where it takes it."""
    try:
        options.model_validate(value)
    except ValidationError as error:
        return sentence(error.errors(include_url=False)[0])
    return NOTHING


def _no_document(path: Path, name: str, subject: Subject) -> Found:
    """Where the file itself does not say so, its workflow is a ready-made one, and the document has the wrong id."""
    text = tell("the workflow issues a document '%(name)s', which is not under `issue`", name=name)
    documents = [document.id for document in subject.procedure.issue]
    hint = tell("add `- id: %(name)s` to `issue`, or override the state's `actions`", name=name)
    if path in subject.loaded.tree.places:
        hint = did_you_mean(name, documents) or hint
    elif len(documents) == 1:
        hint = tell(
            "write `id: %(name)s` under `issue`, in place of `%(other)s`", name=name, other=documents[0]
        )
    return Found(path, "unknown-document", text, hint)


CHECKS = (
    targets,
    reachable,
    ends,
    waits,
    payment,
    second_person,
    reasons,
    actions,
)
