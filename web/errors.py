"""Every error a person can meet, as a page in their language that says what to do next. Never a traceback."""

import structlog
from flask import Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from applications.drafts import AlreadyFiled
from core.errors import Message, NotFound, Refused, Stale, message
from web import access
from workflows.corrections import AlreadySent

log = structlog.get_logger()

PAGES = {
    400: (
        message("This request could not be read"),
        message("Go back, reload the page and try again."),
    ),
    403: (
        message("You cannot open this page"),
        message("Sign in again, or go back to the start page."),
    ),
    404: (
        message("There is no such page"),
        message("Check the address, or look for your procedure on the start page."),
    ),
    405: (
        message("This page cannot be used that way"),
        message("Go back and use the buttons of the page."),
    ),
    413: (
        message("That was too large"),
        message("Choose a smaller file. Photos are accepted up to the size stated on the page."),
    ),
    415: (
        message("This kind of file cannot be read"),
        message("Go back and choose one of the kinds named on the page."),
    ),
    429: (
        message("Too many attempts"),
        message("Wait a few minutes and try again. Nothing was lost."),
    ),
    500: (
        message("Something went wrong on our side"),
        message("What you saved is still there. Try again in a few minutes; if it stays, call the office."),
    ),
}


def _page(
    status: int, title: object = None, advice: object = None, onward: tuple[str, Message] | None = None
) -> tuple[str, int]:
    """The page; `onward` is an address to go on from it, with the words of its button."""
    known = PAGES.get(status, PAGES[500] if status >= 500 else PAGES[400])
    return render_template(
        "error.html", status=status, title=title or known[0], advice=advice or known[1], onward=onward
    ), status


def forged(_error: CSRFError) -> ResponseReturnValue:
    """For a form without the token of this session, where there is no page to be shown as it was sent."""
    above = access.page_above()
    return _page(
        400,
        message("This page was open for too long"),
        message("Nothing has been done. Open the page again and press the button once more."),
        (above, message("Open the page again")) if above else None,
    )


def missing(_error: NotFound) -> ResponseReturnValue:
    """For what is not there, or not for this person."""
    return _page(404)


def _sent_before(error: Refused, case: str) -> ResponseReturnValue:
    """For a page that was left open after the same form was sent from another one."""
    advice = message("What stands on this page now is not part of it. See what was sent and how it stands.")
    return _page(409, error.reason, advice, (case, message("See how it stands")))


def install(app: Flask) -> None:
    """Answer every error of `app` with a page."""

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        if error.code is not None and error.code < 400:
            return error.get_response()
        return _page(error.code or 500)

    app.register_error_handler(NotFound, missing)

    @app.errorhandler(Stale)
    def stale(error: Stale) -> ResponseReturnValue:
        return _page(
            409, error.reason, message("Reload the page to see how it stands now, then decide again.")
        )

    @app.errorhandler(AlreadyFiled)
    def filed(error: AlreadyFiled) -> ResponseReturnValue:
        given = request.view_args or {}
        names = ("organisation_id", "procedure_id", "draft_id")
        if not given.keys() >= set(names):
            return refused(error)
        return _sent_before(error, url_for("finish.filed", **{name: given[name] for name in names}))

    @app.errorhandler(AlreadySent)
    def corrected(error: AlreadySent) -> ResponseReturnValue:
        return _sent_before(error, url_for("status.show", reference=(request.view_args or {})["reference"]))

    @app.errorhandler(Refused)
    def refused(error: Refused) -> ResponseReturnValue:
        return _page(409, error.reason, message("Go back to continue."))

    @app.errorhandler(Exception)
    def broken(error: Exception) -> ResponseReturnValue:
        log.error("request_failed", endpoint=request.endpoint, error=type(error).__name__, exc_info=app.debug)
        if app.testing:
            raise error
        return _page(500)
