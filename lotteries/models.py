"""Tables of draws, their entries, witnesses, placings, promotions and events. No names, no categories: ids only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, BigId, Json, OrganisationOwned
from core.errors import Message, message

DrawState = Literal["open", "frozen", "committed", "drawn", "confirmed", "published", "void"]
EntryState = Literal["live", "duplicate", "excluded", "withdrawn"]
PromotionReason = Literal["declined", "ineligible", "withdrawn"]

STATES: Mapping[DrawState, Message] = {
    "open": message("Taking applications"),
    "frozen": message("Pool frozen"),
    "committed": message("Commitment published"),
    "drawn": message("Drawn, to be confirmed"),
    "confirmed": message("Confirmed, to be published"),
    "published": message("Result published"),
    "void": message("Void"),
}


class Draw(OrganisationOwned, Base):
    """One draw of one round of a lottery procedure; what is public about it stands here as it was fixed."""

    __tablename__ = "draws"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "procedure_id", "round"),)

    id: Mapped[str] = mapped_column(sa.String(124), primary_key=True)
    procedure_id: Mapped[str] = mapped_column(sa.String(60))
    round: Mapped[str] = mapped_column(sa.String(20))
    version_digest: Mapped[str] = mapped_column(sa.String(64))
    """The version that opened it; its rules count unless a newer version of the same round is published."""
    title: Mapped[dict[str, Any]]
    state: Mapped[DrawState] = mapped_column(sa.String(12), default="open")
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)

    rules: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """The published rules, from the freeze on."""
    lists: Mapped[list[Any]] = mapped_column(default=list)
    """Ids of the procedure's preference lists, in the order of the opaque ids P1, P2 …; never published."""
    root: Mapped[str | None] = mapped_column(sa.String(64))
    entries: Mapped[int] = mapped_column(default=0)
    tickets: Mapped[int] = mapped_column(default=0)
    demand: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Entries and tickets of the pool by unit."""
    tree_key: Mapped[str | None] = mapped_column(sa.String(64))
    """Where the file store keeps the nodes of the tree, for inclusion proofs."""
    frozen_at: Mapped[datetime | None]

    beacon_round: Mapped[str | None] = mapped_column(sa.String(40))
    committed_at: Mapped[datetime | None]
    reveal_by: Mapped[datetime | None]

    value: Mapped[str | None] = mapped_column(sa.String(64))
    seed: Mapped[str | None] = mapped_column(sa.String(64))
    drawn_at: Mapped[datetime | None]
    drawn_by: Mapped[str | None] = mapped_column(sa.String(80))
    confirmed_by: Mapped[str | None] = mapped_column(sa.String(80))
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None] = mapped_column(sa.String(80))
    result_key: Mapped[str | None] = mapped_column(sa.String(64))
    """Where the file store keeps the result's JSON, from the draw on."""
    result_sha256: Mapped[str | None] = mapped_column(sa.String(64))


class Entry(OrganisationOwned, Base):
    """One application's entry. From the freeze on, nothing that its leaf covers may change."""

    __tablename__ = "draw_entries"
    __table_args__ = (
        sa.UniqueConstraint("draw_id", "number"),
        sa.UniqueConstraint("draw_id", "household"),
        sa.UniqueConstraint("draw_id", "application_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    draw_id: Mapped[str] = mapped_column(sa.ForeignKey("draws.id"))
    application_id: Mapped[str] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(12))
    weight: Mapped[int]
    unit: Mapped[str] = mapped_column(sa.String(60))
    salt: Mapped[str] = mapped_column(sa.String(64))
    lists: Mapped[list[Any]]
    """Opaque ids of the preference lists the entry is on."""
    secret: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """What opens the salt, encrypted with the case's key: erasing the case erases whose entry it was."""
    state: Mapped[EntryState] = mapped_column(sa.String(12))
    household: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """Keyed hash of who one household is; held by its live entry only."""
    duplicate_of: Mapped[str | None] = mapped_column(sa.String(12))
    """Number of the live entry of the same household."""
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)
    skipped_at: Mapped[datetime | None]
    """When it was withdrawn after the freeze: it keeps its place in the pool and the order, but is never promoted."""
    announced_at: Mapped[datetime | None]
    """When the case was told its result."""


class Placement(OrganisationOwned, Base):
    """What the draw gave an entry; written once, when the result is published."""

    __tablename__ = "draw_placements"
    __table_args__ = (
        sa.UniqueConstraint("draw_id", "number"),
        sa.Index("ix_draw_placements_listed", "draw_id", "unit", "result", "rank"),
    )

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("draw_entries.id"), primary_key=True)
    draw_id: Mapped[str] = mapped_column(sa.ForeignKey("draws.id"))
    number: Mapped[str] = mapped_column(sa.String(12))
    unit: Mapped[str] = mapped_column(sa.String(60))
    rank: Mapped[int]
    result: Mapped[Literal["won", "waiting", "lost"]] = mapped_column(sa.String(8))
    via: Mapped[str | None] = mapped_column(sa.String(60))
    waiting: Mapped[int | None]


class Witness(OrganisationOwned, Base):
    """One witness of the ceremony: first a sealed value's hash, then the value."""

    __tablename__ = "draw_witnesses"

    draw_id: Mapped[str] = mapped_column(sa.ForeignKey("draws.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    commitment: Mapped[str | None] = mapped_column(sa.String(64))
    revealed: Mapped[str | None] = mapped_column(sa.String(64))
    struck_at: Mapped[datetime | None]


class Promotion(OrganisationOwned, Base):
    """Somebody of the waiting list moves up, after a seat became free; append-only, never a redraw."""

    __tablename__ = "draw_promotions"
    __table_args__ = (sa.UniqueConstraint("draw_id", "promoted"), sa.UniqueConstraint("draw_id", "vacated"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    draw_id: Mapped[str] = mapped_column(sa.ForeignKey("draws.id"))
    unit: Mapped[str] = mapped_column(sa.String(60))
    vacated: Mapped[str] = mapped_column(sa.String(12))
    promoted: Mapped[str] = mapped_column(sa.String(12))
    reason: Mapped[PromotionReason] = mapped_column(sa.String(12))
    by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class DrawEvent(OrganisationOwned, Base):
    """A step of the ceremony; append-only, public but for who took it."""

    __tablename__ = "draw_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    draw_id: Mapped[str] = mapped_column(sa.ForeignKey("draws.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    kind: Mapped[str] = mapped_column(sa.String(20))
    actor: Mapped[str] = mapped_column(sa.String(80))
    details: Mapped[dict[str, Any]]
