"""Taking what is in flight over to a newer version, where that is compatible and an author says so.

A draft goes over when what is filled in passes the new rules; pages that changed are shown again, and declarations are
asked anew. An application goes over only where nothing changed that its applicant answered, agreed to or owes: what is
left is how it is worked on (workflow, deadlines, documents). A signature stays what it is, over the version it names.
"""

from collections import Counter
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import organisations
from applications import drafts, events, impact, queries, vault
from applications.models import Draft
from core import audit, clock
from core.context import Context
from core.errors import Stale
from core.told import tell
from procedures import versions
from procedures.versions import Version


@dataclass
class Migration:
    """What went over, and what keeps its version for which reasons (of states, fields and parts, never an answer)."""

    drafts: int = 0
    applications: int = 0
    kept: Counter[str] = field(default_factory=Counter)


def migrate(
    session: Session, ctx: Context, procedure_id: str, by: str, old_digest: str | None = None
) -> Migration:
    """Take drafts and applications of `old_digest`, or of every earlier version, over to the one that counts now.

    `by` is the actor. Whatever does not pass keeps its version. Raises `NotFound` where nothing is published.
    """
    new = versions.current(session, procedure_id)
    done, zone = Migration(), organisations.timezone(session)
    held = impact.Holds(session, new.procedure)
    for draft in impact.drafts_of(session, procedure_id):
        if _meant(draft.version_digest, old_digest, new):
            reasons = impact.draft_failures(session, ctx, draft, new.procedure, clock.today(zone))
            moved = not reasons and _move_draft(session, ctx, draft, new)
            done.drafts += moved
            done.kept.update(reasons or ([] if moved else [tell("changed at this moment")]))
    for case in impact.cases_of(session, procedure_id):
        if _meant(case.version_digest, old_digest, new):
            seen = case.row_version
            reasons = [*impact.case_failures(session, ctx, case, new.procedure, zone), *held.of(case)]
            moved = not reasons and _move_case(session, ctx, case.id, seen, new, by)
            done.applications += moved
            done.kept.update(reasons or ([] if moved else [tell("changed at this moment")]))
    if done.drafts or done.applications:
        audit.append(session, "procedure.migrated", f"procedure:{procedure_id}", by, digest=new.digest,
                     before=old_digest, drafts=done.drafts, applications=done.applications)  # fmt: skip
    return done


def _meant(digest: str, old_digest: str | None, new: Version) -> bool:
    return digest != new.digest and old_digest in (None, digest)


def _move_draft(session: Session, ctx: Context, draft: Draft, new: Version) -> bool:
    """Whether it went over; not where somebody writes in it at this moment."""
    old = versions.get(session, draft.version_digest).procedure
    document = vault.read_draft(ctx, draft)
    document.done = [id for id in document.done if new.procedure.page(id) == old.page(id) is not None]
    document.declared = []
    try:
        drafts.save(session, ctx, draft, document, draft.row_version)
    except Stale:
        return False
    session.execute(
        sa.update(Draft)
        .where(Draft.id == draft.id)
        .values(version_digest=new.digest)
        .execution_options(synchronize_session=False)
    )
    return True


def _move_case(session: Session, ctx: Context, id: str, seen: int, new: Version, by: str) -> bool:
    """Whether it went over; not where it went on at this moment."""
    application = queries.get(session, id, lock=True)
    if application.row_version != seen or application.outcome:
        return False
    before = application.version_digest
    application.version_digest = new.digest
    application.row_version += 1
    events.append(session, ctx, application, "migrated", by, before=before, after=new.digest)
    session.flush()
    return True
