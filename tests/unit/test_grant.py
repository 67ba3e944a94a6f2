"""The ready-made workflow of grants, step by step: remand to the applicant and within the office, and two people."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from procedures import library
from procedures.definition import Workflow
from workflows.engine import (
    APPLICANT,
    REQUEST_CORRECTION,
    Act,
    Actor,
    Corrected,
    Facts,
    Filed,
    NotAllowed,
    Pause,
    Step,
    Taken,
    advance,
)

GRANT = Workflow.model_validate(library.workflow("grant"))
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
REVIEWER, CHIEF = Actor("clerk:a", frozenset({"reviewer"})), Actor("clerk:b", frozenset({"chief"}))
BOTH = Actor("clerk:c", frozenset({"reviewer", "chief"}))


class Case:
    """A case that goes through the workflow, and who took which step."""

    def __init__(self) -> None:
        self.facts = Facts(GRANT.start, NOW, "Asia/Tokyo")
        self.step = self._on(advance(GRANT, self.facts, Filed()))

    def _on(self, step: Step) -> Step:
        self.facts = replace(self.facts, state=step.state, due_at=step.due_at)
        return step

    def take(self, name: str, who: Actor, reason: str = "", comment: str = "") -> Step:
        self.step = self._on(advance(GRANT, self.facts, Taken(name, who, reason, comment)))
        taken = dict(self.facts.taken)
        taken[name] = taken.get(name, frozenset()) | {who.name}
        self.facts = replace(self.facts, taken=taken)
        return self.step


def test_a_draft_goes_back_and_forth_until_a_second_person_grants() -> None:
    case = Case()
    case.take("take", REVIEWER)
    for _ in range(3):
        assert case.take("draft_grant", REVIEWER).state == "granting"
        with pytest.raises(NotAllowed):
            case.take("send_back", CHIEF)  # without a comment
        assert case.take("send_back", CHIEF, comment="積算を見直す").state == "reviewing"
    case.take("draft_grant", BOTH)
    with pytest.raises(NotAllowed):
        case.take("grant", BOTH)
    done = case.take("grant", CHIEF)
    assert (done.state, done.outcome) == ("granted", "approved")
    issued = [effect.options for effect in done.effects if isinstance(effect, Act) and effect.name == "issue"]
    assert issued == ["grant_decision"]


def test_the_applicant_corrects_again_and_again_and_the_clock_stands() -> None:
    case = Case()
    case.take("take", REVIEWER)
    due = case.facts.due_at
    assert due is not None
    for _ in range(3):
        asked = case.take(REQUEST_CORRECTION, REVIEWER)
        assert (asked.state, asked.due_at) == ("reviewing", None)
        case.facts = replace(case.facts, correcting=Pause(NOW, due))
        again = case._on(advance(GRANT, case.facts, Corrected()))
        assert (again.state, again.due_at) == ("reviewing", due)
        case.facts = replace(case.facts, correcting=None)


def test_a_refusal_has_a_reason_and_a_second_person_and_one_may_withdraw() -> None:
    case = Case()
    case.take("take", REVIEWER)
    with pytest.raises(NotAllowed):
        case.take("draft_refusal", REVIEWER)
    case.take("draft_refusal", REVIEWER, reason="要件を満たさない")
    assert case.take("refuse", CHIEF).outcome == "refused"
    other = Case()
    assert other.take("withdraw", APPLICANT).outcome == "withdrawn"
