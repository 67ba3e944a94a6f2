"""What a provider reported becomes an entry of the ledger: once, whenever and in whatever order it arrives."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications.models import Application
from core.context import Context
from core.errors import MadoguchiError, Misconfigured
from payments import ledger
from payments.models import Checkout, Entry
from payments.provider import PaymentEvent, provider


class Unmatched(MadoguchiError):
    """Raised where an event is about a payment that is not known here, or not yet: the provider should try again."""


@dataclass(frozen=True)
class Settled:
    """What the event did: whose case it was, and whether it is fully paid since this event."""

    application_id: str
    newly_paid: bool
    refunded: bool = False
    """Whether it told of money that was paid back."""


def organisation_of_event(session: Session, provider_name: str, event: PaymentEvent) -> str:
    """The organisation whose case the event is about, in a session of everyone. Raises `Unmatched`."""
    return _checkout_of(session, provider_name, event).organisation_id


def apply(session: Session, ctx: Context, provider_name: str, event: PaymentEvent) -> Settled:
    """Enter the event into the ledger, in a session of the case's organisation; a known event changes nothing.

    Raises `Unmatched`, and `Misconfigured` where a test provider would settle in production.
    """
    if provider(provider_name).test and ctx.settings.environment == "production":
        raise Misconfigured(f"{provider_name} moves no money and cannot settle anything in production")
    checkout = _checkout_of(session, provider_name, event)
    case = checkout.application_id
    # events of one case follow each other, or two of them could each believe they completed the payment
    session.execute(sa.select(Application.id).where(Application.id == case).with_for_update())
    before = ledger.status(session, case)
    entered = ledger.record(
        session,
        Entry(
            application_id=case,
            checkout_id=checkout.id,
            kind=event.kind,
            amount=checkout.amount if event.amount is None else event.amount,
            provider=provider_name,
            event_id=event.event_id,
            object_id=event.object_id,
            payment=event.payment,
            occurred_at=event.occurred_at,
        ),
    )
    after = ledger.status(session, case)
    return Settled(
        case,
        newly_paid=entered and bool(before.due) and not after.due,
        refunded=entered and event.kind == "refunded",
    )


def _checkout_of(session: Session, provider_name: str, event: PaymentEvent) -> Checkout:
    """By the checkout's own id, which travels with the session; for refunds and disputes by the payment's."""
    wanted = sa.select(Checkout).where(Checkout.provider == provider_name)
    if event.checkout_id:
        wanted = wanted.where(Checkout.id == event.checkout_id)
    else:
        wanted = wanted.join(Entry, Entry.checkout_id == Checkout.id).where(
            Entry.provider == provider_name, Entry.payment == event.payment, Entry.payment.is_not(None)
        )
    checkout = session.scalars(wanted.limit(1)).first()
    if checkout is None:
        raise Unmatched("no checkout belongs to this event")
    return checkout
