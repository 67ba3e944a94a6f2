"""Back to the same place with what was typed: after a session ended, a cookie was lost, or a token was renewed.

What was sent is never thrown away. While this browser holds the draft, the page is shown again with a token that
counts; where it does not, a code by mail opens the draft, and what was typed travels along in the form meanwhile.
Before somebody gave an address there is none to send a code to: then the page itself proves that it was theirs.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from pydantic import TypeAdapter, ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from accounts import holdings
from applications import drafts
from applications.journey import ATTACHMENTS, CHECK, SIGN
from core.database import EVERYONE
from core.errors import MadoguchiError, Message, NotFound, message
from forms.types import FieldError
from procedures import versions
from web import access, again, errors, jobs
from web.again import Typed
from web.app import limiter
from web.opened import Open, change, open_draft
from web.request import context
from web.views import finish, sign_in
from web.views.apply import KEEP, posted, take
from web.views.resume import organisation_of

blueprint = Blueprint("returning", __name__)
_STEPS = {"attachments.change_files": ATTACHMENTS, "finish.declare": CHECK, "finish.confirm": SIGN}
_TYPED = TypeAdapter(dict[str, list[str]])


@blueprint.app_errorhandler(CSRFError)
def send_again(error: CSRFError) -> ResponseReturnValue:
    """A page with another token than this session's is shown once more as it was sent.

    Only where this site sent it: what another site sends is never shown as if somebody had typed it.
    """
    if not (request.method == "POST" and again.from_this_site()):
        return errors.forged(error)
    try:
        if access.is_of_clerks():
            return sign_in.send_again() or errors.forged(error)
        draft_id = (request.view_args or {}).get("draft_id")
        if draft_id and access.is_of_applicants() and not (access.holds_draft(draft_id) or _proven(draft_id)):
            return not_held(error)
        return again.once_more() or errors.forged(error)
    except (MadoguchiError, HTTPException) as other:  # what this handler raises is nobody's to handle
        g.pop("notice", None)  # it was about a page that is not shown
        return current_app.handle_user_exception(other)


def _proven(draft_id: str) -> bool:
    """Whether the page proves that it was this person's, where no code could be sent; then this browser holds it.

    Not where an account holds it: its page may be left open in a browser that others use, and signing in opens it.
    """
    organisation_id = organisation_of(draft_id)
    made = access.proved(draft_id, request.form.get(access.PROOF, ""))
    if organisation_id is None or made is None:
        return False
    with context().database.reading(EVERYONE) as db:
        if holdings.held_by_anybody(db, holdings.DRAFT, draft_id):
            return False
    with context().database.reading(organisation_id) as db:
        draft, document = drafts.load(db, context(), draft_id)
        procedure = versions.get(db, draft.version_digest).procedure
    left = draft.proofs_from is not None and made <= draft.proofs_from
    if left or draft.filed_as or drafts.address(procedure, document):
        return False
    access.remember_draft(draft_id)
    return True


@blueprint.app_errorhandler(access.NotHeld)
def not_held(_error: Exception) -> tuple[str, int]:
    """A draft that this browser does not hold: offer a code, and carry what was typed along.

    Looks the same for a draft that does not exist.
    """
    access.browser_nonce()
    given: Mapping[str, Any] = request.view_args or {}
    typed = posted()[0] if request.method == "POST" and again.from_this_site() else {}
    step = given.get("page_id") or _STEPS.get(request.endpoint or "", "")
    return _page(given["draft_id"], step, typed), 404


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
        had_files=again.files_chosen() or "files" in request.form,
        sent=sent,
        errors=(FieldError("code", wrong),) if wrong else (),
        switch_form="page-form",
    )


def _as_sent(sent: Typed, draft_id: str) -> str:
    return _page(draft_id, sent.get("page", "")[:100], _typed(), "sent" in sent)


@blueprint.post("/resume/<draft_id>/return")
@access.public
@limiter.limit("20 per hour")
@again.shows(_as_sent)
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
        if page_id == CHECK:
            finish.take_declared(opened, typed.get("declared", []))
        elif typed and opened.journey.reachable(page_id):
            take(opened, page_id, typed, KEEP)

    try:
        opened = change(*address, keep, page_id=page_id)
    except NotFound:  # of a version without the page
        with context().database.reading(found.organisation_id) as db:
            opened = open_draft(db, *address)
    journey = opened.journey
    return opened.url(page_id if journey.reachable(page_id) else journey.first_open)
