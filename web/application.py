"""Flask as this application needs it: what runs on every request does no more than it must.

A tenth of a form page's time went into questions whose answer never changes: whether a view is a coroutine, whether a
template's function wants Jinja's context, how a session is signed, how an address is put together.
"""

import re
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

from flask import Flask, has_request_context, request
from flask.sessions import SecureCookieSessionInterface
from flask.templating import Environment
from itsdangerous import URLSafeTimedSerializer
from jinja2.runtime import Context
from jinja2.utils import internalcode
from werkzeug.routing import BuildError


class Sessions(SecureCookieSessionInterface):
    """Signed cookies; the signer is made once."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def _signer(self) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(self._app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:  # noqa: ARG002 - there is one
        """The signer of this application's key, which does not change while it runs."""
        return self._signer


class PageContext(Context):
    """Calls macros and functions of templates directly, unless a function says that it wants the context."""

    @internalcode
    def call(__self, __obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - Jinja's own
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


_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
"""What stands in an address as it is, and contains no sentinel of `Application._pattern`."""


class Application(Flask):
    """Flask without coroutines, and with addresses whose pattern is made once."""

    jinja_environment = PageEnvironment

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(name, **options)
        self.session_interface = Sessions(self)
        self._patterns = cache(self._pattern)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """`func` itself: no view here is a coroutine."""
        return func

    def url_for(self, endpoint: str, **values: Any) -> str:
        """As Flask's. Where only plain words are put in, from the pattern of the endpoint with these parameters."""
        given = {name: value for name, value in values.items() if value is not None}
        try:
            plain = _PLAIN.fullmatch("-".join(given.values())) and all(given.values())
        except TypeError:  # a number or the like
            plain = None
        if (plain or not given) and has_request_context():
            pattern = self._patterns(request.script_root, endpoint, tuple(given))
            if pattern is not None:
                return pattern.format(*given.values())
        return super().url_for(endpoint, **values)

    def _pattern(self, _root: str, endpoint: str, names: tuple[str, ...]) -> str | None:
        """The address with ``{0}``, ``{1}`` … for the values; None where words do not stand in it as they are."""
        if endpoint[0] == "." or any(name[0] == "_" for name in names):
            return None
        sentinels = [f"~{number}~" for number in range(len(names))]
        try:
            given: dict[str, Any] = dict(zip(names, sentinels, strict=True))
            address = super().url_for(endpoint, **given)
        except (BuildError, ValueError):  # a number, one of some words, a parameter that is missing
            return None
        if "{" in address or any(address.count(each) != 1 for each in sentinels):
            return None
        for number, sentinel in enumerate(sentinels):
            address = address.replace(sentinel, f"{{{number}}}")
        return address
