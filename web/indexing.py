"""What search engines may list: the pages that tell something to everybody, once in each language, and no others."""

from flask import Flask, Response, request

from translations.languages import LANGUAGES
from web.request import context

PAGES = frozenset({
    "catalogue.index", "catalogue.life_event", "catalogue.organisation", "catalogue.procedure", "guide.ask",
    "lotteries.index", "lotteries.show", "satisfaction.index", "status.find", "verify.form",
})  # fmt: skip
"""Endpoints; with parameters other than the language they are results of a search, which are not listed."""


def indexed() -> bool:
    """Whether search engines may list the present page."""
    return request.endpoint in PAGES and request.method == "GET" and set(request.args) <= {"lang"}


def alternates() -> dict[str, str]:
    """The whole addresses of the present page by language, and without one."""
    page = context().settings.base_url + request.script_root + request.path
    return {**{tag: f"{page}?lang={tag}" for tag in LANGUAGES}, "x-default": page}


def _tell(response: Response) -> Response:
    if not indexed() and request.endpoint != "static":
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def install(app: Flask) -> None:
    """Give templates `indexed` and `alternates`, and tell search engines to leave out all other pages."""
    app.jinja_env.globals.update(indexed=indexed, alternates=alternates)
    app.after_request(_tell)
