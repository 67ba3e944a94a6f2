"""Publishing as the command line and the authors' pages do it: confirming, and what is shown of it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import clerks
from applications.migrating import migrate
from core.context import Context
from core.errors import Message, NotFound
from core.paging import Paging, turned
from procedures import loader, proposals, versions
from procedures.compiling import compiled
from procedures.loader import Loaded
from procedures.models import Proposal, Publication
from procedures.problems import DefinitionErrors
from translations.text import Text
from workflows.moves import who

MOST = 20
"""Publications on a page."""


@dataclass(frozen=True)
class Waiting:
    """A proposal with the name of its procedure and of who proposed it; `own`: of the clerk who looks."""

    proposal: Proposal
    title: Text | str
    proposer: Message | str
    own: bool


@dataclass(frozen=True)
class Published:
    """One publication."""

    publication: Publication
    title: Text
    by: Message | str


def waiting(session: Session, clerk_id: str) -> list[Waiting]:
    """What was proposed and is not decided."""
    names = clerks.names(session)
    return [_waiting(session, one, names, clerk_id) for one in proposals.all_open(session)]


def one(session: Session, id: str, clerk_id: str) -> Waiting:
    """The proposal `id`. Raises `NotFound`."""
    return _waiting(session, proposals.get(session, id), clerks.names(session), clerk_id)


def _waiting(session: Session, proposal: Proposal, names: dict[str, str], clerk_id: str) -> Waiting:
    title: Text | str = proposal.procedure_id
    with suppress(NotFound):  # a new procedure has only its name yet
        title = versions.current(session, proposal.procedure_id).procedure.title
    own = proposal.proposed_by == f"clerk:{clerk_id}"
    return Waiting(proposal, title, who(proposal.proposed_by, names), own)


def published(session: Session, page: int) -> tuple[Sequence[Published], Paging]:
    """A page of the publications, the newest first."""
    paging = turned(page, session.scalar(sa.select(sa.func.count(Publication.id))) or 0, MOST)
    rows = session.scalars(
        sa.select(Publication)
        .order_by(Publication.effective_at.desc(), Publication.id.desc())
        .limit(MOST)
        .offset(paging.first)
    ).all()
    names = clerks.names(session)
    found = [
        Published(row, versions.get(session, row.digest).procedure.title, who(row.published_by, names))
        for row in rows
    ]
    return found, paging


def confirmed(ctx: Context, organisation: str, id: str, by: str) -> Message | None:
    """Publish the proposal, and migrate where it says so; why it is void instead, which is kept, too.

    Raises `Refused` for the person who proposed it.
    """
    with ctx.database.writing(organisation) as session:
        proposal = proposals.get(session, id, lock=True)
        loaded = current_file(ctx, proposal)
        reason = proposals.void_reason(session, proposal, compiled(loaded).digest if loaded else None)
        if reason is not None or loaded is None:
            proposals.void(session, proposal, by)
            return reason
        proposals.confirm(session, proposal, loaded, by)
        session.flush()
        if proposal.migrates:
            migrate(session, ctx, proposal.procedure_id, by)
    return None


def rejected(ctx: Context, organisation: str, id: str, by: str) -> None:
    """Take the proposal off the list."""
    with ctx.database.writing(organisation) as session:
        proposals.reject(session, proposals.get(session, id, lock=True), by)


def current_file(ctx: Context, proposal: Proposal) -> Loaded | None:
    """The proposal's file as it is now; none where it cannot be read."""
    try:
        return loader.load(ctx.settings.catalogue_dir / Path(proposal.file))
    except DefinitionErrors:
        return None


def in_flight(impact: dict[str, Any]) -> list[tuple[str, int, int, int]]:
    """(state, how many, would fail, could go over) for a table, drafts first as `draft` is no state's name."""
    standing: dict[str, int] = impact.get("standing", {})
    return [
        (state, count, impact["failing"].get(state, 0), impact["movable"].get(state, 0))
        for state, count in sorted(standing.items(), key=lambda each: (each[0] != "draft", each[0]))
    ]
