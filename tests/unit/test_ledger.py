"""The ledger's sums hold whenever, however often and in whatever order events arrive."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import audit
from core.context import Context
from core.database import EVERYONE
from payments import ledger, settlement
from payments.ledger import Balance
from payments.models import Entry, Unchangeable
from payments.provider import PaymentEvent
from tests.factories.payments import FEE, LINES, add_case, add_charged, add_checkout
from tests.fixtures.contexts import PREFECTURE, add_organisations

NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
KINDS = ("pending", "paid", "failed", "expired", "refunded", "disputed", "reinstated")


def entry(kind: str, amount: int, checkout: str | None = "c1") -> Entry:
    return Entry(kind=kind, amount=amount, checkout_id=checkout)


any_entry = st.builds(
    entry,
    st.sampled_from(("charged", "waived", *KINDS)),
    st.integers(0, 10**7),
    st.sampled_from((None, "c1", "c2")),
)


@given(st.lists(any_entry, max_size=12), st.randoms(use_true_random=False))
def test_sums_balance_in_any_order(entries: list[Entry], chance: Any) -> None:
    balance = Balance.of(entries)
    balance.check()
    chance.shuffle(entries)
    assert Balance.of(entries) == balance


@pytest.mark.parametrize(
    ("facts", "state", "due", "overpaid"),
    [
        ([], "none", 0, 0),
        ([("charged", 1200)], "due", 1200, 0),
        ([("charged", 1200), ("waived", 1200)], "waived", 0, 0),
        ([("charged", 1200), ("waived", 400), ("paid", 800)], "paid", 0, 0),
        ([("charged", 1200), ("pending", 1200)], "pending", 1200, 0),
        ([("charged", 1200), ("pending", 1200), ("failed", 1200)], "due", 1200, 0),
        ([("charged", 1200), ("failed", 1200), ("failed", 1200)], "due", 1200, 0),
        ([("charged", 1200), ("failed", 1200), ("paid", 1200)], "paid", 0, 0),
        ([("paid", 1200), ("failed", 1200), ("charged", 1200)], "paid", 0, 0),
        ([("charged", 1200), ("paid", 500)], "due", 700, 0),
        ([("charged", 1200), ("paid", 1200), ("paid", 1200)], "paid", 0, 1200),
        ([("charged", 1200), ("paid", 1200), ("paid", 1200), ("refunded", 1200)], "paid", 0, 0),
        ([("charged", 1200), ("paid", 1200), ("refunded", 400)], "paid", 0, 0),
        ([("charged", 1200), ("paid", 1200), ("refunded", 1200)], "refunded", 0, 0),
    ],
)
def test_what_entries_mean(facts: Sequence[tuple[str, int]], state: str, due: int, overpaid: int) -> None:
    status = Balance.of(entry(kind, amount) for kind, amount in facts).status()
    assert (status.state, status.due, status.overpaid) == (state, due, overpaid)


def test_a_lost_dispute_shows_and_a_won_one_does_not() -> None:
    facts = [entry("charged", 1200), entry("paid", 1200), entry("disputed", 1200)]
    assert Balance.of(facts).disputed == 1200
    assert Balance.of([*facts, entry("reinstated", 1200)]).disputed == 0


@pytest.fixture
def ctx(embedded_ctx: Context) -> Context:
    add_organisations(embedded_ctx)
    return embedded_ctx


def test_charging_twice_is_charging_once(ctx: Context) -> None:
    with ctx.database.writing(PREFECTURE) as session:
        case = add_case(session, ctx).id
        ledger.charge(session, case, LINES, FEE)
        ledger.charge(session, case, LINES, FEE)
        assert [(e.kind, e.amount) for e in ledger.entries(session, case)] == [("charged", FEE)]
        assert [(str(line.label), line.amount) for line in ledger.lines(session, case)] == [("手数料", FEE)]


def test_a_waived_fee_says_what_it_would_have_been(ctx: Context) -> None:
    with ctx.database.writing(PREFECTURE) as session:
        case = add_case(session, ctx).id
        ledger.charge(session, case, LINES, 0)
        assert ledger.status(session, case) == ledger.PaymentStatus(0, 0, 0, FEE, "waived", charged=FEE)


def test_nothing_to_pay_leaves_no_entry(ctx: Context) -> None:
    with ctx.database.writing(PREFECTURE) as session:
        case = add_case(session, ctx).id
        ledger.charge(session, case, (), 0)
        assert ledger.status(session, case).state == "none"
        with pytest.raises(ValueError, match="exceeds"):
            ledger.charge(session, case, LINES, FEE + 1)


def test_entries_cannot_be_changed_or_removed(ctx: Context) -> None:
    with ctx.database.writing(PREFECTURE) as session:
        case = add_charged(session, ctx)
    with pytest.raises(Unchangeable), ctx.database.writing(PREFECTURE) as session:
        ledger.entries(session, case)[0].amount = 1
    with pytest.raises(Unchangeable), ctx.database.writing(PREFECTURE) as session:
        session.delete(ledger.entries(session, case)[0])


story = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 1)), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story, st.randoms(use_true_random=False))
def test_late_repeated_and_disordered_events(ctx: Context, facts: list[tuple[str, int]], chance: Any) -> None:
    """Each story told straight, and told shuffled with every event up to three times, ends the same."""
    outcomes = []
    for shuffled in (False, True):
        told = [fact for fact in facts for _ in range(chance.randint(1, 3))] if shuffled else list(facts)
        if shuffled:
            chance.shuffle(told)
        with ctx.database.writing(PREFECTURE) as session:
            checkout = add_checkout(session, ctx)
            newly = [
                settlement.apply(session, ctx, "demo", event_of(checkout.id, kind, number)).newly_paid
                for kind, number in told
            ]
            balance = Balance.of(ledger.entries(session, checkout.application_id))
            balance.check()
            assert sum(newly) == (balance.paid > 0)
            outcomes.append((balance, len(ledger.entries(session, checkout.application_id))))
    assert outcomes[0] == outcomes[1]
    with ctx.database.reading(EVERYONE) as session:
        assert list(audit.verify(session, PREFECTURE)) == []


def event_of(checkout: str, kind: str, number: int) -> PaymentEvent:
    return PaymentEvent(f"{checkout}:{kind}:{number}", kind, f"{checkout}:{number}", NOON, checkout)  # type: ignore[arg-type]


def test_two_events_about_one_thing_are_one_entry(ctx: Context) -> None:
    with ctx.database.writing(PREFECTURE) as session:
        checkout = add_checkout(session, ctx)
        for event_id in ("evt_1", "evt_2"):
            settlement.apply(
                session, ctx, "demo", PaymentEvent(event_id, "paid", "session", NOON, checkout.id, "payment")
            )
        assert ledger.status(session, checkout.application_id).paid == FEE
