"""Stopping and going on later, on any device: a link by mail, opened with a one-time code."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from applications import drafts
from applications.journey import CHECK
from applications.models import Draft
from core.database import EVERYONE
from core.errors import message
from forms.contact import address, contact
from forms.types import FieldError
from satisfaction.leaving import REASONS
from web import access, again, jobs
from web.again import Typed
from web.app import limiter
from web.opened import Open, change, open_draft
from web.request import context

blueprint = Blueprint("resume", __name__)


@blueprint.get("/<organisation_id>/<procedure_id>/apply/<draft_id>/save")
@access.applicant
def save(organisation_id: str, procedure_id: str, draft_id: str) -> str:
    """Ask where to send the link. What was typed is saved already."""
    with context().database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
    known = contact(opened.version.procedure, opened.document.answers).email
    return _page(opened, opened.document.contact.get("email") or known or "", ())


def _page(opened: Open, email: str, errors: tuple[FieldError, ...], sent: bool = False) -> str:
    frame = opened.frame(CHECK)
    frame["back"] = opened.url(opened.journey.first_open)
    return render_template(
        "apply/save.html",
        email=email,
        errors=errors,
        sent=sent,
        page_id=opened.journey.first_open,
        place="save",
        reasons=REASONS,
        discard_url=url_for("leaving.ask_discard", **opened.address),
        switch_form=None if sent else "page-form",
        **frame,
    )


def _as_sent(typed: Typed, organisation_id: str, procedure_id: str, draft_id: str) -> str:
    with context().database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
    return _page(opened, typed.get("email", "")[:254], ())


@blueprint.post("/<organisation_id>/<procedure_id>/apply/<draft_id>/save")
@access.applicant
@limiter.limit("20 per hour")
@again.shows(_as_sent)
def send(organisation_id: str, procedure_id: str, draft_id: str) -> str | tuple[str, int]:
    """Mail the link."""
    email = address(request.form.get("email", ""))
    if email is None:
        with context().database.reading(organisation_id) as db:
            opened = open_draft(db, organisation_id, procedure_id, draft_id)
        errors = (FieldError("email", message("Enter your e-mail address.")),)
        return _page(opened, request.form.get("email", "")[:254], errors), 422

    opened = change(
        organisation_id,
        procedure_id,
        draft_id,
        lambda opened: opened.document.contact.update(email=email),
        lambda db, opened: drafts.send_link(db, opened.draft),
    )
    jobs.notify(context())
    return _page(opened, email, (), sent=True)


def organisation_of(draft_id: str) -> str | None:
    with context().database.reading(EVERYONE) as db:
        return db.scalar(select(Draft.organisation_id).where(Draft.id == draft_id))


@blueprint.get("/resume/<draft_id>")
@access.public
def welcome(draft_id: str) -> str:
    """Where the link leads: offer to send the code. Looks the same for a link that leads nowhere."""
    access.browser_nonce()  # two clicks at once on its button must not make two
    return render_template("apply/resume.html", draft_id=draft_id)


@blueprint.post("/resume/<draft_id>")
@access.public
@limiter.limit("10 per hour")
def request_code(draft_id: str) -> Response:
    """Send a fresh code to the address of the draft."""
    if organisation := organisation_of(draft_id):
        with context().database.writing(organisation) as db:
            drafts.issue_code(db, context(), draft_id, access.browser_nonce())
        jobs.notify(context())
    return redirect(url_for("resume.code", draft_id=draft_id), 303)


@blueprint.get("/resume/<draft_id>/code")
@access.public
def code(draft_id: str) -> str:
    """Ask for the code."""
    return _code_page(draft_id, "", ())


def _code_page(draft_id: str, code: str, errors: tuple[FieldError, ...]) -> str:
    return render_template(
        "apply/resume_code.html",
        draft_id=draft_id,
        code=code,
        errors=errors,
        most=drafts.MOST_CODES,
        switch_form="page-form",
    )


def _as_typed(typed: Typed, draft_id: str) -> str:
    return _code_page(draft_id, typed.get("code", "")[:20], ())


@blueprint.post("/resume/<draft_id>/code")
@access.public
@limiter.limit("20 per hour")
@again.shows(_as_typed)
def check_code(draft_id: str) -> tuple[str, int] | Response:
    """Open the draft in this browser where the code is right."""
    found = None
    if organisation := organisation_of(draft_id):
        with context().database.writing(organisation) as db:
            found = drafts.check_code(
                db, context(), draft_id, access.browser_nonce(), request.form.get("code", "")[:20]
            )
    if found is None:
        wrong = message("The code is not right or no longer valid. Check it, or ask for a new one.")
        return _code_page(draft_id, "", (FieldError("code", wrong),)), 422
    access.remember_draft(draft_id)
    with context().database.reading(found.organisation_id) as db:
        opened = open_draft(db, found.organisation_id, found.procedure_id, draft_id)
    return redirect(opened.url(opened.journey.first_open), 303)
