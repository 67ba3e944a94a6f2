"""Opening an application on another device without its code: a one-time code by mail, to the contact's address only.

Every answer is the same whether there is such an application or not. What remains to be measured is one write; ten
questions an hour against forty random bits of a reference number leave nothing to find out by it.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from applications import references, reopening
from core import codes
from core.errors import message
from forms.types import FieldError
from web import access, again, jobs
from web.again import Typed
from web.app import limiter
from web.request import context

blueprint = Blueprint("status_access", __name__, url_prefix="/status")


@blueprint.get("/code")
@access.public
def ask() -> str:
    """Ask for the reference number."""
    access.browser_nonce()  # two clicks at once on its button must not make two
    return _ask_page("", ())


def _ask_page(reference: str, errors: tuple[FieldError, ...]) -> str:
    return render_template(
        "status/send_code.html", reference=reference, errors=errors, switch_form="page-form"
    )


def _as_asked(typed: Typed) -> str:
    return _ask_page(typed.get("reference", "")[:40], ())


@blueprint.post("/code")
@access.public
@limiter.limit("10 per hour")
@again.shows(_as_asked)
def send() -> tuple[str, int] | Response:
    """Mail a code, if the number is one of an application with an address."""
    typed = request.form.get("reference", "")[:40]
    reference = references.normalise(typed)
    if len(reference) < references.RANDOM:
        wrong = message("Enter the reference number, such as TC-8F3K-29QD.")
        return _ask_page(typed, (FieldError("reference", wrong),)), 422
    if found := access.find_case(reference):
        organisation, application_id = found
        with context().database.writing(organisation) as db:
            reopening.issue_code(db, context(), application_id, access.browser_nonce())
        jobs.notify(context())
    return redirect(url_for("status_access.code", reference=reference), 303)


@blueprint.get("/<reference>/code")
@access.public
def code(reference: str) -> str:
    """Ask for the code that was mailed."""
    return _code_page(reference, ())


def _code_page(reference: str, errors: tuple[FieldError, ...], code: str = "") -> str:
    return render_template(
        "status/enter_code.html",
        reference=reference,
        code=code,
        errors=errors,
        most=codes.MOST_IN_WINDOW,
        switch_form="page-form",
    )


def _as_typed(typed: Typed, reference: str) -> str:
    return _code_page(reference, (), typed.get("code", "")[:20])


@blueprint.post("/<reference>/code")
@access.public
@limiter.limit("20 per hour")
@again.shows(_as_typed)
def check(reference: str) -> tuple[str, int] | Response:
    """Open the application in this browser where the code is right."""
    found = access.find_case(reference)
    if found:
        organisation, application_id = found
        with context().database.writing(organisation) as db:
            right = reopening.check_code(
                db, context(), application_id, access.browser_nonce(), request.form.get("code", "")[:20]
            )
        if right:
            access.remember_case(application_id)
            return redirect(access.after_opening(reference), 303)
    wrong = message("The code is not right or no longer valid. Check it, or ask for a new one.")
    return _code_page(reference, (FieldError("code", wrong),)), 422
