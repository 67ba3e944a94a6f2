"""Clerks sign in and out. Wrong address and wrong password look and take the same."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from accounts import clerks
from core import audit
from core.database import EVERYONE
from core.errors import message
from web import access
from web.app import limiter
from web.request import context

blueprint = Blueprint("sign_in", __name__, url_prefix="/sign-in")


class SignIn(FlaskForm):  # type: ignore[misc]
    """Address and password."""

    email = StringField(validators=[InputRequired(), Length(max=254)])
    password = PasswordField(validators=[InputRequired(), Length(max=200)])


@blueprint.get("")
@access.public
def form() -> str | Response:
    """The sign-in page."""
    if access.signed_in():
        return redirect(url_for("desk.index"))
    return render_template("sign_in/form.html", target=request.args.get("next", ""), email="", failed=None)


@blueprint.post("")
@access.public
@limiter.limit("10 per minute; 100 per hour")
def check() -> tuple[str, int] | Response:
    """Let a clerk in."""
    fields = SignIn()
    target = request.form.get("next", "")
    person = None
    if fields.validate_on_submit():
        with context().database.reading(EVERYONE) as db:
            person = clerks.authenticate(db, fields.email.data, fields.password.data)
    if person is None:
        failed = message(
            "The e-mail address and the password do not belong together. Check both and try again."
        )
        page = render_template(
            "sign_in/form.html", target=target, email=fields.email.data or "", failed=failed, errors=[failed]
        )
        return page, 422
    with context().database.writing(person.organisation_id) as db:
        audit.append(db, "clerk.signed_in", f"clerk:{person.id}", f"clerk:{person.id}")
    access.sign_in(person)
    return redirect(access.safe_next(target, url_for("desk.index")))


@blueprint.post("/out")
@access.public
def out() -> Response:
    """End the session."""
    session.clear()
    return redirect(url_for("sign_in.form"))
