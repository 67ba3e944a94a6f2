"""Paying a fee: what is due, the way to the provider and back, and what providers report."""

from typing import cast

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from applications.models import Application
from core.context import Context
from core.database import EVERYONE
from core.errors import Misconfigured, NotFound, message
from payments import checkout as checkouts
from payments import ledger, settlement
from payments.models import Checkout
from payments.provider import Forged, HasOwnPage, offered, provider
from procedures import versions
from translations import furigana
from translations.messages import translate
from web import access
from web.request import context, language
from web.settling import settle

blueprint = Blueprint("pay", __name__)
DEMO = "demo"

HEADINGS = {
    "due": message("Pay the fee"),
    "confirming": message("Your payment is being confirmed"),
    "pending": message("Your payment is on its way"),
    "paid": message("The fee is paid"),
    "refunded": message("The fee was paid back"),
    "waived": message("You do not have to pay"),
    "none": message("There is nothing to pay"),
}
"""By the ledger's state, and while a payment is being confirmed."""


@blueprint.get("/pay/<reference>")
@access.applicant
def show(reference: str) -> str:
    """What is to be paid, and how; or that it has been."""
    return _page(reference)


@blueprint.get("/pay/<reference>/returned")
@access.applicant
def returned(reference: str) -> str:
    """Back from the provider. It proves nothing: the page says what the ledger says."""
    return _page(reference, returned=True)


@blueprint.get("/pay/<reference>/cancelled")
@access.applicant
def cancelled(reference: str) -> str:
    """Back from the provider without having paid."""
    return _page(reference, cancelled=True)


@blueprint.post("/pay/<reference>")
@access.applicant
def begin(reference: str) -> Response:
    """Off to the chosen provider's page."""
    ctx = context()
    organisation, application_id = access.organisation_of_case(reference)
    name = request.form.get("provider", "")
    if name not in (each.name for each in offered(ctx.settings)):
        abort(400)
    with ctx.database.writing(organisation) as session:
        checkout = checkouts.reserve(session, application_id, name, language())
    base = ctx.settings.base_url
    started = checkouts.start(
        ctx,
        checkout,
        reference,
        # the provider learns the reference only: a procedure's title may tell of illness or need
        furigana.strip(
            translate(message("Fee for application %(reference)s", reference=reference), checkout.locale)
        ),
        checkouts.Return(
            success=base + url_for("pay.returned", reference=reference),
            cancel=base + url_for("pay.cancelled", reference=reference),
        ),
    )
    with ctx.database.writing(organisation) as session:
        checkouts.record(session, checkout.id, started)
    return redirect(started.url, 303)


@blueprint.get("/pay/demo/<token>")
@access.public
def demo(token: str) -> str:
    """The demo provider's page, which says TEST. Whoever has the token may press its buttons."""
    checkout, reference, ended = _demo_checkout(context(), token)
    return render_template("pay/demo.html", checkout=checkout, reference=reference, ended=ended)


@blueprint.post("/pay/demo/<token>")
@access.public
def demo_press(token: str) -> Response:
    """A button of the demo page: the provider sends its notice, then sends the person back."""
    ctx = context()
    checkout, reference, ended = _demo_checkout(ctx, token)
    button = request.form.get("do")
    if button == "cancel":
        return redirect(url_for("pay.cancelled", reference=reference), 303)
    if button not in ("paid", "failed"):
        abort(400)
    if not ended:
        demo = cast(HasOwnPage, provider(DEMO))
        for event in demo.parse_webhook(ctx, *demo.press(ctx, checkout.id, button)):
            settle(ctx, DEMO, event)
    return redirect(url_for("pay.returned", reference=reference), 303)


@blueprint.post("/webhooks/<name>")
@access.webhook
def notified(name: str) -> tuple[str, int]:
    """A provider reports. 400: not proven; 409: about something not known yet, to be sent again; 204: taken."""
    ctx = context()
    try:
        for event in provider(name).parse_webhook(ctx, request.get_data(), dict(request.headers)):
            settle(ctx, name, event)
    except Forged:
        return "", 400
    except settlement.Unmatched:
        return "", 409
    except Misconfigured:  # a provider that this installation does not use
        return "", 404
    return "", 204


def _page(reference: str, *, returned: bool = False, cancelled: bool = False) -> str:
    ctx = context()
    organisation, _id = access.organisation_of_case(reference)
    with ctx.database.reading(organisation) as session:
        application = access.application_for(session, reference)
        status = ledger.status(session, application.id)
        lines = ledger.lines(session, application.id)
        failed = checkouts.declined(session, application.id)
        title = versions.get(session, application.version_digest).procedure.title
    providers = offered(ctx.settings)
    g.form_targets = tuple(target for each in providers for target in each.form_targets(ctx.settings))
    closed = status.state == "none" or (status.state == "due" and application.outcome is not None)
    confirming = returned and not failed
    return render_template(
        "pay/pay.html",
        heading=HEADINGS[
            "none" if closed else "confirming" if confirming and status.state == "due" else status.state
        ],
        reference=reference,
        title=title,
        status=status,
        closed=closed,
        payable=status.state == "due" and not closed,
        lines=lines,
        providers=providers,
        returned=returned,
        cancelled=cancelled,
        failed=failed,
    )


def _demo_checkout(ctx: Context, token: str) -> tuple[Checkout, str, bool]:
    with ctx.database.reading(EVERYONE) as session:
        checkout = checkouts.get(session, token)
        if checkout.provider != DEMO:
            raise NotFound("no demo checkout")
        reference = session.scalars(
            select(Application.reference).where(Application.id == checkout.application_id)
        ).one()
        return checkout, reference, checkouts.ended(session, token)
