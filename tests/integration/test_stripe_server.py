"""Stripe, driven by its own package against a server that nobody here wrote, and by webhooks of recorded shapes."""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from pydantic import SecretStr
from stripe.params.checkout import SessionCreateParams

from core import clock
from core.context import Context
from core.database import EVERYONE
from payments import checkout, ledger, reconciliation, settlement
from payments.models import Checkout
from payments.provider import Forged, PaymentEvent, Purchase, Unavailable, provider
from payments.providers.stripe import LOCALES
from tests.factories import stripe_server
from tests.factories.payments import FEE, add_charged, add_checkout
from tests.factories.stripe_server import StripeServer
from tests.fixtures.contexts import PREFECTURE, add_organisations

SECRET = "whsec_invented"
BACK = checkout.Return("https://madoguchi.example.invalid/back", "https://madoguchi.example.invalid/left")


@dataclass
class House:
    """A platform whose webhook address is open to Stripe."""

    ctx: Context
    stripe: StripeServer
    received: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    down: bool = False

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        """What the webhook view does; answers its status."""
        self.received.append((body, headers))
        if self.down:
            return 500
        for event in provider("stripe").parse_webhook(self.ctx, body, headers):
            self.settle(event)
        return 204

    def settle(self, event: PaymentEvent) -> settlement.Settled:
        with self.ctx.database.reading(EVERYONE) as session:
            organisation = settlement.organisation_of_event(session, "stripe", event)
        with self.ctx.database.writing(organisation) as session:
            return settlement.apply(session, self.ctx, "stripe", event)

    def reserve(self, case: str) -> Checkout:
        with self.ctx.database.writing(PREFECTURE) as session:
            return checkout.reserve(session, case, "stripe", "ja-simple")

    def status(self, case: str) -> ledger.PaymentStatus:
        with self.ctx.database.reading(PREFECTURE) as session:
            return ledger.status(session, case)

    def completed(self) -> list[tuple[bytes, dict[str, str]]]:
        """The notices of completed sessions that arrived."""
        return [
            notice
            for notice in self.received
            if json.loads(notice[0])["type"] == "checkout.session.completed"
        ]


@pytest.fixture
def house(embedded_ctx: Context, tmp_path: Path) -> Iterator[House]:
    """The platform beside a running Stripe."""
    receiver = HTTPServer(("127.0.0.1", 0), _Receiver)
    Thread(target=receiver.serve_forever, daemon=True).start()
    with stripe_server.running(tmp_path, f"http://127.0.0.1:{receiver.server_port}/", SECRET) as stripe:
        house = House(with_stripe(embedded_ctx, stripe.api), stripe)
        add_organisations(house.ctx)
        _Receiver.house = house
        yield house
    receiver.shutdown()
    receiver.server_close()


@pytest.fixture
def case(house: House) -> str:
    """A case that owes `FEE`."""
    with house.ctx.database.writing(PREFECTURE) as session:
        return add_charged(session, house.ctx)


def with_stripe(ctx: Context, api: str | None = None) -> Context:
    keys = {"stripe_key": SecretStr("sk_test_invented"), "stripe_webhook_secret": SecretStr(SECRET)}
    update = {**keys, "stripe_api_base": api, "payment_providers": ("stripe",)}
    return Context(ctx.settings.model_copy(update=update))


class _Receiver(BaseHTTPRequestHandler):
    house: House

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.house.take(body, dict(self.headers.items())))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_paying_on_the_hosted_page(house: House, case: str) -> None:
    reserved = house.reserve(case)
    started = checkout.start(house.ctx, reserved, "T1", "Fee for application T1", BACK)
    assert house.stripe.pay(started.url) == BACK.success
    assert house.status(case) == ledger.PaymentStatus(0, FEE, 0, 0, "paid", charged=FEE)
    (path, sent) = house.stripe.calls[0]
    assert (path, sent["line_items[0][price_data][unit_amount]"]) == ("/v1/checkout/sessions", str(FEE))
    assert (sent["line_items[0][price_data][currency]"], sent["locale"]) == ("jpy", "ja")


def test_the_success_address_alone_pays_nothing(house: House, case: str) -> None:
    house.down = True
    started = checkout.start(house.ctx, house.reserve(case), "T1", "Fee", BACK)
    assert house.stripe.pay(started.url) == BACK.success
    assert house.status(case).state == "due"


def test_a_crash_after_the_session_was_made_ends_in_one_charge_and_one_entry(house: House, case: str) -> None:
    first = checkout.start(house.ctx, house.reserve(case), "T1", "Fee", BACK)  # and the process dies
    second = checkout.start(house.ctx, house.reserve(case), "T1", "Fee", BACK)
    assert first == second
    house.stripe.pay(second.url)
    assert [s["payment_status"] for s in house.stripe.sessions()] == ["paid"]
    assert house.status(case).paid == FEE


def test_a_crash_while_the_notice_is_taken_ends_in_one_entry(house: House, case: str) -> None:
    house.down = True
    started = checkout.start(house.ctx, house.reserve(case), "T1", "Fee", BACK)
    house.stripe.pay(started.url)
    house.down = False
    (notice,) = house.completed()
    assert [house.take(*notice) for _ in range(3)] == [
        204,
        204,
        204,
    ]  # sent again, as Stripe does for three days
    assert house.status(case).paid == FEE
    with house.ctx.database.reading(PREFECTURE) as session:
        assert [entry.kind for entry in ledger.entries(session, case)] == ["charged", "paid"]


def test_an_expired_page_leaves_the_fee_due(house: House, case: str) -> None:
    reserved = house.reserve(case)
    started = checkout.start(house.ctx, reserved, "T1", "Fee", BACK)
    house.stripe.expire(started.session_id)
    assert house.status(case).state == "due"
    assert house.reserve(case).attempt == reserved.attempt + 1


def test_a_lost_notice_is_found_by_asking(house: House, case: str) -> None:
    house.down = True
    reserved = house.reserve(case)
    started = checkout.start(house.ctx, reserved, "T1", "Fee", BACK)
    with house.ctx.database.writing(PREFECTURE) as session:
        checkout.record(session, reserved.id, started)
    with clock.shifted(timedelta(hours=1)), house.ctx.database.reading(EVERYONE) as session:
        (lost,) = reconciliation.unreported(session)
    assert reconciliation.ask(house.ctx, lost) == []
    house.stripe.pay(started.url)
    (event,) = reconciliation.ask(house.ctx, lost)
    assert house.settle(event).newly_paid
    house.down = False
    house.take(*house.completed()[0])  # and then it comes after all
    assert house.status(case).paid == FEE
    with clock.shifted(timedelta(hours=1)), house.ctx.database.reading(EVERYONE) as session:
        assert reconciliation.unreported(session) == []


def test_a_signature_of_the_server_does_not_fit_another_body(house: House, case: str) -> None:
    started = checkout.start(house.ctx, house.reserve(case), "T1", "Fee", BACK)
    house.stripe.pay(started.url)
    ((body, headers),) = house.completed()
    for altered in (body + b" ", body.replace(b'"paid"', b'"paid" ')):
        with pytest.raises(Forged):
            provider("stripe").parse_webhook(house.ctx, altered, headers)


def test_an_unreachable_stripe_charges_nothing(embedded_ctx: Context) -> None:
    ctx = with_stripe(embedded_ctx, "http://127.0.0.1:9")
    add_organisations(ctx)
    with ctx.database.writing(PREFECTURE) as session:
        reserved = add_checkout(session, ctx, "stripe")
    with pytest.raises(Unavailable, match="Nothing was charged"):
        checkout.start(ctx, reserved, "T1", "Fee", BACK)


# What `emulate` does not play: events of recorded shapes (Stripe's API reference, shortened), signed here.


def signed(event: dict[str, Any], at: float | None = None) -> tuple[bytes, dict[str, str]]:
    body = json.dumps(event).encode()
    stamp = int(time.time() if at is None else at)
    signature = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return body, {"Stripe-Signature": f"t={stamp},v1={signature}"}


def recorded(event_id: str, type_: str, **thing: Any) -> dict[str, Any]:
    return {
        "id": event_id,
        "object": "event",
        "api_version": "2026-10-28.clover",
        "created": 1_775_000_000,
        "livemode": False,
        "type": type_,
        "data": {"object": thing},
    }


def session_event(event_id: str, what: str, checkout_id: str, payment_status: str) -> dict[str, Any]:
    return recorded(
        event_id,
        f"checkout.session.{what}",
        id="cs_test_1",
        object="checkout.session",
        amount_total=FEE,
        currency="jpy",
        mode="payment",
        payment_intent="pi_1",
        payment_status=payment_status,
        metadata={"checkout": checkout_id},
        created=1_775_000_000,
    )


def refund_event(event_id: str, refund: str, amount: int, status: str) -> dict[str, Any]:
    return recorded(
        event_id, "refund.updated", id=refund, object="refund", amount=amount, currency="jpy",
        payment_intent="pi_1", status=status, created=1_775_000_000,
    )  # fmt: skip


def dispute_event(event_id: str, what: str, status: str) -> dict[str, Any]:
    return recorded(
        event_id, f"charge.dispute.{what}", id="dp_1", object="dispute", amount=FEE, currency="jpy",
        payment_intent="pi_1", status=status, created=1_775_000_000,
    )  # fmt: skip


@dataclass
class Desk:
    """A case with a Stripe checkout, and what Stripe's notices make of it."""

    ctx: Context
    checkout: Checkout

    def hear(self, *events: dict[str, Any]) -> ledger.PaymentStatus:
        with self.ctx.database.writing(PREFECTURE) as session:
            for event in events:
                for each in provider("stripe").parse_webhook(self.ctx, *signed(event)):
                    settlement.apply(session, self.ctx, "stripe", each)
            return ledger.status(session, self.checkout.application_id)


@pytest.fixture
def desk(embedded_ctx: Context) -> Desk:
    ctx = with_stripe(embedded_ctx)
    add_organisations(ctx)
    with ctx.database.writing(PREFECTURE) as session:
        return Desk(ctx, add_checkout(session, ctx, "stripe"))


def test_a_convenience_store_payment(desk: Desk) -> None:
    id = desk.checkout.id
    assert desk.hear(session_event("evt_1", "completed", id, "unpaid")).state == "pending"
    assert desk.hear(session_event("evt_2", "async_payment_succeeded", id, "paid")).state == "paid"
    assert desk.hear(session_event("evt_1", "completed", id, "unpaid")).state == "paid"


def test_a_convenience_store_payment_heard_backwards(desk: Desk) -> None:
    id = desk.checkout.id
    late = desk.hear(
        session_event("evt_2", "async_payment_succeeded", id, "paid"),
        session_event("evt_1", "completed", id, "unpaid"),
    )
    assert (late.state, late.paid) == ("paid", FEE)


def test_a_convenience_store_payment_that_never_came(desk: Desk) -> None:
    id = desk.checkout.id
    status = desk.hear(
        session_event("evt_1", "completed", id, "unpaid"),
        session_event("evt_2", "async_payment_failed", id, "unpaid"),
    )
    assert (status.state, status.due) == ("due", FEE)


def test_two_events_about_one_payment_are_one_entry(desk: Desk) -> None:
    id = desk.checkout.id
    twice = desk.hear(*(session_event(f"evt_{n}", "completed", id, "paid") for n in (1, 2)))
    assert (twice.paid, twice.overpaid) == (FEE, 0)


def test_refunds_in_parts(desk: Desk) -> None:
    desk.hear(session_event("evt_1", "completed", desk.checkout.id, "paid"))
    assert desk.hear(refund_event("evt_2", "re_1", 400, "pending")).refunded == 0
    part = desk.hear(*(refund_event(f"evt_3{n}", "re_1", 400, "succeeded") for n in (1, 2)))
    assert (part.refunded, part.state, part.due) == (400, "paid", 0)
    assert desk.hear(refund_event("evt_4", "re_2", 800, "succeeded")).state == "refunded"


def test_disputes(desk: Desk) -> None:
    desk.hear(session_event("evt_1", "completed", desk.checkout.id, "paid"))
    assert desk.hear(dispute_event("evt_2", "created", "needs_response")).disputed == FEE
    assert desk.hear(dispute_event("evt_3", "funds_withdrawn", "needs_response")).disputed == FEE
    assert desk.hear(dispute_event("evt_4", "closed", "won")).disputed == 0


def test_a_refund_before_its_payment_is_asked_for_again(desk: Desk) -> None:
    refund = refund_event("evt_2", "re_1", FEE, "succeeded")
    with pytest.raises(settlement.Unmatched):
        desk.hear(refund)
    desk.hear(session_event("evt_1", "completed", desk.checkout.id, "paid"))
    assert desk.hear(refund).state == "refunded"


@pytest.mark.parametrize(
    "event",
    [
        recorded("evt_1", "customer.created", id="cus_1", object="customer"),
        recorded("evt_1", "checkout.session.completed", id="cs_9", object="checkout.session", currency="jpy",
                 payment_status="paid", metadata={}),
        recorded("evt_1", "refund.updated", id="re_9", object="refund", currency="usd", status="succeeded",
                 amount=5, payment_intent="pi_9"),
    ],
)  # fmt: skip
def test_what_is_not_ours_is_left_alone(embedded_ctx: Context, event: dict[str, Any]) -> None:
    assert provider("stripe").parse_webhook(with_stripe(embedded_ctx), *signed(event)) == []


def test_a_notice_counts_for_five_minutes(embedded_ctx: Context) -> None:
    event = session_event("evt_1", "completed", "c1", "paid")
    parse = provider("stripe").parse_webhook
    assert parse(with_stripe(embedded_ctx), *signed(event, time.time() - 240))
    with pytest.raises(Forged):
        parse(with_stripe(embedded_ctx), *signed(event, time.time() - 360))


def test_calls_are_what_stripe_documents() -> None:
    from payments.providers import stripe as module

    sent = module._parameters(Purchase("c1", "T1", FEE, "Fee", "zh-Hant", "s", "c", "k"))
    documented = SessionCreateParams.__annotations__
    assert set(sent) <= set(documented)
    assert set(LOCALES.values()) <= set(re.findall(r"'([\w-]+)'", str(documented["locale"])))
