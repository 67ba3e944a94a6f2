"""The field types that gain something from a script: what it writes is what the server takes."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, g, render_template_string
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from core.settings import ROOT
from forms.types import type_of
from tests.browser.conftest import PHONE, Look
from tests.factories.fields import READING, field

ADDRESS = "https://fields.invalid"
PAGE = """{% import "fields/_all.html" as fields %}<!doctype html><html lang="en"><title>Fields</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="{{ asset('vendor/tokens.css') }}">
<link rel="stylesheet" href="{{ asset('css/base.css') }}">
<link rel="stylesheet" href="{{ asset('css/parts.css') }}">
<main><h1>Fields</h1><form>{{ fields.field(shown) }}</form></main></html>"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A phone without the platform: pages are rendered here, static files come from their folder."""
    context = chromium.new_context(viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def shows(page: Page, options: dict[str, Any], script: bool = True) -> None:
    """Open a page with the field `x`."""
    from web import assets, language

    app = Flask("web")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assets.install(app)
    language.install(app)
    made = field(options)
    kind = type_of(made)
    with app.test_request_context("/"):
        g.language = "en"
        html = render_template_string(
            PAGE, shown=kind.show(made, kind.raw(made, None, "x"), "x", READING, {})
        )

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS).partition("?")[0]
        if name == "/":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif script or not name.endswith(".js"):
            route.fulfill(path=ROOT / "web" / name.lstrip("/"))
        else:
            route.abort()

    page.unroute_all()
    page.route(f"{ADDRESS}/**", answer)
    page.goto(ADDRESS)


def sent(page: Page) -> dict[str, list[str]]:
    """What the form would send."""
    pairs: list[list[str]] = page.evaluate("[...new FormData(document.forms[0])]")
    return {name: [text] for name, text in pairs}


def test_a_signature_is_drawn_and_cleared(page: Page, look: Look) -> None:
    options = {"type": "drawn"}
    shows(page, options)
    box = page.locator("signature-pad svg").bounding_box()
    assert box
    for height in (0.3, 0.7):
        page.mouse.move(box["x"] + 10, box["y"] + box["height"] * height)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] + 50, box["y"] + box["height"] / 2, steps=20)
        page.mouse.up()
    look(page, "field-drawn")
    made = field(options)
    stored = type_of(made).parse(made, sent(page), "x", READING).value
    assert stored["path"].count("M") == 2
    assert "L600 " in stored["path"]
    page.get_by_role("button", name="Clear the drawing").click()
    assert sent(page)["x-path"] == [""]


def test_the_device_says_where_it_is(page: Page, look: Look) -> None:
    options = {"type": "map_point", "label": "場所"}
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 35.6895, "longitude": 139.6917})
    shows(page, options)
    page.get_by_role("button", name="Use the place where I am now").click()
    page.wait_for_function("document.getElementById('x-longitude').value !== ''")
    look(page, "field-map-point")
    made = field(options)
    stored = type_of(made).parse(made, sent(page), "x", READING).value
    assert stored == {"latitude": "35.689500", "longitude": "139.691700"}


def test_a_device_that_does_not_tell_is_no_dead_end(page: Page) -> None:
    shows(page, {"type": "map_point", "label": "場所"})
    page.get_by_role("button", name="Use the place where I am now").click()
    page.get_by_text("Enter the numbers yourself.").wait_for()


@pytest.mark.parametrize(("type", "element"), [("drawn", "signature-pad"), ("map_point", "locate-me")])
def test_without_its_script_nothing_dead_is_shown(page: Page, type: str, element: str) -> None:
    shows(page, {"type": type, "label": "問い"}, script=False)
    assert not page.locator(element).is_visible()
    assert page.locator("input:visible").count()


def pdf(name: str, size: int) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": bytes(size)}


def test_a_file_above_the_limit_is_refused_before_it_is_sent(page: Page, look: Look) -> None:
    shows(page, {"type": "file", "label": "図面", "max_size": "10 kB", "max_files": 3, "required": False})
    chosen = page.get_by_label("図面 (optional)")
    large, right = pdf("large.pdf", 10_001), pdf("right.pdf", 10_000)
    chosen.set_input_files([large, right])
    said = page.locator("[role=alert]")
    expect(said).to_have_text("Error: large.pdfThe file is larger than 10 kB. Choose a smaller one.")
    assert chosen.evaluate("input => [...input.files].map(file => file.name)") == ["right.pdf"]
    expect(chosen).to_have_attribute("aria-invalid", "true")
    expect(chosen).to_have_accessible_description(re.compile("10 kB each.*large.pdf"))
    look(page, "field-file-too-large")
    chosen.set_input_files(right)
    expect(said).to_be_empty()
    expect(chosen).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field--error")).to_have_count(0)
