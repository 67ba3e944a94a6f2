"""The workflow engine: its rules one by one, and what can never happen whatever the workflow and whatever is tried."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procedures.definition import State, Transition, Workflow
from procedures.expressions import Expression
from workflows.engine import (
    APPLICANT,
    REQUEST_CORRECTION,
    RESUME,
    SYSTEM,
    WITHDRAW,
    WITHDRAWN,
    Act,
    Actor,
    AskCorrection,
    Charge,
    Corrected,
    DeadlinePassed,
    Drawn,
    EndCorrection,
    EnterDraw,
    Facts,
    Filed,
    Happening,
    NotAllowed,
    Paid,
    Pause,
    Step,
    Taken,
    WorkflowError,
    advance,
    allowed,
    state_of,
)

FRIDAY = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
REVIEWER, CHIEF = Actor("clerk:a", frozenset({"reviewer"})), Actor("clerk:b", frozenset({"chief"}))
BOTH = Actor("clerk:c", frozenset({"reviewer", "chief"}))

PERMIT = Workflow.model_validate(
    {
        "start": "received",
        "states": {
            "received": {"deadline": "3 working days", "transitions": {"take": {"to": "reviewing"}}},
            "reviewing": {
                "transitions": {
                    "approve_draft": {"to": "approving"},
                    "refuse_draft": {"to": "refused", "needs": ["reason"]},
                }
            },
            "approving": {
                "transitions": {
                    "approve": {"to": "awaiting_fee", "by": "chief", "not_by": ["approve_draft"]},
                    "send_back": {"to": "reviewing", "by": "chief", "needs": ["comment"]},
                }
            },
            "awaiting_fee": {
                "payment": "fee",
                "deadline": "15 days",
                "on_paid": "granted",
                "on_deadline": "lapsed",
            },
            "granted": {
                "outcome": "approved",
                "actions": [{"issue": "permit"}, {"notify": "approved"}],
                "expires": "2 years",
            },
            "refused": {"outcome": "refused"},
            "lapsed": {"outcome": "lapsed"},
        },
    }
)
LOTTERY = Workflow.model_validate(
    {
        "start": "waiting_for_draw",
        "states": {
            "waiting_for_draw": {
                "lottery": "draw",
                "on_won": "won",
                "on_waiting": "listed",
                "on_lost": "lost",
            },
            "won": {"transitions": {"move_in": {"to": "done"}}},
            "listed": {"transitions": {"promote": {"to": "won", "by": "lottery_officer"}}},
            "done": {"outcome": "approved"},
            "lost": {"outcome": "refused"},
        },
    }
)


def facts(state: str, **more: Any) -> Facts:
    return replace(Facts(state, FRIDAY, "Asia/Tokyo"), **more)


def test_filing_starts_the_clock_in_working_days() -> None:
    step = advance(PERMIT, facts("received"), Filed())
    assert step.entered == ("received",)
    # Monday 23 November is Labour Thanksgiving Day.
    assert step.due_at is not None
    assert step.due_at.date() == date(2026, 11, 26)


def test_a_second_person_must_approve() -> None:
    case = facts("approving", taken={"approve_draft": frozenset({"clerk:c"})})
    assert [offer.id for offer in allowed(PERMIT, case, BOTH)] == ["send_back", REQUEST_CORRECTION]
    with pytest.raises(NotAllowed, match="second person"):
        advance(PERMIT, case, Taken("approve", BOTH))
    assert advance(PERMIT, replace(case, fee_open=True), Taken("approve", CHIEF)).state == "awaiting_fee"


def test_only_the_role_may_act() -> None:
    with pytest.raises(NotAllowed, match="not possible"):
        advance(PERMIT, facts("approving"), Taken("approve", REVIEWER))
    with pytest.raises(NotAllowed, match="not possible"):
        advance(PERMIT, facts("received"), Taken("take", APPLICANT))


def test_texts_that_a_step_needs() -> None:
    with pytest.raises(NotAllowed, match="reason"):
        advance(PERMIT, facts("reviewing"), Taken("refuse_draft", REVIEWER, reason="  "))
    with pytest.raises(NotAllowed, match="comment"):
        advance(PERMIT, facts("approving"), Taken("send_back", CHIEF))
    assert (
        advance(PERMIT, facts("reviewing"), Taken("refuse_draft", REVIEWER, reason="x")).outcome == "refused"
    )


def test_payment_states_wait_only_while_something_is_due() -> None:
    waits = advance(PERMIT, facts("approving", fee_open=True), Taken("approve", CHIEF))
    assert (waits.state, waits.effects) == ("awaiting_fee", (Charge(),))
    passes = advance(PERMIT, facts("approving"), Taken("approve", CHIEF))
    assert passes.entered == ("awaiting_fee", "granted")
    assert passes.outcome == "approved"
    assert passes.effects == (
        Charge(),
        Act("granted", "issue", "permit"),
        Act("granted", "notify", "approved"),
    )
    assert passes.expires_on == date(2028, 11, 20)


def test_paying_and_running_out() -> None:
    assert advance(PERMIT, facts("awaiting_fee"), Paid()).state == "granted"
    assert advance(PERMIT, facts("awaiting_fee", fee_open=True), DeadlinePassed()).outcome == "lapsed"
    assert advance(PERMIT, facts("reviewing"), Paid()).entered == ()
    assert advance(PERMIT, facts("reviewing"), DeadlinePassed()).entered == ()


def test_a_correction_stops_the_clock_and_returns() -> None:
    due = advance(PERMIT, facts("received"), Filed()).due_at
    asked = advance(PERMIT, facts("received", due_at=due), Taken(REQUEST_CORRECTION, REVIEWER))
    assert (asked.state, asked.due_at, asked.effects) == ("received", None, (AskCorrection(),))
    paused = facts("received", correcting=Pause(FRIDAY, due), now=FRIDAY + timedelta(days=7))
    assert [offer.id for offer in allowed(PERMIT, paused, REVIEWER)] == [RESUME]
    answered = advance(PERMIT, paused, Corrected())
    assert answered.state == "received"
    assert answered.due_at is not None
    assert answered.due_at.date() == date(2026, 12, 2), "three working days after 27 November"
    assert advance(PERMIT, paused, Taken(RESUME, REVIEWER)).due_at == answered.due_at


def test_withdrawing_is_always_possible_until_the_end() -> None:
    assert advance(PERMIT, facts("reviewing"), Taken(WITHDRAW, APPLICANT)).state == WITHDRAWN
    assert advance(PERMIT, facts("reviewing"), Taken(WITHDRAW, APPLICANT)).outcome == "withdrawn"
    with pytest.raises(NotAllowed):
        advance(PERMIT, facts("reviewing"), Taken(WITHDRAW, BOTH))
    with pytest.raises(NotAllowed, match="closed"):
        advance(PERMIT, facts("refused"), Taken(WITHDRAW, APPLICANT))


def test_a_guard_hides_its_step() -> None:
    guarded = PERMIT.model_copy(
        update={
            "states": PERMIT.states
            | {
                "received": State(
                    transitions={"take": Transition(to="reviewing", when=Expression("area > 7"))}
                )
            }
        }
    )
    from decimal import Decimal

    small, large = (
        facts("received", values={"area": Decimal(5)}),
        facts("received", values={"area": Decimal(8)}),
    )
    assert "take" not in [offer.id for offer in allowed(guarded, small, REVIEWER)]
    assert advance(guarded, large, Taken("take", REVIEWER)).state == "reviewing"


def test_a_guard_knows_the_present_day_there() -> None:
    step = Transition(
        uses="withdrawal", by="applicant", when=Expression("days(now, booked) >= 3"), to="lapsed"
    )
    booking = PERMIT.model_copy(
        update={"states": PERMIT.states | {"received": State(transitions={WITHDRAW: step})}}
    )
    evening = datetime(2026, 11, 25, 14, 59, tzinfo=UTC)  # 23:59 in Tokyo
    for now, offered in ((evening, [WITHDRAW]), (evening + timedelta(minutes=1), [])):
        known = facts("received", now=now, values={"booked": date(2026, 11, 28), "today": date(2026, 11, 1)})
        assert [offer.id for offer in allowed(booking, known, APPLICANT)] == offered


def test_the_draw_decides_once() -> None:
    entered = advance(LOTTERY, facts("waiting_for_draw"), Filed())
    assert entered.effects == (EnterDraw(),)
    assert [offer.id for offer in allowed(LOTTERY, facts("waiting_for_draw"), REVIEWER)] == []
    assert advance(LOTTERY, facts("waiting_for_draw"), Drawn("waiting")).state == "listed"
    assert advance(LOTTERY, facts("listed"), Drawn("won")).entered == ()


def test_circles_of_payment_states_are_an_error_not_a_hang() -> None:
    circle = Workflow(
        start="a", states={"a": State(payment="fee", on_paid="b"), "b": State(payment="fee", on_paid="a")}
    )
    with pytest.raises(WorkflowError):
        advance(circle, facts("a"), Filed())


# What can never happen -----------------------------------------------------------------------------------------------

NAMES = ("s0", "s1", "s2", "s3", "s4")
STEPS = ("t0", "t1", "t2")
ROLES = ("reviewer", "chief", "cashier", "lottery_officer", "applicant", "system")
ACTORS = (
    REVIEWER,
    CHIEF,
    BOTH,
    Actor("clerk:d", frozenset({"cashier", "lottery_officer"})),
    Actor("clerk:e"),
    APPLICANT,
    SYSTEM,
)

names = st.sampled_from(NAMES)
maybe = st.none() | names
transitions = st.builds(
    Transition,
    to=maybe,
    by=st.sampled_from(ROLES),
    needs=st.sampled_from([(), ("reason",), ("comment",)]),
    not_by=st.lists(st.sampled_from(STEPS), max_size=2).map(tuple),
    uses=st.sampled_from([None, None, None, "correction", "withdrawal"]),
    when=st.sampled_from([None, None, Expression("1 > 2")]),
)
states = st.builds(
    State,
    transitions=st.dictionaries(st.sampled_from(STEPS), transitions, max_size=3),
    payment=st.sampled_from([None, None, "fee"]),
    lottery=st.sampled_from([None, None, None, "draw"]),
    on_paid=maybe,
    on_deadline=maybe,
    on_won=maybe,
    on_waiting=maybe,
    on_lost=maybe,
    outcome=st.sampled_from([None, None, "approved", "refused", "lapsed", "withdrawn"]),
    deadline=st.sampled_from([None, "3 working days", "2 weeks"]),
)
workflows = st.builds(Workflow, start=names, states=st.fixed_dictionaries(dict.fromkeys(NAMES, states)))
happenings: st.SearchStrategy[Happening] = st.one_of(
    st.builds(
        Taken,
        st.sampled_from((*STEPS, WITHDRAW, REQUEST_CORRECTION, RESUME)),
        st.sampled_from(ACTORS),
        st.sampled_from(["", "because"]),
        st.sampled_from(["", "note"]),
    ),
    st.just(Paid()),
    st.builds(Drawn, st.sampled_from(["won", "waiting", "lost"])),
    st.just(Corrected()),
    st.just(DeadlinePassed()),
)


@settings(max_examples=300, deadline=None)
@given(workflows, st.lists(happenings, max_size=25), st.booleans())
def test_no_run_breaks_the_rules(workflow: Workflow, tries: list[Happening], fee_open: bool) -> None:
    """No undeclared state, nothing after an outcome, no step that is not offered, never the same person twice."""
    case = facts(workflow.start, fee_open=fee_open)
    try:
        case = _after(case, advance(workflow, case, Filed()), Filed())
        for event in tries:
            offered = (
                {offer.id for offer in allowed(workflow, case, event.actor)}
                if isinstance(event, Taken)
                else set()
            )
            before = case
            try:
                step = advance(workflow, case, event)
            except NotAllowed:
                continue
            assert not state_of(workflow, before.state).outcome, "something happened after the outcome"
            assert step.state in {*NAMES, WITHDRAWN}
            assert not step.entered or step.entered[-1] == step.state
            if isinstance(event, Taken):
                assert event.transition in offered, "a step was taken that was not offered"
                declared = state_of(workflow, before.state).transitions.get(event.transition)
                for earlier in declared.not_by if declared else ():
                    assert event.actor.name not in before.taken.get(earlier, frozenset())
            case = _after(case, step, event)
    except WorkflowError:
        pass  # payment states in a circle: found, not hung


def _after(case: Facts, step: Step, event: Happening) -> Facts:
    """The facts of a case after `step`, as the services keep them."""
    taken = dict(case.taken)
    if isinstance(event, Taken):
        taken[event.transition] = taken.get(event.transition, frozenset()) | {event.actor.name}
    asked = any(isinstance(effect, AskCorrection) for effect in step.effects)
    over = step.outcome or EndCorrection() in step.effects
    pause = Pause(case.now, case.due_at) if asked else None if over else case.correcting
    return replace(case, state=step.state, due_at=step.due_at, taken=taken, correcting=pause)
