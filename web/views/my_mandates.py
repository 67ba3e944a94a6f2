"""Mandates: letting somebody apply for me, accepting to apply for somebody, and ending it."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from accounts import companies, mandates, organisations, residents
from accounts.mandates import MandateDocument
from core import clock
from core.database import EVERYONE
from core.errors import NotFound, Refused, message
from forms.sheet import Sheet, question
from forms.types import FieldError, Raw
from forms.whose import told
from procedures import versions
from translations.dates import TOKYO
from translations.text import Text
from web import access, again, jobs
from web import resident as browser
from web.again import Typed
from web.app import limiter
from web.request import context, language
from web.views.my_profile import typed

blueprint = Blueprint("my_mandates", __name__, url_prefix="/my/mandates")


def _sheet() -> Sheet:
    return Sheet(
        (
            question(
                message("Your name, as the delegate knows you"), id="mandator", type="text", max_length=100
            ),
            question(message("Name of the delegate"), id="delegate", type="text", max_length=100),
            question(message("E-mail address of the delegate"), id="email", type="email"),
            question(message("Valid until"), id="until", type="date", min="today"),
        )
    )


@blueprint.get("")
@access.resident
def index() -> str:
    """What I gave, what I got, and what I am invited to."""
    ctx, mine = context(), browser.scope().id
    with ctx.database.reading(EVERYONE) as db:
        given, got = mandates.given(db, ctx, mine), mandates.got(db, ctx, mine)
        invitations, departments = mandates.invitations(db, ctx, mine), _departments(db)
    names = {name for one in (*given, *got, *invitations) for name in one.procedures}
    return render_template(
        "my/mandates.html",
        given=given,
        got=got,
        invitations=invitations,
        departments=departments,
        titles=_titles(names),
    )


def _departments(db: Session) -> dict[str, tuple[str, Text, Text]]:
    """Every department: its organisation, that one's title, and its own."""
    return {
        id: (organisation.id, Text(organisation.title), Text(title))
        for organisation in organisations.all_of_them(db)
        for id, title in organisation.departments.items()
    }


def _titles(names: Iterable[str]) -> dict[str, Text]:
    """Titles of procedures by ``department/procedure``; those that are no more are left out."""
    found: dict[str, Text] = {}
    with context().database.reading(EVERYONE) as db:
        known = _departments(db)
    for name in names:
        department, _, id = name.partition("/")
        if department not in known:
            continue
        with context().database.reading(known[department][0]) as db, suppress(NotFound):
            procedure = versions.current(db, id).procedure
            if procedure.department == department:
                found[name] = procedure.title
    return found


@blueprint.get("/new")
@access.resident
def new() -> str:
    """Ask whom I let apply for me, for what and how long."""
    sheet = _sheet()
    with context().database.reading(browser.scope()) as db:
        name = residents.document(db, context()).profile.get("name") or {}
    known = " ".join(name[part] for part in ("family", "given") if name.get(part))
    wanted = request.args.get("procedure", "")
    return _page(sheet, {**sheet.inputs({"mandator": known}), "procedures": [wanted] if wanted else []}, ())


def _page(sheet: Sheet, raw: Raw, errors: tuple[FieldError, ...]) -> str:
    ctx = context()
    with ctx.database.reading(browser.scope()) as db:
        mine = residents.document(db, ctx).companies
    with ctx.database.reading(EVERYONE) as db:
        departments = _departments(db)
    return render_template(
        "my/mandate.html",
        fields_shown=sheet.show(raw, clock.today(TOKYO), errors),
        companies=mine,
        company=(raw.get("company") or [""])[0],
        departments=departments,
        chosen=raw.get("departments", ()),
        everything="everything" in raw,
        procedures=_titles(raw.get("procedures", ())),
        errors=told(sheet.fields, raw, errors),
        switch_form="page-form",
    )


def _as_sent(typed: Typed) -> str:
    return _page(_sheet(), typed.to_dict(flat=False), ())


@blueprint.post("/new")
@access.resident
@limiter.limit("20 per hour")
@again.shows(_as_sent)
def invite() -> str | tuple[str, int] | Response:
    """Write it down and mail the invitation."""
    sheet, ctx = _sheet(), context()
    pressed, raw = typed()
    if pressed != "next":
        return _page(sheet, *sheet.act(raw, pressed))
    answers, errors = sheet.read(raw, clock.today(TOKYO))
    with ctx.database.reading(EVERYONE) as db:
        known = _departments(db)
    departments = [id for id in raw.get("departments", ()) if id in known]
    procedures = list(_titles(raw.get("procedures", ())))
    if not departments and not procedures and "everything" not in raw:
        errors = (*errors, FieldError("everything", message("Choose what the mandate is for.")))
    if errors:
        return _page(sheet, raw, errors), 422
    if "everything" in raw:
        departments, procedures = [], []
    document = MandateDocument(
        answers["mandator"], answers["delegate"], answers["email"], _company(raw), language()
    )
    until = date.fromisoformat(answers["until"])
    try:
        with ctx.database.writing(EVERYONE) as db:
            mandates.invite(db, ctx, browser.scope().id, document, procedures, departments, until)
    except Refused as refusal:
        return _page(sheet, raw, (FieldError("email", refusal.reason),)), 422
    jobs.notify(ctx)
    return redirect(url_for("my_mandates.index"), 303)


def _company(raw: Raw) -> dict[str, object] | None:
    id = (raw.get("company") or [""])[0]
    if not id:
        return None
    with context().database.reading(browser.scope()) as db:
        found = companies.find(residents.document(db, context()), id)
    return {name: found[name] for name in ("number", "name", "source")}


@blueprint.post("/<mandate_id>/accept")
@access.resident
def accept(mandate_id: str) -> Response:
    """Accept what I am invited to."""
    with context().database.writing(EVERYONE) as db:
        mandates.accept(db, browser.scope().id, mandate_id)
    return redirect(url_for("my_mandates.index"), 303)


@blueprint.post("/<mandate_id>/end")
@access.resident
def end(mandate_id: str) -> Response:
    """Revoke, resign or decline: at once."""
    with context().database.writing(EVERYONE) as db:
        mandates.end(db, browser.scope().id, mandate_id)
    return redirect(url_for("my_mandates.index"), 303)
