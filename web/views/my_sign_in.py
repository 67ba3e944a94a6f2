"""Residents sign in: by a code that is mailed, or through another service by OpenID Connect. No registration.

Whatever address is typed, the answer is the same: whoever proves it has an account from then on.
"""

from contextlib import suppress

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from accounts import companies, email, openid, residents, sessions
from accounts.models import Account
from accounts.openid import Claims, SignInFailed
from core.database import EVERYONE, OfAccount
from core.errors import NotFound, message
from core.identifiers import secret
from core.secrets import same
from forms.contact import address
from forms.types import FieldError
from web import access, again, jobs
from web import resident as browser
from web.again import Typed
from web.app import limiter
from web.request import context, language

blueprint = Blueprint("my_sign_in", __name__, url_prefix="/my/sign-in")

_FLOWS = 5
"""Ways to other services that a browser may have begun at the same time, in as many windows."""


@blueprint.get("")
@access.public
def form() -> str | Response:
    """Ask for the address, or offer the other services."""
    if target := request.args.get("next"):
        session["after_sign_in"] = access.safe_next(target, url_for("my.index"))
    if browser.present():
        return redirect(_onward())
    access.browser_nonce()  # two clicks at once on its button must not make two
    return page("", ())


def page(typed: str, errors: tuple[FieldError, ...], kept: str = "") -> str:
    """Ask for the address. `kept` is what was typed before the session ended (`web.again`)."""
    return render_template(
        "my/sign_in.html",
        email=typed,
        services=browser.services(),
        errors=errors,
        kept=kept,
        had_files=_files(kept),
        switch_form="page-form",
    )


def _files(kept: str) -> bool:
    sent = again.opened(kept)
    return sent is not None and sent.files


def _as_sent(typed: Typed) -> ResponseReturnValue:
    kept = typed.get("kept", "")
    if kept and browser.present():  # signed in in another tab
        g.notice = None
        return _brought_back(kept)
    return page(typed.get("email", "")[:254], (), kept)


@blueprint.post("")
@access.public
@limiter.limit("20 per hour")
@again.shows(_as_sent)
def send() -> ResponseReturnValue:
    """Mail a code to the address, whoever has it. Who signed in in another tab meanwhile goes on."""
    typed, kept = request.form.get("email", "")[:254], request.form.get("kept", "")
    if kept and browser.present():
        return _brought_back(kept)
    to = address(typed)
    if to is None:
        return page(typed, (FieldError("email", message("Enter your e-mail address.")),), kept), 422
    with context().database.writing(EVERYONE) as db:
        session["sign_in"] = email.issue_code(db, context(), to, access.browser_nonce(), language())
    jobs.notify(context())
    return _code_page((), kept) if kept else redirect(url_for("my_sign_in.code"), 303)


@blueprint.get("/code")
@access.public
def code() -> str | Response:
    """Ask for the code that was mailed."""
    if "sign_in" not in session:
        return redirect(url_for("my_sign_in.form"), 303)
    return _code_page(())


def _code_page(errors: tuple[FieldError, ...], kept: str = "", code: str = "") -> str:
    return render_template(
        "my/sign_in_code.html",
        errors=errors,
        code=code,
        kept=kept,
        had_files=_files(kept),
        switch_form="page-form",
    )


def _as_typed(typed: Typed) -> ResponseReturnValue:
    kept = typed.get("kept", "")
    if "sign_in" not in session or (kept and browser.present()):
        return _as_sent(typed)
    return _code_page((), kept, typed.get("code", "")[:20])


@blueprint.post("/code")
@access.public
@limiter.limit("20 per hour")
@again.shows(_as_typed)
def check() -> ResponseReturnValue:
    """Sign in where the code is right; a first time makes the account."""
    ctx, typed, kept = context(), request.form.get("code", "")[:20], request.form.get("kept", "")
    if request.form.get("do") == "address":  # a link would lose what is kept
        return page("", (), kept)
    with ctx.database.writing(EVERYONE) as db:
        proved = email.check_code(db, ctx, session.get("sign_in", ""), access.browser_nonce(), typed)
    if proved is None:
        wrong = message("The code is not right or no longer valid. Check it, or ask for a new one.")
        return _code_page((FieldError("code", wrong),), kept), 422
    with ctx.database.writing(EVERYONE) as db:
        account = residents.of_email(db, ctx, proved.email, language())
        token = sessions.start(db, account.account_id, "email")
    browser.sign_in(token)
    return _brought_back(kept) if kept else redirect(_onward(), 303)


def _brought_back(kept: str) -> ResponseReturnValue:
    """The page that was sent before, to its account only; else where the person wanted to go."""
    sent, here = again.opened(kept), browser.present()
    if sent and here and sent.account in (None, here.account_id):
        with suppress(NotFound):
            return again.brought_back(sent)
    return redirect(_onward(), 303)


@blueprint.get("/with/<provider>")
@access.public
@limiter.limit("60 per hour")
def leave(provider: str) -> tuple[str, int] | Response:
    """Go to another service. The state ties its answer to this browser.

    A link of my page has a proof in it: then the service becomes another way into the account that is open. A link of a
    stranger has none, so nobody can be led to open their account to somebody else.
    """
    state = secret()
    given = request.args.get("join", "")
    joins = (
        bool(given)
        and browser.present() is not None
        and same(given.encode(), browser.proof(browser.JOIN).encode())
    )
    try:
        url = openid.address(context(), provider, _back(provider), state)
    except SignInFailed as failure:
        return page("", (FieldError(f"with-{provider}", failure.reason),)), 503
    session["flows"] = [*session.get("flows", []), state][-_FLOWS:]
    session["joins"] = state if joins else None
    return redirect(url)


@blueprint.get("/with/<provider>/back")
@access.public
@limiter.limit("60 per hour")
def back(provider: str) -> tuple[str, int] | Response:
    """Take the service's answer: once, in the browser that asked."""
    ctx, state = context(), request.args.get("state", "")
    if state not in session.get("flows", []):
        unasked = message(
            "This sign-in was not begun in this browser, or is over. Please start again from here."
        )
        return page("", (FieldError(f"with-{provider}", unasked),)), 422
    session["flows"] = [one for one in session["flows"] if one != state]
    try:
        said = openid.claims(ctx, provider, _back(provider), state, request.args)
    except SignInFailed as failure:
        return page("", (FieldError(f"with-{provider}", failure.reason),)), 422
    here = browser.present() if session.get("joins") == state else None
    with ctx.database.writing(EVERYONE) as db:
        joins = here.account_id if here else None
        account = residents.of_subject(db, ctx, provider, said.subject, said.email, language(), joins)
        token = sessions.start(db, account.account_id, provider, said.acr)
    _keep_company(account, provider, said)
    browser.sign_in(token)
    return redirect(_onward(), 303)


def _keep_company(account: Account, provider: str, said: Claims) -> None:
    """What a business identity vouches for (gBizID)."""
    if said.corporate_number:
        with context().database.writing(OfAccount(account.account_id)) as db:
            companies.confirm(db, context(), provider, said.corporate_number, said.company or "")


def _back(provider: str) -> str:
    """The registered redirect address; from the settings, never from what the browser calls this host."""
    return context().settings.base_url + url_for("my_sign_in.back", provider=provider)


def _onward() -> str:
    """Where the person wanted to go; first to what this browser holds as a guest, where there is something."""
    target = session.pop("after_sign_in", None) or url_for("my.index")
    if any(session.get(kind) for kind in ("drafts", "cases")) and not session.get("asked_to_take_over"):
        session["after_sign_in"] = target
        return url_for("my.take_over")
    return str(target)


@blueprint.post("/out")
@access.public
@again.harmless
def out() -> Response:
    """Sign out, here."""
    browser.sign_out()
    return redirect(url_for("my_sign_in.form"), 303)
