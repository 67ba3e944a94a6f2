"""Finding a procedure, and what to know before starting it."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import groupby

from flask import Blueprint, get_template_attribute, render_template, url_for
from markupsafe import Markup

from accounts import organisations
from accounts.models import Organisation
from core import clock
from core.database import EVERYONE
from core.errors import Message, NotFound
from procedures import reception, search, versions
from procedures.fees import constant_fee
from procedures.finding.occasions import AUDIENCES, LIFE_EVENTS
from procedures.search import Hit
from translations.text import Text
from web import access, acting
from web.before import before
from web.language import Met, met_again, readings_shown, rendered
from web.narrowing import GROUPS, Asked
from web.request import context, language
from workflows import pace

blueprint = Blueprint("catalogue", __name__)


@blueprint.get("/")
@access.public
def index() -> str:
    """Every organisation's procedures, narrowed by words and tags."""
    return _list(Asked.of_request())


@blueprint.get("/<organisation_id>/")
@access.public
def organisation(organisation_id: str) -> str:
    """One organisation's procedures."""
    return _list(Asked.of_request(organisation_id))


@blueprint.get("/life-events/<event>/")
@access.public
def life_event(event: str) -> str:
    """What people need when this happens."""
    if event not in LIFE_EVENTS:
        raise NotFound("no such life event")
    return _list(Asked.of_request(event=event), LIFE_EVENTS[event])


def _list(asked: Asked, heading: Message | None = None) -> str:
    with context().database.reading(EVERYONE) as db:
        known = {one.id: one for one in organisations.all_of_them(db)}
        if asked.organisation and asked.organisation not in known:
            raise NotFound("no such organisation")
        found = search.find(db, language(), asked.words, asked.organisation, asked.tags, asked.page)
        all_of_it = found if found.total else search.find(db, language(), organisation=asked.organisation)
    here = known.get(asked.organisation or "")
    return render_template(
        "catalogue/index.html",
        asked=asked,
        found=found,
        groups=[(place, list(hits)) for place, hits in groupby(found.hits, lambda hit: hit.department)],
        heading=heading,
        here=here,
        events=_events(all_of_it, asked.organisation),
        organisations={id: Text(one.title) for id, one in known.items()},
        departments={name: Text(title) for one in known.values() for name, title in one.departments.items()},
        offered=_offered(found, known, here),
        labels=GROUPS,
        page_url=lambda number: asked.having(page=number).url,
    )


@blueprint.app_template_global()
def hit_card(hit: Hit, organisation: Text, department: Text | None, level: int = 2) -> Markup:
    """What a list shows of one procedure, under a heading of `level`: alike for all readers of a language."""
    card, met = _card(language(), readings_shown(), hit, organisation, department, level)
    met_again(met)
    return card


@lru_cache(maxsize=4096)
def _card(
    _language: str, _readings: bool, hit: Hit, organisation: Text, department: Text | None, level: int
) -> tuple[Markup, Met]:
    macro: Callable[..., Markup] = get_template_attribute("catalogue/parts.html", "hit_card")
    return rendered(lambda: macro(hit, organisation, department, level))


def _events(found: search.Found, organisation: str | None) -> list[tuple[Message, int, str]]:
    """Life events with something of what was found: words, how many, address."""
    if organisation:
        return Asked(organisation=organisation).links(found, "event")
    return [
        (words, count, url_for("catalogue.life_event", event=event))
        for event, words, count in Asked().choices(found, "event")
    ]


def _offered(
    found: search.Found, known: Mapping[str, Organisation], here: Organisation | None
) -> list[tuple[str, int]]:
    """The organisations with something of what was found, or the departments of the one looked at; with how many."""
    if here is None:
        counts = [(id, found.counts.get(f"of:{id}", 0)) for id in known]
    else:
        counts = [(name, found.counts.get(f"department:{name}", 0)) for name in here.departments]
    return [(name, count) for name, count in counts if count]


@blueprint.get("/<organisation_id>/<procedure_id>/")
@access.public
def procedure(organisation_id: str, procedure_id: str) -> str:
    """What it is, what it costs, how long it takes, what to have ready."""
    with context().database.reading(organisation_id) as db:
        owner = organisations.get(db, organisation_id)
        version = versions.current(db, procedure_id)
        known = None if version.procedure.lottery else pace.of(db, procedure_id)
    return render_template(
        "catalogue/procedure.html",
        procedure=version.procedure,
        organisation=owner,
        organisation_title=Text(owner.title),
        department=Text(owner.departments[version.procedure.department]),
        fee=constant_fee(version.procedure),
        pace=known,
        roles=acting.offered(version.procedure),
        reception=reception.of(version.procedure, clock.now(), owner.timezone),
        before=before(version, language(), clock.today(owner.timezone)),
        audiences=[AUDIENCES[each] for each in version.procedure.find_by.audience],
    )
