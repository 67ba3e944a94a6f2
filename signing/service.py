"""Signing an application: ask for a code, confirm, keep what was signed, and tie it to the application at filing."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import organisations
from applications.models import Application, Draft
from applications.vault import DraftDocument
from core import audit, clock, codes
from core.context import Context
from core.database import Prepared, table_of
from core.errors import Message
from forms.contact import contact
from procedures import versions
from procedures.definition import Procedure
from signing.content import content_of
from signing.level import CODE_PURPOSE, Check, Signing, level
from signing.models import Signature

_NEWEST = Prepared(
    sa.select(Signature.id, Signature.level, Signature.at, Signature.digest)
    .where(Signature.draft_id == sa.bindparam("draft"))
    .order_by(Signature.at.desc())
    .limit(1)
)
_KEEP = Prepared(sa.insert(table_of(Signature)))
_ATTACH = Prepared(sa.update(table_of(Signature)).where(Signature.draft_id == sa.bindparam("draft")))


@dataclass(frozen=True)
class SignatureRecord:
    """A signature that was made: which, how, when, and the SHA-256 (hex) of the bytes it stands for."""

    id: str
    level: str
    at: datetime
    digest: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON, for the application's document."""
        return {"id": self.id, "level": self.level, "at": self.at.isoformat(), "digest": self.digest}


@dataclass(frozen=True)
class Confirmation:
    """The answer to an attempt at signing: the record, or the problem to show. Commit either way: tries count."""

    record: SignatureRecord | None = None
    problem: Message | None = None


def request_code(session: Session, ctx: Context, draft: Draft, document: DraftDocument, nonce: str) -> None:
    """Send the applicant what the procedure's level needs. Raises `Refused`."""
    signing, name = _signing(session, draft, document, nonce, "")
    level(name).begin(session, ctx, signing)


def confirm(
    session: Session,
    ctx: Context,
    draft: Draft,
    document: DraftDocument,
    nonce: str,
    typed: str = "",
    origin: str = "",
) -> Confirmation:
    """Sign `draft` as it stands, if what the applicant `typed` is right for the procedure's level."""
    signing, name = _signing(session, draft, document, nonce, origin)
    checked = level(name).check(session, ctx, signing, typed)
    if checked.problem is not None:
        return Confirmation(problem=checked.problem)
    return Confirmation(_record(session, ctx, signing, name, checked))


def current(session: Session, draft: Draft, document: DraftDocument) -> SignatureRecord | None:
    """The newest signature under `draft`, if it stands for what is in the draft now."""
    signing, _ = _signing(session, draft, document, "", "")
    row = _NEWEST.run(session, draft=draft.id).one_or_none()
    if row is None or row.digest != signing.content.digest:
        return None
    return SignatureRecord(row.id, row.level, row.at, row.digest)


def attach(session: Session, draft_id: str, application_id: str) -> None:
    """Tie the signatures under a draft to the application it became (in the filing transaction)."""
    _ATTACH.run(session, draft=draft_id, application_id=application_id)


def signed_bytes(session: Session, ctx: Context, application: Application, signature_id: str) -> bytes:
    """What was signed, byte for byte. Raises `core.secrets.Undecipherable` once the case was erased."""
    row = session.get_one(Signature, signature_id)
    return ctx.keyring.decrypt(application.case_key, row.signed, f"signatures:{row.id}")


def address(procedure: Procedure, document: DraftDocument) -> str | None:
    """Where the code goes: to whoever signs, which is a delegate, not whom they act for."""
    answered = contact(procedure, document.answers).email or document.contact.get("email")
    return document.acting.get("email") or answered


def mailed_code(ctx: Context, draft_id: str, salt: str) -> str:
    """The code that the mail ``signing_code`` carries, from the salt in its payload."""
    return codes.code_of(ctx, CODE_PURPOSE, draft_id, salt)


def _signing(
    session: Session, draft: Draft, document: DraftDocument, nonce: str, origin: str
) -> tuple[Signing, str]:
    version = versions.get(session, draft.version_digest)
    content = content_of(draft, version, document, organisations.timezone(session))
    email = address(version.procedure, document)
    return Signing(draft, content, email, nonce, origin), version.procedure.signature.level


def _record(session: Session, ctx: Context, signing: Signing, name: str, checked: Check) -> SignatureRecord:
    id, key, content = uuid4().hex, signing.draft.case_key, signing.content
    record = SignatureRecord(id, name, clock.now(), content.digest)
    evidence = json.dumps(checked.evidence, ensure_ascii=False).encode()
    address = checked.evidence.get("email")
    _KEEP.run(
        session,
        id=id,
        organisation_id=signing.draft.organisation_id,
        draft_id=signing.draft.id,
        level=name,
        at=record.at,
        address_hash=ctx.keyring.blind("signing-address", address) if address else None,
        digest=content.digest,
        signed=ctx.keyring.encrypt(key, content.signed, f"signatures:{id}"),
        evidence=ctx.keyring.encrypt(key, evidence, f"signatures:{id}:evidence"),
    )
    audit.append(
        session, "signature.made", f"draft:{signing.draft.id}", "applicant", level=name, digest=content.digest
    )
    return record
