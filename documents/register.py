"""The register of issued documents, as the public may ask it: by code or by the digest of the file, all organisations.

What it answers is not personal: which document, of whom it is (the office), from when until when.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import Organisation
from applications.models import Application
from core import clock
from core.errors import Message
from core.identifiers import normalise_code
from documents.models import RECEIPT, Issued
from documents.receipts import TITLE
from procedures import versions
from translations.text import Text


@dataclass(frozen=True)
class Record:
    """An issued document without its holder."""

    title: Text | Message
    organisation: Text
    code: str
    sha256: str
    issued_at: datetime
    issued_on: date
    valid_until: date | None
    withdrawn_on: date | None
    expired: bool
    receipt: bool = False
    """Whether it is a receipt, which is void once the payment was paid back."""


def by_code(session: Session, typed: str) -> Record | None:
    """The document with the verification code that a person typed (a session of `EVERYONE`)."""
    return _record(session, Issued.code == normalise_code(typed))


def by_digest(session: Session, digests: Collection[str]) -> Record | None:
    """The document whose file has one of these SHA-256 digests, in hex (a session of `EVERYONE`)."""
    return _record(session, Issued.sha256.in_(digests)) if digests else None


def _record(session: Session, condition: sa.ColumnElement[bool]) -> Record | None:
    row = session.execute(
        sa.select(Issued, Application.version_digest, Organisation)
        .join(Application, Application.id == Issued.application_id)
        .join(Organisation, Organisation.id == Issued.organisation_id)
        .where(condition)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    issued, digest, organisation = row
    zone = ZoneInfo(organisation.timezone)
    procedure = versions.get(session, digest).procedure
    titles: dict[str, Text | Message] = {each.id: each.title for each in procedure.issue} | {RECEIPT: TITLE}
    return Record(
        title=titles.get(issued.document_id, procedure.title),
        organisation=Text(organisation.title),
        code=issued.code,
        sha256=issued.sha256,
        issued_at=issued.issued_at,
        issued_on=issued.issued_at.astimezone(zone).date(),
        valid_until=issued.valid_until,
        withdrawn_on=issued.withdrawn_at.astimezone(zone).date() if issued.withdrawn_at else None,
        expired=issued.valid_until is not None and issued.valid_until < clock.today(organisation.timezone),
        receipt=issued.document_id == RECEIPT,
    )
