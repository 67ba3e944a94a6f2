"""Files of questions on a page: taken by an endpoint of their own and kept at once, whatever else is wrong."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, request
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from applications import drafts
from applications.models import UploadedFile
from applications.uploads import drop_unused, keep
from applications.vault import FileEntry
from core.errors import NotFound, Refused
from forms.handed_in import CHOSEN, KEPT, HandedIn, too_many
from forms.types import FieldError, Raw, type_of
from procedures.definition import FieldDefinition
from web import access, again
from web.app import takes_files
from web.opened import Open, change, open_draft
from web.request import context
from web.views.apply import Turn, as_sent, posted, respond, take
from web.views.attachments import entry_of, name_of, refused_file, store

blueprint = Blueprint(
    "page_files", __name__, url_prefix="/<organisation_id>/<procedure_id>/apply/<draft_id>/<page_id>/files"
)
Taken = list[tuple[UploadedFile, FileEntry]]


@blueprint.get("")
@access.applicant
def form(organisation_id: str, procedure_id: str, draft_id: str, page_id: str) -> Response:
    """The page itself, for whoever reloads."""
    with context().database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
    return redirect(opened.url(page_id), 303)


@blueprint.post("")
@takes_files
@access.applicant
@again.shows(as_sent, keeps=True)
def answer(
    organisation_id: str, procedure_id: str, draft_id: str, page_id: str
) -> str | tuple[str, int] | Response:
    """Keep the files that were chosen, then do what the button says; a file that is refused stops nothing else."""
    typed, pressed = posted()
    with context().database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
    page = opened.version.procedure.page(page_id)
    if page is None or page_id not in opened.journey.steps:
        raise NotFound("no such page")
    drafts.refuse_filed(opened.draft)
    raw, taken, problems = take_files(page.fields, typed, opened.draft.case_key, draft_id=draft_id)
    turns: list[Turn] = []
    unused: list[str] = []
    gone: list[str] = []

    def how(latest: Open) -> None:
        keep(latest.document.files, [entry for _, entry in taken])
        turns.append(take(latest, page_id, raw, "upload" if problems and pressed == "next" else pressed))
        unused[:] = drop_unused(latest.version.procedure, latest.document)

    def rows(db: Session, _opened: Open) -> None:
        db.add_all(row for row, _ in taken)
        db.flush()
        unwanted = delete(UploadedFile).where(UploadedFile.draft_id == draft_id, UploadedFile.id.in_(unused))
        gone[:] = db.scalars(unwanted.returning(UploadedFile.storage_key)) if unused else []

    opened = change(organisation_id, procedure_id, draft_id, how, rows, page_id)
    for key in gone:  # no row names it any more: nothing else could ever remove it
        context().files.delete(key)
    turn = turns[-1]
    turn = replace(turn, errors=(*turn.errors, *problems))
    if not turn.errors and pressed not in ("next", "save") and not pressed.startswith("lang:"):
        return redirect(opened.url(page_id), 303)
    return respond(opened, page_id, "next" if turn.errors else pressed, turn)


def take_files(
    fields: Sequence[FieldDefinition], raw: Raw, case_key: bytes, **owner: str
) -> tuple[Raw, Taken, tuple[FieldError, ...]]:
    """Keep what was chosen for the questions of `fields`: the inputs that name it, what is new, what was refused."""
    inputs = {name: list(values) for name, values in raw.items()}
    taken: Taken = []
    problems: list[FieldError] = []
    for field in fields:
        for name, question in type_of(field).questions(field, raw, field.id).items():
            kept = inputs.setdefault(f"{name}-{KEPT}", [])
            for chosen in request.files.getlist(f"{name}-{CHOSEN}"):
                if not chosen.filename:
                    continue
                try:
                    row = _stored(question, chosen, len(kept), case_key, owner)
                except Refused as refusal:
                    problems.append(refused_file(f"{name}-{CHOSEN}", name_of(chosen), refusal))
                    continue
                kept.append(row.id)
                taken.append((row, {**entry_of(row, name_of(chosen)), "media_type": row.media_type}))
    return inputs, taken, tuple(problems)


def _stored(
    question: HandedIn, chosen: FileStorage, present: int, case_key: bytes, owner: dict[str, Any]
) -> UploadedFile:
    if present >= question.max_files:
        raise Refused(too_many(question))
    return store(question.id, question.kinds, question.max_size, chosen, case_key, **owner)
