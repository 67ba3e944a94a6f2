"""A phone-sized Chromium on the running platform, and what is checked on every page."""

import shutil
from collections.abc import Callable, Iterator
from weakref import WeakSet

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from core.settings import ROOT
from tests.browser.platform import Platform, running

PHONE = {"width": 360, "height": 740}
PICTURES = ROOT / "build" / "screenshots"
_PROGRAMS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
"""The first, without windows of any kind, does the same with much less work for the processors."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
          "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
_AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what passes is not described: that takes as long as finding it
}

_scriptless: WeakSet[BrowserContext] = WeakSet()
"""Where axe cannot run: its promise would never be kept."""

Look = Callable[[Page, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(900 if item.get_closest_marker("acceptance") else 400))


def chromium_program() -> str | None:
    """The system's Chromium; none: the one that Playwright installed."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


@pytest.fixture(scope="session")
def platform() -> Platform:
    """The running platform with the demonstration's catalogue and clerks."""
    return running()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for each process of the test run; gone before other tests, whose `asyncio.run` its loop forbids."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def language() -> str:
    """What the browser asks for in Accept-Language; override it in a module or by parametrising."""
    return "ja"


@pytest.fixture
def phone(chromium: Browser, platform: Platform, language: str) -> Iterator[BrowserContext]:
    """A fresh phone: no cookies, 360 × 740, paths are relative to the platform."""
    with device(chromium, platform, language) as context:
        yield context


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    """A page whose scripts run; the test fails when one of them, or the content security policy, complains."""
    complaints: list[str] = []
    listen(phone, complaints)
    yield phone.new_page()
    assert complaints == []


@pytest.fixture
def scriptless(chromium: Browser, platform: Platform, language: str) -> Iterator[Page]:
    """The same without JavaScript: `look` then keeps the picture and checks the width only."""
    with device(chromium, platform, language, scripted=False) as context:
        yield context.new_page()


@pytest.fixture
def look() -> Look:
    """Check the page that is shown (axe, width) and keep its picture under this name."""
    return _look


def device(browser: Browser, platform: Platform, language: str, scripted: bool = True) -> BrowserContext:
    """A phone nobody used before, with scripts or without."""
    context = browser.new_context(
        base_url=platform.url,
        viewport=PHONE,  # type: ignore[arg-type]
        locale=language,
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
        java_script_enabled=scripted,
    )
    context.set_default_timeout(15_000)
    if not scripted:
        _scriptless.add(context)
    return context


def listen(context: BrowserContext, complaints: list[str]) -> None:
    """Note what scripts and the content security policy complain of, on each page of the phone."""
    context.on("weberror", lambda failed: complaints.append(str(failed.error)))
    context.on("console", lambda said: complaints.append(said.text) if _bad(said.type, said.text) else None)


def _look(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.locator("form[data-sent]:not([data-waiting])").wait_for(state="detached")
    page.wait_for_load_state("domcontentloaded")
    page.screenshot(path=PICTURES / f"{name}.jpg", full_page=True, type="jpeg", quality=70)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} ({name}) is {wide} px wider than the screen"
    if page.context not in _scriptless:
        assert barriers(page) == [], f"{page.url} ({name})"


def barriers(page: Page, *only: str) -> list[str]:
    """What axe finds: by the rules named, or by all that belong to WCAG 2.2 AA and good practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.read_text())
    rules = {**_RULES, "runOnly": list(only)} if only else _RULES
    found = page.evaluate("rules => axe.run(document, rules)", rules)
    return [
        f"{violation['id']}: {violation['help']} – {node['target']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def _bad(kind: str, text: str) -> bool:
    return kind == "error" and "Failed to load resource" not in text
