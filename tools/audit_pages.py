"""`make audit-pages`: what pages weigh on the line, how far they jump while they load, and what Lighthouse says."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser.conftest import FLAGS, PHONE, chromium_program
from tests.browser.people import Resident
from tests.browser.platform import Platform, running
from tests.fixtures import run
from tests.fixtures.servers import free_port
from tools.lighthouse import CATEGORIES, LIMIT, Judged, judge

FIRST_LIMIT, NEXT_LIMIT = 60_000, 15_000
"""Bytes of a form step that are sent to a browser that was never here, and to one that was."""
PUBLIC = ("/", "/tokyo/tax-certificate/", "/status", "/verify", "/lotteries")
_SHIFTS = """
self.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) self.shifts += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


@dataclass(frozen=True)
class Weight:
    """A page on the line: bytes with headers, requests, and how much of it moved (0 is nothing)."""

    name: str
    bytes: int
    requests: int
    shift: float


class Scale:
    """Weighs the pages that a browser loads."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._sizes: dict[str, int] = {}
        self._cached: set[str] = set()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        session.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self._cached:
            self._sizes[event["requestId"]] = int(event["encodedDataLength"])

    def weigh(self, name: str) -> Weight:
        """What was loaded since the last time."""
        self.page.wait_for_load_state("networkidle")
        sizes, self._sizes = self._sizes, {}
        weights = [size for size in sizes.values() if size]
        return Weight(name, sum(weights), len(weights), self.page.evaluate("self.shifts"))


def main() -> int:
    """Weigh and judge, print tables, and fail where a page is too heavy, jumps, or has too few points."""
    run.begin()
    try:
        platform = running()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_program(), args=FLAGS)
            first = list(_first_visits(browser, platform))
            steps = list(_steps(browser, platform))
            first.append(_kept(browser, platform))
            browser.close()
            judged = list(_judged(playwright, platform))
    finally:
        run.end()
    faults = [*_weighed(first, steps), *_scored(judged)]
    print("\n".join(faults))
    return int(bool(faults))


def _weighed(first: list[Weight], steps: list[Weight]) -> Iterator[str]:
    print("| page | kB | requests | layout shift |\n| --- | --- | --- | --- |")
    for weight in (*first, *steps):
        print(f"| {weight.name} | {weight.bytes / 1000:.1f} | {weight.requests} | {weight.shift:.3f} |")
    beside = first[-1].bytes
    heavy = [w for w in first if w.bytes + beside > FIRST_LIMIT] + [w for w in steps if w.bytes > NEXT_LIMIT]
    jumps = [w for w in (*first, *steps) if w.shift > 0]
    yield from (f"too heavy, or it jumps: {weight.name}" for weight in (*heavy, *jumps))


def _scored(judged: list[Judged]) -> Iterator[str]:
    print(f"\n| page | {' | '.join(CATEGORIES)} |\n| --- |{' --- |' * len(CATEGORIES)}")
    for page in judged:
        print(f"| {page.name} | {' | '.join(str(page.scores.get(one, '–')) for one in CATEGORIES)} |")
    for page in judged:
        yield from (
            f"{page.name}: {category} below {LIMIT}; {'; '.join(page.lost)}" for category in page.below()
        )


def _first_visits(browser: Browser, platform: Platform) -> Iterator[Weight]:
    started = _page(browser, platform)
    started.goto("/tokyo/tax-certificate/")
    Resident(started, platform, "audit@example.invalid").start()
    cookies, step = started.context.cookies(), started.url
    started.context.close()
    for path in (*PUBLIC, step):
        page = _page(browser, platform)
        page.context.add_cookies(cookies)  # type: ignore[arg-type]
        scale = Scale(page)
        page.goto(path)
        name = "a form step" if path == step else path
        yield scale.weigh(f"{name}, first visit")
        page.context.close()


def _kept(browser: Browser, platform: Platform) -> Weight:
    """What the worker of the page without a connection fetches, once; its traffic is not in that of the page."""
    page = _page(browser, platform, "allow")
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url) if request.service_worker else None)
    page.goto("/status")
    page.wait_for_function("caches.match('/offline', {ignoreVary: true}).then(Boolean)")
    page.context.close()
    fresh = [
        url for url in asked if "/css/" not in url and "/vendor/" not in url
    ]  # others the page has fetched
    return Weight("beside it: the worker and its page", sum(map(_bytes, fresh)), len(fresh), 0)


def _bytes(url: str) -> int:
    headers = {"Accept-Encoding": "gzip, br", "Accept-Language": "ja"}
    with urlopen(Request(url, headers=headers), timeout=30) as answer:  # noqa: S310 - our own platform
        return len(answer.read()) + len(str(answer.headers))


def _steps(browser: Browser, platform: Platform) -> Iterator[Weight]:
    page = _page(browser, platform)
    resident = Resident(page, platform, "audit@example.invalid")
    page.goto("/tokyo/tax-certificate/")
    resident.start()
    scale = Scale(page)
    page.reload()
    scale.weigh("what every page shares")
    resident.choose("applicant_type=person")
    resident.go_on()
    page.wait_for_url("**/person")
    yield scale.weigh("form: name, afterwards")
    resident.name_is()
    resident.go_on()
    page.wait_for_url("**/contact")
    yield scale.weigh("form: address, afterwards")
    resident.lives_at()
    resident.type(email=resident.email, phone="03-1234-5678")
    resident.go_on()
    page.wait_for_url("**/certificate")
    yield scale.weigh("form: address found, and the next page")
    page.context.close()


def _judged(playwright: Playwright, platform: Platform) -> Iterator[Judged]:
    """Lighthouse on public pages, then on those of somebody who applies, in the browser in which they do."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="madoguchi-audit-") as profile:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium_program(),
            args=[*FLAGS, f"--remote-debugging-port={port}"],
            base_url=platform.url,
            viewport=PHONE,  # type: ignore[arg-type]
            locale="ja",
        )
        page = context.pages[0]
        for path in PUBLIC:
            yield judge(path, platform.url + path, port, indexed=True)
        for name in _journey(page, platform):
            yield judge(name, page.url, port, indexed=False)
        context.close()


def _journey(page: Page, platform: Platform) -> Iterator[str]:
    resident = Resident(page, platform, "lighthouse@example.invalid")
    page.goto("/tokyo/tax-certificate/")
    resident.start()
    resident.choose("applicant_type=person")
    resident.go_on()
    page.wait_for_url("**/person")
    yield "a form step"
    resident.name_is()
    resident.go_on()
    page.wait_for_url("**/contact")
    resident.lives_at()
    resident.type(email=resident.email, phone="03-1234-5678")
    resident.go_on()
    page.wait_for_url("**/certificate")
    resident.choose("kind=no_arrears")
    resident.go_on()
    page.wait_for_url("**/copies")
    resident.type(copies="1")
    resident.go_on()
    page.wait_for_url("**/purpose")
    resident.choose("purpose=loan")
    resident.go_on()
    page.wait_for_url("**/check")
    yield "check your answers"
    resident.declare_all()
    resident.go_on()
    resident.sign()
    page.wait_for_url("**/filed")
    page.goto(f"/status/{resident.reference()}")
    yield "status of a case"


def _page(browser: Browser, platform: Platform, workers: Literal["allow", "block"] = "block") -> Page:
    """A fresh phone. Without workers: pages that pass through one are not in the page's own log of the network."""
    page = browser.new_page(
        base_url=platform.url,
        viewport=PHONE,  # type: ignore[arg-type]
        locale="ja",
        service_workers=workers,
    )
    page.add_init_script(_SHIFTS)
    return page


if __name__ == "__main__":
    raise SystemExit(main())
