"""The task list of a long form: all its pages with how they stand, reachable from each of them."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from applications.journey import ATTACHMENTS, CHECK
from core.errors import Message, message
from web import access
from web.opened import Open, ended, open_draft
from web.request import context

blueprint = Blueprint("overview", __name__, url_prefix="/<organisation_id>/<procedure_id>/apply/<draft_id>")

DONE, STARTED, TO_DO, LATER = (
    message("Done"),
    message("Started"),
    message("To do"),
    message("Comes later"),
)
_KINDS = {DONE.msgid: "good", LATER.msgid: "quiet"}


@blueprint.get("/overview")
@access.applicant
def show(organisation_id: str, procedure_id: str, draft_id: str) -> str | Response:
    """Every page that these answers ask for."""
    with context().database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
    if away := ended(opened):
        return away
    journey = opened.journey
    titles = {page.id: page.title for page in journey.pages}
    return render_template(
        "apply/overview.html",
        tasks=[
            (
                titles.get(step, message("Attachments")),
                opened.url(step) if journey.reachable(step) else None,
                state,
                _KINDS.get(state.msgid, ""),
            )
            for step in journey.steps
            for state in (_state(opened, step),)
        ],
        done=sum(step in opened.document.done for step in journey.steps),
        go_on=opened.url(journey.first_open),
        complete=journey.first_open == CHECK,
        **{**opened.frame(CHECK), "back": None},
    )


def _state(opened: Open, step: str) -> Message:
    if step in opened.document.done:
        return DONE
    if not opened.journey.reachable(step):
        return LATER
    typed = opened.document.files if step == ATTACHMENTS else opened.document.raw.get(step)
    return STARTED if typed else TO_DO
