"""Pages that are shown once more as they were sent, while nothing is done: nothing that was typed is lost.

A view that takes what people type says with `shows` how its page looks with that. It is shown so where the token of the
form does not count (signed in in another tab, a lost cookie), where only the language changes, and once somebody came
back to what this browser could not open any more: on the way there it travels along, sealed, in the pages they see.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, g, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from core.errors import Message, message
from web import envelope
from web.language import switch

Typed = MultiDict[str, str]
Page = Callable[..., Any]
View = TypeVar("View", bound=Callable[..., Any])
LANGUAGE = "lang:"
"""How the buttons that change the language begin."""
_SENT = "sent-by-resident"
_NO_FILES = message("The files that you chose are not in this page any more. Please choose them once more.")
_OWN = ("csrf_token", "page:proof", "page:turn", "do")
"""What pages send of themselves."""


def shows(page: Page, keeps: bool = False) -> Callable[[View], View]:
    """Say how the page of a form is shown as it was sent: ``page(typed, **address)``. Goes directly at the view.

    `page` does nothing. With `keeps`, the view itself keeps what was typed when the language changes.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**given: Any) -> Any:
            pressed = request.form.get("do", "")
            speaks = pressed.startswith(LANGUAGE)
            if not g.get("once_more") and (keeps or not speaks):
                return view(**given)
            if speaks:
                switch(pressed.removeprefix(LANGUAGE))
            if speaks and "typed" not in g:  # what was brought back says so itself
                g.notice = _NO_FILES if files_chosen() else None
            return page(cast(Typed, g.get("typed", request.form)), **given)

        cast(Any, guarded).__again__ = True
        return cast(View, guarded)

    return decorate


def harmless(view: View) -> View:
    """For what may be done without a token that counts, as long as the browser says that a page of this site sent it.

    It only shows something, begins a form in which nothing is yet, or closes what is open in this browser. Other
    sites still cannot send it: starting many forms would make a browser forget its own.
    """
    cast(Any, view).__harmless__ = True
    return view


def from_this_site() -> bool:
    """Whether the browser says that a page of this site sent the request."""
    said = request.headers.get("Sec-Fetch-Site")
    return said == "same-origin" if said else request.headers.get("Origin") == request.host_url.rstrip("/")


def says(name: str) -> bool:
    """Whether the view in hand is marked so (``again``, ``harmless``)."""
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, f"__{name}__", False))


def once_more() -> ResponseReturnValue | None:
    """The page of a form whose token does not count, as it was sent; none where there is none to show.

    Forms of buttons only have their own page, where it is to be seen what the button does.
    """
    endpoint, given = request.endpoint or "", dict(request.view_args or {})
    if says("harmless"):
        return cast(ResponseReturnValue, current_app.view_functions[endpoint](**given))
    if not says("again"):
        try:
            endpoint, found = current_app.url_map.bind("").match(request.path, "GET")
            given = dict(found)
        except HTTPException:
            return None
    answer = _show(endpoint, given, _not_sent())
    return (answer, 422, {"X-Token": "renewed"}) if isinstance(answer, str) else answer


def _show(endpoint: str, given: dict[str, Any], notice: Message | None) -> ResponseReturnValue:
    g.once_more, g.notice = True, notice
    return cast(ResponseReturnValue, current_app.view_functions[endpoint](**given))


def _not_sent() -> Message | None:
    if request.form.get("do", "").startswith(LANGUAGE):
        return _NO_FILES if files_chosen() else None
    if files_chosen():
        return message(
            "This has not been sent yet: the page was open for a long time, or you signed in or out meanwhile. "
            "Nothing typed is lost: choose your files once more, look at the page and send it again."
        )
    return message(
        "This has not been sent yet: the page was open for a long time, or you signed in or out meanwhile. "
        "Nothing is lost: look at it and send it again."
    )


def files_chosen() -> bool:
    """Whether files were sent, which nobody may keep who is not known."""
    return any(one.filename for one in request.files.values())


@dataclass(frozen=True)
class Sent:
    """What was sent where this browser opened nothing any more."""

    path: str
    typed: dict[str, list[str]]
    files: bool
    account: str | None
    """Whose account was open until it was left alone for too long: it is shown to nobody else."""


def sealed(account: str | None = None) -> str:
    """What was sent, for a hidden input of the pages on the way back: readable for the platform alone."""
    typed = {name: values for name, values in request.form.to_dict(flat=False).items() if name not in _OWN}
    return envelope.sealed(_SENT, asdict(Sent(request.path, typed, files_chosen(), account)))


def opened(kept: str) -> Sent | None:
    """What was sealed before; none where it is not ours, or of yesterday."""
    found = envelope.opened(_SENT, kept)
    return Sent(**found) if found else None


def brought_back(sent: Sent) -> ResponseReturnValue:
    """The page as it was sent before, for whoever may open it by now. Raises `NotFound`."""
    endpoint, given = current_app.url_map.bind("").match(sent.path, "POST")
    g.typed = MultiDict((name, value) for name, values in sent.typed.items() for value in values)
    if sent.files:
        notice = message(
            "You can go on. What you typed is here again, but has not been sent yet: choose your files once more, "
            "look at it and send it."
        )
    else:
        notice = message(
            "You can go on. What you typed is here again, but has not been sent yet: look at it and send it."
        )
    return _show(endpoint, dict(given), notice)
