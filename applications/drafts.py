"""Drafts: starting, loading and saving a form, and getting back to it from another device.

These run on every page of a form, so they read and write columns: a `Draft` from here is a copy that no session
watches, and only `save` changes the row.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications import vault
from applications.models import Draft
from applications.vault import DraftDocument
from core import clock, codes, outbox
from core.context import Context
from core.database import Prepared, organisation_of, table_of
from core.errors import NotFound, Refused, Stale, message
from core.secrets import same
from forms.contact import contact
from procedures import versions
from procedures.definition import Procedure
from procedures.versions import Version

_PURPOSE = "draft"
MOST_CODES: Final = 10
"""In an hour: who fills in a long form on a bad line, or changes devices, needs some."""
_READ = Prepared(sa.select(*table_of(Draft).c).where(Draft.id == sa.bindparam("id")))
_LOCK = Prepared(sa.select(*table_of(Draft).c).where(Draft.id == sa.bindparam("id")).with_for_update())
_START = Prepared(sa.insert(table_of(Draft)))
_SAVE = Prepared(
    sa.update(table_of(Draft)).where(
        Draft.id == sa.bindparam("draft"),
        Draft.filed_as.is_(None),
        Draft.row_version == sa.bindparam("expected"),
    )
)


def start(
    session: Session,
    ctx: Context,
    version: Version,
    language: str,
    document: DraftDocument | None = None,
    renews: str | None = None,
) -> Draft:
    """Begin a draft of the procedure `version` in `language`; `renews`: the issued document that it renews."""
    now = clock.now()
    draft = Draft(
        id=uuid4().hex,
        organisation_id=organisation_of(session),
        procedure_id=version.procedure.procedure,
        version_digest=version.digest,
        language=language,
        case_key=ctx.keyring.new_case_key(),
        row_version=1,
        started_at=now,
        updated_at=now,
        code_attempts=0,
        renews=renews,
    )
    draft.document = vault.seal_draft(ctx, draft, document or DraftDocument())
    _START.run(session, **{column.key: getattr(draft, column.key) for column in table_of(Draft).c})
    return draft


def load(session: Session, ctx: Context, id: str, lock: bool = False) -> tuple[Draft, DraftDocument]:
    """The draft `id` and what is filled in; with `lock`, it stays so until the transaction ends. Raises `NotFound`."""
    row = (_LOCK if lock else _READ).run(session, id=id).one_or_none()
    if row is None:
        raise NotFound("no such draft")
    draft = Draft()
    vars(draft).update(row._mapping)  # nobody asks what changed: noting it costs more than reading the row
    return draft, vault.read_draft(ctx, draft)


def save(
    session: Session,
    ctx: Context,
    draft: Draft,
    document: DraftDocument,
    expected_version: int,
    language: str | None = None,
) -> int:
    """Keep `document` (and the `language` now used) and return the row's new version, which `draft` has from then on.

    Raises `Stale` where the draft is no longer at `expected_version` or was filed meanwhile.
    """
    language, row_version = language or draft.language, expected_version + 1
    saved = _SAVE.run(
        session,
        draft=draft.id,
        expected=expected_version,
        document=vault.seal_draft(ctx, draft, document),
        language=language,
        row_version=row_version,
        updated_at=clock.now(),
    )
    _check_changed(saved.rowcount)
    draft.language, draft.row_version = language, row_version
    return row_version


def _change(session: Session, id: str, **values: Any) -> None:
    changed = session.execute(
        sa.update(Draft)
        .where(Draft.id == id, Draft.filed_as.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    _check_changed(changed.rowcount)  # type: ignore[attr-defined]


def _check_changed(rows: int) -> None:
    if rows != 1:
        raise Stale(message("This form was changed in another window. Please look at it again."))


@dataclass(frozen=True)
class Resumable:
    """Where a draft that was opened by code continues."""

    draft_id: str
    organisation_id: str
    procedure_id: str


def send_link(session: Session, draft: Draft) -> None:
    """Mail the address of the draft's contact the link to come back with."""
    outbox.enqueue(
        session,
        "mail",
        f"draft:{draft.id}:link:{codes.new_salt()[:8]}",
        {"notice": "draft_link", "draft": draft.id},
    )


def issue_code(session: Session, ctx: Context, draft_id: str, nonce: str) -> None:
    """Mail a fresh code for opening the draft in the browser that holds `nonce`; the one before it ends.

    A browser gets one a minute, a draft `MOST_CODES` an hour, whoever asks. A draft that has had them, is not there,
    was filed, or has no address changes nothing, and looks the same from outside.
    """
    try:
        draft, document = load(session, ctx, draft_id, lock=True)
    except NotFound:
        return
    if draft.filed_as or not address(versions.get(session, draft.version_digest).procedure, document):
        return
    browser = ctx.keyring.blind("draft-browser", nonce)
    counted = codes.one_more(_last_code(draft), _can_be_typed(draft, browser), MOST_CODES)
    if counted is None:
        return
    salt = codes.new_salt()
    code = codes.code_of(ctx, _PURPOSE, draft.id, salt)
    _change(
        session,
        draft.id,
        code_hash=codes.hash_of(ctx, _PURPOSE, draft.id, nonce, code),
        code_expires_at=clock.now() + codes.LIFETIME,
        code_attempts=0,
        code_browser=browser,
        code_sent_at=clock.now(),
        code_counted_from=counted[0],
        code_sent_count=counted[1],
    )
    outbox.enqueue(
        session,
        "mail",
        f"draft:{draft.id}:code:{salt[:12]}",
        {"notice": "draft_code", "draft": draft.id, "salt": salt},
    )


def leave(session: Session, draft_id: str) -> None:
    """Let pages that were made until now prove nothing: their browser was left to others."""
    mark = sa.update(Draft).where(Draft.id == draft_id).values(proofs_from=clock.now())
    session.execute(mark.execution_options(synchronize_session=False))


def _last_code(draft: Draft) -> codes.LastSent | None:
    sent_at, count, counted_from = draft.code_sent_at, draft.code_sent_count, draft.code_counted_from
    return codes.LastSent(sent_at, count, counted_from) if sent_at and count and counted_from else None


def _can_be_typed(draft: Draft, browser: bytes) -> bool:
    """Whether the code that is out is good in this browser."""
    return (
        draft.code_hash is not None
        and draft.code_browser == browser
        and draft.code_attempts < codes.ATTEMPTS
        and (draft.code_expires_at or clock.now()) > clock.now()
    )


def address(procedure: Procedure, document: DraftDocument) -> str | None:
    """Where its applicant is written to: the address given for coming back, else the one among the answers."""
    delegate = document.acting.get("email")
    answered = contact(procedure, document.answers).email
    return document.contact.get("email") or (str(delegate) if delegate else answered)


def mailed_code(ctx: Context, draft_id: str, salt: str) -> str:
    """The code that `issue_code` made with `salt`, for writing the mail."""
    return codes.code_of(ctx, _PURPOSE, draft_id, salt)


def check_code(session: Session, ctx: Context, draft_id: str, nonce: str, code: str) -> Resumable | None:
    """Where to go on, if `code` is right, in time and from the same browser; else none.

    Every try counts, so the caller commits whatever the answer is. A code works once.
    """
    row = session.execute(
        sa.select(
            Draft.organisation_id, Draft.procedure_id, Draft.code_hash, Draft.code_expires_at, Draft.filed_as
        )
        .where(Draft.id == draft_id, Draft.code_attempts < codes.ATTEMPTS)
        .with_for_update()
    ).one_or_none()
    tried = codes.hash_of(ctx, _PURPOSE, draft_id, nonce, codes.digits(code))
    if row is None or row.code_hash is None or row.filed_as or row.code_expires_at <= clock.now():
        return None
    good = same(row.code_hash, tried)
    _change(
        session, draft_id, **({"code_hash": None} if good else {"code_attempts": Draft.code_attempts + 1})
    )
    return Resumable(draft_id, row.organisation_id, row.procedure_id) if good else None


class AlreadyFiled(Refused):
    """Raised when a draft is to be changed that was filed: from then on the application counts."""


def refuse_filed(draft: Draft) -> None:
    """Raises `AlreadyFiled` for a draft that was filed."""
    if draft.filed_as:
        raise AlreadyFiled(message("This application was already filed."))
