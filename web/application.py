"""Flask as this application needs it: what runs on every request does no more than it must.

A tenth of a form page's time went into questions whose answer never changes: whether a view is a coroutine, whether a
template's function wants Jinja's context, how a session is signed.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.templating import Environment
from itsdangerous import URLSafeTimedSerializer
from jinja2.runtime import Context
from jinja2.utils import internalcode


class Sessions(SecureCookieSessionInterface):
    """Signed cookies; the signer is made once."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def _signer(self) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(self._app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer of this application's key, which does not change while it runs."""
        return self._signer


class PageContext(Context):
    """Calls macros and functions of templates directly, unless a function says that it wants the context."""

    @internalcode
    def call(__self, __obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: B902, N805 - Jinja's own
        """Call a macro or function; those marked by ``pass_context`` and its like as Jinja does."""
        if getattr(__obj, "jinja_pass_arg", None) is not None:
            return super().call(__obj, *args, **kwargs)
        if kwargs:  # Jinja's compiler adds these for functions that want the context
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
        return __obj(*args, **kwargs)


class PageEnvironment(Environment):
    """Jinja with our context."""

    context_class = PageContext


class Application(Flask):
    """Flask without coroutines."""

    jinja_environment = PageEnvironment

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(name, **options)
        self.session_interface = Sessions(self)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """`func` itself: no view here is a coroutine."""
        return func
