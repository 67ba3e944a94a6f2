"""Answering a correction request (補正): only what the clerk named is open, each with the clerk's remark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from applications import queries
from applications.models import UploadedFile
from applications.uploads import ON_PAGES
from applications.vault import FileEntry
from core import clock
from core.errors import Refused
from forms import page as form_page
from forms.types import FieldError, Raw, Reading
from forms.whose import told
from procedures.values import Values
from web import access, again, jobs
from web.again import Typed
from web.app import takes_files as takes_uploads
from web.language import switch_language
from web.request import context, zone
from web.views.apply import TURN
from web.views.attachments import entry_of, take_chosen
from web.views.page_files import take_files
from workflows import case as cases
from workflows import correction_page, corrections

blueprint = Blueprint("correction", __name__, url_prefix="/status/<reference>/correction")


@dataclass(frozen=True)
class Files:
    """What was uploaded with an answer: new rows, and how the document names them, by attachment."""

    rows: Sequence[UploadedFile]
    entries: Mapping[str, Sequence[FileEntry]]


@blueprint.get("")
@access.applicant
def form(reference: str) -> str | Response:
    """What is asked, with what was handed in."""
    organisation, application_id = access.organisation_of_case(reference)
    with context().database.reading(organisation) as db:
        return _page(db, organisation, reference, application_id, ())


def _as_sent(typed: Typed, reference: str) -> str | Response:
    organisation, application_id = access.organisation_of_case(reference)
    with context().database.reading(organisation) as db:
        return _page(db, organisation, reference, application_id, (), typed.to_dict(flat=False))


def _page(
    db: Session,
    organisation: str,
    reference: str,
    application_id: str,
    errors: tuple[FieldError, ...],
    typed: Raw | None = None,
) -> str | Response:
    asked = correction_page.form(db, context(), application_id, typed)
    if asked is None:
        return redirect(url_for("status.show", reference=reference), 303)
    case = cases.load(db, context(), application_id)
    today = clock.today(zone(organisation))
    booked = correction_page.booked_by_others(db, case)
    sent = correction_page.sent_files(case, asked.files)
    reading = Reading(today, Values(case.procedure, asked.answers, today), booked, sent)
    parts = []
    for part in asked.parts:
        wanted = {field.id for field in part.fields}
        shown = form_page.show(part.page, asked.raw, asked.answers, reading, errors)
        parts.append((part.page, [one for one in shown.fields if one.field.id in wanted]))
    return render_template(
        "status/correction.html",
        reference=reference,
        procedure=case.procedure,
        parts=parts,
        asked=asked,
        errors=told([field for part in asked.parts for field in part.fields], asked.raw, errors),
        switch_form="page-form",
    )


@blueprint.post("")
@takes_uploads
@access.applicant
@again.shows(_as_sent, keeps=True)
def answer(reference: str) -> str | tuple[str | Response, int] | Response:
    """Hand the correction in, or keep what was typed so far."""
    ctx = context()
    organisation, application_id = access.organisation_of_case(reference)
    raw: Raw = request.form.to_dict(flat=False)
    pressed = request.form.get("do", "next")
    with ctx.database.reading(organisation) as db:
        asked = correction_page.form(db, ctx, application_id)
        key = queries.get(db, application_id).case_key
    fields = [field for part in asked.parts for field in part.fields] if asked else []
    raw, sent, refused = take_files(fields, raw, key, application_id=application_id)
    errors = list(refused)
    rows: list[UploadedFile] = [row for row, _ in sent]
    new: dict[str, list[FileEntry]] = {ON_PAGES: [entry for _, entry in sent]}
    for attachment in asked.attachments if asked else ():
        taken, problems = take_chosen(attachment, (), key, application_id=application_id)
        rows += [row for row, _name in taken]
        new[attachment.id] = [entry_of(row, name) for row, name in taken]
        errors += problems
    if pressed != "next" or refused:
        return _stay(organisation, reference, application_id, raw, pressed, Files(rows, new), errors)
    try:
        with ctx.database.writing(organisation) as db:
            db.add_all(rows)
            errors = corrections.answer_correction(db, ctx, application_id, raw, new, errors)
            gone = corrections.drop_unused(db, ctx, application_id)
    except Refused as refusal:
        _delete([row.storage_key for row in rows])
        if isinstance(refusal, corrections.AlreadySent) and refusal.same:
            return redirect(url_for("status.show", reference=reference), 303)
        raise
    _delete(gone)
    if errors:
        with ctx.database.reading(organisation) as db:
            return _page(db, organisation, reference, application_id, tuple(errors)), 422
    jobs.notify(ctx)
    return redirect(url_for("status.show", reference=reference), 303)


@blueprint.post("/keep")
@access.applicant
@again.shows(_as_sent, keeps=True)
def keep(reference: str) -> Response:
    """Keep what stands on the page while somebody types; nothing is judged or shown."""
    organisation, application_id = access.organisation_of_case(reference)
    raw, turn = request.form.to_dict(flat=False), request.form.get(TURN, "")
    with context().database.writing(organisation) as db:
        corrections.keep(db, context(), application_id, raw, turn=turn)
    return Response(status=204)


def _delete(keys: list[str]) -> None:
    """Files that no row names any more: nothing else could ever remove them."""
    for key in keys:
        context().files.delete(key)


def _stay(
    organisation: str,
    reference: str,
    application_id: str,
    raw: Raw,
    pressed: str,
    files: Files,
    errors: list[FieldError],
) -> Response | str:
    """A button inside the page: rows added or removed, files sent, an address looked up, another language."""
    ctx = context()
    try:
        with ctx.database.writing(organisation) as db:
            for page in cases.load(db, ctx, application_id).procedure.pages:
                raw, problems = form_page.act(page, raw, pressed)
                errors += problems
            db.add_all(files.rows)
            corrections.keep(db, ctx, application_id, raw, files.entries, request.form.get(TURN, ""))
            gone = corrections.drop_unused(db, ctx, application_id)
    except Refused:
        _delete([row.storage_key for row in files.rows])
        raise
    _delete(gone)
    if pressed.startswith(again.LANGUAGE):
        response = switch_language(url_for("correction.form", reference=reference), pressed)
        if not errors:
            return response
    with ctx.database.reading(organisation) as db:
        return _page(db, organisation, reference, application_id, tuple(errors))
