"""Companies that I act for, with what forms ask of them; their name and number as stated, or confirmed by a service."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from accounts import companies, residents
from core import clock
from core.errors import Refused
from forms import profile
from forms.types import FieldError, Raw
from forms.whose import told
from translations.dates import TOKYO
from web import access, again
from web import resident as browser
from web.again import Typed
from web.request import context, language
from web.views.my_profile import typed

blueprint = Blueprint("my_companies", __name__, url_prefix="/my/companies")


@blueprint.get("")
@access.resident
def index() -> str:
    """All of them."""
    with context().database.reading(browser.scope()) as db:
        mine = residents.document(db, context()).companies
    fields = {field.id: field for field in profile.company().fields}
    shown = [(one, profile.summary(fields, one, language())) for one in mine]
    return render_template("my/companies.html", companies=shown)


@blueprint.get("/new")
@access.resident
def new() -> str:
    """Ask what company it is."""
    return _page(None, profile.company().inputs({}), ())


def _page(company: dict[str, object] | None, raw: Raw, errors: tuple[FieldError, ...]) -> str:
    sheet = profile.company()
    shown = sheet.show(raw, clock.today(TOKYO), errors)
    return render_template(
        "my/company.html",
        company=company,
        fields_shown=shown,
        errors=told(sheet.fields, raw, errors),
        switch_form="page-form",
    )


def _new_as_sent(typed: Typed) -> str:
    return _page(None, typed.to_dict(flat=False), ())


@blueprint.post("/new")
@access.resident
@again.shows(_new_as_sent)
def add() -> str | tuple[str, int] | Response:
    """Keep a company by my own statement."""
    return _keep(None, None)


@blueprint.get("/<company_id>")
@access.resident
def edit(company_id: str) -> str:
    """Change what is known of it."""
    company = _find(company_id)
    return _page(company, profile.company().inputs(company), ())


def _as_sent(typed: Typed, company_id: str) -> str:
    return _page(_find(company_id), typed.to_dict(flat=False), ())


@blueprint.post("/<company_id>")
@access.resident
@again.shows(_as_sent)
def change(company_id: str) -> str | tuple[str, int] | Response:
    """Keep what was changed."""
    return _keep(company_id, _find(company_id))


@blueprint.post("/<company_id>/remove")
@access.resident
def remove(company_id: str) -> Response:
    """Take it out of the list; what was sent for it stays."""
    _find(company_id)
    with context().database.writing(browser.scope()) as db:
        companies.remove(db, context(), company_id)
    return redirect(url_for("my_companies.index"), 303)


def _find(id: str) -> dict[str, object]:
    with context().database.reading(browser.scope()) as db:
        return companies.find(residents.document(db, context()), id)


def _keep(id: str | None, company: dict[str, object] | None) -> str | tuple[str, int] | Response:
    sheet, ctx = profile.company(), context()
    pressed, raw = typed()
    if pressed != "next":
        return _page(company, *sheet.act(raw, pressed))
    answers, errors = sheet.read(raw, clock.today(TOKYO))
    if not errors:
        try:
            with ctx.database.writing(browser.scope()) as db:
                companies.declare(db, ctx, answers, id)
            return redirect(url_for("my_companies.index"), 303)
        except Refused as refusal:
            errors = (FieldError("number", refusal.reason),)
    return _page(company, raw, errors), 422
