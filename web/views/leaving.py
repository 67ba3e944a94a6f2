"""Giving up: saying why with one tap, discarding a draft, and where and why people give up, for the desk."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from accounts import holdings
from applications.journey import ATTACHMENTS, CHECK, SIGN
from core.errors import Message, NotFound, message
from procedures import versions
from procedures.definition import Procedure
from satisfaction import leaving
from satisfaction.leaving import LONGEST_COMMENT, PLACES, REASONS, Left, Said
from translations.text import Text
from web import access, again
from web import resident as residents
from web.again import Typed
from web.app import limiter
from web.opened import filed, open_draft
from web.request import context, language
from web.views.desk import own_desk
from workflows import forgetting

blueprint = Blueprint("leaving", __name__)
STEPS: dict[str, Message] = {
    ATTACHMENTS: message("Attachments"),
    CHECK: message("Check your answers"),
    SIGN: message("Sign"),
    "": message("Somewhere"),
}
"""What steps are called that are no pages of the procedure."""
_COOKIE = "left"
"""What this browser tapped last: so that a second tap changes the first, and a comment finds it."""


@blueprint.get("/<organisation_id>/<procedure_id>/leaving")
@access.public
def ask(organisation_id: str, procedure_id: str) -> str:
    """Ask why. Mails lead here, and the page after a draft was discarded is this one."""
    with context().database.reading(organisation_id) as db:
        procedure = versions.current(db, procedure_id).procedure
    return render_template(
        "leaving/ask.html",
        organisation_id=organisation_id,
        procedure=procedure,
        page_id=_page(procedure, request.args.get("page", "")),
        place=_place(request.args.get("from", "")),
        reasons=REASONS,
    )


def _page(procedure: Procedure, name: str) -> str:
    return name if procedure.page(name) or name in STEPS else ""


def _place(name: str) -> str:
    return name if name in PLACES else "mail"


@blueprint.post("/<organisation_id>/<procedure_id>/leaving")
@access.public
@limiter.limit("30 per hour")
def keep(organisation_id: str, procedure_id: str) -> Response:
    """Keep what was tapped: of nobody."""
    reason = request.form.get("reason", "")
    if reason not in REASONS:
        abort(400)
    with context().database.writing(organisation_id) as db:
        procedure = versions.current(db, procedure_id).procedure
        id = leaving.keep(
            db,
            procedure_id,
            _page(procedure, request.form.get("page", "")),
            _place(request.form.get("from", "")),
            reason,
            language(),
            instead_of=_tapped(organisation_id),
        )
    session[_COOKIE] = [organisation_id, id]
    return redirect(
        url_for("leaving.thanks", organisation_id=organisation_id, procedure_id=procedure_id), 303
    )


def _tapped(organisation_id: str) -> str | None:
    office, id = session.get(_COOKIE) or ("", None)
    return id if office == organisation_id else None


@blueprint.get("/<organisation_id>/<procedure_id>/leaving/thanks")
@access.public
def thanks(organisation_id: str, procedure_id: str) -> str:
    """Say thank you, and take a comment from whoever wants to write one."""
    return _thanks(organisation_id, procedure_id, "")


def _as_sent(typed: Typed, organisation_id: str, procedure_id: str) -> str:
    return _thanks(organisation_id, procedure_id, typed.get("comment", "")[:LONGEST_COMMENT])


def _thanks(organisation_id: str, procedure_id: str, comment: str) -> str:
    with context().database.reading(organisation_id) as db:
        procedure = versions.current(db, procedure_id).procedure
    asks = _tapped(organisation_id) is not None and "said" not in request.args
    return render_template(
        "leaving/thanks.html",
        organisation_id=organisation_id,
        procedure=procedure,
        asks=asks,
        longest=LONGEST_COMMENT,
        comment=comment,
        switch_form="page-form" if asks else None,
    )


@blueprint.post("/<organisation_id>/<procedure_id>/leaving/thanks")
@access.public
@limiter.limit("30 per hour")
@again.shows(_as_sent)
def comment(organisation_id: str, procedure_id: str) -> Response:
    """Keep the comment."""
    id = _tapped(organisation_id)
    if id is not None:
        text = request.form.get("comment", "").replace("\r\n", "\n")[: 2 * LONGEST_COMMENT]
        with context().database.writing(organisation_id) as db:
            leaving.comment(db, context(), id, text)
    address: dict[str, Any] = {"organisation_id": organisation_id, "procedure_id": procedure_id}
    return redirect(url_for("leaving.thanks", **address, said=1), 303)


@blueprint.get("/<organisation_id>/<procedure_id>/apply/<draft_id>/discard")
@access.applicant
def ask_discard(organisation_id: str, procedure_id: str, draft_id: str) -> str | Response:
    """Ask once more before a draft is deleted."""
    with context().database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
    if away := filed(opened):
        return away
    frame = opened.frame(CHECK)
    frame["back"] = opened.url(opened.journey.first_open)
    return render_template("leaving/discard.html", **frame)


@blueprint.post("/<organisation_id>/<procedure_id>/apply/<draft_id>/discard")
@access.applicant
def discard(organisation_id: str, procedure_id: str, draft_id: str) -> Response:
    """Delete the draft with its files, then ask why."""
    ctx = context()
    with ctx.database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
    if away := filed(opened):
        return away
    with ctx.database.writing(organisation_id) as db:
        forgetting.forget(db, ctx, [draft_id], "applicant")
    session["drafts"] = [id for id in session.get("drafts", []) if id != draft_id]
    if residents.present() is not None:
        with ctx.database.writing(residents.scope()) as db:
            holdings.remove(db, holdings.DRAFT, draft_id)
    where: dict[str, Any] = {"page": opened.journey.first_open, "from": "discard"}
    address: dict[str, Any] = {"organisation_id": organisation_id, "procedure_id": procedure_id}
    return redirect(url_for("leaving.ask", **address, **where), 303)


@dataclass(frozen=True)
class Row:
    """A page on which people gave up, as it is shown."""

    left: Left
    title: Text
    page: Text | Message
    comments: tuple[Said, ...] = ()


def rows(db: Session, found: list[Left]) -> list[Row]:
    """With the titles of procedures and pages as they are now; procedures that are no more are left out."""
    shown = []
    for one in found:
        try:
            procedure = versions.current(db, one.procedure_id).procedure
        except NotFound:
            continue
        shown.append(Row(one, procedure.title, page_title(procedure, one.page)))
    return shown


def page_title(procedure: Procedure, name: str) -> Text | Message:
    """What a page or step is called now."""
    page = procedure.page(name)
    return page.title if page else STEPS.get(name, STEPS[""])


@blueprint.get("/desk/<desk_id>/leaving")
@access.clerk()
def desk(desk_id: str) -> str:
    """Where and why people give up the procedures of this desk, with what they wrote."""
    ctx = context()
    with ctx.database.reading(g.clerk.organisation_id) as db:
        title = own_desk(db, desk_id)
        own = [
            row
            for row in rows(db, leaving.summary(db))
            if versions.current(db, row.left.procedure_id).procedure.desk == desk_id
        ]
        ids = list(dict.fromkeys(row.left.procedure_id for row in own))
        said = [
            (procedure.title, page_title(procedure, one.page), one)
            for id, one in leaving.comments(db, ctx, ids)
            if (procedure := versions.current(db, id).procedure)
        ]
    return render_template(
        "leaving/desk.html", desk_id=desk_id, title=title, rows=own, said=said, reasons=REASONS, offices=None
    )
