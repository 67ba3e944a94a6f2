"""Renewing a document: what is taken over from the earlier application, and a form that is filled in with it.

Only whoever may open the earlier case gets here; nothing of its answers is shown or taken over otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from accounts import holdings, roles
from applications.journey import CHECK
from core import clock
from core.errors import Message, NotFound, message
from forms.renewing import Why, left_by_reason
from forms.types import Label, Line, type_of
from procedures.definition import Procedure
from procedures.definition.base import Json
from translations.text import Text
from web import access, acting
from web import resident as residents
from web.opened import Open, change, filed, open_draft
from web.request import context, language
from web.views.prefill import take_back
from workflows import case as cases
from workflows import renewals, status
from workflows.case import Case
from workflows.renewals import Renewable

blueprint = Blueprint("renewal", __name__)
DRAFT = "/<organisation_id>/<procedure_id>/apply/<draft_id>/renewal"
REASONS: dict[Why, Message] = {
    "unfit": message("The form takes other answers now. Please answer these again:"),
    "anew": message("This is asked for each time:"),
    "gone": message("Nobody asks for this any more:"),
}


@dataclass(frozen=True)
class Row:
    """An answer that is taken over."""

    label: Label | str
    lines: list[Line]


@dataclass(frozen=True)
class Asked:
    """A document of this person's, its case, and how it is renewed."""

    case: Case
    renewable: Renewable
    title: Text | Message


class NothingRenews(NotFound):
    """Raised for a document of this person's that no procedure renews, or not any more."""


def _asked(db: Session, application_id: str, issued_id: str) -> Asked:
    case = cases.load(db, context(), application_id)
    issued = renewals.issued_to(db, case, issued_id)
    renewable = renewals.of(db, case, issued)
    if renewable is None:
        raise NothingRenews("nothing renews this document")
    return Asked(case, renewable, status.title_of(case, issued))


@blueprint.get("/status/<reference>/renew/<issued_id>")
@access.applicant
def ask(reference: str, issued_id: str) -> str | Response:
    """What the form would be filled in with, and what would be left behind."""
    try:
        organisation, application_id = access.organisation_of_case(reference)
    except NotFound:
        access.open_later(reference, url_for("renewal.ask", reference=reference, issued_id=issued_id))
        return redirect(url_for("status.find"), 303)
    try:
        with context().database.reading(organisation) as db:
            asked = _asked(db, application_id, issued_id)
    except NothingRenews:
        return redirect(url_for("status.show", reference=reference), 303)
    renewable, taken = asked.renewable, renewals.answers(asked.case, asked.renewable)
    return render_template(
        "renewal/ask.html",
        reference=reference,
        asked=asked,
        renewable=renewable,
        organisation_id=organisation,
        rows=list(_rows(renewable.procedure, dict(taken.values))),
        left=[
            (REASONS[why], [one.label or one.field for one in left]) for why, left in left_by_reason(taken)
        ],
        files=[one.label for one in renewable.procedure.attachments if one.required],
    )


def _rows(procedure: Procedure, values: dict[str, Json]) -> Iterator[Row]:
    for field in procedure.fields():
        if field.id in values:
            lines = type_of(field).lines(field, values[field.id], language())
            yield Row(field.own_label() or field.id, lines)


@blueprint.post("/status/<reference>/renew/<issued_id>")
@access.applicant
def begin(reference: str, issued_id: str) -> Response:
    """Start the filled-in form; whoever has begun it already goes on with that."""
    ctx = context()
    organisation, application_id = access.organisation_of_case(reference)
    with ctx.database.reading(organisation) as db:
        asked = _asked(db, application_id, issued_id)
        procedure = asked.renewable.procedure
        begun = renewals.begun(db, _drafts_held(), issued_id)
    if begun is not None and access.holds_draft(begun.id):
        return redirect(_first_open(organisation, procedure.procedure, begun.id), 303)
    record = _acting(procedure, asked.case)
    with ctx.database.writing(organisation) as db:
        asked = _asked(db, application_id, issued_id)
        draft = renewals.begin(db, ctx, asked.case, asked.renewable, language(), record)
    if not residents.keep(holdings.DRAFT, organisation, draft.id, record.get("mandate")):
        access.remember_draft(draft.id)
    return redirect(_first_open(organisation, procedure.procedure, draft.id), 303)


def _drafts_held() -> list[str]:
    """The drafts that this browser, or the account that is open in it, may hold."""
    held = list(session.get("drafts", []))
    if residents.present() is not None:
        with context().database.reading(residents.scope()) as db:
            held += [one.item_id for one in holdings.all_of_them(db) if one.kind == holdings.DRAFT]
    return held


def _first_open(organisation: str, procedure_id: str, draft_id: str) -> str:
    with context().database.reading(organisation) as db:
        opened = open_draft(db, organisation, procedure_id, draft_id)
    return opened.url(opened.journey.first_open)


def _acting(procedure: Procedure, case: Case) -> roles.Record:
    """For whom: as in the earlier application, where whoever is here now may still act so; else for themselves."""
    before = case.document.acting
    id = before.get("mandate") or before.get("company")
    try:
        return acting.chosen(procedure, f"{before['as']}:{id}" if before else "")
    except NotFound:
        return {}


@blueprint.get(DRAFT)
@access.applicant
def taken(organisation_id: str, procedure_id: str, draft_id: str) -> str | Response:
    """What was taken over into this form."""
    with context().database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
    if away := filed(opened):
        return away
    prefill = opened.document.prefill
    if prefill.get("source") != renewals.SOURCE:
        return redirect(opened.url(opened.journey.first_open), 303)
    frame = opened.frame(CHECK)
    frame["back"] = opened.url(opened.journey.first_open)
    return render_template(
        "renewal/taken.html",
        prefill=prefill,
        filed_on=date.fromisoformat(prefill["filed_on"]),
        rows=list(_rows(opened.version.procedure, prefill["values"])),
        **frame,
    )


@blueprint.post(DRAFT)
@access.applicant
def empty(organisation_id: str, procedure_id: str, draft_id: str) -> Response:
    """Take back what was taken over and is not sent yet. It stays a renewal."""

    def take(opened: Open) -> None:
        if opened.document.prefill.get("source") == renewals.SOURCE:
            take_back(opened)
            opened.document.prefill["consent"] = "no"
            opened.document.prefill["values"] = {}
            opened.document.prefill["at"] = clock.now().isoformat(timespec="seconds")

    opened = change(organisation_id, procedure_id, draft_id, take)
    return redirect(opened.url(opened.journey.first_open), 303)
