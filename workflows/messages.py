"""Messages between the applicant and the desk about one case, both ways, beside its workflow: they move nothing.

What is written and the names of files are encrypted under the case's key. Each message leaves an event and an audit row
with its id only; the mail says that there is one, not what it says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal, get_args

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import clerks
from accounts.models import Clerk
from applications import queries, vault
from applications.models import CaseMessage, UploadedFile
from applications.vault import FileEntry, MessageDocument
from core import audit, clock
from core.context import Context
from core.database import Prepared
from core.errors import Message, NotFound, Refused, message
from core.paging import Paging, turned
from workflows import case as cases
from workflows import moves
from workflows.case import Case

Side = Literal["applicant", "office"]
LONGEST = 4000
PAGE = 10
"""Messages shown at once."""
MOST_FILES = 5
ATTACHMENT = "message"
"""What uploaded files of messages say they were asked for by."""


@dataclass(frozen=True)
class Said:
    """A message as it is read."""

    at: datetime
    side: Side
    who: Message | str
    text: str
    files: Sequence[tuple[FileEntry, UploadedFile]]
    unread: bool
    """Whether the other side has not seen it."""


@dataclass(frozen=True)
class Words:
    """What somebody writes. `once` is the form's own: sent twice, it is one message."""

    text: str
    once: str
    files: Sequence[tuple[UploadedFile, str]] = ()
    """New files, already stored, with their names."""


def by_applicant(session: Session, ctx: Context, application_id: str, words: Words) -> bool:
    """The applicant writes; false where this message is there already. Raises `NotFound`, `Refused`."""
    case = cases.load(session, ctx, application_id, lock=True)
    return _say(session, ctx, case, "applicant", words) is not None


def by_clerk(session: Session, ctx: Context, application_id: str, clerk: Clerk, words: Words) -> bool:
    """The office writes and the applicant is mailed; what was unread counts as read. Raises `NotFound`, `Refused`."""
    case = cases.load(session, ctx, application_id, lock=True)
    cases.check_works(case, clerk)
    id = _say(session, ctx, case, f"clerk:{clerk.id}", words)
    if id is None:
        return False
    _read(session, application_id, "applicant")
    moves.mail(session, application_id, "message", id)
    return True


def _say(session: Session, ctx: Context, case: Case, actor: str, words: Words) -> str | None:
    """The new message's id."""
    text, application = words.text.strip()[:LONGEST], case.application
    if not text and not words.files:
        raise Refused(message("Write a message first."))
    id = sha256(f"{application.id}:{actor}:{words.once}".encode()).hexdigest()[:32]
    if session.get(CaseMessage, id):
        return None
    entries = [
        {"id": row.id, "name": name, "size": row.size, "sha256": row.sha256} for row, name in words.files
    ]
    session.add_all(row for row, _ in words.files)
    sealed = vault.seal_message(ctx, application, id, MessageDocument(text, entries))
    session.add(CaseMessage(id=id, application_id=application.id, author=actor, document=sealed))
    moves.note(session, ctx, case, "message", actor, message=id)
    session.flush()
    return id


def thread(session: Session, ctx: Context, application_id: str, page: int = 1) -> tuple[list[Said], Paging]:
    """A page of what was written about the case, its oldest first; page 1 has the newest. Raises `NotFound`."""
    application = queries.get(session, application_id)
    counted = sa.select(sa.func.count(CaseMessage.id)).where(CaseMessage.application_id == application_id)
    paging = turned(page, session.scalar(counted) or 0, PAGE)
    newest = session.scalars(
        sa.select(CaseMessage)
        .where(CaseMessage.application_id == application_id)
        .order_by(CaseMessage.sent_at.desc(), CaseMessage.id.desc())
        .limit(PAGE)
        .offset(paging.first)
    ).all()
    rows = newest[::-1]
    if not rows:
        return [], paging
    files, names = queries.files(session, application), clerks.names(session)
    found = []
    for row in rows:
        document = vault.read_message(ctx, application, row)
        found.append(
            Said(
                row.sent_at,
                "applicant" if row.author == "applicant" else "office",
                moves.who(row.author, names),
                document.text,
                [(entry, files[entry["id"]]) for entry in document.files if entry["id"] in files],
                row.read_at is None,
            )
        )
    return found, paging


def file_of(session: Session, ctx: Context, application_id: str, file_id: str) -> tuple[UploadedFile, str]:
    """A file of a message about this case, with its name. Raises `NotFound`."""
    application = queries.get(session, application_id)
    row = queries.files(session, application).get(file_id)
    if row is not None and row.attachment == ATTACHMENT:
        for sent in session.scalars(
            sa.select(CaseMessage).where(CaseMessage.application_id == application_id)
        ):
            for entry in vault.read_message(ctx, application, sent).files:
                if entry["id"] == file_id:
                    return row, entry["name"]
    raise NotFound("no such file in the messages of this case")


def unread(session: Session, application_id: str, by: Side) -> int:
    """How many messages `by` one side the other has not seen."""
    return int(_UNREAD[by].run(session, application=application_id).scalar_one())


def seen_by_applicant(session: Session, application_id: str) -> None:
    """The applicant opened the messages."""
    _read(session, application_id, "office")


def seen_by_clerk(session: Session, ctx: Context, application_id: str, clerk: Clerk) -> None:
    """A clerk says that the applicant's messages need no answer. Raises `NotFound`."""
    case = cases.load(session, ctx, application_id)
    cases.check_works(case, clerk)
    if _read(session, application_id, "applicant"):
        audit.append(session, "application.messages_read", case.entity, f"clerk:{clerk.id}")


def _read(session: Session, application_id: str, by: Side) -> bool:
    unread = _unread(sa.literal(application_id), by)
    ids = session.scalars(sa.select(CaseMessage.id).where(*unread)).all()
    if ids:
        session.execute(
            sa.update(CaseMessage)
            .where(CaseMessage.id.in_(ids))
            .values(read_at=clock.now())
            .execution_options(synchronize_session=False)
        )
    return bool(ids)


def _unread(application: sa.ColumnElement[str], by: Side) -> tuple[sa.ColumnElement[bool], ...]:
    own = CaseMessage.author == "applicant"
    return (
        CaseMessage.application_id == application,
        CaseMessage.read_at.is_(None),
        own if by == "applicant" else ~own,
    )


_UNREAD: dict[Side, Prepared] = {
    by: Prepared(sa.select(sa.func.count()).where(*_unread(sa.bindparam("application"), by)))
    for by in get_args(Side)
}
