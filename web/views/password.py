"""A clerk changes their password, which ends their sessions everywhere but here."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts import clerks
from core.errors import Refused, message
from forms.types import FieldError
from web import access, demonstration
from web import clerk as browser
from web.app import limiter
from web.request import context

blueprint = Blueprint("password", __name__, url_prefix="/sign-in/password")
LONGEST = 200


@blueprint.get("")
@access.clerk()
def form() -> str:
    """Ask for the present password and a new one."""
    return _page(())


def _page(errors: tuple[FieldError, ...]) -> str:
    wrong = {error.input: error.message for error in errors}
    return render_template("sign_in/password.html", errors=errors, wrong=wrong, least=clerks.LEAST_PASSWORD)


@blueprint.post("")
@access.clerk()
@limiter.limit("10 per hour")
def change() -> tuple[str, int] | Response:
    """Change it."""
    present, new, again = (request.form.get(name, "")[:LONGEST] for name in ("password", "new", "again"))
    if not clerks.is_password(g.clerk, present):
        return _page((FieldError("password", message("This is not your present password.")),)), 422
    if new != again:
        return _page((FieldError("again", message("The two new passwords are not the same.")),)), 422
    try:
        demonstration.refuse_password(context().settings, new)
        with context().database.writing(g.clerk.organisation_id) as db:
            person = clerks.set_password(db, g.clerk.id, new, f"clerk:{g.clerk.id}")
    except Refused as refusal:
        return _page((FieldError("new", refusal.reason),)), 422
    browser.sign_in(person)
    return redirect(url_for("desk.index"), 303)
