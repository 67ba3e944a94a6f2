"""Tables of the ledger and of checkouts."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, BigId, OrganisationOwned
from core.errors import MadoguchiError


class Checkout(OrganisationOwned, Base):
    """One attempt to pay at a provider.

    It is kept before the provider is called, with everything the call is made of: repeating the call after a crash
    sends the same parameters under the same idempotency key, and the provider answers with the same session.
    """

    __tablename__ = "checkouts"
    __table_args__ = (sa.UniqueConstraint("application_id", "attempt"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    application_id: Mapped[str] = mapped_column(sa.ForeignKey("applications.id"))
    attempt: Mapped[int]
    provider: Mapped[str] = mapped_column(sa.String(20))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    locale: Mapped[str] = mapped_column(sa.String(20))
    idempotency_key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    session_id: Mapped[str | None] = mapped_column(sa.String(255))
    """The provider's name for it."""
    url: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    """From then on it is not offered again; what the provider still reports of it counts all the same."""


class Entry(OrganisationOwned, Base):
    """One fact about money, written once. What is owed, paid or refunded is computed from the entries only."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        sa.UniqueConstraint("provider", "event_id"),
        sa.UniqueConstraint("provider", "object_id", "kind"),
        sa.CheckConstraint("amount >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    application_id: Mapped[str] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    checkout_id: Mapped[str | None] = mapped_column(sa.ForeignKey("checkouts.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    """See `payments.ledger.Kind`."""
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    """Whole yen from 0; the kind says which way it goes."""
    provider: Mapped[str] = mapped_column(sa.String(20))
    event_id: Mapped[str] = mapped_column(sa.String(255))
    """The provider's name for the event that reported it."""
    object_id: Mapped[str | None] = mapped_column(sa.String(255))
    """The provider's name for what happened: two different events about one payment are still one entry."""
    payment: Mapped[str | None] = mapped_column(sa.String(255), index=True)
    """The provider's name for the payment, which refunds and disputes refer to."""
    purpose: Mapped[str] = mapped_column(sa.String(20), default="fee")
    lines: Mapped[list[Any]] = mapped_column(default=list)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)


class Unchangeable(MadoguchiError):
    """Raised when code would change or remove a ledger entry: a mistake in the code, never of a user."""


@event.listens_for(Entry, "before_update")
@event.listens_for(Entry, "before_delete")
def _append_only(_mapper: object, _connection: object, entry: Entry) -> None:
    raise Unchangeable(f"ledger entry {entry.id} cannot be changed; write another one")
