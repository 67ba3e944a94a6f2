"""My account: hearing of procedures that may be for me, only if I want it, and off again at any time."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts import notices, organisations, residents
from core.context import Context
from core.errors import NotFound
from procedures import versions
from translations.text import Text
from web import access
from web import resident as browser
from web.request import context, language

blueprint = Blueprint("my_notices", __name__, url_prefix="/my/notices")


@dataclass(frozen=True)
class Row:
    """A mail that was written."""

    organisation_id: str
    procedure_id: str
    organisation: Text
    title: Text
    sent_on: date


@blueprint.get("")
@access.resident
def show() -> str:
    """Whether it is on, what is used for it, and what was written."""
    ctx = context()
    with ctx.database.reading(browser.scope()) as db:
        consent = notices.given(db)
        account = residents.own(db)
        document = residents.document(db, ctx)
        sent = notices.sent(db, ctx, account)
    profile = document.profile
    return render_template(
        "my/notices.html",
        consent=consent,
        email=document.email,
        other_language=consent is not None and consent.language != language(),
        missing=[name for name in ("born", "address", "household") if not profile.get(name)],
        sent=_rows(ctx, sent),
    )


def _rows(ctx: Context, sent: list[notices.About]) -> list[Row]:
    """With the titles as they are now; procedures that are no more are left out."""
    rows = []
    for one in sent:
        with ctx.database.reading(one.organisation_id) as db:
            try:
                title = versions.current(db, one.procedure_id).procedure.title
            except NotFound:
                continue
            office = Text(organisations.get(db, one.organisation_id).title)
        rows.append(Row(one.organisation_id, one.procedure_id, office, title, one.sent_on))
    return rows


@blueprint.post("")
@access.resident
def change() -> Response:
    """Switch it on, in the language of this page; or off, which deletes what was kept for it."""
    pressed, scope = request.form.get("do"), browser.scope()
    with context().database.writing(scope) as db:
        if pressed == "on":
            notices.give(db, scope.id, language())
        elif pressed == "off":
            notices.withdraw(db)
    return redirect(url_for("my_notices.show"), 303)
