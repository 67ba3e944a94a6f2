"""`make look`: pages on a phone and on a desk, light and dark, in Japanese and English, on one sheet to look at."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from markupsafe import escape
from playwright.sync_api import Browser, Page, sync_playwright

from core.settings import ROOT
from tests.browser.conftest import FLAGS, PHONE, chromium_program
from tests.browser.people import Clerk, Resident, sent
from tests.browser.platform import Platform, running
from tests.fixtures import run

TARGET = ROOT / "build" / "look"
SIZES = {"phone": PHONE, "desk": {"width": 1280, "height": 800}}
SCHEMES = ("light", "dark")
LANGUAGES = ("ja", "en")
_PUBLIC = (
    "/tokyo/public-housing/",
    "/lotteries",
    "/satisfaction",
    "/verify",
    "/status",
    "/sign-in",
    "/nothing",
)
_REVIEWER = "reviewer@tokyo.example.invalid"


def main(languages: tuple[str, ...] = LANGUAGES) -> None:
    """Start a platform, fill it, walk through it and write the sheet."""
    TARGET.mkdir(parents=True, exist_ok=True)
    run.begin()
    try:
        platform = running()
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "load"]
        subprocess.run(command, cwd=ROOT, env=platform.environment, check=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_program(), args=FLAGS)
            taken = [row for tag in languages for row in _tour(browser, platform, tag)]
            browser.close()
    finally:
        run.end()
    (TARGET / "index.html").write_text(_sheet(taken), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}/index.html: {len(taken)} pages")


def _tour(browser: Browser, platform: Platform, tag: str) -> Iterator[str]:
    page = browser.new_page(
        base_url=platform.url, locale=tag, timezone_id="Asia/Tokyo", reduced_motion="reduce"
    )
    resident = Resident(page, platform, f"look-{tag}@example.invalid")
    resident.read_in(tag)
    for number, name in enumerate(_pages(page, resident), 1):
        yield _take(page, f"{tag}-{number:02}-{name}")
    page.context.close()


def _pages(page: Page, resident: Resident) -> Iterator[str]:
    yield "catalogue"
    page.goto("/?q=zzzz")
    yield "nothing-found"
    for path in _PUBLIC:
        page.goto(path)
        yield path.strip("/").replace("/", "-")
    yield from _form(page, resident)
    reference = resident.reference()
    page.goto(f"/pay/{reference}")
    yield "pay"
    resident.pay()
    for path in ("status", "rate"):
        page.goto(f"/{path}/{reference}" + ("/submission" if path == "rate" else ""))
        yield path
    Clerk(page, _REVIEWER).sign_in()
    for path in ("/desk", "/desk/tax", "/desk/tax?show=all&q=zzzz"):
        page.goto(path)
        yield "desk" + path.removeprefix("/desk").partition("?")[0].replace("/", "-")
    page.goto(f"/desk/tax?show=all&reference={reference}")
    page.click(f"th a:text('{reference}')")
    yield "case"


def _form(page: Page, resident: Resident) -> Iterator[str]:
    page.goto("/tokyo/tax-certificate/")
    yield "procedure"
    resident.start()
    yield "choice"
    resident.go_on()
    yield "choice-error"
    resident.choose("applicant_type=person")
    resident.go_on()
    resident.go_on()
    yield "name-error"
    resident.name_is(family="見本" * 15)
    resident.go_on()
    yield "address"
    resident.lives_at()
    resident.type(email=resident.email, phone="03-1234-5678")
    resident.go_on()
    resident.choose("kind=no_arrears")
    yield "kinds"
    resident.go_on()
    resident.type(copies="2")
    resident.go_on()
    resident.choose("purpose=loan")
    resident.go_on()
    yield "check"
    page.click("#page-form button[value=save]")
    page.wait_for_url("**/save")
    yield "save"
    page.go_back()
    resident.declare_all()
    resident.go_on()
    yield "sign"
    resident.sign()
    page.wait_for_url("**/filed")
    yield "filed"


def _take(page: Page, name: str) -> str:
    """Take the page in every size and scheme; its row on the sheet."""
    sent(page)
    pictures = []
    for (size, viewport), scheme in product(SIZES.items(), SCHEMES):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        path: Path = TARGET / f"{name}-{size}-{scheme}.png"
        page.screenshot(path=path, full_page=True)
        pictures.append(path.name)
    print(name, flush=True)
    images = "".join(
        f'<td><img src="{escape(one)}" alt="{escape(one)}" loading="lazy"></td>' for one in pictures
    )
    return f"<tr><th>{escape(name)}</th>{images}</tr>"


def _sheet(rows: list[str]) -> str:
    style = "td{vertical-align:top} img{width:22vw;border:1px solid gray} th{position:sticky;left:0;text-align:left}"
    return f"<!doctype html><meta charset=utf-8><title>Look</title><style>{style}</style><table>{''.join(rows)}</table>"


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or LANGUAGES)
