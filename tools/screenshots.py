"""`make screenshots`: the pictures of the README, taken from a fresh demonstration as a resident and a clerk see it."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from core.settings import ROOT
from tests.browser.conftest import FLAGS, PHONE, chromium_program
from tests.browser.people import Clerk, Resident
from tests.browser.platform import Platform, running
from tests.fixtures import run

PICTURES = ROOT / "docs" / "pictures"
_DESK = {"width": 1280, "height": 800}
_LANGUAGES = ("ja", "ja-simple", "en")


def main() -> None:
    """Start a platform, fill it, walk through it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    run.begin()
    try:
        platform = running()
        _fill(platform)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_program(), args=FLAGS)
            _resident(browser, platform)
            _clerk(browser, platform)
            browser.close()
    finally:
        run.end()


def _fill(platform: Platform) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "load"]
    subprocess.run(command, cwd=ROOT, env=platform.environment, check=True)


def _resident(browser: Browser, platform: Platform) -> None:
    page = _page(browser, platform, PHONE)
    resident = Resident(page, platform, "taro@example.invalid")
    for tag in _LANGUAGES:
        resident.read_in(tag)
        _take(page, f"catalogue-{tag}")
    resident.read_in("ja")
    resident.find("とぜい", "tax-certificate")
    _take(page, "procedure")
    resident.start()
    resident.is_a_person()
    _take(page, "form")
    resident.go_on()
    resident.choose("kind=no_arrears")
    resident.go_on()
    resident.type(copies="2")
    resident.go_on()
    resident.choose("purpose=loan")
    resident.go_on()
    _take(page, "check")
    resident.declare_all()
    resident.go_on()
    resident.sign()
    _take(page, "filed")
    reference = resident.reference()
    page.goto(f"/pay/{reference}")
    resident.pay()
    page.goto(f"/status/{reference}")
    _take(page, "status")
    for name in ("lotteries", "satisfaction", "verify"):
        page.goto(f"/{name}")
        _take(page, name)
    page.context.close()


def _clerk(browser: Browser, platform: Platform) -> None:
    page = _page(browser, platform, _DESK)
    clerk = Clerk(page, "reviewer@tokyo.example.invalid")
    clerk.sign_in()
    page.goto("/desk/tax")
    _take(page, "desk")
    page.locator("main table th a").first.click()
    _take(page, "case")
    page.context.close()


def _page(browser: Browser, platform: Platform, size: dict[str, int]) -> Page:
    context = browser.new_context(
        base_url=platform.url,
        viewport=size,  # type: ignore[arg-type]
        locale="ja",
        timezone_id="Asia/Tokyo",
        device_scale_factor=2 if size is PHONE else 1,
    )
    return context.new_page()


def _take(page: Page, name: str) -> None:
    path: Path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    print(path.relative_to(ROOT), flush=True)


if __name__ == "__main__":
    main()
