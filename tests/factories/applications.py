"""Applicants of the catalogue's own procedures: drafts filled with the file's examples, signed and filed for real."""

import io
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import clerks, organisations
from accounts.models import Clerk
from applications import contents, drafts
from applications.filing import Filed
from applications.journey import ATTACHMENTS, Journey
from applications.models import Draft, UploadedFile
from applications.uploads import ON_PAGES
from applications.vault import DraftDocument
from core import clock, outbox
from core.context import Context
from core.outbox import OutboxMessage
from core.settings import ROOT
from forms.types import type_of
from procedures import examples, versions
from signing import service as signing
from tests.factories.remembered import remembered
from workflows import cases

CATALOGUE = ROOT / "procedures" / "catalogue"
TAX, SIGNS, HOUSING = "tax-certificate", "outdoor-advertising", "public-housing"
RESTAURANT, RECORDS = "restaurant-licence", "building-plan-viewing"
TOKYO, MIHON = "tokyo", "mihon"
OWNER = {TAX: TOKYO, SIGNS: MIHON, HOUSING: TOKYO, RESTAURANT: MIHON, RECORDS: MIHON}
NONCE = "browser"
PASSWORD = "a password for tests"
LIVE = {
    "environment": "production",
    "public_url": "https://madoguchi.example.invalid",
    "mail_url": "smtp://mail.example.invalid",
    "seal_key": Path("seal.p12"),
}
"""Settings that production demands; nothing is sent or sealed with them."""


@cache
def owners() -> dict[str, str]:
    """The organisation of each department of the catalogue."""
    return {
        department: organisation.id
        for organisation in organisations.read(CATALOGUE)
        for department in organisation.departments
    }


def owner(procedure_id: str) -> str:
    """The organisation of a procedure of the catalogue."""
    [path] = CATALOGUE.glob(f"*/{procedure_id}.yaml")
    return owners()[path.parent.name]


def publish(ctx: Context) -> None:
    """Publish the catalogue in an empty database, as of two months ago, so that tests can file in the past."""
    remembered("published", ctx.database, lambda: _publish(ctx))


def _publish(ctx: Context) -> None:
    with clock.shifted(-timedelta(days=60)):
        versions.publish_catalogue(ctx.database, CATALOGUE)


def fill(
    session: Session, ctx: Context, procedure_id: str, example: int = 0, language: str = "ja", **changes: Any
) -> tuple[Draft, DraftDocument]:
    """A draft that is complete but for the signature: example `example` of the file, with `changes` to its answers."""
    version = versions.current(session, procedure_id)
    procedure = version.procedure
    today = clock.today("Asia/Tokyo")
    answers = {**examples.answers_on(procedure, procedure.examples[example], today), **changes}
    document = DraftDocument(answers=answers, declared=[one.id for one in procedure.declarations])
    draft = drafts.start(session, ctx, version, language)
    journey = Journey(procedure, document, today)
    document.done = [page.id for page in journey.pages] + [ATTACHMENTS]
    for attachment in journey.attachments:
        document.files[attachment.id] = [upload(session, ctx, draft.id, attachment.id)]
    for field in procedure.fields():
        if type_of(field).takes_files and answers.get(field.id):
            photo = upload(session, ctx, draft.id, ON_PAGES, "image/jpeg") | {"media_type": "image/jpeg"}
            document.files.setdefault(ON_PAGES, []).append(photo)
            document.answers[field.id] = [photo]
    drafts.save(session, ctx, draft, document, 1)
    return drafts.load(session, ctx, draft.id)


def upload(
    session: Session, ctx: Context, draft_id: str, attachment: str, media_type: str = "application/pdf"
) -> dict[str, Any]:
    """A file handed in with a draft."""
    id = uuid4().hex
    key = session.get_one(Draft, draft_id).case_key
    stored = contents.keep(ctx, key, id, io.BytesIO(b"%PDF-1.7 sample"), 1000)
    row = UploadedFile(
        id=id,
        draft_id=draft_id,
        attachment=attachment,
        storage_key=stored.key,
        media_type=media_type,
        size=stored.size,
        sha256=stored.sha256,
    )
    session.add(row)
    session.flush()
    return {"id": row.id, "name": "見本.pdf", "size": stored.size, "sha256": stored.sha256}


def sign(session: Session, ctx: Context, draft: Draft, document: DraftDocument) -> None:
    """Sign with the code from the mail that waits in the outbox."""
    signing.request_code(session, ctx, draft, document, NONCE)
    session.flush()
    payload = session.scalars(
        sa.select(OutboxMessage.payload)
        .where(OutboxMessage.entity.like(f"draft:{draft.id}:signing:%"))
        .order_by(OutboxMessage.id.desc())
    ).first()
    assert payload is not None
    code = signing.mailed_code(ctx, draft.id, payload["salt"])
    assert signing.confirm(session, ctx, draft, document, NONCE, code).record


def filed(ctx: Context, procedure_id: str, example: int = 0, language: str = "ja", **changes: Any) -> Filed:
    """A filed application of `procedure_id`."""
    with ctx.database.writing(owner(procedure_id)) as session:
        draft, document = fill(session, ctx, procedure_id, example, language, **changes)
        if versions.current(session, procedure_id).procedure.signature.level == "email":
            sign(session, ctx, draft, document)
        return cases.file_application(session, ctx, draft.id)


def clerk(ctx: Context, organisation: str, name: str, *duties: tuple[str, str]) -> Clerk:
    """A clerk with `duties` of (role, desk)."""
    with ctx.database.writing(organisation) as session:
        return clerks.add(
            session, f"{name}@{organisation}.example.invalid", name, PASSWORD, duties, "command"
        )


def waiting(session: Session, effect: str) -> list[dict[str, Any]]:
    """Payloads of what waits in the outbox, oldest first."""
    due = set(outbox.due(session, limit=1000))
    rows = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))
    return [row.payload for row in rows if row.effect == effect and row.id in due]
