"""Stripe, hosted Checkout: cards, convenience stores and wallets, as the account offers them. Card data never comes
here (PCI DSS SAQ A); nothing counts as paid but by a signed webhook.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

import stripe
import structlog

from core import clock
from core.context import Context
from core.errors import Misconfigured, message
from core.settings import Settings
from payments.provider import Forged, PaymentEvent, Purchase, Started, Unavailable

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

log = structlog.get_logger()

WINDOW: Final = 300
"""Seconds for which a signed webhook counts; Stripe signs each delivery anew."""
CHECKOUT_HOST: Final = "https://checkout.stripe.com"
LOCALES: Final = {
    "ja": "ja",
    "ja-simple": "ja",
    "en": "en",
    "zh-Hans": "zh",
    "zh-Hant": "zh-TW",
    "ko": "ko",
    "vi": "vi",
    "pt": "pt-BR",
    "fil": "fil",
    "id": "id",
    "th": "th",
}
"""Stripe's name of the checkout page's language; for others Stripe asks the browser."""


class Stripe:
    """Sends people to Stripe's page and believes its signed webhooks only."""

    name = "stripe"
    title = message("Pay by card, wallet or at a convenience store")
    test = False

    def form_targets(self, settings: Settings) -> tuple[str, ...]:
        """Stripe's checkout page."""
        return (settings.stripe_api_base or CHECKOUT_HOST,)

    def check(self, settings: Settings) -> None:
        """Raise `Misconfigured` where a key is missing."""
        if settings.stripe_key is None:
            raise Misconfigured(
                "MADOGUCHI_STRIPE_KEY: write the secret key of the Stripe account (sk_… or rk_…)"
            )
        if settings.stripe_webhook_secret is None:
            raise Misconfigured(
                "MADOGUCHI_STRIPE_WEBHOOK_SECRET: write the endpoint's signing secret (whsec_…)"
            )

    def start(self, ctx: Context, purchase: Purchase) -> Started:
        """A Checkout session. Raises `Unavailable`."""
        try:
            session = _client(ctx.settings).v1.checkout.sessions.create(
                _parameters(purchase), {"idempotency_key": purchase.idempotency_key}
            )
        except stripe.StripeError as error:
            log.error("stripe_start_failed", error=type(error).__name__, code=error.code)
            raise Unavailable from error
        if session.url is None:  # the session of an earlier call has been completed or has expired meanwhile
            raise Unavailable
        return Started(session.id, session.url)

    def parse_webhook(self, ctx: Context, raw_body: bytes, headers: Mapping[str, str]) -> list[PaymentEvent]:
        """What the webhook says about money of ours; none for anything else of the account. Raises `Forged`."""
        self.check(ctx.settings)
        secret = cast(Any, ctx.settings.stripe_webhook_secret).get_secret_value()
        try:
            stripe.Webhook.construct_event(
                raw_body, headers.get("Stripe-Signature"), secret, tolerance=WINDOW
            )
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise Forged("not a signed Stripe event") from error
        notice = json.loads(raw_body)
        thing = notice["data"]["object"]
        read = _READERS.get(notice["type"])
        kind = read(thing) if read and thing.get("currency", "jpy") == "jpy" else None
        if kind is None or not (_checkout(thing) or thing.get("payment_intent")):
            return []
        # Stripe sometimes sends two events about one change; the object's id beside the event's tells.
        event_id = notice.get("id") or f"{notice['type']}:{thing['id']}"
        at = datetime.fromtimestamp(notice.get("created") or thing["created"], UTC)
        return [_event(event_id, kind, thing, at)]

    def look_up(self, ctx: Context, session_id: str) -> list[PaymentEvent]:
        """What became of a Checkout session. Raises `Unavailable`."""
        try:
            session = _client(ctx.settings).v1.checkout.sessions.retrieve(session_id).to_dict()
        except stripe.StripeError as error:
            log.error("stripe_look_up_failed", error=type(error).__name__, code=error.code)
            raise Unavailable from error
        kind = {"complete": _completed(session), "expired": "expired"}.get(session["status"])
        if kind is None:
            return []
        return [_event(f"look-up:{kind}:{session_id}", kind, session, clock.now())]


def _event(event_id: str, kind: str, thing: Mapping[str, Any], at: datetime) -> PaymentEvent:
    return PaymentEvent(
        event_id=event_id,
        kind=cast(Any, kind),
        object_id=thing["id"],
        occurred_at=at,
        checkout_id=_checkout(thing),
        payment=thing.get("payment_intent"),
        amount=thing.get("amount_total", thing.get("amount")),
    )


def _checkout(thing: Mapping[str, Any]) -> str | None:
    if thing.get("object") != "checkout.session":
        return None
    return cast("str | None", (thing.get("metadata") or {}).get("checkout"))


def _completed(session: Mapping[str, Any]) -> str | None:
    if _checkout(session) is None:
        return None
    return "pending" if session["payment_status"] == "unpaid" else "paid"


def _always(kind: str) -> Callable[[Mapping[str, Any]], str | None]:
    return lambda _thing: kind


def _ours(kind: str) -> Callable[[Mapping[str, Any]], str | None]:
    return lambda session: kind if _checkout(session) else None


def _when(status: str, kind: str) -> Callable[[Mapping[str, Any]], str | None]:
    return lambda thing: kind if thing.get("status") == status else None


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], str | None]]] = {
    "checkout.session.completed": _completed,
    "checkout.session.async_payment_succeeded": _ours("paid"),
    "checkout.session.async_payment_failed": _ours("failed"),
    "checkout.session.expired": _ours("expired"),
    "refund.created": _when("succeeded", "refunded"),
    "refund.updated": _when("succeeded", "refunded"),
    "charge.refund.updated": _when("succeeded", "refunded"),
    "charge.dispute.created": _always("disputed"),
    "charge.dispute.funds_withdrawn": _always("disputed"),
    "charge.dispute.funds_reinstated": _always("reinstated"),
    "charge.dispute.closed": _when("won", "reinstated"),
}


def _parameters(purchase: Purchase) -> "SessionCreateParams":
    """Yen have no smaller unit at Stripe (zero-decimal): the amount goes as it is."""
    return {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "jpy",
                    "unit_amount": purchase.amount,
                    "product_data": {"name": purchase.description},
                },
            }
        ],
        "locale": cast(Any, LOCALES.get(purchase.locale, "auto")),
        "client_reference_id": purchase.reference,
        "metadata": {"checkout": purchase.checkout_id},
        "payment_intent_data": {"metadata": {"checkout": purchase.checkout_id}},
        "success_url": purchase.success_url,
        "cancel_url": purchase.cancel_url,
    }


def _client(settings: Settings) -> stripe.StripeClient:
    key = cast(Any, settings.stripe_key).get_secret_value()
    return _client_of(key, settings.stripe_api_base)


@cache
def _client_of(key: str, base: str | None) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": base} if base else None,
        max_network_retries=2,
        http_client=stripe.RequestsClient(timeout=10),
    )


PLUGIN = Stripe()
