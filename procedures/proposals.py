"""Publishing by two people: one author proposes a version, another confirms it; both are in the audit log.

A proposal is about what was shown: once its file, or the version that counts, is another one, it is void.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import organisations
from core import audit, clock
from core.database import Database, organisation_of
from core.errors import Message, NotFound, Refused, message
from procedures import versions
from procedures.loader import Loaded
from procedures.models import Proposal, Publication

OPEN, CONFIRMED, REJECTED, VOID = "open", "confirmed", "rejected", "void"


def needs_two(folder: Path, organisation: str) -> bool:
    """Whether `organisation` lets nobody publish alone."""
    entry = next((one for one in organisations.read(folder) if one.id == organisation), None)
    return entry is not None and entry.publishing.people > 1


def published_at_start(database: Database, folder: Path) -> list[Path]:
    """The catalogue's files that the platform may publish by itself: all but those of organisations where two people
    publish; of these only the first time, while the organisation has published nothing at all."""
    kept = {
        department
        for entry in organisations.read(folder)
        if entry.publishing.people > 1 and _has_published(database, entry.id)
        for department in entry.departments
    }
    return [path for path in sorted(folder.glob("*/*.yaml")) if path.parent.name not in kept]


def _has_published(database: Database, organisation: str) -> bool:
    with database.reading(organisation) as session:
        return session.scalar(sa.select(Publication.id).limit(1)) is not None


def propose(
    session: Session,
    procedure_id: str,
    digest: str,
    base_digest: str | None,
    file: str,
    by: str,
    changes: Sequence[Mapping[str, Any]] = (),
    impact: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    migrates: bool = False,
) -> Proposal:
    """Propose a version. `by` is ``clerk:<id>``. An older proposal of the same procedure becomes void.

    Raises `Refused` where the version is proposed already, so that nobody confirms their own by proposing it again.
    """
    for before in all_open(session):
        if before.procedure_id == procedure_id:
            if (before.digest, before.base_digest) == (digest, base_digest) and before.effective_at == at:
                raise Refused(message("This version is proposed already. Another author has to confirm it."))
            _decide(session, before, VOID, by)
    proposal = Proposal(
        id=uuid4().hex,
        organisation_id=organisation_of(session),
        procedure_id=procedure_id,
        digest=digest,
        base_digest=base_digest,
        file=file,
        effective_at=at,
        migrates=migrates,
        changes=[dict(change) for change in changes],
        impact=dict(impact or {}),
        state=OPEN,
        proposed_by=by,
        proposed_at=clock.now(),
    )
    session.add(proposal)
    audit.append(session, "procedure.proposed", f"procedure:{procedure_id}", by, proposal=proposal.id, digest=digest,
                 before=base_digest)  # fmt: skip
    return proposal


def all_open(session: Session) -> list[Proposal]:
    """The proposals that wait for somebody, the oldest first."""
    found = sa.select(Proposal).where(Proposal.state == OPEN).order_by(Proposal.proposed_at)
    return list(session.scalars(found))


def decided(session: Session, most: int = 20) -> list[Proposal]:
    """The proposals decided last, the newest first."""
    found = sa.select(Proposal).where(Proposal.state != OPEN).order_by(Proposal.decided_at.desc()).limit(most)
    return list(session.scalars(found))


def get(session: Session, id: str, lock: bool = False) -> Proposal:
    """The proposal `id`. Raises `NotFound`."""
    query = sa.select(Proposal).where(Proposal.id == id)
    proposal = session.scalar(query.with_for_update() if lock else query)
    if proposal is None:
        raise NotFound("no such proposal")
    return proposal


def beginning_with(session: Session, digits: str) -> list[Proposal]:
    """The open proposals of versions whose digests begin with `digits`."""
    return [one for one in all_open(session) if one.digest.startswith(digits)]


def void_reason(session: Session, proposal: Proposal, digest: str | None) -> Message | None:
    """Why the proposal is not what was shown any more; `digest` is that of its file now, none if it cannot be read."""
    if digest != proposal.digest:
        return message("The file has changed since it was proposed.")
    if versions.current_digest(session, proposal.procedure_id, proposal.effective_at) != proposal.base_digest:
        return message("Another version was published since it was proposed.")
    return None


def confirm(session: Session, proposal: Proposal, loaded: Loaded, by: str) -> str:
    """Publish the proposal and return the digest. Raises `Refused` for the person who proposed it.

    The caller has asked `void_reason` before, in the same transaction.
    """
    if proposal.state != OPEN:
        raise Refused(message("This proposal was decided already."))
    if proposal.proposed_by == by:
        raise Refused(message("A second person must confirm what you proposed."))
    now = clock.now()
    later = proposal.effective_at if proposal.effective_at and proposal.effective_at > now else None
    _decide(session, proposal, CONFIRMED, by)
    return versions.publish(session, loaded, by, later)


def reject(session: Session, proposal: Proposal, by: str) -> None:
    """Take the proposal off the list: its proposer takes it back, or a colleague declines it."""
    if proposal.state != OPEN:
        raise Refused(message("This proposal was decided already."))
    _decide(session, proposal, REJECTED, by)


def void(session: Session, proposal: Proposal, by: str) -> None:
    """Mark it as void: it is not about what is there now."""
    if proposal.state == OPEN:
        _decide(session, proposal, VOID, by)


def _decide(session: Session, proposal: Proposal, state: str, by: str) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, clock.now()
    audit.append(session, f"procedure.proposal_{state}", f"procedure:{proposal.procedure_id}", by,
                 proposal=proposal.id, digest=proposal.digest, proposed_by=proposal.proposed_by)  # fmt: skip
