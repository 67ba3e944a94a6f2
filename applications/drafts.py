"""Drafts: starting, loading and saving a form, and getting back to it from another device.

These run on every page of a form, so they read and write columns: a `Draft` from here is a copy that no session
watches, and only `save` changes the row.
"""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications import vault
from applications.models import Draft
from applications.vault import DraftDocument
from core import clock, codes, outbox
from core.context import Context
from core.database import organisation_of
from core.errors import NotFound, Refused, Stale, message
from core.secrets import same
from procedures.versions import Version

_PURPOSE = "draft"
_COLUMNS = tuple(getattr(Draft, attribute.key) for attribute in sa.inspect(Draft).column_attrs)
"""Mapped attributes, not table columns: only these are limited to the session's organisation."""


def start(
    session: Session, ctx: Context, version: Version, language: str, document: DraftDocument | None = None
) -> Draft:
    """Begin a draft of the procedure `version` in `language`."""
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
    )
    draft.document = vault.seal_draft(ctx, draft, document or DraftDocument())
    values = {column.key: getattr(draft, column.key) for column in _COLUMNS}
    session.execute(sa.insert(Draft), values)
    return draft


def load(session: Session, ctx: Context, id: str, lock: bool = False) -> tuple[Draft, DraftDocument]:
    """The draft `id` and what is filled in; with `lock`, it stays so until the transaction ends. Raises `NotFound`."""
    query = sa.select(*_COLUMNS).where(Draft.id == id)
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound("no such draft")
    draft = Draft(**row._mapping)
    return draft, vault.read_draft(ctx, draft)


def save(
    session: Session,
    ctx: Context,
    draft: Draft,
    document: DraftDocument,
    expected_version: int,
    language: str | None = None,
) -> int:
    """Keep `document` (and the `language` now used) and return the row's new version.

    Raises `Stale` where the draft is no longer at `expected_version` or was filed meanwhile.
    """
    _change(
        session,
        draft.id,
        Draft.row_version == expected_version,
        document=vault.seal_draft(ctx, draft, document),
        language=language or draft.language,
        row_version=expected_version + 1,
        updated_at=clock.now(),
    )
    return expected_version + 1


def _change(session: Session, id: str, *conditions: sa.ColumnElement[bool], **values: Any) -> None:
    changed = session.execute(
        sa.update(Draft)
        .where(Draft.id == id, Draft.filed_as.is_(None), *conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
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

    A draft that is not there, was filed, or has no address changes nothing, and looks the same from outside.
    """
    try:
        draft, document = load(session, ctx, draft_id)
    except NotFound:
        return
    if draft.filed_as or not document.contact.get("email"):
        return
    salt = codes.new_salt()
    code = codes.code_of(ctx, _PURPOSE, draft.id, salt)
    _change(
        session,
        draft.id,
        code_hash=codes.hash_of(ctx, _PURPOSE, draft.id, nonce, code),
        code_expires_at=clock.now() + codes.LIFETIME,
        code_attempts=0,
    )
    outbox.enqueue(
        session,
        "mail",
        f"draft:{draft.id}:code:{salt[:12]}",
        {"notice": "draft_code", "draft": draft.id, "salt": salt},
    )


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


def refuse_filed(draft: Draft) -> None:
    """Raises `Refused` for a draft that was filed: from then on the application counts."""
    if draft.filed_as:
        raise Refused(message("This application was already filed."))
