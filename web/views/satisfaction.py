"""Rating a procedure after filing and after the decision, and what all ratings together say."""

from dataclasses import dataclass

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts import organisations
from core import clock
from core.context import Context
from core.database import EVERYONE
from core.errors import message
from core.paging import turned
from forms.types import FieldError
from procedures import versions
from satisfaction import leaving, ratings, score
from satisfaction.ratings import LONGEST_COMMENT, REASONS, SCORES, Feedback
from satisfaction.score import Summary
from translations.text import Text
from web import access, again
from web.again import Typed
from web.request import context, language
from web.views import leaving as leaving_pages

blueprint = Blueprint("satisfaction", __name__)

MOMENTS = {"submission": message("after applying"), "decision": message("after the decision")}
RATE = "/rate/<reference>/<any(submission, decision):moment>"
NOTHING = Feedback(score=0)
PAGE = 20
"""Rows on a page; those that are rated worst come first."""


@dataclass(frozen=True)
class Row:
    """A line of the public page."""

    summary: Summary
    title: Text
    organisation: Text


@blueprint.get(RATE)
@access.applicant
def rate(reference: str, moment: str) -> str:
    """Ask; or say thank you where they have answered."""
    ctx = context()
    organisation, application_id = access.organisation_of_case(reference)
    with ctx.database.reading(organisation) as session:
        rating = ratings.given(session, application_id, moment)
    if rating is None:
        return _ask(ctx, reference, moment, NOTHING)
    again = "again" in request.args
    title = _title(ctx, reference, moment)
    return render_template(
        "satisfaction/thanks.html",
        reference=reference,
        title=title,
        rating=rating,
        scores=SCORES,
        again=again,
    )


def _as_sent(typed: Typed, reference: str, moment: str) -> str:
    return _ask(context(), reference, moment, _read(typed))


@blueprint.post(RATE)
@access.applicant
@again.shows(_as_sent)
def keep(reference: str, moment: str) -> Response | tuple[str, int]:
    """Keep the answer. A second one changes nothing, and the next page says so."""
    ctx = context()
    organisation, _id = access.organisation_of_case(reference)
    answered = _read(request.form)
    if answered.score not in SCORES:
        missing = FieldError("score", message("Choose how satisfied you are, from 1 to 5."))
        return _ask(ctx, reference, moment, answered, (missing,)), 422
    _title(ctx, reference, moment)
    with ctx.database.writing(organisation) as session:
        application = access.application_for(session, reference)
        kept = ratings.rate(session, ctx, application, moment, answered, language())
    return redirect(
        url_for("satisfaction.rate", reference=reference, moment=moment, again=None if kept else 1), 303
    )


@blueprint.get("/satisfaction")
@access.public
def index() -> str:
    """Every procedure's count and mean; those below the aim are marked."""
    ctx = context()
    rows = _rows(ctx)
    paging = turned(request.args.get("page", 1, type=int), len(rows), PAGE)
    return render_template(
        "satisfaction/index.html",
        rows=paging.of(rows),
        paging=paging,
        below=sum(row.summary.below for row in rows),
        total=len(rows),
        page_url=lambda page: url_for("satisfaction.index", page=page),
        moments=MOMENTS,
        left=_left(ctx),
        offices=_offices(ctx),
        reasons=leaving.REASONS,
        least=leaving.LEAST,
        kept_days=leaving.KEPT.days,
    )


@blueprint.get("/satisfaction.json")
@access.public
def data() -> Response:
    """The same as open data."""
    ctx = context()
    answer = jsonify(
        target=score.TARGET,
        generated_at=clock.now().isoformat(timespec="seconds"),
        procedures=[
            {
                **row.summary.as_json(),
                "title": row.title.as_dict(),
                "organisation_title": row.organisation.as_dict(),
            }
            for row in _rows(ctx)
        ],
        given_up=[row.left.as_json() for row in _left(ctx)],
    )
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _ask(
    ctx: Context, reference: str, moment: str, answered: Feedback, errors: tuple[FieldError, ...] = ()
) -> str:
    return render_template(
        "satisfaction/rate.html",
        reference=reference,
        moment=moment,
        title=_title(ctx, reference, moment),
        answered=answered,
        errors=errors,
        scores=SCORES,
        reasons=REASONS,
        longest=LONGEST_COMMENT,
        switch_form="page-form",
    )


def _read(typed: Typed) -> Feedback:
    chosen = typed.get("score", "")
    return Feedback(
        score=int(chosen) if chosen in map(str, SCORES) else 0,
        reasons=[name for name in typed.getlist("reasons") if name in REASONS],
        comment=typed.get("comment", "").replace("\r\n", "\n")[:LONGEST_COMMENT],
    )


def _title(ctx: Context, reference: str, moment: str) -> Text:
    """The procedure's title, where it asks at that moment and the moment has come."""
    organisation, _id = access.organisation_of_case(reference)
    with ctx.database.reading(organisation) as session:
        application = access.application_for(session, reference)
        procedure = versions.get(session, application.version_digest).procedure
        ratings.check_open(procedure, application, moment)
    return procedure.title


def _offices(ctx: Context) -> dict[str, Text]:
    with ctx.database.reading(EVERYONE) as session:
        return {each.id: Text(each.title) for each in organisations.all_of_them(session)}


def _left(ctx: Context) -> list[leaving_pages.Row]:
    """Where several people gave up, the most frequent page first."""
    with ctx.database.reading(EVERYONE) as session:
        found = leaving.summary(session, leaving.LEAST)
    shown: list[leaving_pages.Row] = []
    for office in dict.fromkeys(one.organisation_id for one in found):
        with ctx.database.reading(office) as session:
            shown += leaving_pages.rows(session, [one for one in found if one.organisation_id == office])
    return sorted(shown, key=lambda row: -row.left.count)


def _rows(ctx: Context) -> list[Row]:
    with ctx.database.reading(EVERYONE) as session:
        found = score.summary(session)
    offices = _offices(ctx)
    titles: dict[tuple[str, str], Text] = {}
    for office in {each.organisation_id for each in found}:
        with ctx.database.reading(office) as session:
            for name in {each.procedure_id for each in found if each.organisation_id == office}:
                titles[office, name] = versions.current(session, name).procedure.title
    return [
        Row(each, titles[each.organisation_id, each.procedure_id], offices[each.organisation_id])
        for each in found
    ]
