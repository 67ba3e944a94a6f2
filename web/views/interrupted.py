"""The way back to a case or an account that this browser cannot open any more, with what was typed on its page."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from applications import queries, reopening
from core import codes
from core.errors import Message, NotFound, message
from forms.types import FieldError
from web import access, again, errors, jobs
from web import resident as residents
from web.again import Typed
from web.app import limiter
from web.request import context
from web.views import my_sign_in

blueprint = Blueprint("interrupted", __name__)


@blueprint.app_errorhandler(access.Interrupted)
def sign_in(_error: access.Interrupted) -> tuple[str, int]:
    """Sign in again; what was typed comes along."""
    access.browser_nonce()
    session["after_sign_in"] = access.page_above() or url_for("my.index")
    return my_sign_in.page("", (), again.sealed(residents.left_alone())), 403


@blueprint.app_errorhandler(access.CaseNotHeld)
def not_held(error: access.CaseNotHeld) -> ResponseReturnValue:
    """A code opens the case again, and what was typed comes along. Looks the same where there is no such case."""
    given = request.view_args or {}
    if not (request.method == "POST" and again.says("again") and "reference" in given):
        return errors.missing(error)
    access.browser_nonce()
    return _page(given["reference"], again.sealed()), 404


def _page(reference: str, kept: str, sent: bool = False, code: str = "", wrong: Message | None = None) -> str:
    carried = again.opened(kept)
    return render_template(
        "status/return.html",
        had_files=carried is not None and carried.files,
        reference=reference,
        kept=kept,
        sent=sent,
        code=code,
        most=codes.MOST_IN_WINDOW,
        errors=(FieldError("code", wrong),) if wrong else (),
        switch_form="page-form",
    )


def _as_sent(typed: Typed, reference: str) -> str:
    return _page(reference, typed.get("kept", ""), "sent" in typed, typed.get("code", "")[:60])


@blueprint.post("/status/<reference>/return")
@access.public
@limiter.limit("20 per hour")
@again.shows(_as_sent)
def return_to(reference: str) -> ResponseReturnValue:
    """Send a code, or open the case with it or with the one of its filing, and show what was typed there."""
    kept, found = request.form.get("kept", ""), access.find_case(reference)
    if request.form.get("do") == "code":
        if found:
            with context().database.writing(found[0]) as db:
                reopening.issue_code(db, context(), found[1], access.browser_nonce())
            jobs.notify(context())
        return _page(reference, kept, sent=True)
    typed = request.form.get("code", "")[:60]
    if found is None or not _opens(reference, *found, typed):
        wrong = message("The code is not right or no longer valid. Check it, or ask for a new one.")
        return _page(reference, kept, "sent" in request.form, typed, wrong), 422
    access.remember_case(found[1])
    sent = again.opened(kept)
    try:
        return again.brought_back(sent) if sent else redirect(access.after_opening(reference), 303)
    except NotFound:
        return redirect(access.after_opening(reference), 303)


def _opens(reference: str, organisation: str, application_id: str, typed: str) -> bool:
    """Whether it is the code of the mail, or the one that was shown at filing."""
    if len(codes.digits(typed)) == codes.DIGITS and not any(sign.isalpha() for sign in typed):
        with context().database.writing(organisation) as db:
            return reopening.check_code(db, context(), application_id, access.browser_nonce(), typed)
    with context().database.reading(organisation) as db:
        try:
            queries.by_secret(db, reference, typed)
        except NotFound:
            return False
    return True
