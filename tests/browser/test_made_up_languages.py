"""Pages in made-up languages at 360 px: nothing sticks out, nothing is clipped, and right-to-left is right-to-left."""

from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from core.context import Context
from tests.browser.conftest import PHONE, Look
from tests.browser.people import Clerk
from translations.languages import PSEUDO
from web.app import create_app

PAGES = ("/guide/", "/my", "/status", "/verify", "/lotteries", "/satisfaction", "/sign-in", "/not/here")
ASTRAY = """() => [...document.querySelectorAll('header *, nav *, main *, footer *')].filter(one => {
  if (one.closest('.visually-hidden, .table-scroll, svg, thead')) return false;
  const box = one.getBoundingClientRect(), clips = getComputedStyle(one).overflow !== 'visible';
  const out = box.width && (box.left < -1 || box.right > document.documentElement.clientWidth + 1);
  return out || (clips && one.tagName !== 'SELECT' && one.scrollWidth > one.clientWidth + 1);
}).map(one => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 40)}`)"""


@pytest.fixture
def trying(catalogue: Context) -> Iterator[str]:
    """The address of a platform with made-up languages."""
    app = create_app(catalogue.settings.model_copy(update={"test_languages": True}))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    app.extensions["madoguchi"].database.dispose()


@pytest.fixture(params=list(PSEUDO))
def page(chromium: Browser, trying: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone that reads a made-up language."""
    with chromium.new_context(base_url=trying, viewport=PHONE) as phone:  # type: ignore[arg-type]
        page = phone.new_page()
        page.goto(f"/?lang={request.param}")
        yield page


def test_nothing_sticks_out(page: Page, look: Look) -> None:
    tag = page.locator("html").get_attribute("lang") or ""
    assert page.locator("html").get_attribute("dir") == PSEUDO[tag].direction

    def check(name: str) -> None:
        look(page, f"made-up-{tag}-{name}")
        assert page.evaluate(ASTRAY) == [], page.url

    check("catalogue")
    page.goto("/?q=tax")
    page.click("h2 a[href*='/tax-certificate']")
    check("procedure")
    page.click("main form .button")
    page.click("#page-form .actions button[value=next]")
    check("error")
    for path in PAGES:
        page.goto(path)
        check(path.strip("/").replace("/", "-"))
    Clerk(page, "reviewer@tokyo.example.invalid").sign_in()
    check("desks")
    page.click("main a[href^='/desk/']")
    check("queue")


def test_the_page_starts_at_the_right_where_people_read_from_there(page: Page) -> None:
    mirrored = PSEUDO[page.locator("html").get_attribute("lang") or ""].direction == "rtl"
    box = page.locator(".brand").bounding_box()
    assert box
    assert (box["x"] > PHONE["width"] / 2 - box["width"] / 2) is mirrored
