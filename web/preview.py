"""`flask procedures preview`: a file as applicants would meet it, on a platform of its own that forgets everything.

It is the real platform, with real pages, on a database in a temporary folder; beside it a frame in which the author
chooses page, example, language and width, and reads what is wrong. Saving the file shows the new version at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

import pikepdf
import sqlalchemy as sa
from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers

from accounts import organisations
from applications import contents, drafts
from applications.journey import ATTACHMENTS, CHECK, Journey
from applications.models import Draft, UploadedFile
from applications.vault import DraftDocument, FileEntry
from core import clock
from core.context import Context
from core.errors import NotFound
from core.outbox import OutboxMessage
from core.settings import Settings
from core.told import Told, tell
from procedures import compiling, versions
from procedures.checks import check_file
from procedures.definition import Procedure
from procedures.loader import ExampleErrors, Loaded, load
from procedures.problems import DefinitionErrors, Problem, gravest_first
from signing import service as signing
from translations import authors
from translations.languages import LANGUAGES
from web import access, preparing, specimens
from web.app import create_app
from web.request import context, zone

TONGUES = ("ja", "en")
"""Languages of the bar."""
START = "start"
"""The page before the form."""
DOCUMENT = "document:"
"""What stands before the id of a document in the list of pages."""
_OF_EXAMPLES = ("example", "unknown-expected", "no-option", "beyond")
"""Mistakes that are about examples only: the form can be shown all the same."""


@dataclass
class Watched:
    """The file, what is wrong in it, and the newest version of it that could be published."""

    file: Path
    folder: Path
    """The catalogue whose organisations count."""
    stamp: str = ""
    problems: list[Problem] = field(default_factory=list)
    behind: bool = False
    """Whether mistakes keep the form from following the file; those of examples do not."""
    owner: str = ""
    procedure: Procedure | None = None
    _lock: Lock = field(default_factory=Lock, repr=False)

    def look(self, ctx: Context) -> str:
        """Publish the file where it changed; its stamp, which is another one after each change."""
        with self._lock:
            stamp = self._stamp()
            if stamp != self.stamp:
                self._publish(ctx)
                self.stamp = stamp
        return stamp

    def line(self, number: int) -> str:
        """The line of the file that a problem points at, as it is now."""
        try:
            lines = self.file.read_text(errors="replace").splitlines()
        except OSError:
            return ""
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""

    def _stamp(self) -> str:
        try:
            status = self.file.stat()
        except OSError:
            return "gone"
        return f"{status.st_mtime_ns}-{status.st_size}"

    def _publish(self, ctx: Context) -> None:
        self.problems = gravest_first(check_file(self.file))
        self.behind = any(
            problem.severity == "error" and problem.code not in _OF_EXAMPLES for problem in self.problems
        )
        if self.behind:
            return
        try:
            loaded = _loaded(self.file)
            versions.publish_compiled(ctx.database, self.folder, [compiling.compiled(loaded)])
        except DefinitionErrors as error:
            self.problems, self.behind = error.problems, True
            return
        self.owner = organisations.owner_of(self.folder, loaded.procedure.department)
        self.procedure = loaded.procedure


def _loaded(file: Path) -> Loaded:
    """The file with those of its examples that can be filled in."""
    try:
        return load(file)
    except ExampleErrors as error:
        return error.right


def preview_app(file: Path, settings: Settings, data: Path, tongue: str = "en") -> Flask:
    """The platform that previews `file`, with everything it keeps under `data`; its bar speaks `tongue`."""
    own = settings.model_copy(
        update={
            "data_dir": data,
            "database_url": None,
            "redis_url": None,
            "mail_url": None,
            "public_url": None,
            "environment": "demonstration",
            "payment_providers": ("demo",),
            "seal_key": None,
            "rate_limits": False,
        }
    )
    preparing.prepare(Context(own), catalogue=False)  # other files may be wrong, and they take their time
    app = create_app(own)
    app.extensions["preview"] = Watched(file.resolve(), settings.catalogue_dir)
    app.register_blueprint(_blueprint(app.extensions["preview"], tongue))
    app.wsgi_app = _framed(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _blueprint(watched: Watched, tongue: str) -> Blueprint:
    blueprint = Blueprint("preview", __name__, url_prefix="/preview")

    @blueprint.get("/")
    @access.public
    def frame() -> str:
        """The page around it: choices, mistakes, and the form itself in a frame."""
        stamp = watched.look(context())
        chosen = {name: request.args.get(name, "") for name in ("page", "example", "language", "width")}
        bar = request.args.get("bar", "")
        speaks = bar if bar in TONGUES else tongue
        return render_template(
            "preview/frame.html",
            watched=watched,
            stamp=stamp,
            chosen=chosen,
            tags=LANGUAGES,
            tongues=TONGUES,
            speaks=speaks,
            pages=_pages(watched),
            said=lambda text: authors.said(text, speaks),
            tell=lambda msgid, **params: authors.said(tell(msgid, **params), speaks),
        )

    @blueprint.app_context_processor
    def letters() -> dict[str, Any]:
        """What stands where applicants read of a mail, since none is sent."""
        return {
            "mailed_code": lambda draft: authors.said(_mailed_code(draft), tongue),
            "unsent": authors.said(tell("The preview sends no mail. Applicants get one here."), tongue),
        }

    @blueprint.get("/stamp")
    @access.public
    def stamp() -> Response:
        """What changes when the file does."""
        return Response(watched.look(context()), mimetype="text/plain")

    @blueprint.get("/open")
    @access.public
    def open_() -> Any:
        """A fresh draft with the answers of the example, at the page."""
        watched.look(context())
        return redirect(_address(watched), 303)

    @blueprint.get("/document/<id>")
    @access.public
    def document(id: str) -> Response:
        """The document as it would be issued to the applicant of the example (none: the first who may apply)."""
        watched.look(context())
        if watched.procedure is None:
            raise NotFound("the file could not be read yet")
        number, language = request.args.get("example", type=int), request.args.get("language")
        pdf = specimens.document(context(), watched.owner, watched.procedure, id, number, language)
        return Response(pdf, mimetype="application/pdf")

    return blueprint


def _pages(watched: Watched) -> list[tuple[str, str]]:
    """Every step of the form: its id and what to call it."""
    if watched.procedure is None:
        return []
    own = [(page.id, str(page.title)) for page in watched.procedure.pages]
    issued = [
        (DOCUMENT + one.id, tell("document: %(title)s", title=str(one.title)))
        for one in watched.procedure.issue
    ]
    return [
        (START, tell("start page")),
        *own,
        *([(ATTACHMENTS, tell("attachments"))] if watched.procedure.attachments else []),
        (CHECK, tell("check")),
        *issued,
    ]


def _address(watched: Watched) -> str:
    procedure = watched.procedure
    if procedure is None:
        raise NotFound("the file could not be read yet")
    place: dict[str, Any] = {"organisation_id": watched.owner, "procedure_id": procedure.procedure}
    step, language = request.args.get("page") or START, request.args.get("language") or procedure.language
    if step.startswith(DOCUMENT):
        chosen: dict[str, Any] = {name: request.args.get(name) for name in ("example", "language")}
        return url_for("preview.document", id=step.removeprefix(DOCUMENT), **chosen)
    if step == START:
        return url_for("catalogue.procedure", **place, lang=language)
    draft_id, first = _filled(
        watched.owner, procedure.procedure, request.args.get("example", type=int), language
    )
    known = procedure.page(step) or step in (ATTACHMENTS, CHECK)
    step = step if known else first
    if step in (ATTACHMENTS, CHECK):
        endpoint = "attachments.form" if step == ATTACHMENTS else "finish.check"
        return url_for(endpoint, **place, draft_id=draft_id, lang=language)
    return url_for("apply.show", **place, draft_id=draft_id, page_id=step, lang=language)


def _filled(owner: str, procedure_id: str, number: int | None, language: str) -> tuple[str, str]:
    """A new draft with the answers of an example (none: empty), and its first step."""
    ctx = context()
    with ctx.database.writing(owner) as session:
        version = versions.current(session, procedure_id)
        examples = version.procedure.examples
        answers = examples[number].answers if number is not None and 0 <= number < len(examples) else {}
        document = DraftDocument(answers=dict(answers))
        journey = Journey(version.procedure, document, clock.today(zone(owner)))
        document.done = [page.id for page in version.procedure.pages]
        draft = drafts.start(session, ctx, version, language)
        if answers:
            document.files = {one.id: [_paper(session, ctx, draft.id, one.id)] for one in journey.attachments}
            document.done.append(ATTACHMENTS)
        drafts.save(session, ctx, draft, document, 1)
        draft_id, first = draft.id, journey.steps[0]
    access.remember_draft(draft_id)
    return draft_id, first


def _paper(session: Session, ctx: Context, draft_id: str, attachment: str) -> FileEntry:
    """An empty sheet, handed in so that the page after the attachments can be seen."""
    sheet = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(sheet)
    sheet.seek(0)
    id, draft = uuid4().hex, session.get_one(Draft, draft_id)
    stored = contents.keep(ctx, draft.case_key, id, sheet, 100_000)
    row = UploadedFile(
        id=id,
        draft_id=draft_id,
        attachment=attachment,
        storage_key=stored.key,
        media_type="application/pdf",
        size=stored.size,
        sha256=stored.sha256,
    )
    session.add(row)
    return {"id": row.id, "name": "sample.pdf", "size": row.size, "sha256": row.sha256}


def _mailed_code(draft: Draft) -> Told:
    """The last code for `draft`, which nobody gets by mail here."""
    ctx = context()
    with ctx.database.reading(draft.organisation_id) as session:
        mails = sa.select(OutboxMessage).where(OutboxMessage.entity.startswith(f"draft:{draft.id}:signing:"))
        last = session.scalars(mails.order_by(OutboxMessage.id.desc())).first()
        code = signing.mailed_code(ctx, draft.id, last.payload["salt"]) if last else ""
    return tell("The preview sends no mail. The code is %(code)s.", code=code)


def _framed(wsgi: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Let the preview show the platform's own pages in a frame; everywhere else they forbid it."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            changed = Headers(headers)
            policy = changed.get("Content-Security-Policy", "")
            policy = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'; frame-src 'self'")
            changed["Content-Security-Policy"] = policy
            return start_response(status, changed.to_wsgi_list(), *rest)

        return wsgi(environ, started)

    return app
