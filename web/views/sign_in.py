"""Clerks sign in and out. Wrong address and wrong password look and take the same.

What a clerk sent after their session had ended travels along in the sign-in, readable for them alone, and is shown
again afterwards with a button that sends it.
"""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from accounts import clerks
from accounts.models import Clerk
from core import audit
from core.database import EVERYONE
from core.errors import Message, message
from web import access, again, demonstration, envelope
from web import clerk as browser
from web.again import Typed
from web.app import limiter
from web.request import context, visitor

blueprint = Blueprint("sign_in", __name__, url_prefix="/sign-in")
_SENT_BY = "sent-by-clerk"
_WRITTEN = ("note", "text", "reason", "comment", "remark")
"""How the names of what people write themselves begin; what else is sent is the page's own."""


class SignIn(FlaskForm):  # type: ignore[misc]
    """Address and password."""

    email = StringField(validators=[InputRequired(), Length(max=254)])
    password = PasswordField(validators=[InputRequired(), Length(max=200)])


@blueprint.get("")
@access.public
def form() -> str | Response:
    """The sign-in page."""
    if browser.signed_in():
        return redirect(url_for("desk.index"))
    return _page(request.args.get("next", ""))


def _page(target: str, kept: str = "", email: str = "", failed: Message | None = None) -> str:
    return render_template(
        "sign_in/form.html", target=target, kept=kept, email=email, failed=failed, errors=failed and [failed]
    )


def _whose() -> str:
    """The account that was typed, as a keyed hash: failed tries are counted for it, wherever they come from."""
    typed = request.form.get("email", "").strip().casefold()
    return context().keyring.blind("sign-in-tries", typed).hex() if typed else visitor()


def _failed(answer: Response) -> bool:
    return answer.status_code == 422


def _as_sent(typed: Typed) -> str:
    return _page(typed.get("next", ""), typed.get("kept", ""), typed.get("email", ""))


@blueprint.post("")
@access.public
@limiter.limit("10 per minute; 100 per hour")
@limiter.limit("30 per hour", key_func=_whose, deduct_when=_failed)
@again.shows(_as_sent)
def check() -> str | tuple[str, int] | Response:
    """Let a clerk in."""
    fields = SignIn()
    target, kept = request.form.get("next", ""), request.form.get("kept", "")
    person = None
    if fields.validate_on_submit():
        with context().database.reading(EVERYONE) as db:
            person = clerks.authenticate(db, fields.email.data, fields.password.data)
        if person and demonstration.is_public(context().settings, fields.password.data):
            person = None
    if person is None:
        failed = message(
            "The e-mail address and the password do not belong together. Check both and try again."
        )
        return _page(target, kept, fields.email.data or "", failed), 422
    with context().database.writing(person.organisation_id) as db:
        audit.append(db, "clerk.signed_in", f"clerk:{person.id}", f"clerk:{person.id}")
    browser.sign_in(person)
    page = access.safe_next(target, url_for("desk.index"))
    sent = _opened(kept, person.id)
    return _again(person, sent, page) if sent else redirect(page)


def _again(person: Clerk, sent: dict[str, Any], page: str) -> str:
    g.clerk = person
    return render_template("sign_in/again.html", sent=sent, page=page)


@blueprint.app_errorhandler(access.SignedOut)
def interrupted(_error: access.SignedOut) -> ResponseReturnValue:
    """Sign in again; what was sent is kept in the page meanwhile. Passwords are not."""
    page = access.page_of_clerk()
    if request.blueprint == "password":
        return redirect(url_for("sign_in.form", next=page))
    return _page(page, envelope.sealed(_SENT_BY, {"clerk": browser.was_signed_in(), **_sent()})), 403


def send_again() -> ResponseReturnValue | None:
    """What a clerk sent from a page of an earlier session, to be sent once more; none where it is of nobody's desk."""
    person = browser.signed_in() if access.is_of_clerks() and request.blueprint != "password" else None
    return (_again(person, _sent(), access.page_of_clerk()), 422) if person else None


def _sent() -> dict[str, Any]:
    typed = request.form.to_dict(flat=False)
    typed.pop("csrf_token", None)
    return {
        "path": request.path,
        "typed": typed,
        "written": [text for name in typed if name.startswith(_WRITTEN) for text in typed[name] if text],
        "files": any(one.filename for one in request.files.values()),
    }


def _opened(kept: str, clerk_id: str) -> dict[str, Any] | None:
    """What this clerk sent before they signed in again."""
    sent: dict[str, Any] | None = envelope.opened(_SENT_BY, kept)
    return sent if sent and sent["clerk"] == clerk_id else None


@blueprint.post("/out")
@access.public
def out() -> Response:
    """Sign out: every copy of this sign-in, wherever it is."""
    person = browser.signed_in()
    if person:
        with context().database.writing(person.organisation_id) as db:
            clerks.sign_out(db, person.id)
    browser.sign_out()
    return redirect(url_for("sign_in.form"))
