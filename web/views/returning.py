"""Back to the same place with what was typed: after a session ended, a cookie was lost, or a token was renewed.

What was sent is never thrown away. While this browser holds the draft, the page is shown again with a token that
counts; where it does not, a code by mail opens the draft, and what was typed travels along in the form meanwhile.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from pydantic import TypeAdapter, ValidationError
from werkzeug.wrappers import Response

from applications import drafts
from core.errors import Message, NotFound, message
from forms.types import FieldError
from web import access, errors, jobs
from web.app import limiter
from web.request import context
from web.views.apply import KEEP, Open, change, elsewhere, open_draft, posted, render_page, take
from web.views.apply import asked as asked_for
from web.views.resume import organisation_of

blueprint = Blueprint("returning", __name__)
_TYPED = TypeAdapter(dict[str, list[str]])


@blueprint.app_errorhandler(CSRFError)
def send_again(error: CSRFError) -> ResponseReturnValue:
    """A page with another token than this session's is shown once more as it was sent.

    Only where this site sent it: what another site sends is never shown as if somebody had typed it.
    """
    given: Mapping[str, Any] = request.view_args or {}
    if not (request.method == "POST" and _from_this_site() and "draft_id" in given):
        return errors.forged(error)
    if not access.holds_draft(given["draft_id"]):
        return not_held(error)
    if given.keys() != {"organisation_id", "procedure_id", "draft_id", "page_id"}:
        return errors.forged(error)
    with context().database.reading(given["organisation_id"]) as db:
        opened = open_draft(db, **given)
    page = opened.version.procedure.page(given["page_id"])
    if page is None or elsewhere(opened, page.id):
        return errors.forged(error)
    again = message("This page was open for a long time. Nothing is lost: look at it and send it again.")
    return render_page(opened, page, asked_for(page, posted()[0]), (), again), 422, {"X-Token": "renewed"}


def _from_this_site() -> bool:
    """Whether the browser says that a page of this site sent the request."""
    said = request.headers.get("Sec-Fetch-Site")
    return said == "same-origin" if said else request.headers.get("Origin") == request.host_url.rstrip("/")


@blueprint.app_errorhandler(access.NotHeld)
def not_held(_error: Exception) -> tuple[str, int]:
    """A draft that this browser does not hold: offer a code, and carry what was typed along.

    Looks the same for a draft that does not exist.
    """
    access.browser_nonce()
    given: Mapping[str, Any] = request.view_args or {}
    typed = posted()[0] if request.method == "POST" and _from_this_site() else {}
    return _page(given["draft_id"], given.get("page_id", ""), typed), 404


def _page(
    draft_id: str,
    page_id: str,
    typed: Mapping[str, list[str]],
    sent: bool = False,
    wrong: Message | None = None,
) -> str:
    return render_template(
        "apply/return.html",
        draft_id=draft_id,
        page_id=page_id,
        typed=_TYPED.dump_json(dict(typed)).decode(),
        has_typed=bool(typed),
        sent=sent,
        errors=(FieldError("code", wrong),) if wrong else (),
    )


@blueprint.post("/resume/<draft_id>/return")
@access.public
@limiter.limit("20 per hour")
def return_to(draft_id: str) -> str | tuple[str, int] | Response:
    """Send a code, or open the draft with it, keep what was typed, and show the page where that happened."""
    page_id, typed = request.form.get("page", "")[:100], _typed()
    organisation_id = organisation_of(draft_id)
    if request.form.get("do") == "code":
        if organisation_id:
            with context().database.writing(organisation_id) as db:
                drafts.issue_code(db, context(), draft_id, access.browser_nonce())
            jobs.notify(context())
        return _page(draft_id, page_id, typed, sent=True)
    found = None
    if organisation_id:
        code = request.form.get("code", "")[:20]
        with context().database.writing(organisation_id) as db:
            found = drafts.check_code(db, context(), draft_id, access.browser_nonce(), code)
    if found is None:
        wrong = message("The code is not right or no longer valid. Check it, or ask for a new one.")
        return _page(draft_id, page_id, typed, sent=True, wrong=wrong), 422
    access.remember_draft(draft_id)
    return redirect(_kept(found, page_id, typed), 303)


def _typed() -> dict[str, list[str]]:
    try:
        typed = _TYPED.validate_json(request.form.get("typed") or "{}")
    except ValidationError:
        abort(400)
    if any("\0" in text for name, values in typed.items() for text in (name, *values)):
        abort(400)
    return typed


def _kept(found: drafts.Resumable, page_id: str, typed: Mapping[str, list[str]]) -> str:
    """Keep what was typed and say where to go: to its page, or the first open one where it is none any more."""
    address = (found.organisation_id, found.procedure_id, found.draft_id)

    def keep(opened: Open) -> None:
        if typed and opened.journey.reachable(page_id):
            take(opened, page_id, typed, KEEP)

    try:
        opened = change(*address, keep, page_id=page_id)
    except NotFound:  # of a version without the page
        with context().database.reading(found.organisation_id) as db:
            opened = open_draft(db, *address)
    journey = opened.journey
    return opened.url(page_id if journey.reachable(page_id) else journey.first_open)
