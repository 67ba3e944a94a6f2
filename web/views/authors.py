"""Authors' pages: what was published, what a colleague proposes, and the second person's confirmation."""

from contextlib import AbstractContextManager

from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from accounts import clerks, organisations
from core.database import EVERYONE
from core.errors import Message, message
from core.told import unpacked
from procedures.changes import Gravity
from procedures.proposals import OPEN
from translations.authors import said
from web import access, publications
from web.app import limiter
from web.request import context

blueprint = Blueprint("authors", __name__, url_prefix="/authors")
GRAVITIES = {
    Gravity.BREAKS: message("May break what was fine"),
    Gravity.RULES: message("Rules"),
    Gravity.ADDS: message("Additions"),
    Gravity.ORDER: message("Order"),
    Gravity.WORDS: message("Wording"),
    Gravity.TRANSLATIONS: message("Translations"),
    Gravity.ASIDE: message("Beside the form"),
}
"""How much a change means, by the names that `changes` gives."""
STATES = {
    "confirmed": message("Published"),
    "rejected": message("Taken off the list"),
    "void": message("Void"),
}


def _reading() -> AbstractContextManager[Session]:
    return context().database.reading(g.clerk.organisation_id)


@blueprint.get("")
@access.clerk("author")
def index() -> str:
    """What waits for a second person, and what was published."""
    with _reading() as db:
        zone = organisations.timezone(db)
        waiting = publications.waiting(db, g.clerk.id)
        published, paging = publications.published(db, request.args.get("page", 1, type=int))
    return render_template(
        "authors/index.html",
        waiting=waiting,
        published=published,
        paging=paging,
        page_url=lambda number: url_for("authors.index", page=number),
        zone=zone,
    )


@blueprint.get("/<proposal_id>")
@access.clerk("author")
def proposal(proposal_id: str) -> str:
    """What a proposal changes, for whom, and the way to confirm it."""
    return _page(proposal_id)


def _page(proposal_id: str, problem: Message | None = None) -> str:
    with _reading() as db:
        zone = organisations.timezone(db)
        found = publications.one(db, proposal_id, g.clerk.id)
    return render_template(
        "authors/proposal.html",
        waiting=found,
        proposal=found.proposal,
        decided=None if found.proposal.state == OPEN else STATES[found.proposal.state],
        gravities={gravity.name.lower(): label for gravity, label in GRAVITIES.items()},
        in_flight=publications.in_flight(found.proposal.impact),
        problem=problem,
        errors=problem and [problem],
        told=lambda change: _said(change["told"]),
        in_english=not g.language.startswith("ja"),
        why=lambda reason: _said(found.proposal.impact["told"][reason]),
        zone=zone,
    )


def _said(kept: object) -> str:
    """A change or reason that was kept with the proposal, for this clerk."""
    return said(unpacked(kept), g.language)


@blueprint.post("/<proposal_id>")
@access.clerk("author")
@limiter.limit("10 per minute; 100 per hour", methods=["POST"])
def decide(proposal_id: str) -> tuple[str, int] | Response:
    """Confirm the proposal, after the password was typed once more, or take it off the list."""
    by = f"clerk:{g.clerk.id}"
    if request.form.get("do") == "reject":
        publications.rejected(context(), g.clerk.organisation_id, proposal_id, by)
        return redirect(url_for("authors.index"), 303)
    with context().database.reading(EVERYONE) as db:
        person = clerks.authenticate(db, g.clerk.email, request.form.get("password", "")[:200])
    if person is None:
        return _page(proposal_id, message("The password is not right. Please try again.")), 422
    reason = publications.confirmed(context(), g.clerk.organisation_id, proposal_id, by)
    if reason is not None:
        return _page(proposal_id, reason), 409
    return redirect(url_for("authors.proposal", proposal_id=proposal_id), 303)
