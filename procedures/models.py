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


class Listing(OrganisationOwned, Base):
    """What a list and a search need of a published version, so that neither opens its definition. Made from it."""

    __tablename__ = "listings"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "digest"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    procedure_id: Mapped[str] = mapped_column(sa.String(60))
    department: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[dict[str, Any]]
    summary: Mapped[dict[str, Any]]
    minutes: Mapped[int]
    fee: Mapped[int | None] = mapped_column(sa.BigInteger)
    """In yen where it is the same for everybody."""
    processing_period: Mapped[str | None] = mapped_column(sa.String(40))
    languages: Mapped[list[Any]]
    """Those in which every text of the form can be read."""
    tags: Mapped[str] = mapped_column(sa.Text)
    """What lists are narrowed by: ``event:moving for:resident kind:permit``."""
    titles: Mapped[str] = mapped_column(sa.Text)
    """This and the next three are searched: folded, a line for each text (`procedures.finding.listings`)."""
    words: Mapped[str] = mapped_column(sa.Text)
    summaries: Mapped[str] = mapped_column(sa.Text)
    sounds: Mapped[str] = mapped_column(sa.Text)
    terms: Mapped[str] = mapped_column(sa.Text)
    """Words that a misspelt one is compared with."""
    sorted_by: Mapped[str] = mapped_column(sa.String(200))
    made_from: Mapped[str] = mapped_column(sa.String(64), default="")
    """The fingerprint of the files and the compiler it was made of last; empty where it was made of no file."""
