"""Effects that must happen exactly because something was committed: written beside it, performed after it.

A row is unique by (entity, effect); performing is at least once, so every effect tolerates being performed twice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.database import (
    EVERYONE,
    Base,
    BigId,
    OrganisationOwned,
    Prepared,
    Scope,
    ScopeError,
    organisation_of,
    table_of,
)

LEASE = timedelta(minutes=2)
_BACKOFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


class OutboxMessage(OrganisationOwned, Base):
    """One effect to perform. `payload` holds ids only, never personal data."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.UniqueConstraint("entity", "effect"),
        sa.Index("ix_outbox_due", "available_at", sqlite_where=sa.text("done_at IS NULL"),
                 postgresql_where=sa.text("done_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        sa.String(40), sa.ForeignKey("organisations.id"), index=True
    )
    """None: an effect of the platform itself, about a resident's account."""
    entity: Mapped[str] = mapped_column(sa.String(120))
    effect: Mapped[str] = mapped_column(sa.String(40))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    available_at: Mapped[datetime] = mapped_column(default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.String(500))


@dataclass(frozen=True)
class Claim:
    """A due effect, leased to one performer until the lease ends."""

    id: int
    organisation_id: str | None
    entity: str
    effect: str
    payload: dict[str, Any]

    @property
    def scope(self) -> Scope:
        """Whose rows the effect is about."""
        return self.organisation_id or EVERYONE


_ENQUEUE = Prepared(sa.insert(table_of(OutboxMessage)))


def enqueue(session: Session, effect: str, entity: str, payload: dict[str, Any]) -> None:
    """Add an effect to the present transaction; `entity` names what it belongs to, e.g. ``application:…:7``."""
    _ENQUEUE.run(
        session, organisation_id=organisation_of(session), effect=effect, entity=entity, payload=payload
    )


def enqueue_for_platform(session: Session, effect: str, entity: str, payload: dict[str, Any]) -> None:
    """The same for what belongs to no organisation: residents' accounts (a session of `EVERYONE`)."""
    if session.info.get("scope") is not EVERYONE:
        raise ScopeError("effects of the platform need a session of EVERYONE")
    _ENQUEUE.run(session, organisation_id=None, effect=effect, entity=entity, payload=payload)


def due(session: Session, effects: Collection[str] | None = None, limit: int = 100) -> list[int]:
    """Ids of what is to be performed now, the oldest first; with `effects`, of these only."""
    query = sa.select(OutboxMessage.id).where(
        OutboxMessage.done_at.is_(None), OutboxMessage.available_at <= clock.now()
    )
    if effects is not None:
        query = query.where(OutboxMessage.effect.in_(effects))
    return list(session.scalars(query.order_by(OutboxMessage.id).limit(limit)))


def claim(session: Session, id: int) -> Claim | None:
    """Lease the effect `id` for `LEASE`; none where it is done, leased to somebody else, or not yet due."""
    now = clock.now()
    taken = session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.id == id, OutboxMessage.done_at.is_(None), OutboxMessage.available_at <= now)
        .values(available_at=now + LEASE, attempts=OutboxMessage.attempts + 1)
        .returning(
            OutboxMessage.id,
            OutboxMessage.organisation_id,
            OutboxMessage.entity,
            OutboxMessage.effect,
            OutboxMessage.payload,
        )
    ).one_or_none()
    return Claim(*taken) if taken else None


def finish(session: Session, id: int) -> None:
    """Note that the effect is performed (in the transaction that keeps its result)."""
    session.execute(
        sa.update(OutboxMessage).where(OutboxMessage.id == id).values(done_at=clock.now(), error=None)
    )


def fail(session: Session, id: int, error: Exception) -> None:
    """Note a failure and try again later: after 10 s, 1 min, 10 min, then every hour. Only the error's type is kept."""
    row = session.get_one(OutboxMessage, id)
    row.available_at = clock.now() + _BACKOFF[min(row.attempts, len(_BACKOFF)) - 1]
    row.error = type(error).__name__
