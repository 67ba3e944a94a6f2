"""Asking providers about checkouts whose end nobody reported: a notice may be lost, money may not."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.context import Context
from payments.models import Checkout, Entry
from payments.provider import PaymentEvent, provider

PATIENCE: Final = timedelta(minutes=10)
"""Until then the provider's own notice is awaited."""
MEMORY: Final = timedelta(days=90)
"""The longest way to pay (convenience stores: 60 days) has ended by then."""


def unreported(session: Session) -> Sequence[Checkout]:
    """Checkouts that were started and of which no end is known, in the session's scope, oldest first."""
    ends = sa.select(Entry.checkout_id).where(
        Entry.checkout_id == Checkout.id, Entry.kind.in_(("paid", "failed", "expired"))
    )
    now = clock.now()
    return session.scalars(
        sa.select(Checkout)
        .where(
            Checkout.session_id.is_not(None),
            Checkout.created_at.between(now - MEMORY, now - PATIENCE),
            ~ends.exists(),
        )
        .order_by(Checkout.created_at)
    ).all()


def ask(ctx: Context, checkout: Checkout) -> list[PaymentEvent]:
    """What the provider knows of the checkout. Raises `payments.provider.Unavailable`."""
    if checkout.session_id is None:
        return []
    return provider(checkout.provider).look_up(ctx, checkout.session_id)
