"""Checking a document: anybody uploads the PDF or types its code. Nothing that is uploaded is kept."""

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from core.database import EVERYONE
from core.errors import Message, message
from core.identifiers import grouped, normalise_code
from documents.issuing import CODE_LENGTH
from forms.types import FieldError
from web import access, again
from web.app import limiter, takes_files
from web.language import switch
from web.request import context

if TYPE_CHECKING:
    from workflows.verification import Verdict

blueprint = Blueprint("verify", __name__, url_prefix="/verify")

MISSES = "20 per 10 minutes"
UPLOADS = "30 per 10 minutes"
NOT_FOUND = 404
Page = str | tuple[str, int]


def _missed(response: Response) -> bool:
    return response.status_code == NOT_FOUND


@blueprint.get("")
@access.public
@limiter.limit(MISSES, deduct_when=_missed)
def form() -> Page:
    """Ask for a file or a code; with ``?code=`` (the square code on a document leads here) answer at once."""
    typed, pressed = request.args.get("code", "")[:60], request.args.get("do", "")
    if pressed.startswith(again.LANGUAGE):
        switch(pressed.removeprefix(again.LANGUAGE))
        return _page(code=typed)
    if not typed.strip():
        empty = (FieldError("code", message("Enter the code.")),) if "code" in request.args else ()
        return _page(errors=empty)
    code = normalise_code(typed)
    if len(code) != CODE_LENGTH:
        wrong = message(
            "The code has %(length)s letters and digits. Check what you typed.", length=CODE_LENGTH
        )
        return _page(errors=(FieldError("code", wrong),), code=typed), 422
    from workflows import verification  # a process starts an eighth sooner without what reads PDFs

    ctx = context()
    with ctx.database.reading(EVERYONE) as session:
        verdict = verification.by_code(session, ctx, code)
    return _page(verdict, code=grouped(code)), NOT_FOUND if verdict.record is None else 200


@blueprint.post("")
@access.public
@limiter.limit(UPLOADS)
@takes_files
@again.harmless
def upload() -> Page:
    """Judge an uploaded PDF."""
    from workflows import verification

    ctx = context()
    limit = ctx.settings.max_upload
    file = request.files.get("document")
    content = file.stream.read(limit + 1) if file else b""
    problem = _problem(content, limit)
    if problem is not None:
        return _page(errors=(FieldError("document", problem),)), 422
    with ctx.database.reading(EVERYONE) as session:
        verdict = verification.verify_pdf(session, ctx, content)
    return _page(verdict)


def _problem(content: bytes, limit: int) -> Message | None:
    if not content:
        return message("Choose the PDF file that you want to check.")
    if len(content) > limit:
        return message("The file is too large: %(most)s MB at most.", most=limit // 1_000_000)
    if b"%PDF-" not in content[:1024]:
        return message("This is not a PDF file. Choose the PDF file exactly as you received it.")
    return None


def _page(verdict: "Verdict | None" = None, errors: tuple[FieldError, ...] = (), code: str = "") -> str:
    return render_template(
        "verify/form.html",
        verdict=verdict,
        errors=errors,
        problems={error.input: error.message for error in errors},
        code=code,
        switch_form="code-form",
    )
