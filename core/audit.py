"""The audit log: append-only, one hash chain per organisation, checked offline.

Each row's hash covers the hash before it and the canonical JSON of its own content, so a row that is changed, removed
or moved breaks the chain at a place that `verify` names. The head of each chain is kept apart, so that rows cut off its
end are missed too. Whoever may write to the whole database could still write a new chain with a new head: only heads
that were signed (Ed25519) and given away would show that, and they are later work.

Rows hold ids and salted hashes, never personal data: what is erased at the end of retention leaves the chain valid.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.canonical import canonical_json
from core.database import Base, OrganisationOwned, organisation_of

GENESIS = bytes(32)


class AuditRow(OrganisationOwned, Base):
    """One step that somebody took."""

    __tablename__ = "audit_log"

    organisation_id: Mapped[str] = mapped_column(
        sa.String(40), sa.ForeignKey("organisations.id"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(sa.String(32))
    actor: Mapped[str] = mapped_column(sa.String(80))
    action: Mapped[str] = mapped_column(sa.String(60))
    entity: Mapped[str] = mapped_column(sa.String(120), index=True)
    details: Mapped[dict[str, Any]]
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))

    def content(self) -> bytes:
        """The canonical JSON that the hash covers."""
        return canonical_json(
            {
                "organisation": self.organisation_id,
                "sequence": self.sequence,
                "at": self.at,
                "actor": self.actor,
                "action": self.action,
                "entity": self.entity,
                "details": self.details,
            }
        )


class AuditHead(OrganisationOwned, Base):
    """The end of an organisation's chain: its last row's number and hash."""

    __tablename__ = "audit_heads"

    organisation_id: Mapped[str] = mapped_column(
        sa.String(40), sa.ForeignKey("organisations.id"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold."""

    organisation: str
    sequence: int
    reason: str


def append(session: Session, action: str, entity: str, actor: str, **details: Any) -> AuditRow:
    """Append a step to the organisation's chain, in the present transaction.

    `actor` is ``clerk:<id>``, ``applicant``, ``system`` or ``command``; `details` are JSON and never personal.
    """
    organisation = organisation_of(session)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            sa.text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"audit:{organisation}"}
        )
    head = session.scalar(sa.select(AuditHead).execution_options(populate_existing=True))
    sequence, before = (head.sequence + 1, head.hash) if head else (1, GENESIS)
    row = AuditRow(
        organisation_id=organisation,
        sequence=sequence,
        at=clock.now().isoformat(timespec="microseconds"),
        actor=actor,
        action=action,
        entity=entity,
        details=details,
    )
    row.hash = _link(before, row)
    if head is None:
        session.add(AuditHead(organisation_id=organisation, sequence=sequence, hash=row.hash))
    else:
        head.sequence, head.hash = sequence, row.hash
    session.add(row)
    session.flush()
    return row


def verify(session: Session, organisation: str) -> Iterator[Break]:
    """Walk the chain of `organisation` from its first row and yield every place where it does not hold."""
    before, expected = GENESIS, 1
    rows = session.scalars(
        sa.select(AuditRow).where(AuditRow.organisation_id == organisation).order_by(AuditRow.sequence)
    )
    for row in rows.yield_per(1000):
        if row.sequence != expected:
            yield Break(organisation, expected, f"rows {expected} to {row.sequence - 1} are missing")
        elif row.hash != _link(before, row):
            yield Break(organisation, row.sequence, "the row or the one before it was changed")
        before, expected = row.hash, row.sequence + 1
    yield from _at_the_end(session, organisation, expected - 1, before)


def _at_the_end(session: Session, organisation: str, last: int, hash: bytes) -> Iterator[Break]:
    head = session.execute(
        sa.select(AuditHead.sequence, AuditHead.hash).where(AuditHead.organisation_id == organisation)
    ).one_or_none()
    if head is None and last > 0:
        yield Break(organisation, last, "the head of the chain is missing")
    elif head is not None and head.sequence > last:
        yield Break(organisation, last + 1, f"rows {last + 1} to {head.sequence} are missing")
    elif head is not None and (head.sequence, head.hash) != (last, hash):
        yield Break(organisation, last, "the row is not the one that the head of the chain names")


def _link(before: bytes, row: AuditRow) -> bytes:
    return hashlib.sha256(before + row.content()).digest()


def length(session: Session, organisation: str) -> int:
    """How many rows the chain of `organisation` has."""
    return (
        session.scalar(
            sa.select(sa.func.count()).select_from(AuditRow).where(AuditRow.organisation_id == organisation)
        )
        or 0
    )
