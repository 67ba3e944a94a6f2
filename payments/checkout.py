"""Paying at a provider, in three steps, so that no transaction waits for a provider and a crash between any two of
them ends in one charge: `reserve` (written), `start` (called), `record` (written).
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications.models import Application
from core import audit, clock
from core.context import Context
from core.errors import NotFound, Refused, message
from payments import ledger
from payments.models import Checkout, Entry
from payments.provider import Purchase, Started, provider

REUSED_FOR: Final = timedelta(hours=23)
"""Stripe forgets idempotency keys and closes its page after 24 hours."""


@dataclass(frozen=True)
class Return:
    """Where the provider sends the person back to: after paying (which proves nothing), and without."""

    success: str
    cancel: str


def reserve(session: Session, application_id: str, provider_name: str, locale: str) -> Checkout:
    """The checkout for what is due: the open one, or a new one. Raises `Refused` where nothing is due."""
    # one at a time per case: a double click must find the checkout of the first one
    outcome = session.scalar(
        sa.select(Application.outcome).where(Application.id == application_id).with_for_update()
    )
    status = ledger.status(session, application_id)
    due = status.due
    if not due or outcome:
        raise Refused(message("There is nothing to pay."))
    if status.state == "pending":
        raise Refused(message("A payment is already under way. Pay it, or wait until it has expired."))
    attempts = list(
        session.scalars(
            sa.select(Checkout).where(Checkout.application_id == application_id).order_by(Checkout.attempt)
        )
    )
    for attempt in reversed(attempts):
        if (attempt.provider, attempt.amount) == (provider_name, due) and _open(session, attempt):
            return attempt
    return _new(session, application_id, len(attempts) + 1, provider_name, due, locale)


def start(ctx: Context, checkout: Checkout, reference: str, description: str, back: Return) -> Started:
    """Ask the provider for its page, outside of any transaction. Raises `payments.provider.Unavailable`.

    A checkout that has its page already is not asked for again.
    """
    if checkout.session_id and checkout.url:
        return Started(checkout.session_id, checkout.url)
    purchase = Purchase(
        checkout_id=checkout.id,
        reference=reference,
        amount=checkout.amount,
        description=description,
        locale=checkout.locale,
        success_url=back.success,
        cancel_url=back.cancel,
        idempotency_key=checkout.idempotency_key,
    )
    return provider(checkout.provider).start(ctx, purchase)


def record(session: Session, checkout_id: str, started: Started) -> None:
    """Keep the provider's answer."""
    checkout = get(session, checkout_id)
    checkout.session_id, checkout.url = started.session_id, started.url


def get(session: Session, checkout_id: str) -> Checkout:
    """The checkout. Raises `NotFound`."""
    checkout = session.scalar(sa.select(Checkout).where(Checkout.id == checkout_id))
    if checkout is None:
        raise NotFound("no such checkout")
    return checkout


def ended(session: Session, checkout_id: str) -> bool:
    """Whether it was paid, declined, or has expired at the provider."""
    ends = sa.select(Entry.id).where(
        Entry.checkout_id == checkout_id, Entry.kind.in_(("pending", "paid", "failed", "expired"))
    )
    return session.scalar(ends.limit(1)) is not None


def declined(session: Session, application_id: str) -> bool:
    """Whether the newest attempt was declined."""
    newest = (
        sa.select(Checkout.id)
        .where(Checkout.application_id == application_id)
        .order_by(Checkout.attempt.desc())
        .limit(1)
    )
    failed = sa.select(Entry.id).where(
        Entry.checkout_id.in_(newest.scalar_subquery()), Entry.kind == "failed"
    )
    return session.scalar(failed.limit(1)) is not None


def _open(session: Session, checkout: Checkout) -> bool:
    return checkout.expires_at > clock.now() and not ended(session, checkout.id)


def _new(
    session: Session, application_id: str, attempt: int, provider_name: str, amount: int, locale: str
) -> Checkout:
    checkout = Checkout(
        id=uuid.uuid4().hex,
        application_id=application_id,
        attempt=attempt,
        provider=provider_name,
        amount=amount,
        locale=locale,
        idempotency_key=f"{application_id}-fee-{attempt}",
        expires_at=clock.now() + REUSED_FOR,
    )
    session.add(checkout)
    session.flush()
    audit.append(
        session,
        "payment.started",
        f"application:{application_id}",
        "applicant",
        provider=provider_name,
        amount=amount,
        attempt=attempt,
    )
    return checkout
