"""Finding a procedure, and what to know before starting it."""

from flask import Blueprint, render_template, request

from accounts import organisations
from core import clock
from core.database import EVERYONE
from core.errors import NotFound
from procedures import reception, search, versions
from procedures.fees import constant_fee
from translations.text import Text
from web import access, acting
from web.request import context, language

blueprint = Blueprint("catalogue", __name__)


@blueprint.get("/")
@access.public
def index() -> str:
    """Every organisation's procedures, narrowed by word."""
    return _list(None)


@blueprint.get("/<organisation_id>/")
@access.public
def organisation(organisation_id: str) -> str:
    """One organisation's procedures."""
    return _list(organisation_id)


def _list(organisation_id: str | None) -> str:
    words = request.args.get("q", "")[:100]
    with context().database.reading(EVERYONE) as db:
        known = {one.id: one for one in organisations.all_of_them(db)}
        if organisation_id and organisation_id not in known:
            raise NotFound("no such organisation")
        hits = search.find(db, language(), words, organisation_id)
    return render_template(
        "catalogue/index.html",
        hits=hits,
        words=words,
        here=known.get(organisation_id or ""),
        organisations={id: Text(one.title) for id, one in known.items()},
    )


@blueprint.get("/<organisation_id>/<procedure_id>/")
@access.public
def procedure(organisation_id: str, procedure_id: str) -> str:
    """What it is, what it costs, how long it takes, what to have ready."""
    with context().database.reading(organisation_id) as db:
        owner = organisations.get(db, organisation_id)
        version = versions.current(db, procedure_id)
    return render_template(
        "catalogue/procedure.html",
        procedure=version.procedure,
        organisation=owner,
        organisation_title=Text(owner.title),
        department=Text(owner.departments[version.procedure.department]),
        fee=constant_fee(version.procedure),
        roles=acting.offered(version.procedure),
        reception=reception.of(version.procedure, clock.now(), owner.timezone),
    )
