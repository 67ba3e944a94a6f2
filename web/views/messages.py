"""Messages about a case: the applicant's page with all of them, and the desk's answers."""

from collections.abc import Sequence
from uuid import uuid4

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from applications import queries
from applications.models import UploadedFile
from core.errors import Message, NotFound, Refused, message
from forms.types import FieldError
from web import access, again, jobs
from web.again import Typed
from web.app import limiter, takes_files
from web.request import context
from web.sandbox import strangers_file
from web.views.attachments import name_of, refused_file, store
from workflows import case as cases
from workflows import desk, messages
from workflows.messages import LONGEST, MOST_FILES, Words

blueprint = Blueprint("messages", __name__)
KINDS = ("pdf", "jpeg", "png", "heic")
LARGEST = "10 MB"
Files = list[tuple[UploadedFile, str]]


@blueprint.get("/status/<reference>/messages")
@access.applicant
def show(reference: str) -> str | Response:
    """All messages; from now on the applicant has seen them."""
    try:
        access.organisation_of_case(reference)
    except NotFound:
        return redirect(url_for("status.find"), 303)
    return _page(reference, "", uuid4().hex, ())


def _page(reference: str, text: str, once: str, errors: tuple[FieldError, ...]) -> str:
    organisation, application_id = access.organisation_of_case(reference)
    with context().database.reading(organisation) as db:
        procedure = cases.load(db, context(), application_id)
        page = request.args.get("page", 1, type=int)
        said, paging = messages.thread(db, context(), application_id, page)
    if any(one.unread and one.side == "office" for one in said):
        with context().database.writing(organisation) as db:
            messages.seen_by_applicant(db, application_id)
    return render_template(
        "status/messages.html",
        reference=reference,
        procedure=procedure.procedure,
        zone=procedure.zone,
        said=said,
        page_url=lambda page: url_for("messages.show", reference=reference, page=page),
        paging=paging,
        typed=text,
        once=once,
        errors=errors,
        kinds=KINDS,
        largest=LARGEST,
        most=MOST_FILES,
        switch_form="page-form",
    )


def _as_sent(typed: Typed, reference: str) -> str:
    return _page(reference, typed.get("text", ""), typed.get("once", "")[:40] or uuid4().hex, ())


@blueprint.post("/status/<reference>/messages")
@takes_files
@access.applicant
@limiter.limit("30 per hour")
@again.shows(_as_sent)
def write(reference: str) -> str | tuple[str, int] | Response:
    """Write to the office."""
    organisation, application_id = access.organisation_of_case(reference)
    with context().database.reading(organisation) as db:
        key = queries.get(db, application_id).case_key
    words, errors = _posted(application_id, key)
    if errors:
        return _page(reference, words.text, words.once, tuple(errors)), 422
    with context().database.writing(organisation) as db:
        kept = messages.by_applicant(db, context(), application_id, words)
    _drop(() if kept else words.files)
    return redirect(url_for("messages.show", reference=reference), 303)


@blueprint.get("/status/<reference>/messages/files/<message_file_id>")
@access.applicant
def file(reference: str, message_file_id: str) -> Response:
    """A file of a message, for the applicant."""
    organisation, application_id = access.organisation_of_case(reference)
    with context().database.reading(organisation) as db:
        row, name = messages.file_of(db, context(), application_id, message_file_id)
        key = queries.get(db, application_id).case_key
    return strangers_file(key, row, name)


@blueprint.post("/desk/cases/<application_id>/messages")
@takes_files
@access.clerk()
def answer(application_id: str) -> Response:
    """Write to the applicant, or say that what they wrote needs no answer."""
    ctx, organisation = context(), g.clerk.organisation_id
    if request.form.get("do") == "seen":
        with ctx.database.writing(organisation) as db:
            messages.seen_by_clerk(db, ctx, application_id, g.clerk)
        return _back(application_id)
    with ctx.database.reading(organisation) as db:
        case = cases.load(db, ctx, application_id)
        cases.check_works(case, g.clerk)
    words, errors = _posted(application_id, case.application.case_key)
    if errors:
        raise Refused(errors[0].message)
    with ctx.database.writing(organisation) as db:
        kept = messages.by_clerk(db, ctx, application_id, g.clerk, words)
    _drop(() if kept else words.files)
    jobs.notify(ctx)
    return _back(application_id)


@blueprint.get("/desk/cases/<application_id>/messages/files/<message_file_id>")
@access.clerk()
def desk_file(application_id: str, message_file_id: str) -> Response:
    """A file of a message, for a clerk of the case's desk."""
    ctx = context()
    with ctx.database.writing(g.clerk.organisation_id) as db:
        case = cases.load(db, ctx, application_id)
        cases.check_desk(case, g.clerk)
        row, name = messages.file_of(db, ctx, application_id, message_file_id)
        desk.viewed(db, application_id, g.clerk)
    return strangers_file(case.application.case_key, row, name)


def _back(application_id: str) -> Response:
    return redirect(url_for("desk.case", application_id=application_id) + "#messages", 303)


def _posted(application_id: str, case_key: bytes) -> tuple[Words, list[FieldError]]:
    """What was written, with files kept already; where something is wrong no file is."""
    text = request.form.get("text", "").replace("\r\n", "\n")  # one character, as the page's input counts
    once = request.form.get("once", "")[:40] or uuid4().hex
    files: Files = []
    errors: list[FieldError] = []
    chosen = [one for one in request.files.getlist("files") if one.filename]
    if not text.strip() and not chosen:
        errors.append(FieldError("text", message("Write a message first.")))
    if len(text) > LONGEST:
        errors.append(FieldError("text", _too_long(len(text))))
    if len(chosen) > MOST_FILES:
        errors.append(FieldError("files", message("At most %(most)s files go here.", most=MOST_FILES)))
    for one in chosen if not errors else ():
        try:
            row = store(messages.ATTACHMENT, KINDS, LARGEST, one, case_key, application_id=application_id)
        except Refused as refusal:
            errors.append(refused_file("files", name_of(one), refusal))
            continue
        files.append((row, name_of(one)))
    if errors:
        _drop(files)
    return Words(text, once, () if errors else files), errors


def _too_long(length: int) -> Message:
    return message(
        "The message has %(length)s characters. Shorten it to %(most)s.", length=length, most=LONGEST
    )


def _drop(files: Sequence[tuple[UploadedFile, str]]) -> None:
    """Remove stored files that no row names."""
    for row, _name in files:
        context().files.delete(row.storage_key)
