"""Tables of published procedures."""

from datetime import datetime
from typing import Any

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


class Proposal(OrganisationOwned, Base):
    """A version that one author proposes to publish and another has to confirm. It is what it was when proposed:
    once the file or the version that counts is another, it is void."""

    __tablename__ = "proposals"
    __table_args__ = (sa.Index("ix_proposals_open", "organisation_id", "state", "procedure_id"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    procedure_id: Mapped[str] = mapped_column(sa.String(60))
    digest: Mapped[str] = mapped_column(sa.String(64))
    base_digest: Mapped[str | None] = mapped_column(sa.String(64))
    """The version that counted when it was proposed; none for a new procedure."""
    file: Mapped[str] = mapped_column(sa.Text)
    """Where the file lies, from the catalogue's folder."""
    effective_at: Mapped[datetime | None]
    """From when on it is to count; none: from the confirmation."""
    migrates: Mapped[bool] = mapped_column(default=False)
    """Whether what is in flight and passes goes over to it."""
    changes: Mapped[list[Any]]
    impact: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(sa.String(20), default="open")
    """`open`, `confirmed`, `rejected` or `void`."""
    proposed_by: Mapped[str] = mapped_column(sa.String(80))
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_by: Mapped[str | None] = mapped_column(sa.String(80))
    decided_at: Mapped[datetime | None]
