"""Paying: one charge and one entry, whatever breaks between; every provider keeps its promises."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import cast

import pytest
import sqlalchemy as sa

from core import audit, clock
from core.context import Context
from core.database import EVERYONE
from core.errors import Misconfigured, NotFound, Refused
from core.registry import registry
from core.settings import Settings
from payments import checkout, ledger, settlement
from payments.models import Checkout, Entry
from payments.provider import Forged, HasOwnPage, PaymentEvent, Provider, offered, provider
from tests.factories.payments import FEE, add_charged

BACK = checkout.Return("https://madoguchi.example.invalid/back", "https://madoguchi.example.invalid/left")


@pytest.fixture
def case(ctx: Context, organisation: str) -> str:
    """A case that owes `FEE`."""
    with ctx.database.writing(organisation) as session:
        return add_charged(session, ctx)


def reserve(ctx: Context, organisation: str, case: str, locale: str = "ja") -> Checkout:
    with ctx.database.writing(organisation) as session:
        return checkout.reserve(session, case, "demo", locale)


def press(ctx: Context, checkout_id: str, button: str) -> list[PaymentEvent]:
    demo = cast(HasOwnPage, provider("demo"))
    return demo.parse_webhook(ctx, *demo.press(ctx, checkout_id, button))


def settle(ctx: Context, organisation: str, event: PaymentEvent) -> settlement.Settled:
    with ctx.database.writing(organisation) as session:
        return settlement.apply(session, ctx, "demo", event)


def settle_and_crash(ctx: Context, organisation: str, event: PaymentEvent) -> None:
    with ctx.database.writing(organisation) as session:
        assert settlement.apply(session, ctx, "demo", event).newly_paid
        raise SystemExit


def status(ctx: Context, organisation: str, case: str) -> ledger.PaymentStatus:
    with ctx.database.reading(organisation) as session:
        return ledger.status(session, case)


def test_paying(ctx: Context, organisation: str, case: str) -> None:
    reserved = reserve(ctx, organisation, case)
    started = checkout.start(ctx, reserved, "T1", "Fee", BACK)
    with ctx.database.writing(organisation) as session:
        checkout.record(session, reserved.id, started)
    (event,) = press(ctx, reserved.id, "paid")
    assert settle(ctx, organisation, event) == settlement.Settled(case, newly_paid=True)
    assert settle(ctx, organisation, event) == settlement.Settled(case, newly_paid=False)
    assert status(ctx, organisation, case) == ledger.PaymentStatus(0, FEE, 0, 0, "paid", charged=FEE)
    with ctx.database.reading(organisation) as session:
        assert list(audit.verify(session, organisation)) == []
        assert audit.length(session, organisation) == 3  # charged, started, paid


def test_a_declined_payment_may_be_tried_again(ctx: Context, organisation: str, case: str) -> None:
    first = reserve(ctx, organisation, case)
    settle(ctx, organisation, press(ctx, first.id, "failed")[0])
    assert status(ctx, organisation, case).state == "due"
    with ctx.database.reading(organisation) as session:
        assert checkout.declined(session, case)
    second = reserve(ctx, organisation, case)
    assert (second.attempt, second.idempotency_key) != (first.attempt, first.idempotency_key)
    assert settle(ctx, organisation, press(ctx, second.id, "paid")[0]).newly_paid
    with pytest.raises(Refused, match="nothing to pay"):
        reserve(ctx, organisation, case)


def test_a_double_click_is_one_checkout(ctx: Context, organisation: str, case: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        reserved = list(threads.map(lambda _: reserve(ctx, organisation, case), range(4)))
    assert len({each.id for each in reserved}) == 1


def test_an_old_checkout_is_not_offered_again_but_still_counts(
    ctx: Context, organisation: str, case: str
) -> None:
    old = reserve(ctx, organisation, case)
    with clock.shifted(checkout.REUSED_FOR + timedelta(minutes=1)):
        assert reserve(ctx, organisation, case).id != old.id
    assert settle(ctx, organisation, press(ctx, old.id, "paid")[0]).newly_paid


def test_the_same_notice_at_the_same_time_is_one_entry(ctx: Context, organisation: str, case: str) -> None:
    (event,) = press(ctx, reserve(ctx, organisation, case).id, "paid")
    with ThreadPoolExecutor(4) as threads:
        settled = list(threads.map(lambda _: settle(ctx, organisation, event), range(4)))
    assert sum(each.newly_paid for each in settled) == 1
    assert status(ctx, organisation, case).paid == FEE


def test_two_checkouts_paid_at_once_show_what_was_too_much(
    ctx: Context, organisation: str, case: str
) -> None:
    first = reserve(ctx, organisation, case)
    with clock.shifted(checkout.REUSED_FOR + timedelta(minutes=1)):
        second = reserve(ctx, organisation, case)
    events = [press(ctx, each.id, "paid")[0] for each in (first, second)]
    with ThreadPoolExecutor(2) as threads:
        settled = list(threads.map(lambda event: settle(ctx, organisation, event), events))
    assert sum(each.newly_paid for each in settled) == 1
    assert status(ctx, organisation, case).overpaid == FEE


def test_a_crash_before_the_answer_is_kept_repeats_the_same_call(
    ctx: Context, organisation: str, case: str
) -> None:
    before = reserve(ctx, organisation, case)
    first = checkout.start(ctx, before, "T1", "Fee", BACK)  # … and the process dies here
    after = reserve(ctx, organisation, case, locale="en")  # the person comes back, in another language even
    assert (after.idempotency_key, after.locale) == (before.idempotency_key, before.locale)
    assert checkout.start(ctx, after, "T1", "Fee", BACK) == first


def test_a_crash_before_the_commit_leaves_nothing_and_the_repeated_notice_everything(
    ctx: Context, organisation: str, case: str
) -> None:
    (event,) = press(ctx, reserve(ctx, organisation, case).id, "paid")
    with pytest.raises(SystemExit):
        settle_and_crash(ctx, organisation, event)
    assert status(ctx, organisation, case).paid == 0
    assert settle(ctx, organisation, event).newly_paid
    with ctx.database.reading(organisation) as session:
        paid = sa.select(sa.func.count()).where(Entry.kind == "paid")
        assert session.scalar(paid) == 1


def test_other_organisations_cannot_settle_or_see(
    ctx: Context, organisation: str, other_organisation: str, case: str
) -> None:
    (event,) = press(ctx, reserve(ctx, organisation, case).id, "paid")
    with pytest.raises(settlement.Unmatched):
        settle(ctx, other_organisation, event)
    with ctx.database.reading(EVERYONE) as session:
        assert settlement.organisation_of_event(session, "demo", event) == organisation
    assert status(ctx, other_organisation, case).state == "none"


def test_statuses_of_many_cases_in_one_query(ctx: Context, organisation: str, case: str) -> None:
    with ctx.database.writing(organisation) as session:
        other = add_charged(session, ctx, 300)
        found = ledger.statuses(session, [case, other, "unknown"])
    assert {id: status.due for id, status in found.items()} == {case: FEE, other: 300, "unknown": 0}


def test_forged_and_old_notices(embedded_ctx: Context) -> None:
    demo = cast(HasOwnPage, provider("demo"))
    body, headers = demo.press(embedded_ctx, "c1", "paid")
    other = json.dumps({**json.loads(body), "checkout": "c2"}).encode()
    for forged in ((other, headers), (body, {}), (body, {"Demo-Signature": "é"})):
        with pytest.raises(Forged):
            demo.parse_webhook(embedded_ctx, *forged)
    with clock.shifted(timedelta(minutes=6)), pytest.raises(Forged):
        demo.parse_webhook(embedded_ctx, body, headers)


def test_money_of_the_test_provider_never_counts_in_production(
    embedded_ctx: Context,
) -> None:
    production = embedded_ctx.settings.model_copy(update={"environment": "production"})
    with pytest.raises(Misconfigured, match="MADOGUCHI_PAYMENT_PROVIDERS"):
        offered(production)
    (event,) = press(embedded_ctx, "c1", "paid")
    with pytest.raises(Misconfigured), embedded_ctx.database.reading("mihon-to") as session:
        settlement.apply(session, Context(production), "demo", event)


def test_an_unknown_provider() -> None:
    with pytest.raises(NotFound, match="iban"):
        provider("iban")


@pytest.mark.parametrize("name", sorted(registry("payments.providers", "payment provider")))
def test_the_contract_of_every_provider(name: str, embedded_ctx: Context) -> None:
    """Each says what it is called, is not believed without proof, and names what it lacks in the settings."""
    plugin: Provider = provider(name)
    assert plugin.name == name
    assert plugin.title.msgid
    ctx = Context(
        Settings(
            data_dir=embedded_ctx.settings.data_dir,
            stripe_key="sk_test_invented",
            stripe_webhook_secret="whsec_invented",
        )
    )
    plugin.check(ctx.settings)
    assert all(target.startswith("https://") for target in plugin.form_targets(ctx.settings))
    for headers in ({}, {"Stripe-Signature": "t=1,v1=0"}):
        with pytest.raises(Forged):
            plugin.parse_webhook(ctx, b"{}", headers)


def test_a_provider_without_its_keys_names_the_setting(embedded_ctx: Context) -> None:
    with pytest.raises(Misconfigured, match="MADOGUCHI_STRIPE_KEY"):
        offered(embedded_ctx.settings.model_copy(update={"payment_providers": ("stripe",)}))
