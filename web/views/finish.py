"""The end of a form: check everything, declare, sign, file once, and keep the reference."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from applications import drafts, filing, queries
from applications.filing import Filed
from applications.journey import ATTACHMENTS, CHECK, SIGN
from core import codes
from core.errors import Message, message
from forms import summary
from forms.contact import contact
from forms.types import FieldError
from procedures import fees
from signing import service as signing
from signing.level import TooMany, TooSoon
from web import access, acting, again, jobs
from web.again import Typed
from web.app import limiter
from web.language import switch_language
from web.opened import Open, change, ended, open_draft
from web.request import context, language
from web.views.apply import KEEP
from workflows import cases

blueprint = Blueprint("finish", __name__, url_prefix="/<organisation_id>/<procedure_id>/apply/<draft_id>")


def _open(organisation_id: str, procedure_id: str, draft_id: str) -> Open:
    with context().database.reading(organisation_id) as db:
        return open_draft(db, organisation_id, procedure_id, draft_id)


def _elsewhere(opened: Open) -> Response | None:
    """Where to go instead while something is missing, or once it was filed."""
    if away := ended(opened):
        return away
    journey = opened.journey
    if journey.unmet:
        return redirect(url_for("apply.not_eligible", **opened.address), 303)
    if journey.first_open != CHECK:
        return redirect(opened.url(journey.first_open), 303)
    if journey.missing_files:
        return redirect(opened.url(ATTACHMENTS), 303)
    return None


@blueprint.get("/check")
@access.applicant
def check(organisation_id: str, procedure_id: str, draft_id: str) -> str | Response:
    """Everything that was answered, the fee, and the declarations."""
    opened = _open(organisation_id, procedure_id, draft_id)
    return _elsewhere(opened) or _check_page(opened, ())


def _check_page(opened: Open, errors: tuple[FieldError, ...]) -> str:
    procedure, journey = opened.version.procedure, opened.journey
    return render_template(
        "apply/check.html",
        sections=summary.sections(procedure, opened.document.answers, language()),
        files=opened.document.files,
        fee=fees.fee_of(procedure, journey.values) if procedure.fee else None,
        declared=opened.document.declared,
        signs=_signs(opened),
        page_url=opened.url,
        errors=errors,
        switch_form="page-form",
        **opened.frame(CHECK),
    )


def _as_declared(typed: Typed, **address: str) -> str | Response:
    opened = _open(**address)
    if away := _elsewhere(opened):
        return away
    take_declared(opened, typed.getlist("declared"))
    return _check_page(opened, ())


@blueprint.post("/check")
@access.applicant
@again.shows(_as_declared, keeps=True)
def declare(organisation_id: str, procedure_id: str, draft_id: str) -> str | tuple[str, int] | Response:
    """Take the declarations; send the code for signing, or file where nothing is to be signed."""
    pressed = request.form.get("do", "next")
    declared = request.form.getlist("declared")

    full: list[TooMany] = []
    stays = pressed in (KEEP, "save") or pressed.startswith("lang:")

    def send_code(db: Session, opened: Open) -> None:
        if not stays and _signs(opened) and not (_elsewhere(opened) or _undeclared(opened)):
            try:
                _request_code(db, opened)
            except TooSoon:  # a double click, or back and forth: the code that is out can be typed
                pass
            except TooMany as refusal:
                full.append(refusal)

    try:
        opened = change(
            organisation_id, procedure_id, draft_id, lambda opened: take_declared(opened, declared), send_code
        )
    except drafts.AlreadyFiled:
        return redirect(url_for("finish.filed", **request.view_args or {}), 303)
    if pressed.startswith("lang:"):
        return switch_language(opened.url(CHECK), pressed)
    if pressed == KEEP:
        return Response(status=204)
    if pressed == "save":
        return redirect(url_for("resume.save", **opened.address), 303)
    if away := _elsewhere(opened):
        return away
    missing = _undeclared(opened)
    if missing:
        return _check_page(opened, missing), 422
    if full:
        return _check_page(opened, (FieldError("page-form", full[0].reason),)), 422
    if not _signs(opened):
        return _file(opened)
    jobs.notify(context())
    return redirect(opened.url(SIGN), 303)


def take_declared(opened: Open, declared: Sequence[str]) -> None:
    """Let the document take which statements were ticked."""
    known = [one.id for one in opened.version.procedure.declarations]
    opened.document.declared = [id for id in known if id in declared]


def _signs(opened: Open) -> bool:
    return opened.version.procedure.signature.level != "none"


def _request_code(db: Session, opened: Open) -> None:
    signing.request_code(db, context(), opened.draft, opened.document, access.browser_nonce())


def _undeclared(opened: Open) -> tuple[FieldError, ...]:
    return tuple(
        FieldError(f"declared-{one.id}", message("To go on, confirm: “%(statement)s”", statement=one.text))
        for one in opened.version.procedure.declarations
        if one.id not in opened.document.declared
    )


def _send_code(opened: Open) -> None:
    ctx = context()
    acting.refuse_ended(opened.document.acting)
    with ctx.database.writing(opened.organisation_id) as db:
        _request_code(db, open_draft(db, opened.organisation_id, opened.draft.procedure_id, opened.draft.id))
    jobs.notify(ctx)


@blueprint.get("/sign")
@access.applicant
def sign(organisation_id: str, procedure_id: str, draft_id: str) -> str | Response:
    """Ask for the code that was mailed."""
    opened = _open(organisation_id, procedure_id, draft_id)
    if away := _elsewhere(opened):
        return away
    if _undeclared(opened):
        return redirect(opened.url(CHECK), 303)
    return _sign_page(opened, ())


def _sign_page(opened: Open, errors: tuple[FieldError, ...], code: str = "") -> str:
    procedure, document = opened.version.procedure, opened.document
    email, answered = signing.address(procedure, document), contact(procedure, document.answers)
    asked = procedure.places.get(answered.email_field or "") if email == answered.email else None
    return render_template(
        "apply/sign.html",
        email=email,
        change_url=opened.url(asked[0].id, change="1") if asked else None,
        most=codes.MOST_IN_WINDOW,
        code=code,
        errors=errors,
        switch_form="page-form",
        **opened.frame(SIGN),
    )


def _as_signed(typed: Typed, **address: str) -> str | Response:
    opened = _open(**address)
    return _elsewhere(opened) or _sign_page(opened, (), typed.get("code", "")[:20])


@blueprint.post("/sign")
@access.applicant
@limiter.limit("30 per hour")
@again.shows(_as_signed)
def confirm(organisation_id: str, procedure_id: str, draft_id: str) -> str | tuple[str, int] | Response:
    """Sign with the code and file; a wrong code costs a try, nothing else."""
    ctx = context()
    opened = _open(organisation_id, procedure_id, draft_id)
    if away := _elsewhere(opened):
        return away
    if _undeclared(opened):
        return redirect(opened.url(CHECK), 303)
    if request.form.get("do") == "resend":
        try:
            _send_code(opened)
        except (TooSoon, TooMany) as refusal:
            return _sign_page(opened, (FieldError("code", refusal.reason),)), 422
        return redirect(opened.url(SIGN), 303)
    typed = request.form.get("code", "")[:20]
    acting.refuse_ended(opened.document.acting)
    try:
        with ctx.database.writing(organisation_id) as db:
            filed = cases.sign_and_file(db, ctx, draft_id, access.browser_nonce(), typed)
    except filing.Incomplete as missing:
        return _mend(opened, missing)
    if isinstance(filed, Message):
        return _sign_page(opened, (FieldError("code", filed),)), 422
    return _done(opened, filed)


def _file(opened: Open) -> Response:
    """File the draft once, whatever happens twice."""
    ctx = context()
    acting.refuse_ended(opened.document.acting)
    try:
        with ctx.database.writing(opened.organisation_id) as db:
            filed = cases.file_application(db, ctx, opened.draft.id)
    except filing.Incomplete as missing:
        return _mend(opened, missing)
    return _done(opened, filed)


def _mend(opened: Open, missing: filing.Incomplete) -> Response:
    """Back to the page where something is missing now, which says what. Raises it where it is about no page."""
    if missing.page in opened.journey.steps:
        return redirect(opened.url(missing.page, mend=1, change=1), 303)
    raise missing


def _done(opened: Open, filed: Filed) -> Response:
    jobs.notify(context())
    access.remember_filed(opened.draft.id, opened.organisation_id, filed.application.id)
    return redirect(url_for("finish.filed", **opened.address), 303)


@blueprint.get("/filed")
@access.applicant
def filed(organisation_id: str, procedure_id: str, draft_id: str) -> str | Response:
    """The reference number, the code to come back with, and what happens next."""
    ctx = context()
    with ctx.database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
        if not opened.draft.filed_as:
            return redirect(opened.url(opened.journey.first_open), 303)
        application = queries.get(db, opened.draft.filed_as)
    access.remember_filed(draft_id, organisation_id, application.id)
    return render_template(
        "apply/filed.html",
        application=application,
        procedure=opened.version.procedure,
        secret=filing.secret_of(ctx, application),
    )
