"""Filling a form in from a profile: asked once for each application, shown with its source, and taken back at will."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from applications.journey import CHECK
from core import clock
from forms import prefill
from forms.types import type_of
from web import access, mine
from web import resident as browser
from web.opened import Open, change, filed, open_draft
from web.request import context, language

blueprint = Blueprint("prefill", __name__, url_prefix="/<organisation_id>/<procedure_id>/apply/<draft_id>")


@blueprint.get("/profile")
@access.applicant
def ask(organisation_id: str, procedure_id: str, draft_id: str) -> str | Response:
    """What could be filled in, and whether it may be."""
    with context().database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
    if away := filed(opened):
        return away
    if opened.draft.renews:
        return redirect(url_for("renewal.taken", **opened.address), 303)
    used = opened.document.prefill.get("consent") == "yes"
    if not used and browser.present() is None:
        return redirect(url_for("my_sign_in.form", next=request.path), 303)
    values = opened.document.prefill["values"] if used else _found(opened)
    frame = opened.frame(CHECK)
    frame["back"] = opened.url(opened.journey.first_open)
    return render_template(
        "apply/profile.html",
        used=used,
        rows=[
            (field.own_label(), type_of(field).lines(field, values[field.id], language()))
            for field in opened.version.procedure.fields()
            if field.id in values
        ],
        **frame,
    )


def _found(opened: Open) -> dict[str, object]:
    stored = mine.stored(context(), browser.scope(), opened.document.acting)
    return prefill.values(opened.version.procedure, stored)


@blueprint.post("/profile")
@access.applicant
def decide(organisation_id: str, procedure_id: str, draft_id: str) -> Response:
    """Fill in, leave empty, or take back what was filled in and is not sent yet."""
    agreed = request.form.get("do") == "yes" and browser.present() is not None

    def take(opened: Open) -> None:
        if opened.draft.renews:  # it is filled in from an earlier application
            return
        take_back(opened)
        values = _found(opened) if agreed else {}
        now = clock.now().isoformat(timespec="seconds")
        opened.document.prefill = {"consent": "yes" if agreed else "no", "at": now, "values": values}

    opened = change(organisation_id, procedure_id, draft_id, take)
    return redirect(opened.url(opened.journey.first_open), 303)


def take_back(opened: Open) -> None:
    """Remove what was filled in, confirmed or not; what the person changed is theirs and stays."""
    document = opened.document
    filled = document.prefill.get("values") or {}
    for page in opened.version.procedure.pages:
        same = [field.id for field in page.fields if field.id in filled]
        same = [id for id in same if id not in document.answers or document.answers[id] == filled[id]]
        if not same:
            continue
        for id in same:
            document.answers.pop(id, None)
        document.raw.pop(page.id, None)
        document.done = [done for done in document.done if done != page.id]
