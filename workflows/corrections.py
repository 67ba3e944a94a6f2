"""Corrections (補正): a clerk names fields and attachments; the applicant changes only those; the clock stands.

What was handed in before is kept as its own version, so the clerk sees before and after.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import Clerk
from applications import queries, slots, uploads, vault
from applications.journey import comes_late
from applications.models import Answers, Correction, UploadedFile
from applications.vault import CaseDocument, CorrectionDocument, FileEntry
from core import clock
from core.context import Context
from core.errors import Refused, message
from forms import apart, cleaning
from forms.types import FieldError, Raw
from payments import ledger
from procedures import fees
from procedures.definition.base import Json
from procedures.values import Values
from workflows import case as cases
from workflows import correction_page, engine, messages, moves
from workflows.case import Case
from workflows.correction_page import typed_in
from workflows.engine import APPLICANT, Taken

LONGEST_REMARK = 1000
ANOTHER_FEE = message("This change would change the fee. Please withdraw this application and apply again.")


def request_correction(
    session: Session,
    ctx: Context,
    application_id: str,
    clerk: Clerk,
    seen_version: int,
    remarks: Mapping[str, str],
) -> Correction:
    """Ask the applicant to correct the named fields and attachments, each with a remark.

    Raises `NotFound`, `Stale`, `engine.NotAllowed`, `Refused` where nothing is named.
    """
    case = cases.load(session, ctx, application_id, lock=True)
    application = case.application
    cases.check_desk(case, clerk)
    moves.check_seen(session, application, seen_version)
    kept = _remarks(case, remarks)
    actor = cases.acting(clerk, application.desk)
    offers = engine.allowed(case.procedure.workflow, cases.facts(session, case), actor)
    id = next((offer.id for offer in offers if offer.kind == "correction"), engine.REQUEST_CORRECTION)
    before, step = moves.decide(session, case, Taken(id, actor))
    correction = Correction(
        id=uuid4().hex,
        organisation_id=application.organisation_id,
        application_id=application.id,
        requested_by=actor.name,
        requested_at=clock.now(),
        return_to=application.state,
        due_at=application.due_at,
        before_version=application.answers_version,
    )
    correction.document = vault.seal_correction(ctx, application, correction.id, CorrectionDocument(kept))
    session.add(correction)
    moves.note(session, ctx, case, "correction_requested", actor.name, fields=sorted(kept))
    moves.mail(session, case.application.id, "correction_requested", correction.id)
    moves.carry_out(session, ctx, case, before, step, actor)
    return correction


def _remarks(case: Case, remarks: Mapping[str, str]) -> dict[str, str]:
    parts, attachments = correction_page.correctable(case)
    known = {field.id for part in parts for field in part.fields} | {one.id for one in attachments}
    kept = {id: text.strip()[:LONGEST_REMARK] for id, text in remarks.items() if id in known and text.strip()}
    if not kept:
        raise Refused(message("Write a remark for at least one answer or attachment."))
    return kept


class AlreadySent(Refused):
    """Raised when a correction is to be changed that was handed in; `same`: it is what is sent now."""

    def __init__(self, same: bool) -> None:
        super().__init__(message("This correction was already sent."))
        self.same = same


def keep(
    session: Session,
    ctx: Context,
    application_id: str,
    raw: Raw,
    files: Mapping[str, Sequence[FileEntry]] | None = None,
    turn: str = "",
) -> None:
    """Keep what was typed so far, and new `files` by attachment or for questions, so that nothing is lost.

    What a page sends has a `turn`; without `files` it sent it by itself, which is passed over where something newer
    came in before.
    """
    case = cases.load(session, ctx, application_id, lock=True)
    correction = _asked(session, ctx, case, raw)
    document = vault.read_correction(ctx, case.application, correction)
    if comes_late(document, "", turn) and files is None:
        return
    _take_files(document, files or {})
    _keep(ctx, case, correction, document, raw)


def _take_files(document: CorrectionDocument, files: Mapping[str, Sequence[FileEntry]]) -> None:
    """New files of an attachment replace those handed in before; those of questions come beside them."""
    uploads.keep(document.files, files.get(uploads.ON_PAGES, ()))
    asked = {id: list(entries) for id, entries in files.items() if id in document.remarks and entries}
    document.files |= asked


def _keep(ctx: Context, case: Case, correction: Correction, document: CorrectionDocument, raw: Raw) -> None:
    document.raw, document.begun = typed_in(case, raw), True
    for page in case.procedure.pages:
        document.raw, typed = apart.out_of_inputs(page, document.raw)
        document.apart.update(typed)
    correction.document = vault.seal_correction(ctx, case.application, correction.id, document)


def answer_correction(
    session: Session,
    ctx: Context,
    application_id: str,
    raw: Raw,
    files: Mapping[str, Sequence[FileEntry]] | None = None,
    refused: Sequence[FieldError] = (),
) -> list[FieldError]:
    """The applicant answers. Errors: nothing is handed in, but what was typed is kept (commit). None: it is handed in.

    `files` are new ones by attachment, already rows of the application; they replace those handed in before.
    `refused` are the errors of files that were not taken.
    Raises `NotFound`, `Refused`, `AlreadySent`.
    """
    case = cases.load(session, ctx, application_id, lock=True)
    correction = _asked(session, ctx, case, raw)
    document = vault.read_correction(ctx, case.application, correction)
    remarks = document.remarks
    _take_files(document, files or {})
    read = correction_page.read(session, case, document, raw)
    known = {*document.files, *(error.input.removeprefix("file-") for error in refused)}
    wanted = [one for one in case.procedure.attachments if one.id in remarks and one.id not in known]
    errors = [
        *read.errors,
        *refused,
        *(
            FieldError(f"file-{one.id}", message("Choose a file for “%(label)s”.", label=one.label))
            for one in wanted
        ),
    ]
    today = case.values.today
    answers = cleaning.drop_hidden(case.procedure, read.answers, today)
    if not errors and _changes_fee(session, case, answers):
        errors = [FieldError("page-form", ANOTHER_FEE)]
    if errors:
        _keep(ctx, case, correction, document, raw)
        return errors
    handed_in = {**case.document.files, **document.files}
    kept = {id: entries for id, entries in handed_in.items() if id != uploads.ON_PAGES}
    after = replace(case.document, answers=answers, files=kept)
    new = {entry["id"] for entry in (files or {}).get(uploads.ON_PAGES, ())}
    document.sent = _digest(ctx, case, raw, new)
    correction.document = vault.seal_correction(ctx, case.application, correction.id, document)
    _hand_in(session, ctx, case, correction, after, sorted(remarks))
    return []


def _digest(ctx: Context, case: Case, raw: Raw, new: Collection[str] = ()) -> str:
    """A name for what was typed, which tells nothing of it. Files that came with it are `new` each time."""
    known = ((name, [one for one in sent if one not in new]) for name, sent in typed_in(case, raw).items())
    typed = sorted((name, sent) for name, sent in known if sent)
    return ctx.keyring.blind("correction-sent", json.dumps(typed, ensure_ascii=False)).hex()


def drop_unused(session: Session, ctx: Context, application_id: str) -> list[str]:
    """Forget what came with the latest correction and is named no more; the keys of files to delete after the commit.

    What was handed in before stays, also where the correction replaces it: it is part of the case.
    """
    case = cases.load(session, ctx, application_id)
    session.flush()
    correction = queries.corrections(session, case.application)[-1]
    named = {entry["id"] for entry in _handed_in(case)}
    if correction.answered_at is None:
        document = vault.read_correction(ctx, case.application, correction)
        kept = uploads.named_in(case.procedure, document.raw)
        sent = document.files.get(uploads.ON_PAGES, [])
        document.files[uploads.ON_PAGES] = [entry for entry in sent if entry["id"] in kept]
        correction.document = vault.seal_correction(ctx, case.application, correction.id, document)
        named |= {entry["id"] for entries in document.files.values() for entry in entries}
    unused = sa.delete(UploadedFile).where(
        UploadedFile.application_id == application_id,
        UploadedFile.attachment != messages.ATTACHMENT,
        UploadedFile.created_at >= correction.requested_at,
        UploadedFile.id.not_in(named),
    )
    return list(session.scalars(unused.returning(UploadedFile.storage_key)))


def _handed_in(case: Case) -> Iterator[FileEntry]:
    yield from uploads.of(case.procedure, case.document.answers)
    yield from chain.from_iterable(case.document.files.values())


def _hand_in(
    session: Session, ctx: Context, case: Case, correction: Correction, after: CaseDocument, fields: list[str]
) -> None:
    before, step = moves.decide(session, case, engine.Corrected())
    application = case.application
    application.answers_version += 1
    slots.change(session, case.procedure, application.id, after.answers)
    session.add(
        Answers(
            organisation_id=application.organisation_id,
            application_id=application.id,
            version=application.answers_version,
            document=vault.seal_answers(ctx, application, application.answers_version, after),
            created_at=clock.now(),
        )
    )
    moves.note(
        session,
        ctx,
        case,
        "corrected",
        "applicant",
        fields=fields,
        version=application.answers_version,
    )
    moves.mail(session, case.application.id, "correction_received", correction.id)
    moves.carry_out(session, ctx, case, before, step, APPLICANT)


def _asked(session: Session, ctx: Context, case: Case, raw: Raw) -> Correction:
    correction = queries.open_correction(session, case.application)
    if correction is not None:
        return correction
    before = queries.corrections(session, case.application)
    sent = vault.read_correction(ctx, case.application, before[-1]).sent if before else ""
    if sent:  # the office may also have gone on without it
        raise AlreadySent(sent == _digest(ctx, case, raw))
    raise Refused(message("There is nothing to correct any more."))


def _changes_fee(session: Session, case: Case, answers: Mapping[str, Json]) -> bool:
    """A fee that was charged stays: an answer that changes it needs a new application."""
    if ledger.status(session, case.application.id).state == "none":
        return False
    total = fees.fee_of(case.procedure, Values(case.procedure, answers, case.values.today)).total
    return total != case.fee.total
