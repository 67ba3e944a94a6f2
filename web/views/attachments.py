"""Handing in files: several at once, one list for each attachment, every file kept whatever else is wrong."""

import io
from collections.abc import Collection, Sequence
from typing import BinaryIO, cast
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from applications import contents, drafts
from applications.journey import ATTACHMENTS, CHECK
from applications.models import UploadedFile
from applications.vault import FileEntry
from core.errors import Refused, message
from forms import uploads
from forms.inputs import first as one_line
from forms.types import FieldError
from procedures.definition import AttachmentDefinition
from web import access, again
from web.again import Typed
from web.app import takes_files
from web.assets import bytes_of
from web.language import switch_language
from web.opened import Open, change, ended, open_draft
from web.request import context

blueprint = Blueprint(
    "attachments", __name__, url_prefix="/<organisation_id>/<procedure_id>/apply/<draft_id>"
)
LONGEST_NAME = 200


def _bytes(size: str) -> int:
    """The largest file allowed, in bytes, as definitions write it."""
    return min(bytes_of(size), context().settings.max_upload)


@blueprint.get("/attachments")
@access.applicant
def form(organisation_id: str, procedure_id: str, draft_id: str) -> str | Response:
    """What to hand in, and what is there already."""
    with context().database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
    if away := ended(opened):
        return away
    if not opened.journey.reachable(ATTACHMENTS):
        return redirect(opened.url(opened.journey.first_open), 303)
    return show(opened, ())


def show(opened: Open, errors: tuple[FieldError, ...]) -> str:
    """What to hand in, what is there, and what is wrong with it."""
    return render_template(
        "apply/attachments.html",
        files=opened.document.files,
        errors=errors,
        switch_form="page-form",
        **opened.frame(ATTACHMENTS),
    )


def _as_sent(_typed: Typed, **address: str) -> str | Response:
    return form(**address)


@blueprint.post("/attachments")
@takes_files
@access.applicant
@again.shows(_as_sent, keeps=True)
def change_files(organisation_id: str, procedure_id: str, draft_id: str) -> str | tuple[str, int] | Response:
    """Keep the files that were chosen, remove one, or go on."""
    ctx = context()
    pressed = request.form.get("do", "next")
    with ctx.database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
    drafts.refuse_filed(opened.draft)
    errors: list[FieldError] = []
    new: list[tuple[UploadedFile, str]] = []
    for attachment in opened.journey.attachments:
        present = opened.document.files.get(attachment.id, [])
        taken, problems = take_chosen(attachment, present, opened.draft.case_key, draft_id=draft_id)
        new += taken
        errors += problems
    removed = pressed.removeprefix("remove:") if pressed.startswith("remove:") else None

    def take(latest: Open) -> None:
        files = latest.document.files
        for row, name in new:
            files.setdefault(row.attachment, []).append(entry_of(row, name))
        if removed:
            for attachment_id, entries in files.items():
                files[attachment_id] = [entry for entry in entries if entry["id"] != removed]
        done = [step for step in latest.document.done if step != ATTACHMENTS]
        if not latest.journey.missing_files:
            done.append(ATTACHMENTS)
        latest.document.done = done

    gone: list[str] = []

    def rows(db: Session, _opened: Open) -> None:
        db.add_all(row for row, _name in new)
        if removed:
            unwanted = delete(UploadedFile).where(
                UploadedFile.id == removed, UploadedFile.draft_id == draft_id
            )
            gone.extend(db.scalars(unwanted.returning(UploadedFile.storage_key)))

    opened = change(organisation_id, procedure_id, draft_id, take, rows)
    for key in gone:  # no row names it any more: nothing else could ever remove it
        ctx.files.delete(key)
    if pressed.startswith("lang:"):
        return switch_language(opened.url(ATTACHMENTS), pressed)
    if pressed == "save":
        return redirect(url_for("resume.save", **opened.address), 303)
    if pressed == "next":
        errors += [
            FieldError(f"file-{one.id}", message("Choose a file for “%(attachment)s”.", attachment=one.label))
            for one in opened.journey.missing_files
            if f"file-{one.id}" not in {error.input for error in errors}
        ]
        if not errors:
            return redirect(opened.url(CHECK), 303)
    if errors:
        return show(opened, tuple(errors)), 422
    return redirect(opened.url(ATTACHMENTS), 303)


def take_chosen(
    attachment: AttachmentDefinition, present: Sequence[FileEntry], case_key: bytes, **owner: str
) -> tuple[list[tuple[UploadedFile, str]], list[FieldError]]:
    """Keep what was chosen for `attachment` beside what is `present`: new rows with names, and what was refused.

    The same file again is passed over: it was sent twice because the answer to the first time got lost.
    """
    taken: list[tuple[UploadedFile, str]] = []
    errors: list[FieldError] = []
    known = {(entry["name"], entry["sha256"]) for entry in present}
    for chosen in request.files.getlist(f"file-{attachment.id}"):
        if not chosen.filename:
            continue
        name = name_of(chosen)
        try:
            row = store(attachment.id, attachment.accept, attachment.max_size, chosen, case_key, **owner)
            again, full = (name, row.sha256) in known, len(present) + len(taken) >= attachment.max_files
            if not again and not full:
                taken.append((row, name))
                continue
            context().files.delete(row.storage_key)
            if full and not again:
                raise Refused(
                    message("At most %(most)s files go here. Remove one first.", most=attachment.max_files)
                )
        except Refused as refusal:
            errors.append(refused_file(f"file-{attachment.id}", name, refusal))
    return taken, errors


def store(
    asked: str, kinds: Collection[str], max_size: str, chosen: FileStorage, case_key: bytes, **owner: str
) -> UploadedFile:
    """Check and keep a file sent for what `asked` names, for `owner` (``draft_id`` or ``application_id``) with its key.

    It is hashed and sealed while it goes from the body to its place. Raises `Refused`.
    """
    limit = _bytes(max_size)
    if chosen.stream.seek(0, io.SEEK_END) > limit:
        raise Refused(message("The file is larger than %(limit)s. Choose a smaller one.", limit=max_size))
    chosen.stream.seek(0)
    media_type, content = uploads.examine(cast(BinaryIO, chosen.stream), kinds)
    id = uuid4().hex
    stored = contents.keep(context(), case_key, id, content, limit * 4)
    return UploadedFile(
        id=id,
        attachment=asked,
        storage_key=stored.key,
        media_type=media_type,
        size=stored.size,
        sha256=stored.sha256,
        **owner,
    )


def refused_file(input: str, name: str, refusal: Refused) -> FieldError:
    """The error beside the input, with the name of the file: several may have been chosen at once."""
    why = message("“%(file)s”: %(problem)s", file=name[-200:], problem=refusal.reason)
    return FieldError(input, why)


def name_of(chosen: FileStorage) -> str:
    """The file's name as people may read it: its end, in one line, without what cannot be seen."""
    return one_line({"name": [chosen.filename or ""]}, "name")[-LONGEST_NAME:]


def entry_of(row: UploadedFile, name: str) -> FileEntry:
    """How the encrypted document names a stored file."""
    return {"id": row.id, "name": name, "size": row.size, "sha256": row.sha256}
