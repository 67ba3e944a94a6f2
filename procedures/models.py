"""Tables of published procedures."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, BigId, OrganisationOwned


class ProcedureVersion(OrganisationOwned, Base):
    """A published version: immutable, named by the digest of its source, its translations and the format version."""

    __tablename__ = "procedure_versions"

    organisation_id: Mapped[str] = mapped_column(
        sa.String(40), sa.ForeignKey("organisations.id"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    procedure_id: Mapped[str] = mapped_column(sa.String(60), index=True)
    department: Mapped[str] = mapped_column(sa.String(60))
    source: Mapped[str] = mapped_column(sa.Text)
    """The YAML as it was written."""
    compiled: Mapped[str] = mapped_column(sa.Text)
    """The definition as JSON text, translations and workflow merged in; JSONB would lose the order of its keys."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Publication(OrganisationOwned, Base):
    """From when on a version counts. The newest one that is not in the future is the current one."""

    __tablename__ = "publications"
    __table_args__ = (sa.Index("ix_publications_current", "organisation_id", "procedure_id", "effective_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    procedure_id: Mapped[str] = mapped_column(sa.String(60))
    digest: Mapped[str] = mapped_column(sa.String(64))
    effective_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_by: Mapped[str] = mapped_column(sa.String(80))
