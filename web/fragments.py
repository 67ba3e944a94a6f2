"""What every page of a language has alike: head, masthead, footer. Rendered once in each language, then kept."""

from functools import lru_cache

from flask import Flask, g
from markupsafe import Markup


def install(app: Flask) -> None:
    """Give templates `fixed`, and the macros that most of them use.

    ``fixed("site/footer.html")`` is the rendered template; it may depend on the language, the settings and the plain
    values it is given, never on who asks.
    """
    environment = app.jinja_env

    @lru_cache(maxsize=1024)
    def rendered(name: str, _language: str, _readings: bool, given: frozenset[tuple[str, str]]) -> Markup:
        return Markup(environment.get_template(name).render(dict(given)))  # noqa: S704 - a template's own output

    def fixed(name: str, **given: str) -> Markup:
        here = g._get_current_object()
        return rendered(name, here.language, here.get("readings", True), frozenset(given.items()))

    environment.globals["fixed"] = fixed
    environment.globals["ui"] = environment.get_template("macros.html").module
    environment.globals["fields"] = environment.get_template("fields/_all.html").module
