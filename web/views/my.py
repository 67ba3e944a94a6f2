"""My page: drafts, applications with their next step, documents; taking over what a guest began; leaving for good."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from accounts import holdings, mandates, notices, residents, sessions
from applications import drafts
from core.database import EVERYONE
from core.errors import NotFound, message
from forms.types import FieldError
from web import access, again, mine
from web import resident as browser
from web.again import Typed
from web.opened import open_draft
from web.request import context
from workflows import forgetting

blueprint = Blueprint("my", __name__, url_prefix="/my")


@blueprint.get("")
@access.resident
def index() -> str:
    """Everything of mine."""
    ctx, scope = context(), browser.scope()
    number = request.args.get("page", "1")
    held = mine.everything(ctx, scope, int(number) if number.isdecimal() and len(number) < 6 else 1)
    with ctx.database.reading(scope) as db:
        document = residents.document(db, ctx)
        elsewhere = sessions.count(db, ctx.settings) - 1
        known = {one.provider for one in residents.identities(db)}
        notices_on = notices.given(db) is not None
    with ctx.database.reading(EVERYONE) as db:
        invitations = len(mandates.invitations(db, ctx, scope.id))
    return render_template(
        "my/index.html",
        invitations=invitations,
        mine=held,
        document=document,
        elsewhere=elsewhere,
        known=known,
        notices_on=notices_on,
        services=browser.services(),
        join=browser.proof(browser.JOIN),
        resident=browser.present(),
        guest=any(session.get(kind) for kind in ("drafts", "cases")),
        page_url=lambda page: url_for("my.index", page=page),
    )


@blueprint.get("/drafts/<draft_id>")
@access.resident
def resume(draft_id: str) -> Response:
    """Go on where the draft stands."""
    with context().database.reading(browser.scope()) as db:
        held = holdings.of(db, holdings.DRAFT, draft_id)
    if held is None:
        raise NotFound("no draft of this account")
    with context().database.reading(held.organisation) as db:
        draft, _document = drafts.load(db, context(), draft_id)
        opened = open_draft(db, held.organisation, draft.procedure_id, draft_id)
    return redirect(opened.url(opened.journey.first_open), 303)


@blueprint.get("/take-over")
@access.resident
def take_over() -> str | Response:
    """Ask what of this browser's belongs to the account: it may be somebody else's, on a shared device."""
    return _ask_about(())


def _as_ticked(typed: Typed) -> str | Response:
    return _ask_about(typed.getlist("take"))


def _ask_about(ticked: Sequence[str]) -> str | Response:
    found = mine.of_guest(context())
    if not found:
        return redirect(_away(), 303)
    return render_template("my/take_over.html", found=found, ticked=ticked, switch_form="page-form")


@blueprint.post("/take-over")
@access.resident
@again.shows(_as_ticked)
def taken_over() -> Response:
    """Take over what was ticked. The rest stays with the browser, as before."""
    chosen = set(request.form.getlist("take"))
    taken = [one for one in mine.of_guest(context()) if one.id in chosen]
    with context().database.writing(browser.scope()) as db:
        for one in taken:
            holdings.add(db, one.kind, one.organisation_id, one.id)
    ids = {one.id for one in taken}
    for kind in ("drafts", "cases"):
        session[kind] = [id for id in session.get(kind, []) if id not in ids]
    return redirect(_away(), 303)


def _away() -> str:
    session["asked_to_take_over"] = True
    return str(session.pop("after_sign_in", None) or url_for("my.index"))


@blueprint.post("/sign-out-elsewhere")
@access.resident
def sign_out_elsewhere() -> Response:
    """End this account's sessions in other browsers."""
    with context().database.writing(browser.scope()) as db:
        sessions.end_others(db, browser.token())
    return redirect(url_for("my.index"), 303)


@blueprint.get("/delete")
@access.resident
def ask_deletion() -> str:
    """Say what goes and what stays."""
    return render_template("my/delete.html", errors=())


@blueprint.post("/delete")
@access.resident
def delete() -> tuple[str, int] | Response:
    """Delete the account, its data and the drafts in it."""
    if request.form.get("sure") != "yes":
        errors = (FieldError("sure", message("Tick the box if you want to delete your account.")),)
        return render_template("my/delete.html", errors=errors), 422
    ctx, scope = context(), browser.scope()
    with ctx.database.reading(scope) as db:
        held = [one for one in holdings.all_of_them(db) if one.kind == holdings.DRAFT]
    for office in {one.organisation for one in held}:
        with ctx.database.writing(office) as db:
            ids = [one.item_id for one in held if one.organisation == office]
            forgetting.forget(db, ctx, ids, "applicant")
    with ctx.database.writing(scope) as db:
        residents.delete(db)
    browser.sign_out()
    return redirect(url_for("my.deleted"), 303)


@blueprint.get("/deleted")
@access.public
def deleted() -> str:
    """The account is gone."""
    return render_template("my/deleted.html")
