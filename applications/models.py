"""Tables of drafts, applications, their answers, files, corrections and events.

Answers, names and addresses stand in encrypted blobs only (`applications.vault`); the columns beside them are what a
queue sorts and filters by.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, BigId, OrganisationOwned


def _only(condition: str) -> dict[str, Any]:
    """An index of the rows that `condition` holds for, on both engines."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


class Draft(OrganisationOwned, Base):
    """A form that somebody is filling in."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    procedure_id: Mapped[str] = mapped_column(sa.String(60))
    version_digest: Mapped[str] = mapped_column(sa.String(64))
    language: Mapped[str] = mapped_column(sa.String(20))
    case_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    document: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Encrypted JSON: see `applications.vault.DraftDocument`."""
    row_version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)
    filed_as: Mapped[str | None] = mapped_column(sa.String(32), unique=True)
    code_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    code_expires_at: Mapped[datetime | None]
    code_attempts: Mapped[int] = mapped_column(default=0)
    code_browser: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """Keyed hash of the browser that the code was sent for."""
    code_sent_at: Mapped[datetime | None]
    code_sent_count: Mapped[int | None]
    code_counted_from: Mapped[datetime | None]
    """When `code_sent_count` began to count."""
    proofs_from: Mapped[datetime | None]
    """Pages that were made before prove nothing any more: their browser was left."""
    renews: Mapped[str | None] = mapped_column(sa.String(32))
    """The issued document that it renews."""


class Application(OrganisationOwned, Base):
    """A filed application (申請): a case."""

    __tablename__ = "applications"
    __table_args__ = (
        sa.Index("ix_applications_queue", "organisation_id", "desk", "outcome", "due_at"),
        sa.Index("ix_applications_due", "due_at", **_only("outcome IS NULL")),
        sa.Index("ix_applications_mine", "assignee_id", "due_at", **_only("outcome IS NULL")),
        sa.Index(
            "ix_applications_closed", "organisation_id", "desk", "decided_at", **_only("outcome IS NOT NULL")
        ),
        sa.Index(
            "ix_applications_decided",
            "organisation_id",
            "procedure_id",
            "decided_at",
            **_only("outcome IS NOT NULL"),
        ),
        sa.Index("ix_applications_renews", "renews", **_only("renews IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    procedure_id: Mapped[str] = mapped_column(sa.String(60))
    version_digest: Mapped[str] = mapped_column(sa.String(64))
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    secret_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    language: Mapped[str] = mapped_column(sa.String(20))
    case_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    state: Mapped[str] = mapped_column(sa.String(60))
    state_since: Mapped[datetime] = mapped_column(default=clock.now)
    desk: Mapped[str] = mapped_column(sa.String(60))
    assignee_id: Mapped[str | None] = mapped_column(sa.ForeignKey("clerks.id"))
    outcome: Mapped[str | None] = mapped_column(sa.String(20))
    row_version: Mapped[int] = mapped_column(default=1)
    answers_version: Mapped[int] = mapped_column(default=1)
    filed_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime | None]
    """When the state's deadline ends; none while the applicant corrects."""
    decided_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]
    renews: Mapped[str | None] = mapped_column(sa.String(32))
    """The issued document that it renews (更新): see `workflows.renewals`."""


class AccessCode(OrganisationOwned, Base):
    """The one code that is out for opening an application on another device: see `applications.reopening`."""

    __tablename__ = "access_codes"

    application_id: Mapped[str] = mapped_column(sa.ForeignKey("applications.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime]
    sent_count: Mapped[int] = mapped_column(default=1)
    counted_from: Mapped[datetime]
    """When `sent_count` began to count."""


class Answers(OrganisationOwned, Base):
    """One version of an application's answers; the newest counts, all are kept."""

    __tablename__ = "answers"

    application_id: Mapped[str] = mapped_column(sa.ForeignKey("applications.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Encrypted JSON: see `applications.vault.CaseDocument`."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class UploadedFile(OrganisationOwned, Base):
    """A file handed in. Its name stands in the encrypted document, not here."""

    __tablename__ = "uploaded_files"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    draft_id: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    application_id: Mapped[str | None] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    attachment: Mapped[str] = mapped_column(sa.String(60))
    storage_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    media_type: Mapped[str] = mapped_column(sa.String(60))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Event(OrganisationOwned, Base):
    """Something that happened to an application; append-only. `details` are JSON without personal data."""

    __tablename__ = "events"
    __table_args__ = (sa.UniqueConstraint("application_id", "sequence"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    application_id: Mapped[str] = mapped_column(sa.ForeignKey("applications.id"))
    sequence: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(40))
    details: Mapped[dict[str, Any]]
    text: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    """Encrypted reason or comment that a person wrote."""


class Correction(OrganisationOwned, Base):
    """A request to correct named fields (補正)."""

    __tablename__ = "corrections"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    application_id: Mapped[str] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    requested_by: Mapped[str] = mapped_column(sa.String(80))
    requested_at: Mapped[datetime] = mapped_column(default=clock.now)
    document: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Encrypted JSON: see `applications.vault.CorrectionDocument`."""
    return_to: Mapped[str] = mapped_column(sa.String(60))
    due_at: Mapped[datetime | None]
    """When the deadline of that state would have ended: the clock stands until the answer."""
    answered_at: Mapped[datetime | None]
    before_version: Mapped[int]


class CaseMessage(OrganisationOwned, Base):
    """What the applicant or the office wrote to the other about a case; see `workflows.messages`."""

    __tablename__ = "messages"
    __table_args__ = (sa.Index("ix_messages_unread", "application_id", **_only("read_at IS NULL")),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    application_id: Mapped[str] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    author: Mapped[str] = mapped_column(sa.String(80))
    """``applicant`` or ``clerk:<id>``."""
    document: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Encrypted JSON: see `applications.vault.MessageDocument`."""
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]
    """When the other side had seen it, or said that it needs no answer."""


class SlotPlace(OrganisationOwned, Base):
    """A numbered place of a slot: held for a draft for a while, or taken by an application.

    No two rows have the same number, so that a slot cannot have more of them than places, whoever comes at once.
    """

    __tablename__ = "slot_places"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "resource", "day", "time", "place"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    resource: Mapped[str] = mapped_column(sa.String(130))
    day: Mapped[date]
    time: Mapped[str] = mapped_column(sa.String(5))
    place: Mapped[int]
    draft_id: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    application_id: Mapped[str | None] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    held_until: Mapped[datetime | None]
    """When the draft loses it to whoever wants it; none once it is an application's."""
