"""Tables of organisations and clerks."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.database import Base, OrganisationOwned


class Organisation(Base):
    """A prefecture or municipality. All that is its own carries its id; see `core.database.OrganisationOwned`."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    title: Mapped[dict[str, Any]]
    timezone: Mapped[str] = mapped_column(sa.String(40), default="Asia/Tokyo")
    desks: Mapped[dict[str, Any]]
    departments: Mapped[dict[str, Any]]
    contact: Mapped[dict[str, Any]]


class Clerk(OrganisationOwned, Base):
    """A person who works for an organisation (職員)."""

    __tablename__ = "clerks"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    password_hash: Mapped[str] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    duties: Mapped[list["Duty"]] = relationship(
        back_populates="clerk", lazy="selectin", cascade="all, delete-orphan"
    )

    def may(self, role: str, desk: str) -> bool:
        """Whether the clerk holds `role` at `desk`."""
        return any(duty.role == role and duty.desk in (desk, "*") for duty in self.duties)


class Duty(Base):
    """A role that a clerk holds at one desk, or at all of the organisation (``*``)."""

    __tablename__ = "duties"

    clerk_id: Mapped[str] = mapped_column(sa.ForeignKey("clerks.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    desk: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    clerk: Mapped[Clerk] = relationship(back_populates="duties")
