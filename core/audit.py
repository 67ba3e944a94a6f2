"""The audit log: append-only, one hash chain per organisation, checked offline.

Each row's hash covers the hash before it and the canonical JSON of its own content, so a row that is changed, removed
or moved breaks the chain at a place that `verify` names. The head of each chain is kept apart, so that rows cut off its
end are missed too. Whoever may write to the whole database could still write a new chain with a new head: only heads
that were signed (Ed25519) and given away would show that, and they are later work.

Rows hold ids and salted hashes, never personal data: what is erased at the end of retention leaves the chain valid.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from core import clock
from core.canonical import canonical_json
from core.database import Base, OrganisationOwned, Prepared, organisation_of, table_of

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


@dataclass(frozen=True)
class _Step:
    """A step that waits for the end of its transaction."""

    root: SessionTransaction
    inner: SessionTransaction | None
    values: dict[str, Any]


_HEAD = Prepared(sa.select(AuditHead.sequence, AuditHead.hash).with_for_update())
_FIRST = Prepared(sa.insert(table_of(AuditHead)))
_MOVE = Prepared(sa.update(table_of(AuditHead)))
_ROWS = Prepared(sa.insert(table_of(AuditRow)))


def append(session: Session, action: str, entity: str, actor: str, **details: Any) -> None:
    """Append a step to the organisation's chain when the present transaction commits, as its last act.

    Whoever extends a chain has to wait for everybody else who does, so it is done last: the wait is short, and because
    nothing is locked after it, it cannot be part of a deadlock. `actor` is ``clerk:<id>``, ``applicant``, ``system`` or
    ``command``; `details` are JSON and never personal.
    """
    organisation = organisation_of(session)
    values = {
        "organisation_id": organisation,
        "actor": actor,
        "action": action,
        "entity": entity,
        "details": details,
    }
    root = session.get_transaction() or session.begin()
    session.info.setdefault(_WAITING, []).append(_Step(root, session.get_nested_transaction(), values))


_WAITING = "audit"


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction():
        return
    root = session.get_transaction()
    steps = [step for step in session.info.pop(_WAITING, ()) if step.root is root]
    if not steps:
        return
    session.flush()
    head = _head(session)
    sequence, link = (head.sequence, head.hash) if head else (0, GENESIS)
    rows = []
    for step in steps:
        sequence += 1
        row = {
            **step.values,
            "sequence": sequence,
            "at": clock.now().isoformat(timespec="microseconds"),
        }
        link = _link(link, row)
        rows.append({**row, "hash": link})
    (_MOVE if head else _FIRST).run(session, sequence=sequence, hash=link)
    _ROWS.run(session, *rows)


def _head(session: Session) -> sa.Row[Any] | None:
    head = _HEAD.run(session).one_or_none()
    if head is None and session.get_bind().dialect.name == "postgresql":  # no row yet that could be locked
        key = f"audit:{organisation_of(session)}"
        session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": key})
        head = _HEAD.run(session).one_or_none()
    return head


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    """What was done since a savepoint that is rolled back was never done."""
    if _WAITING in session.info:
        session.info[_WAITING] = [
            step for step in session.info[_WAITING] if step.inner is not ended and step.root is not ended
        ]


def verify(session: Session, organisation: str) -> Iterator[Break]:
    """Walk the chain of `organisation` from its first row and yield every place where it does not hold."""
    before, expected = GENESIS, 1
    rows = session.scalars(
        sa.select(AuditRow).where(AuditRow.organisation_id == organisation).order_by(AuditRow.sequence)
    )
    for row in rows.yield_per(1000):
        if row.sequence != expected:
            yield Break(organisation, expected, f"rows {expected} to {row.sequence - 1} are missing")
        elif row.hash != _link(before, vars(row)):
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


_COVERED = ("sequence", "at", "actor", "action", "entity", "details")


def _link(before: bytes, row: Mapping[str, Any]) -> bytes:
    """The hash of `row` (its columns): over the hash before it and the canonical JSON of what it says."""
    content = {"organisation": row["organisation_id"], **{name: row[name] for name in _COVERED}}
    return hashlib.sha256(before + canonical_json(content)).digest()


def length(session: Session, organisation: str) -> int:
    """How many rows the chain of `organisation` has."""
    return (
        session.scalar(
            sa.select(sa.func.count()).select_from(AuditRow).where(AuditRow.organisation_id == organisation)
        )
        or 0
    )
