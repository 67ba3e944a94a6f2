"""My profile: what I type once for all forms, an entry a page."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts import residents
from applications import queries
from core import clock
from core.errors import NotFound
from forms import prefill, profile
from forms.sheet import Sheet
from forms.types import FieldError, Raw
from forms.whose import told
from procedures import versions
from procedures.definition.base import Json
from translations.dates import TOKYO
from web import access, again
from web import resident as browser
from web.again import Typed
from web.request import context, language

blueprint = Blueprint("my_profile", __name__, url_prefix="/my")


@blueprint.get("/profile")
@access.resident
def form() -> str:
    """Every entry with what is stored."""
    with context().database.reading(browser.scope()) as db:
        stored = residents.document(db, context()).profile
    return render_template("my/profile.html", entries=profile.summary(profile.entries(), stored, language()))


def _sheet(entry: str) -> Sheet:
    field = profile.entries().get(entry)
    if field is None:
        raise NotFound("no such entry")
    return Sheet((field,))


@blueprint.get("/profile/<entry>")
@access.resident
def edit(entry: str) -> str:
    """One entry, to be changed."""
    sheet = _sheet(entry)
    with context().database.reading(browser.scope()) as db:
        stored = residents.document(db, context()).profile
    return _page(entry, sheet, sheet.inputs(stored), ())


def _page(entry: str, sheet: Sheet, raw: Raw, errors: tuple[FieldError, ...]) -> str:
    shown = sheet.show(raw, clock.today(TOKYO), errors)
    return render_template(
        "my/entry.html",
        entry=entry,
        fields_shown=shown,
        errors=told(sheet.fields, raw, errors),
        switch_form="page-form",
    )


def _as_sent(typed: Typed, entry: str) -> str:
    return _page(entry, _sheet(entry), typed.to_dict(flat=False), ())


@blueprint.post("/profile/<entry>")
@access.resident
@again.shows(_as_sent)
def keep(entry: str) -> str | tuple[str, int] | Response:
    """Keep the entry; an empty one is removed."""
    sheet, ctx = _sheet(entry), context()
    pressed, raw = typed()
    if pressed != "next":
        return _page(entry, sheet, *sheet.act(raw, pressed))
    answers, errors = sheet.read(raw, clock.today(TOKYO))
    if errors:
        return _page(entry, sheet, raw, errors), 422
    with ctx.database.writing(browser.scope()) as db:
        residents.change(db, ctx, lambda document: _put(document.profile, answers))
    return redirect(url_for("my_profile.form"), 303)


def _put(stored: dict[str, Json], answers: Mapping[str, Json]) -> None:
    """Take over `answers`; what is empty goes."""
    for name, value in answers.items():
        stored.pop(name, None)
        if value:
            stored[name] = value


def typed() -> tuple[str, dict[str, list[str]]]:
    """The button that was pressed, and what was typed."""
    raw = request.form.to_dict(flat=False)
    raw.pop("csrf_token", None)
    return (raw.pop("do", None) or ["next"])[-1], raw


@blueprint.get("/cases/<reference>/store")
@access.resident
def offer(reference: str) -> str:
    """Ask which answers of an application to keep for later forms."""
    return _offer(reference, ())


def _as_ticked(typed: Typed, reference: str) -> str:
    return _offer(reference, typed.getlist("store"))


def _offer(reference: str, ticked: Sequence[str]) -> str:
    entries = _entries(reference)
    if entries is None:
        return render_template("my/store.html", reference=reference, entries=None)
    with context().database.reading(browser.scope()) as db:
        stored = residents.document(db, context()).profile
    new = [one for one in entries if stored.get(one.name) != one.value]
    return render_template(
        "my/store.html",
        reference=reference,
        entries=new,
        stored=stored,
        ticked=ticked,
        switch_form="page-form" if new else None,
    )


@blueprint.post("/cases/<reference>/store")
@access.resident
@again.shows(_as_ticked)
def store(reference: str) -> Response:
    """Keep the ticked answers, each in place of what is stored."""
    chosen = set(request.form.getlist("store"))
    taken = {one.name: one.value for one in _entries(reference) or () if one.name in chosen}
    with context().database.writing(browser.scope()) as db:
        residents.change(db, context(), lambda document: _put(document.profile, taken))
    return redirect(url_for("my_profile.form"), 303)


def _entries(reference: str) -> list[prefill.Entry] | None:
    """The answers of my application that a profile can hold; none where they are a company's or somebody else's."""
    organisation, application_id = access.organisation_of_case(reference)
    with context().database.reading(organisation) as db:
        application = queries.get(db, application_id)
        document = queries.document(db, context(), application)
        procedure = versions.get(db, application.version_digest).procedure
    if document.acting:
        return None
    return prefill.entries(procedure, document.answers, language())
