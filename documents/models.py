"""Table of issued documents."""

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, OrganisationOwned

RECEIPT: Final = "-receipt"
"""The document id of receipts; no document of a procedure can be named so."""


class Issued(OrganisationOwned, Base):
    """A document that was issued: one per application, document and occasion."""

    __tablename__ = "issued_documents"
    __table_args__ = (sa.UniqueConstraint("application_id", "document_id", "occasion"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    application_id: Mapped[str] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    document_id: Mapped[str] = mapped_column(sa.String(60))
    occasion: Mapped[str] = mapped_column(sa.String(40))
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    """The verification code printed on it."""
    storage_key: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    size: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(20))
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)
    valid_until: Mapped[date | None] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]
