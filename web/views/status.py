"""An application after filing, for the person whose it is: how it stands, what to do, documents, withdrawal."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from applications import queries
from core.database import EVERYONE
from core.errors import NotFound, message
from documents import archive
from forms.types import FieldError
from payments import ledger
from web import access, again, jobs
from web.again import Typed
from web.app import limiter
from web.request import context
from web.sandbox import issued_file
from workflows import cases, status

blueprint = Blueprint("status", __name__, url_prefix="/status")


@blueprint.get("")
@access.public
def find() -> str:
    """Ask for the reference number and the code."""
    return _find("", "", ())


def _find(reference: str, code: str, errors: tuple[FieldError, ...]) -> str:
    return render_template(
        "status/find.html", reference=reference, code=code, errors=errors, switch_form="page-form"
    )


def _as_sent(typed: Typed) -> str:
    return _find(typed.get("reference", "")[:40], typed.get("code", "")[:60], ())


@blueprint.post("")
@access.public
@limiter.limit("10 per minute; 60 per hour")
@again.shows(_as_sent)
def open_case() -> tuple[str, int] | Response:
    """Open the case in this browser where both are right."""
    reference = request.form.get("reference", "")[:40]
    with context().database.reading(EVERYONE) as db:
        try:
            application = queries.by_secret(db, reference, request.form.get("code", "")[:60])
        except NotFound:
            wrong = message("The reference number and the code do not belong together. Check both.")
            code = request.form.get("code", "")[:60]
            return _find(reference, code, (FieldError("reference", wrong),)), 422
    access.remember_case(application.id)
    return redirect(access.after_opening(application.reference), 303)


@blueprint.get("/<reference>")
@access.applicant
def show(reference: str) -> str | Response:
    """How it stands, what is next, what to do."""
    ctx = context()
    try:
        organisation, application_id = access.organisation_of_case(reference)
    except NotFound:
        return redirect(url_for("status.find"), 303)
    with ctx.database.reading(organisation) as db:
        view = status.of(db, ctx, application_id)
    return render_template("status/show.html", view=view, reference=reference)


@blueprint.get("/<reference>/papers/<issued_id>")
@access.applicant
def paper(reference: str, issued_id: str) -> Response:
    """Download one of the documents and receipts that were issued."""
    organisation, application_id = access.organisation_of_case(reference)
    with context().database.reading(organisation) as db:
        issued = archive.issued_to(db, application_id, issued_id)
        key = queries.get(db, application_id).case_key
    return issued_file(key, issued, f"{reference}-{archive.name_of(issued)}.pdf")


@blueprint.get("/<reference>/withdraw")
@access.applicant
def ask_withdrawal(reference: str) -> str:
    """Ask once more before withdrawing."""
    organisation, application_id = access.organisation_of_case(reference)
    with context().database.reading(organisation) as db:
        paid = ledger.status(db, application_id).kept
    return render_template("status/withdraw.html", reference=reference, paid=paid)


@blueprint.post("/<reference>/withdraw")
@access.applicant
def withdraw(reference: str) -> Response:
    """Withdraw the application."""
    ctx = context()
    organisation, application_id = access.organisation_of_case(reference)
    with ctx.database.writing(organisation) as db:
        cases.withdraw(db, ctx, application_id)
    jobs.notify(ctx)
    return redirect(url_for("status.show", reference=reference), 303)
