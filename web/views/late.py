"""Too late: applications have closed, the time to finish is over. What was typed can still be read, and what to do."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from accounts import organisations
from applications.journey import CHECK
from core import clock
from forms import page as form_page
from forms import summary
from forms.types import Reading
from procedures.definition.base import Json
from translations.text import Text
from web import access
from web.opened import Open, filed, open_draft
from web.request import context, language, zone

blueprint = Blueprint("late", __name__, url_prefix="/<organisation_id>/<procedure_id>/apply/<draft_id>/late")


@blueprint.get("")
@access.applicant
def show(organisation_id: str, procedure_id: str, draft_id: str) -> str | Response:
    """Until when it could be sent, whom to ask, and all that was typed."""
    with context().database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
        owner = organisations.get(db, organisation_id)
    if away := filed(opened):
        return away
    if not opened.late:
        return redirect(opened.url(opened.journey.first_open), 303)
    procedure = opened.version.procedure
    return render_template(
        "apply/late.html",
        sections=summary.sections(procedure, _typed(opened), language()),
        files=[entry["name"] for entries in opened.document.files.values() for entry in entries],
        desk=Text(owner.desks[procedure.desk]),
        contact={name: Text(text) for name, text in owner.contact.items()},
        **{**opened.frame(CHECK), "back": None},
    )


def _typed(opened: Open) -> dict[str, Json]:
    """The answers, and beside them what is right on pages that were not finished."""
    answers = dict(opened.document.answers)
    for page in opened.version.procedure.pages:
        raw = opened.document.raw.get(page.id)
        if raw:
            reading = Reading(clock.today(zone(opened.organisation_id)), opened.journey.values)
            read = form_page.read(page, raw, answers, reading).answers
            answers.update({id: answer for id, answer in read.items() if answer is not None})
    return answers
