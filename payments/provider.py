"""What a payment provider is. Every file in ``payments/providers`` has one as ``PLUGIN``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, cast

from core.context import Context
from core.errors import MadoguchiError, Message, Misconfigured, NotFound, Refused, message
from core.registry import registry
from core.settings import Settings


@dataclass(frozen=True)
class Purchase:
    """What a provider is asked to collect: whole yen, once, for one checkout. Nothing personal."""

    checkout_id: str
    reference: str
    amount: int
    description: str
    locale: str
    success_url: str
    cancel_url: str
    idempotency_key: str


@dataclass(frozen=True)
class Started:
    """The provider's answer: its name for the session, and where to send the person."""

    session_id: str
    url: str


@dataclass(frozen=True)
class PaymentEvent:
    """Something a provider reported and proved. It names its checkout, or the earlier payment it is about."""

    event_id: str
    kind: Literal["pending", "paid", "failed", "expired", "refunded", "disputed", "reinstated"]
    object_id: str
    occurred_at: datetime
    checkout_id: str | None = None
    payment: str | None = None
    amount: int | None = None
    """Whole yen; none: the amount of the checkout."""


class Forged(MadoguchiError):
    """Raise it when a notice does not prove that it comes from the provider, or is too old. Never say why outside."""


class Unavailable(Refused):
    """Raise it when the provider cannot be reached or refuses to start; nothing was charged."""

    def __init__(self) -> None:
        super().__init__(
            message(
                "The payment service cannot be reached just now. Nothing was charged. Try again in a few minutes."
            )
        )


class Provider(Protocol):
    """One way to pay."""

    name: str
    title: Message
    """The button's words."""
    test: bool
    """Whether no real money moves; refused in production."""

    def form_targets(self, settings: Settings) -> tuple[str, ...]:
        """Origins that a form leads to, for the Content Security Policy."""

    def check(self, settings: Settings) -> None:
        """Raise `Misconfigured` where the settings cannot work."""

    def start(self, ctx: Context, purchase: Purchase) -> Started:
        """Open a session; the same idempotency key gets the same session. Raises `Unavailable`."""

    def parse_webhook(self, ctx: Context, raw_body: bytes, headers: Mapping[str, str]) -> list[PaymentEvent]:
        """What the notice says about payments, none where it is about something else. Raises `Forged`."""

    def look_up(self, ctx: Context, session_id: str) -> list[PaymentEvent]:
        """What became of a session, none while it is open. Raises `Unavailable`."""


class HasOwnPage(Provider, Protocol):
    """A provider whose page is one of ours."""

    def press(self, ctx: Context, checkout_id: str, button: str) -> tuple[bytes, dict[str, str]]:
        """The signed notice (body, headers) that pressing a button of its page sends."""


def provider(name: str) -> Provider:
    """The provider `name`. Raises `NotFound`."""
    known = registry("payments.providers", "payment provider")
    if name not in known:
        raise NotFound(f"no payment provider {name!r}")
    return cast(Provider, known[name])


def offered(settings: Settings) -> tuple[Provider, ...]:
    """The providers that people may choose from, in order. Raises `Misconfigured`."""
    chosen = tuple(
        cast(Provider, registry("payments.providers", "payment provider")[name])
        for name in settings.payment_providers
    )
    for each in chosen:
        if each.test and settings.environment == "production":
            raise Misconfigured(
                f"MADOGUCHI_PAYMENT_PROVIDERS: {each.name} moves no money; write another one in production"
            )
        each.check(settings)
    return chosen
