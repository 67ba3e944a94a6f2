"""Filing (申請の提出): a draft becomes an application, once, whole, and durable before it is acknowledged."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import organisations, roles
from applications import events, slots, uploads, vault
from applications.journey import ATTACHMENTS, CHECK, Journey
from applications.models import Answers, Application, Draft, UploadedFile
from applications.references import new_reference
from applications.vault import CaseDocument, DraftDocument, FileEntry
from core import clock
from core.context import Context
from core.database import Prepared, organisation_of, table_of
from core.errors import Message, NotFound, Refused, message
from core.identifiers import UNAMBIGUOUS
from core.secrets import hash_secret, same
from forms import cleaning
from forms import page as pages
from forms.types import Reading
from procedures import reception, versions
from procedures.definition import Procedure
from procedures.definition.base import Json

SECRET_LENGTH = 23
"""Signs of 5 bits: 115 bits (ASVS asks for 112)."""


_TAKEN = Prepared(sa.select(Application.id).where(Application.reference == sa.bindparam("reference")))
_ANSWERS = Prepared(sa.insert(table_of(Answers)))
_FILED = Prepared(sa.update(table_of(Draft)).where(Draft.id == sa.bindparam("draft")))


class Incomplete(Refused):
    """Raised when a page or attachment is not complete; `page` names the page to go back to, if it is one."""

    def __init__(self, reason: Message, page: str | None = None) -> None:
        super().__init__(reason)
        self.page = page


@dataclass(frozen=True)
class Filed:
    """The application that a draft became. `already`: it had been filed before."""

    application: Application
    secret: str | None
    """The key to the application, shown to whoever holds the draft; none where it was replaced meanwhile."""
    already: bool
    document: CaseDocument | None = None
    """What was handed in now; none where it had been filed before."""


def file(
    session: Session,
    ctx: Context,
    draft: Draft,
    document: DraftDocument,
    signature: Mapping[str, Json] | None,
) -> Filed:
    """Make the draft, which the transaction holds, an application; a second filing returns the first application.

    Raises `Refused` where reception is closed or something is missing (`Incomplete` says where).
    """
    if draft.filed_as:
        application = session.get_one(Application, draft.filed_as)
        return Filed(application, secret_of(ctx, application), already=True)
    version = versions.get(session, draft.version_digest)
    zone = organisations.timezone(session)
    _check_reception(version.procedure, draft.started_at, zone)
    document.answers = cleaned(version.procedure, document, zone)
    journey = Journey(version.procedure, document, clock.today(zone))
    _check_complete(journey)
    return _store(session, ctx, draft, journey, signature)


def cleaned(procedure: Procedure, document: DraftDocument, zone: str) -> dict[str, Json]:
    """The answers as they will be filed: what became hidden is dropped. This is what the applicant signs."""
    return cleaning.drop_hidden(procedure, document.answers, clock.today(zone))


def secret_of(ctx: Context, application: Application) -> str | None:
    """The applicant's key to `application`, or none where another one counts by now.

    It follows from the keyring and the application's id, so that a double click on "file" shows it twice, and a
    lottery can prove an entry by it; the database has only its hash.
    """
    secret = _secret(ctx, application.id)
    return secret if same(hash_secret(secret), application.secret_hash) else None


def _secret(ctx: Context, application_id: str) -> str:
    digest = hmac.digest(ctx.keyring.derive("application-secret"), application_id.encode(), "sha256")
    number = int.from_bytes(digest)
    return "".join(UNAMBIGUOUS[(number >> (5 * place)) & 31] for place in range(SECRET_LENGTH))


def _check_reception(procedure: Procedure, started_at: datetime, zone: str) -> None:
    period = reception.of(procedure, clock.now(), zone)
    if period.early:
        raise Refused(message("Applications are taken from %(when)s.", when=period.opens))
    if not period.may_file(started_at):
        raise Refused(message("Applications were taken until %(when)s.", when=period.closes))


def _check_complete(journey: Journey) -> None:
    """Everything again that the pages checked one by one: the answers of one may have changed another."""
    document = journey.document
    reading = Reading(journey.today, journey.values, uploads=uploads.known(document.files))
    for page in journey.pages:
        inputs = pages.inputs(page, document.answers)
        result = pages.read(page, inputs, document.answers, reading)
        if page.id not in document.done or result.errors:
            raise Incomplete(message("The page “%(page)s” is not complete.", page=page.title), page.id)
    for requirement in journey.unmet:
        raise Refused(message("%(text)s", text=requirement.otherwise))
    for attachment in journey.missing_files:
        raise Incomplete(message("“%(label)s” is still to be attached.", label=attachment.label), ATTACHMENTS)
    if {declaration.id for declaration in journey.procedure.declarations} - set(document.declared):
        raise Incomplete(message("Please confirm the declarations."), CHECK)


def _store(
    session: Session,
    ctx: Context,
    draft: Draft,
    journey: Journey,
    signature: Mapping[str, Json] | None,
) -> Filed:
    procedure, document, id = journey.procedure, journey.document, uuid4().hex
    secret = _secret(ctx, id)
    application = Application(
        id=id,
        organisation_id=organisation_of(session),
        procedure_id=draft.procedure_id,
        version_digest=draft.version_digest,
        reference=_free_reference(session, draft.procedure_id),
        secret_hash=hash_secret(secret),
        language=draft.language,
        case_key=draft.case_key,
        state=procedure.workflow.start,
        state_since=clock.now(),
        desk=procedure.desk,
        row_version=1,
        answers_version=1,
        filed_at=clock.now(),
        renews=draft.renews,
    )
    wanted = {one.id: document.files[one.id] for one in journey.attachments if document.files.get(one.id)}
    signed = dict(signature) if signature else None
    case = CaseDocument(document.answers, wanted, document.contact, signed, document.acting)
    session.add(application)
    session.flush()
    _ANSWERS.run(
        session, application_id=id, version=1, document=vault.seal_answers(ctx, application, 1, case)
    )
    _book(session, draft, application, procedure, case)
    _reattach(session, ctx, draft, application, case, uploads.of(procedure, case.answers))
    _FILED.run(
        session,
        draft=draft.id,
        filed_as=id,
        document=b"",
        case_key=b"",
        code_hash=None,
        updated_at=clock.now(),
    )
    events.first(session, application)
    events.append(session, ctx, application, "filed", "applicant", **roles.ids(case.acting))
    return Filed(application, secret, already=False, document=case)


def _book(
    session: Session, draft: Draft, application: Application, procedure: Procedure, case: CaseDocument
) -> None:
    try:
        slots.book(session, procedure, draft.id, application.id, case.answers)
    except slots.Taken as taken:
        raise Incomplete(taken.reason, procedure.places[taken.field][0].id) from taken


def _reattach(
    session: Session,
    ctx: Context,
    draft: Draft,
    application: Application,
    case: CaseDocument,
    on_pages: Iterable[FileEntry],
) -> None:
    """Let the application have the files it names. Raises `Incomplete` where one of them is not there to be read."""
    entries = [*chain.from_iterable(case.files.values()), *on_pages]
    ids = {entry.get("id") for entry in entries}
    if not ids:
        return
    moved = session.scalars(
        sa.update(UploadedFile)
        .where(UploadedFile.draft_id == draft.id, UploadedFile.id.in_(ids))
        .values(draft_id=None, application_id=application.id)
        .returning(UploadedFile.storage_key)
        .execution_options(synchronize_session=False)
    ).all()
    if len(moved) != len(ids) or not all(_is_there(ctx, key) for key in moved):
        raise Incomplete(message("A file is missing. Please attach it again."))


def _is_there(ctx: Context, key: str) -> bool:
    try:
        ctx.files.open(key).close()
    except NotFound:
        return False
    return True


def _free_reference(session: Session, procedure_id: str) -> str:
    while True:
        reference = new_reference(procedure_id)
        if not _TAKEN.run(session, reference=reference).first():
            return reference
