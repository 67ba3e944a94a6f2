"""Who may use a view. Every view says it with one of these decorators; a test of the house walks all routes.

Guests need no account: a browser may open the drafts and cases whose ids stand in its signed cookie. They get there by
starting, by filing, or by proving themselves with a code. Whoever is signed in may open what their account holds, too
(`web.resident`); for guests that costs no query.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, g, redirect, request, session, url_for
from itsdangerous import BadSignature, TimestampSigner
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from accounts import holdings
from applications.models import Application
from core import clock
from core.database import EVERYONE, Prepared
from core.errors import MadoguchiError, NotFound
from core.identifiers import secret
from web import again
from web import clerk as clerks
from web import resident as residents
from web.request import context


class NotHeld(NotFound):
    """Raise it for a draft that this browser does not hold, or no longer: a code can bring it back."""


class CaseNotHeld(NotFound):
    """Raise it for a case that this browser does not hold, or no longer: a code can bring it back."""


class SignedOut(MadoguchiError):
    """Raise it for what a clerk sends after their session has ended: signing in brings it back."""


class Interrupted(MadoguchiError):
    """Raise it for what a resident typed before their session ended: it is taken along through the sign-in."""


View = TypeVar("View", bound=Callable[..., Any])
_KEPT = 20


def _mark(view: View, who: str) -> View:
    cast(Any, view).__access__ = who
    return view


def public(view: View) -> View:
    """For everybody; shows nothing personal."""
    return _mark(view, "public")


def applicant(view: View) -> View:
    """For the person whose draft or case it is; the view fetches it through this module, which checks.

    Where an account's session has ended by itself, the way leads to the sign-in and back.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        residents.present()  # before the view writes: noting that the session is in use is a write of its own
        try:
            return view(*args, **kwargs)
        except NotFound:
            if residents.over():
                return _sign_in_again()
            raise

    return _mark(cast(View, guarded), "applicant")


def resident(view: View) -> View:
    """For whoever is signed in to a resident's account; leads to the sign-in and back. Sets ``g.resident``."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if residents.present() is None:
            return _sign_in_again()
        return view(*args, **kwargs)

    return _mark(cast(View, guarded), "resident")


def _sign_in_again() -> Response:
    """To the sign-in; what was typed is taken along (`Interrupted`)."""
    if request.method == "POST" and again.says("again"):
        raise Interrupted("the session of this resident has ended")
    return redirect(to_sign_in())


def to_sign_in() -> str:
    """The sign-in that leads back here; forms that were sent lead to their own page, or to my page."""
    if request.method == "GET":
        return url_for("my_sign_in.form", next=request.full_path.rstrip("?"))
    routes = current_app.url_map.bind("")
    here = request.path if routes.test(request.path, "GET") else url_for("my.index")
    return url_for("my_sign_in.form", next=here)


def webhook(view: View) -> View:
    """For a machine that proves itself by a signature over the body, which the view checks."""
    return _mark(view, "webhook")


def clerk(*roles: str) -> Callable[[View], View]:
    """For signed-in clerks; with `roles`, for those who hold one of them at some desk. Sets ``g.clerk``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            person = clerks.signed_in()
            if person is None:
                if request.method == "POST" and clerks.was_signed_in():
                    raise SignedOut("the session of this clerk has ended")
                return redirect(url_for("sign_in.form", next=page_of_clerk()))
            if roles and not any(duty.role in roles for duty in person.duties):
                raise NotFound("not a page of this clerk")
            g.clerk = person
            return view(*args, **kwargs)

        return _mark(cast(View, guarded), "clerk:" + ",".join(roles))

    return decorate


def is_of_clerks() -> bool:
    """Whether the view in hand is for signed-in clerks."""
    view = current_app.view_functions.get(request.endpoint or "")
    return str(getattr(view, "__access__", "")).startswith("clerk")


def is_of_applicants() -> bool:
    """Whether the view in hand is for whoever holds the draft or case."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "__access__", "") == "applicant"


def page_of_clerk() -> str:
    """The page to come back to after signing in: this one, or the one whose form was sent."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return page_above() or url_for("desk.index")


def page_above() -> str:
    """The page whose form was sent to this address, or the nearest above it; none where there is none."""
    routes, path = current_app.url_map.bind(""), request.path
    while path and not routes.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path


def remember_draft(draft_id: str) -> None:
    """Let this browser open the draft."""
    browser_nonce()  # here already: two clicks at once on “send the code” must not make two
    session["drafts"] = [*(id for id in session.get("drafts", []) if id != draft_id), draft_id][-_KEPT:]


def remember_case(application_id: str) -> None:
    """Let this browser open the case."""
    session["cases"] = [*(id for id in session.get("cases", []) if id != application_id), application_id][
        -_KEPT:
    ]


_LATER = "after_opening"


def open_later(reference: str, path: str) -> None:
    """Lead to `path`, a page of this case, once this browser has opened it."""
    session[_LATER] = [reference, path]


def after_opening(reference: str) -> str:
    """Where to go now that this browser has opened the case: where it was going, else to the status page."""
    wanted, path = session.pop(_LATER, None) or ("", "")
    return path if wanted == reference else url_for("status.show", reference=reference)


def remember_filed(draft_id: str, organisation: str, application_id: str) -> None:
    """Let whoever filed the draft open the case: the browser that held it as a guest, else the account."""
    if is_guests(draft_id) or residents.present() is None:
        remember_case(application_id)
    else:
        residents.keep_filed(draft_id, organisation, application_id)


def holds_draft(draft_id: str) -> bool:
    """Whether this browser, or the account that is open in it, may open the draft."""
    return is_guests(draft_id) or residents.holds(holdings.DRAFT, draft_id)


def is_guests(draft_id: str) -> bool:
    """Whether this browser holds the draft without an account."""
    return draft_id in session.get("drafts", [])


def holds_case(application_id: str) -> bool:
    """Whether this browser, or the account that is open in it, may open the case."""
    return application_id in session.get("cases", []) or residents.holds(holdings.CASE, application_id)


PROOF = "page:proof"
"""The input of a form by which a page shows for which draft it was made; no field can be called that."""
_PROVES = 12 * 3600


def proof_of_page(draft_id: str) -> str:
    """What only a page of this draft holds, for a browser that forgets that the draft is its own."""
    return str(_proofs().sign(draft_id).decode())


def proved(draft_id: str, proof: str) -> datetime | None:
    """When the page that was sent was made, to the second; none where it is not of this draft, or hours old."""
    try:
        id, made = _proofs().unsign(proof, max_age=_PROVES, return_timestamp=True)
    except BadSignature:
        return None
    return made if id == draft_id.encode() else None


class _Proofs(TimestampSigner):
    """Signs with the platform's clock."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


def _proofs() -> TimestampSigner:
    return _Proofs(context().keyring.derive("web/page-of-a-draft"), digest_method=hashlib.sha256)


def browser_nonce() -> str:
    """A random name of this browser session that codes are bound to."""
    if "nonce" not in session:
        session["nonce"] = secret()
    return cast(str, session["nonce"])


def organisation_of_case(reference: str) -> tuple[str, str]:
    """(organisation, application id) of a case this browser may open. Raises `NotFound`."""
    found = find_case(reference)
    if found is None or not holds_case(found[1]):
        raise CaseNotHeld("no such case for this browser")
    return found


_BY_REFERENCE = Prepared(
    select(Application.organisation_id, Application.id).where(Application.reference == bindparam("reference"))
)


def find_case(reference: str) -> tuple[str, str] | None:
    """(organisation, application id) of a case by its reference, for proving oneself."""
    with context().database.reading(EVERYONE) as db:
        row = _BY_REFERENCE.run(db, reference=reference).one_or_none()
    return (row.organisation_id, row.id) if row else None


def application_for(db: Session, reference: str) -> Application:
    """The case of `reference` in a session of its organisation, if this browser may open it. Raises `NotFound`."""
    application = db.scalar(select(Application).where(Application.reference == reference))
    if application is None or not holds_case(application.id):
        raise CaseNotHeld("no such case for this browser")
    return application


_OWN_PATH = re.compile(r"/(?!/)[!-\[\]-~]*")
"""A path in ASCII without blanks, controls and backslashes, which browsers read in ways of their own."""


def safe_next(target: str | None, fallback: str) -> str:
    """`target` where it is a path of this site, else `fallback`."""
    return target if target and _OWN_PATH.fullmatch(target) else fallback
