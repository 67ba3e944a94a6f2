"""Draws for everybody: their steps, results by number, the files to check them with, and an applicant's receipt."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request, send_file, url_for

from accounts import organisations
from core.database import EVERYONE
from core.errors import Message, NotFound, message
from core.settings import ROOT
from forms.types import FieldError
from lotteries import promotions, publication, queries, rounds
from lotteries.draw import digest_of
from lotteries.models import STATES
from lotteries.numbers import DIGITS, typed
from translations.text import Text
from web import access, again
from web.request import context, zone

blueprint = Blueprint("lotteries", __name__, url_prefix="/lotteries")

VERIFIER = ROOT / "lotteries" / "verify.py"
_CACHED = "public, max-age=60"

STEPS: Mapping[str, Message] = {
    "opened": message("The draw was opened"),
    "settled": message("A second entry of a household was decided about"),
    "frozen": message("The entries were frozen"),
    "registered": message("A witness handed in a fingerprint"),
    "committed": message("Rules, entries and witnesses' fingerprints were published"),
    "revealed": message("A witness revealed the value"),
    "struck": message("A witness did not reveal in time and was struck"),
    "drawn": message("Lots were drawn"),
    "confirmed": message("A second person confirmed the result"),
    "published": message("The result was published"),
    "promoted": message("Somebody moved up from the waiting list"),
    "void": message("The draw was declared void"),
}
REASONS: Mapping[str, Message] = {
    "declined": message("Declined"),
    "ineligible": message("Found not eligible"),
    "withdrawn": message("Withdrew"),
}


@dataclass(frozen=True)
class Step:
    """One step of a draw, as the page says it."""

    label: Message
    at: datetime
    text: str | None


@blueprint.get("")
@access.public
def index() -> str:
    """Every draw with its state and files, and how to check a result."""
    with context().database.reading(EVERYONE) as session:
        draws = queries.all_draws(session)
        offices = {office.id: Text(office.title) for office in organisations.all_of_them(session)}
    return render_template(
        "lotteries/index.html",
        draws=[(draw, Text(draw.title), offices[draw.organisation_id]) for draw in draws],
        states=STATES,
    )


@blueprint.get("/verify.py")
@access.public
def verifier() -> Response:
    """The stand-alone verifier to download."""
    return send_file(VERIFIER, mimetype="text/x-python", as_attachment=True, conditional=True)


@blueprint.route("/<draw_id>", methods=["GET", "POST"])
@access.public
@again.harmless
def show(draw_id: str) -> str | tuple[str, int]:
    """One draw: where it stands, the look-up by number (posted, so that no number stands in an address), the lists."""
    asked = request.form.get("number", "")[:40] if request.method == "POST" else None
    with context().database.reading(EVERYONE) as session:
        view = queries.view(session, draw_id)
        number = typed(asked) if asked is not None else None
        found = queries.look_up(session, draw_id, number) if number else None
        witnesses = publication.witnesses_of(session, view.draw)
        ups = promotions.all_of(session, draw_id)
        office = organisations.get(session, view.draw.organisation_id)
    error = None if asked is None or found else _why_not(number, view.draw.state)
    page = render_template(
        "lotteries/show.html",
        view=view,
        draw=view.draw,
        title=Text(view.draw.title),
        office=Text(office.title),
        zone=zone(view.draw.organisation_id),
        state=STATES[view.draw.state],
        witnesses=witnesses,
        promotions=ups,
        reasons=REASONS,
        steps=[Step(STEPS[event.kind], event.at, event.details.get("text")) for event in view.events],
        rules_digest=digest_of(view.draw.rules).hex() if view.draw.rules else None,
        typed=asked or "",
        found=found,
        errors=(FieldError("number", error),) if error else (),
    )
    return (page, 422) if error else page


@blueprint.get("/<draw_id>/list")
@access.public
def listing(draw_id: str) -> str:
    """Winners or waiting list of one unit, page by page."""
    waiting = request.args.get("list") == "waiting"
    with context().database.reading(EVERYONE) as session:
        view = queries.view(session, draw_id)
        unit = next((it for it in view.demand if it.unit == request.args.get("unit")), None)
        if unit is None or view.draw.state != "published":
            raise NotFound("no such list")
        page = request.args.get("page", 1, int)
        found = queries.listing(session, draw_id, unit.unit, "waiting" if waiting else "won", page)
    return render_template(
        "lotteries/listing.html",
        draw=view.draw,
        title=Text(view.draw.title),
        unit=unit,
        waiting=waiting,
        found=found,
        url_of=lambda number: url_for(
            ".listing", draw_id=draw_id, unit=unit.unit, list="waiting" if waiting else None, page=number
        ),
    )


@blueprint.get("/<draw_id>.json")
@access.public
def result(draw_id: str) -> Response:
    """The published result, byte for byte as it was confirmed."""
    ctx = context()
    with ctx.database.reading(EVERYONE) as session:
        draw = rounds.get(session, draw_id)
    if draw.state != "published" or draw.result_key is None:
        raise NotFound("not published yet")
    response = send_file(
        ctx.files.open(draw.result_key),
        mimetype="application/json",
        download_name=f"{draw.id}.json",
        etag=draw.result_sha256 or False,
    )
    response.headers["Cache-Control"] = _CACHED
    return response


@blueprint.get("/<draw_id>/commitment.json")
@access.public
def commitment(draw_id: str) -> Response:
    """What was published before the randomness existed."""
    with context().database.reading(EVERYONE) as session:
        draw = rounds.get(session, draw_id)
        if draw.committed_at is None:
            raise NotFound("not committed yet")
        document = publication.commitment(session, draw)
    return _json(document, f"{draw_id}-commitment.json", _CACHED)


@blueprint.get("/receipt/<reference>")
@access.applicant
def receipt(reference: str) -> str:
    """The applicant's receipt: entry, secret and the proof that it is in the pool."""
    organisation, application_id = access.organisation_of_case(reference)
    ctx = context()
    with ctx.database.reading(organisation) as session:
        view = queries.of_application(session, ctx, application_id)
        document = queries.receipt(session, ctx, application_id)
    return render_template("lotteries/receipt.html", reference=reference, view=view, receipt=document)


@blueprint.get("/receipt/<reference>.json")
@access.applicant
def receipt_file(reference: str) -> Response:
    """The same as a file for the verifier."""
    organisation, application_id = access.organisation_of_case(reference)
    ctx = context()
    with ctx.database.reading(organisation) as session:
        document = queries.receipt(session, ctx, application_id)
    return _json(document, f"{document['draw']}-receipt.json", "private, no-store")


def _why_not(number: str | None, state: str) -> Message:
    if number is None:
        return message("A lottery number has %(digits)s digits. Check what you typed.", digits=DIGITS)
    if state != "published":
        return message("The result is not published yet.")
    return message("No entry of this draw has this number. Check what you typed.")


def _json(document: dict[str, Any], name: str, caching: str) -> Response:
    response = Response(
        json.dumps(document, ensure_ascii=False, indent=1) + "\n", mimetype="application/json"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = caching
    return response
