"""Tables of ratings, and of why people gave up."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, BigId, OrganisationOwned


class Rating(OrganisationOwned, Base):
    """How somebody found a procedure, once after filing and once after the decision."""

    __tablename__ = "ratings"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "moment"),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        sa.Index("ix_ratings_summary", "organisation_id", "procedure_id", "moment", "score"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    application_id: Mapped[str] = mapped_column(sa.ForeignKey("applications.id"))
    procedure_id: Mapped[str] = mapped_column(sa.String(60))
    version_digest: Mapped[str] = mapped_column(sa.String(64))
    moment: Mapped[str] = mapped_column(sa.String(20))
    score: Mapped[int]
    """1 (very dissatisfied) to 5 (very satisfied)."""
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    """Names out of `satisfaction.ratings.REASONS`."""
    comment: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    """Encrypted with the case's key: people write about themselves."""
    language: Mapped[str] = mapped_column(sa.String(20))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Leaving(OrganisationOwned, Base):
    """Why somebody did not go on with a form. Nothing leads back to them or their draft: neither an id nor an hour."""

    __tablename__ = "leavings"
    __table_args__ = (sa.Index("ix_leavings_summary", "organisation_id", "procedure_id", "page", "reason"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    """Random, so that it tells no order."""
    procedure_id: Mapped[str] = mapped_column(sa.String(60))
    page: Mapped[str] = mapped_column(sa.String(60))
    """The page of the form where they stood; empty where that is not known."""
    place: Mapped[str] = mapped_column(sa.String(20))
    """Where they were asked: out of `satisfaction.leaving.PLACES`."""
    reason: Mapped[str] = mapped_column(sa.String(20))
    """Out of `satisfaction.leaving.REASONS`."""
    language: Mapped[str] = mapped_column(sa.String(20))
    comment: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    """Encrypted with `comment_key`, after what looks like an address or a number was taken out."""
    comment_key: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    day: Mapped[date]
