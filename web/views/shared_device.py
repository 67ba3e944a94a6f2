"""Leaving a device that others use, too: the browser forgets whatever it held of the person."""

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from applications import drafts
from web import access, again
from web import resident as residents
from web.request import context
from web.views.resume import organisation_of

blueprint = Blueprint("shared_device", __name__)


@blueprint.post("/leave")
@access.public
@again.harmless
def leave() -> Response:
    """Close forms, cases and the account here. Pages that stay open prove nothing any more."""
    for draft_id in session.get("drafts", []):
        if organisation := organisation_of(draft_id):
            with context().database.writing(organisation) as db:
                drafts.leave(db, draft_id)
    residents.sign_out()
    session.clear()
    answer = redirect(url_for("shared_device.left"), 303)
    answer.headers["Clear-Site-Data"] = '"cache"'  # pages that the Back button would bring back among it
    return answer


@blueprint.get("/left")
@access.public
def left() -> str:
    """What is gone, and how to come back."""
    return render_template("apply/left.html")
