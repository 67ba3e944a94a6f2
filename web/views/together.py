"""Several procedures of one life event at once: what is shared is typed once, each is sent on its own.

The browser remembers which drafts belong together; they are ordinary drafts and outlive it. An answer goes from one to
another only after the person saw it and agreed, and is shown with its source until it is changed or confirmed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from accounts import holdings, organisations
from applications import drafts, queries
from applications.vault import DraftDocument
from core import clock
from core.database import EVERYONE
from core.errors import Message, NotFound, message
from forms import sharing
from forms.sharing import Other, Shared
from forms.types import FieldError, Label, Line, type_of
from procedures import reception, search, versions
from procedures.definition import Procedure
from procedures.finding.occasions import LIFE_EVENTS
from procedures.versions import Version
from translations.text import Text
from web import access, again, resident
from web.again import Typed
from web.app import STARTS, limiter
from web.opened import Open, change, open_draft
from web.request import context, language, zone
from web.views.prefill import take_back

blueprint = Blueprint("together", __name__)
MOST = 8
"""Drafts in one bundle."""
SOURCE = "together"
_COOKIE = "together"


@dataclass(frozen=True)
class Part:
    """One procedure of the bundle; `reference` once it was sent."""

    opened: Open
    organisation: Text
    reference: str | None
    other: Other

    @property
    def id(self) -> str:
        """The draft's."""
        return self.opened.draft.id

    @property
    def begun(self) -> bool:
        """Whether something was filled in."""
        return bool(self.opened.document.done or self.opened.document.raw)


@blueprint.get("/life-events/<event>/together")
@access.public
def choose(event: str) -> str:
    """What may be started together when this happens."""
    return _choice(event, (), ())


def _as_sent(typed: Typed, event: str) -> str:
    return _choice(event, typed.getlist("procedure"), ())


def _choice(event: str, ticked: Sequence[str], errors: tuple[FieldError, ...]) -> str:
    if event not in LIFE_EVENTS:
        raise NotFound("no such life event")
    with context().database.reading(EVERYONE) as db:
        found = search.find(db, language(), tags=[f"event:{event}"])
        known = {one.id: Text(one.title) for one in organisations.all_of_them(db)}
    return render_template(
        "together/choose.html",
        event=event,
        heading=LIFE_EVENTS[event],
        hits=found.hits,
        more=found.total > len(found.hits),
        organisations=known,
        ticked=ticked,
        errors=errors,
        switch_form="page-form",
    )


@blueprint.post("/life-events/<event>/together")
@access.public
@limiter.limit(STARTS)
@again.harmless
@again.shows(_as_sent)
def begin(event: str) -> Response | tuple[str, int]:
    """Start a draft of each procedure that was ticked and takes applications now."""
    ticked = request.form.getlist("procedure")
    wanted = dict.fromkeys(ticked)
    problem = _problem(len(wanted))
    if problem:
        return _choice(event, ticked, (FieldError("procedures", problem),)), 422
    started = [_start(*name.partition("/")[::2]) for name in wanted]
    session[_COOKIE] = [part for part in started if part]
    if not session[_COOKIE]:
        closed = message("None of these takes applications at the moment.")
        return _choice(event, ticked, (FieldError("procedures", closed),)), 422
    return redirect(url_for("together.progress"), 303)


def _problem(number: int) -> Message | None:
    if not number:
        return message("Tick what you want to apply for.")
    if number > MOST:
        return message("Tick at most %(most)s at once.", most=MOST)
    return None


def _start(organisation_id: str, procedure_id: str) -> list[str] | None:
    """The new draft as the browser remembers it; none where no applications are taken. Raises `NotFound`."""
    ctx = context()
    with ctx.database.reading(EVERYONE) as db:
        if organisation_id not in {one.id for one in organisations.all_of_them(db)}:
            raise NotFound("no such organisation")
    with ctx.database.reading(organisation_id) as db:
        version = versions.current(db, procedure_id)
    if not reception.of(version.procedure, clock.now(), zone(organisation_id)).open:
        return None
    with ctx.database.writing(organisation_id) as db:
        draft = drafts.start(db, ctx, version, language(), DraftDocument())
    if not resident.keep(holdings.DRAFT, organisation_id, draft.id):
        access.remember_draft(draft.id)
    return [organisation_id, procedure_id, draft.id]


@blueprint.get("/together")
@access.applicant
def progress() -> str:
    """How far each of them is."""
    parts = list(_parts())
    if not parts:
        raise NotFound("no forms of this browser belong together")
    return render_template(
        "together/progress.html",
        parts=[(part, bool(_offered(part, parts))) for part in parts],
        sent=sum(part.reference is not None for part in parts),
    )


def _parts() -> Iterator[Part]:
    """The drafts that this browser remembers and still may open."""
    ctx = context()
    for organisation_id, procedure_id, draft_id in session.get(_COOKIE, []):
        with ctx.database.reading(organisation_id) as db:
            try:
                opened = open_draft(db, organisation_id, procedure_id, draft_id)
            except NotFound:  # forgotten after its time, or held by an account that is closed now
                continue
            title, reference = Text(organisations.get(db, organisation_id).title), None
            answers = opened.document.answers
            if opened.draft.filed_as:
                application = queries.get(db, opened.draft.filed_as)
                reference = application.reference
                answers = queries.document(db, ctx, application).answers
            yield Part(opened, title, reference, Other(draft_id, opened.version.procedure, answers))


def _offered(part: Part, parts: Sequence[Part]) -> dict[str, Shared]:
    """What the others have that this one asks for and does not have yet."""
    if part.reference:
        return {}
    others = [one.other for one in parts if one.id != part.id]
    found = sharing.answers(part.opened.version.procedure, others, language())
    has = part.opened.document.answers.keys() | (part.opened.document.prefill.get("values") or {}).keys()
    return {id: shared for id, shared in found.items() if id not in has}


@blueprint.get("/together/<draft_id>")
@access.applicant
def ask(draft_id: str) -> str | Response:
    """What could be filled in from the others, with where it comes from; or what was."""
    parts = list(_parts())
    part = _part(parts, draft_id)
    if part.reference:
        return redirect(url_for("together.progress"), 303)
    forms = {one.id: one.opened.version.procedure for one in parts}
    offered = _offered(part, parts)
    kept = part.opened.document.prefill
    used: dict[str, Shared] = {}
    if kept.get("source") == SOURCE:
        used = {id: Shared(value, kept["sources"].get(id, "")) for id, value in kept["values"].items()}
    return render_template(
        "together/ask.html",
        part=part,
        offered=_rows(part.opened.version, offered, forms),
        used=_rows(part.opened.version, used, forms),
    )


@dataclass(frozen=True)
class Row:
    """An answer to take over: what it is called here, and where it comes from."""

    label: Label | str
    lines: Sequence[Line]
    form: Text | None
    """The title of the form it was typed in; none where this browser does not know it any more."""
    called: Label | None
    """What it is called there, where that is something else."""


def _rows(version: Version, shared: Mapping[str, Shared], forms: Mapping[str, Procedure]) -> list[Row]:
    found = []
    for field in version.procedure.fields():
        if field.id not in shared:
            continue
        one = shared[field.id]
        source, label = forms.get(one.source), field.own_label() or field.id
        there = (
            next((it.own_label() for it in source.fields() if it.id == field.id), None) if source else None
        )
        lines = type_of(field).lines(field, one.value, language())
        found.append(Row(label, lines, source.title if source else None, there if there != label else None))
    return found


def _part(parts: Sequence[Part], draft_id: str) -> Part:
    for part in parts:
        if part.id == draft_id:
            return part
    raise NotFound("not a draft of this bundle")


@blueprint.post("/together/<draft_id>")
@access.applicant
def decide(draft_id: str) -> Response:
    """Fill in what was agreed to, leave it, or take back what was filled in and is not sent yet."""
    parts = list(_parts())
    part = _part(parts, draft_id)
    pressed = request.form.get("do")
    if part.reference or pressed not in ("yes", "back"):
        return redirect(url_for("together.progress"), 303)
    shared = _offered(part, parts) if pressed == "yes" else {}

    def take(latest: Open) -> None:
        kept = latest.document.prefill if latest.document.prefill.get("source") == SOURCE else {}
        if pressed == "back" and kept:
            take_back(latest)
            latest.document.prefill = {"consent": "no", "at": _now()}
            return
        values = {**(latest.document.prefill.get("values") or {})}
        latest.document.prefill = {
            "consent": "yes",
            "at": _now(),
            "source": SOURCE,
            "values": values | {id: one.value for id, one in shared.items()},
            "sources": {**kept.get("sources", {}), **{id: one.source for id, one in shared.items()}},
        }

    opened = change(part.opened.organisation_id, part.opened.draft.procedure_id, draft_id, take)
    return redirect(opened.url(opened.journey.first_open), 303)


def _now() -> str:
    return clock.now().isoformat(timespec="seconds")
