"""The application factory: everything of `web` put together."""

import logging
from datetime import timedelta
from functools import lru_cache
from typing import TypeVar

import structlog
from flask import Flask, Response, abort, current_app, g, request, session
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix

from core.context import Context
from core.errors import Misconfigured
from core.identifiers import grouped
from core.registry import modules
from core.settings import Settings
from core.settings import settings as process_settings
from payments.provider import offered
from web import (
    assets,
    compression,
    errors,
    fragments,
    indexing,
    keys,
    language,
    paging,
    resident,
    sent,
)
from web.application import Application
from web.command_line import Commands
from web.request import visitor

csrf = CSRFProtect()
limiter = Limiter(visitor, headers_enabled=False)
STARTS = "240 per hour"
"""How often an address may begin a form: a school or all terminals of a city hall can be one."""


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application for `settings` (default: those of the environment). Raises `Misconfigured`."""
    settings = settings or process_settings()
    context = Context(settings)
    app = Application(__name__, static_folder="static")
    app.extensions["madoguchi"] = context
    production = settings.environment == "production"
    if production:
        _refuse_makeshifts(settings)
    else:
        keys.make(context)
    offered(settings)
    if production:  # a proxy ends TLS; without it, every visitor would be counted as one
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.config.update(
        SECRET_KEY=context.keyring.derive("web/session"),
        SESSION_COOKIE_NAME="__Host-session" if production else "session",
        SESSION_COOKIE_SECURE=production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=_limits_store(settings),
        RATELIMIT_SWALLOW_ERRORS=True,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _log(settings)
    compression.install(app)
    language.install(app)
    errors.install(app)
    assets.install(app)
    paging.install(app)
    indexing.install(app)
    app.before_request(_limit_body)
    app.before_request(_refuse_nul)
    csrf.init_app(app)
    limiter.init_app(app)
    app.jinja_env.globals.update(csrf=_csrf, settings=settings, grouped=grouped, service=resident.service)
    fragments.install(app)
    app.after_request(_guard)
    sent.install(app)
    for module in modules("web.views"):
        app.register_blueprint(module.blueprint)
    app.cli = Commands(app.name)
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, "__access__", "") == "webhook":
            csrf.exempt(view)
    return app


V = TypeVar("V")


def _limits_store(settings: Settings) -> str:
    """Where tries are counted; the library has its own name for a Redis behind a socket."""
    return (settings.redis_url or "memory://").replace("unix://", "redis+unix://")


def takes_files(view: V) -> V:
    """Mark a view whose body may be as large as an upload. Goes directly under the route."""
    view.__takes_files__ = True  # type: ignore[attr-defined]
    return view


def _refuse_makeshifts(settings: Settings) -> None:
    """What is good enough for a demonstration stops the start in production, by the setting's name."""
    if not settings.base_url.startswith("https://"):
        raise Misconfigured("MADOGUCHI_PUBLIC_URL: in production write the https:// address residents use")
    if settings.test_languages:
        raise Misconfigured(
            "MADOGUCHI_TEST_LANGUAGES: made-up languages are not for production; leave it out"
        )
    if settings.mail_url is None:
        raise Misconfigured(
            "MADOGUCHI_MAIL_URL: in production name the mail server; mails as files reach nobody"
        )
    if settings.seal_key is None:
        raise Misconfigured("MADOGUCHI_SEAL_KEY: in production name the PKCS#12 file of the office's seal")
    for name, service in settings.oidc.items():
        if not service.issuer.startswith("https://"):
            raise Misconfigured(
                f"MADOGUCHI_OIDC__{name.upper()}__ISSUER: in production write an https:// address"
            )


def _csrf() -> Markup:
    """The token against forgery. It has no end, so what was signed once for a browser is good for all its pages."""
    raw = session.get("csrf_token")
    return _token(current_app.secret_key, raw) if raw else _field(generate_csrf())


@lru_cache(maxsize=4096)
def _token(_key: object, _raw: str) -> Markup:
    return _field(generate_csrf())


def _field(token: str) -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(token)


def _limit_body() -> None:
    settings: Settings = current_app.extensions["madoguchi"].settings
    view = current_app.view_functions.get(request.endpoint or "")
    files = getattr(view, "__takes_files__", False)
    request.max_content_length = settings.max_upload + 100_000 if files else settings.max_form_body
    request.max_form_parts = 5_000


def _refuse_nul() -> None:
    """No person types a NUL, and PostgreSQL takes none: refuse it once for every page."""
    pairs = (*request.args.items(multi=True), *request.form.items(multi=True))
    if "\0" in request.path or any("\0" in text for pair in pairs for text in pair):
        abort(400)


_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()"),
)


def _guard(response: Response) -> Response:
    """The headers that keep a page from being misused (OWASP ASVS 5.0, chapter 3)."""
    headers = response.headers
    targets = " ".join(("'self'", *g.get("form_targets", ())))
    headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; form-action {targets}; frame-ancestors 'none'; base-uri 'none'",
    )
    headers.extend(_ALWAYS)
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    access = getattr(current_app.view_functions.get(request.endpoint or ""), "__access__", "")
    if access.startswith(
        ("applicant", "clerk", "resident")
    ):  # files too: sending one asks browsers to keep it
        headers["Cache-Control"] = "private, no-store"
    elif request.endpoint != "static":
        headers.setdefault("Cache-Control", "private, no-store")
    return response


def _log(settings: Settings) -> None:
    level = getattr(logging, settings.log_level)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
