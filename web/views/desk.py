"""The clerk's desk: queues, cases, steps, corrections, notes, files."""

from contextlib import AbstractContextManager
from typing import Any, get_args
from uuid import uuid4

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from accounts import organisations
from accounts.models import Clerk, Organisation
from applications import queries
from core.errors import Message, NotFound, message
from documents import archive
from procedures import search
from translations.text import Text
from web import access, jobs
from web.request import context, language
from web.sandbox import issued_file, sandboxed, strangers_file
from workflows import cases, corrections, desk, dossier, messages, numbers
from workflows.case import acting, reads

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
TAKING = ("reviewer", "chief")
"""The roles that work on cases."""
SHOWN = (
    ("open", message("All open cases")),
    ("mine", message("My cases")),
    ("unassigned", message("Nobody's cases")),
    ("overdue", message("Overdue cases")),
    ("applicant", message("Waiting for the applicant")),
    ("messages", message("Cases with a new message")),
    ("closed", message("Closed cases")),
    ("all", message("All cases")),
)
LONGEST = 4000
LIST = "list"
"""Which list of cases a clerk looked at last, in their cookie: a case leads back to it, whatever was done there."""


def _reading() -> AbstractContextManager[Session]:
    return context().database.reading(g.clerk.organisation_id)


def _writing() -> AbstractContextManager[Session]:
    return context().database.writing(g.clerk.organisation_id)


def _desks(office: Organisation, clerk: Clerk) -> dict[str, Text]:
    """The desks whose cases the clerk reads, in the organisation's order."""
    return {id: Text(title) for id, title in office.desks.items() if reads(clerk, id)}


def own_desk(db: Session, id: str) -> Text:
    """The title of a desk of this clerk. Raises `NotFound`."""
    desks = _desks(organisations.get(db, g.clerk.organisation_id), g.clerk)
    if id not in desks:
        raise NotFound("not a desk of this clerk")
    return desks[id]


@blueprint.get("")
@access.clerk()
def index() -> str | Response:
    """The clerk's desks with what waits there; who only writes procedures has none and is led to those."""
    with _reading() as db:
        office = organisations.get(db, g.clerk.organisation_id)
        titles = _desks(office, g.clerk)
        if not titles and any(duty.role == "author" for duty in g.clerk.duties):
            return redirect(url_for("authors.index"))
        loads = desk.overview(db, list(titles), g.clerk)
    return render_template("desk/index.html", organisation=Text(office.title), titles=titles, loads=loads)


@blueprint.get("/<desk_id>")
@access.clerk()
def queue(desk_id: str) -> str:
    """One desk's cases, the most urgent first."""
    shown = request.args.get("show", "open")
    filters = desk.Filters(
        show=shown if shown in get_args(desk.Show) else "open",  # type: ignore[arg-type]
        procedure=request.args.get("procedure", "")[:60],
        reference=request.args.get("reference", "")[:40],
        page=request.args.get("page", 1, type=int),
        by_score=request.args.get("sort") == "score",
    )
    with _reading() as db:
        title = own_desk(db, desk_id)
        page = desk.queue(db, context(), desk_id, filters, g.clerk)
        offered = search.titles(db, language(), desk.procedures(db, desk_id))
    kept: dict[str, Any] = {
        "show": filters.show,
        "procedure": filters.procedure,
        "reference": filters.reference,
        "sort": "score" if filters.by_score else "",
    }
    narrowed = {name: value for name, value in kept.items() if value and name != "reference"}
    session[LIST] = {"desk_id": desk_id, **narrowed, "page": page.paging.number}
    return render_template(
        "desk/queue.html",
        desk_id=desk_id,
        title=title,
        page=page,
        filters=filters,
        choices=SHOWN,
        procedures=offered,
        page_url=lambda number: url_for("desk.queue", desk_id=desk_id, page=number, **kept),
    )


@blueprint.post("/<desk_id>/next")
@access.clerk(*TAKING)
def take_next(desk_id: str) -> Response:
    """Give the clerk the most urgent case that is nobody's."""
    with _writing() as db:
        own_desk(db, desk_id)
        found = desk.take_next(db, context(), desk_id, g.clerk)
    if found is None:
        return redirect(url_for("desk.queue", desk_id=desk_id, show="unassigned"), 303)
    return redirect(url_for("desk.case", application_id=found), 303)


@blueprint.get("/cases/<application_id>")
@access.clerk()
def case(application_id: str) -> str:
    """The case with everything that is needed to decide; that the clerk saw it is kept."""
    with _writing() as db:
        view = desk.case(db, context(), application_id, g.clerk, language())
        title = Text(organisations.get(db, g.clerk.organisation_id).desks[view.application.desk])
        page = request.args.get("messages", 1, type=int)
        said, paging = messages.thread(db, context(), application_id, page)
        desk.viewed(db, application_id, g.clerk)
    return render_template(
        "desk/case.html",
        view=view,
        desk_title=title,
        list_url=_list_url(view.application.desk),
        may_take=bool(acting(g.clerk, view.application.desk).roles.intersection(TAKING)),
        said=said,
        paging=paging,
        messages_url=lambda page: (
            url_for("desk.case", application_id=application_id, messages=page) + "#messages"
        ),
        once=uuid4().hex,
        shows_numbers=numbers.may_show(g.clerk, view.application.desk),
    )


def _list_url(desk_id: str) -> str:
    """The list that the clerk comes from, as it was narrowed down."""
    seen: dict[str, Any] = session.get(LIST, {})
    return url_for("desk.queue", **(seen if seen.get("desk_id") == desk_id else {"desk_id": desk_id}))


def _seen() -> int:
    return request.form.get("seen", 0, type=int)


def _text(name: str) -> str:
    return request.form.get(name, "").strip()[:LONGEST]


def _back(application_id: str) -> Response:
    jobs.notify(context())
    return redirect(url_for("desk.case", application_id=application_id), 303)


@blueprint.post("/cases/<application_id>/step")
@access.clerk()
def step(application_id: str) -> Response:
    """Take a step that the workflow offers to this clerk now."""
    transition = _text("transition")
    with _writing() as db:
        reason, comment = _text(f"reason-{transition}"), _text(f"comment-{transition}")
        cases.take(db, context(), application_id, transition, g.clerk, _seen(), reason, comment)
    return _back(application_id)


@blueprint.get("/cases/<application_id>/correction")
@access.clerk("reviewer")
def ask_correction(application_id: str) -> str:
    """Choose the answers to be corrected and say why."""
    return _correction_page(application_id, {}, None)


def _correction_page(application_id: str, remarks: dict[str, str], problem: Message | None) -> str:
    with _writing() as db:
        view = desk.case(db, context(), application_id, g.clerk, language())
        desk.viewed(db, application_id, g.clerk)
    answers = {row.field: row.lines for section in view.sections for row in section.rows}
    return render_template(
        "desk/correction.html",
        view=view,
        answers=answers,
        remarks=remarks,
        problem=problem,
        errors=problem and [problem],
    )


@blueprint.post("/cases/<application_id>/correction")
@access.clerk("reviewer")
def request_correction(application_id: str) -> tuple[str, int] | Response:
    """Send the applicant the request; the clock stands until they answer."""
    prefix = "remark-"
    remarks = {
        name.removeprefix(prefix): text.strip()[:LONGEST]
        for name, text in request.form.items()
        if name.startswith(prefix) and text.strip()
    }
    if not remarks:
        nothing = message("Write a remark for at least one answer or attachment.")
        return _correction_page(application_id, remarks, nothing), 422
    with _writing() as db:
        corrections.request_correction(db, context(), application_id, g.clerk, _seen(), remarks)
    return _back(application_id)


@blueprint.post("/cases/<application_id>/assign")
@access.clerk()
def assign(application_id: str) -> Response:
    """Give the case to somebody of the desk, or back to the desk."""
    with _writing() as db:
        desk.assign(db, context(), application_id, g.clerk, _text("clerk") or None, _seen())
    return _back(application_id)


@blueprint.post("/cases/<application_id>/note")
@access.clerk()
def note(application_id: str) -> Response:
    """Leave a note for colleagues."""
    with _writing() as db:
        cases.comment(db, context(), application_id, g.clerk, _text("note"))
    return _back(application_id)


@blueprint.post("/cases/<application_id>/numbers/<question>")
@access.clerk(*numbers.ROLES)
def number(application_id: str, question: str) -> str:
    """An individual number, whole. Each time is in the audit log, so it needs a button and not a link."""
    with _writing() as db:
        shown = numbers.show(db, context(), application_id, question, g.clerk, language())
    return render_template("desk/number.html", number=shown, application_id=application_id)


@blueprint.get("/cases/<application_id>/files/<file_id>")
@access.clerk()
def file(application_id: str, file_id: str) -> Response:
    """A file that was handed in. It is never rendered with the rights of this site."""
    with _writing() as db:
        found = dossier.file_of(db, context(), application_id, file_id, g.clerk)
        desk.viewed(db, application_id, g.clerk)
        key = queries.get(db, application_id).case_key
    return strangers_file(key, found.row, found.name)


@blueprint.get("/cases/<application_id>/documents/<document_id>")
@access.clerk()
def document(application_id: str, document_id: str) -> Response:
    """A document that was issued."""
    with _writing() as db:
        view = desk.case(db, context(), application_id, g.clerk, language())
        issued = archive.of_application(db, application_id, document_id)
        desk.viewed(db, application_id, g.clerk)
    name = f"{view.application.reference}-{document_id.lstrip('-')}.pdf"
    return sandboxed(issued_file(view.application.case_key, issued, name))
