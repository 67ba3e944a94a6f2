"""What every page of a language has alike: head, masthead, footer, blank fields. Rendered once each, then kept."""

from functools import lru_cache
from typing import Any

from flask import Flask, g
from markupsafe import Markup

from forms.types import Shown
from web.language import Met, met_again, rendered

Kept = tuple[Shown, Markup, Met]


def install(app: Flask) -> None:
    """Give templates `fixed`, and the macros that most of them use.

    ``fixed("site/footer.html")`` is the rendered template; it may depend on the language, the settings and the plain
    values it is given, never on who asks. ``blank(shown)`` is a field of a page in which nobody has typed anything
    (`forms.page.FormPage.blank`), rendered once for all who come to it and see the same.
    """
    environment = app.jinja_env
    fields: Any = environment.get_template("fields/_all.html").module

    @lru_cache(maxsize=1024)
    def piece_of(name: str, _language: str, _readings: bool, given: frozenset[tuple[str, str]]) -> Markup:
        return Markup(environment.get_template(name).render(dict(given)))  # noqa: S704 - a template's own output

    def fixed(name: str, **given: str) -> Markup:
        here = g._get_current_object()
        return piece_of(name, here.language, here.get("readings", True), frozenset(given.items()))

    @lru_cache(maxsize=4096)
    def place(_type: str, _name: str, _definition: int, _language: str, _readings: bool) -> list[Kept]:
        return []

    def blank(shown: Shown) -> Markup:
        here = g._get_current_object()
        kept = place(shown.type, shown.name, id(shown.field), here.language, bool(here.get("readings", True)))
        if not kept or kept[0][0] != shown:
            kept[:] = [(shown, *rendered(lambda: Markup(fields.field(shown))))]  # noqa: S704 - a template's own
        _, piece, met = kept[0]
        met_again(met)
        return piece

    environment.globals["fixed"] = fixed
    environment.globals["blank"] = blank
    environment.globals["ui"] = environment.get_template("macros.html").module
    environment.globals["fields"] = fields
