"""Without a connection: our own page in the reader's language, nothing personal kept, and forms sent as before."""

import re
from collections.abc import Iterable, Iterator
from threading import Thread
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from procedures import loader, versions
from tests.browser.conftest import Look
from tests.browser.people import Resident, sent
from tests.browser.platform import Platform, wait
from tests.factories.applications import TOKYO
from tests.factories.papers import photo
from web.app import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SOURCE = """\
procedure: no-line
department: tokyo-taxation
kind: notification
language: ja
title: 圏外の見本
summary: 見本です。
law: {basis: 見本条例 第1条, retention: 1 year}
desk: tax
pages:
  - {id: story, title: くわしい事情, fields: [{id: story, type: long_text, label: 事情}]}
  - {id: picture, title: 写真, fields: [{id: picture, type: image, label: 写真}]}
signature: {level: none}
workflow: {uses: receipt-only}
"""
STORY = "だれにも見せない事情"
KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const store = await caches.open(name);
    for (const { url } of await store.keys()) found[url] = await (await store.match(url, {ignoreVary: true})).text();
  }
  return found;
}"""


def kept(page: Page) -> dict[str, str]:
    """Every address that the browser's stores hold, with what it holds of it."""
    found: dict[str, str] = page.evaluate(KEPT)
    return found


def ready(page: Page) -> None:
    """Wait until the worker keeps the page for bad times in the language of the open page."""
    language = page.locator("html").get_attribute("lang")
    mark = f'<html lang="{language}"'
    wait(
        lambda: any(mark in text for url, text in kept(page).items() if url.endswith("/offline")) or None, 20
    )


@pytest.mark.parametrize("tag", ["ja", "en"])
def test_a_page_of_our_own_in_the_readers_language(page: Page, look: Look, tag: str) -> None:
    page.goto(f"/?lang={tag}")
    ready(page)
    page.context.set_offline(True)
    page.goto("/status")
    title = {"ja": "通信できません", "en": "No connection"}[tag]
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.url.endswith("/status")
    assert page.locator("main").evaluate("main => getComputedStyle(main).fontFamily").startswith('"Noto Sans')
    page.context.set_offline(False)
    expect(page).to_have_title(re.compile({"ja": "申請", "en": "Check an application"}[tag]))
    page.context.set_offline(True)
    page.goto("/verify")
    look(page, f"offline-{tag}")
    page.context.set_offline(False)


def test_the_kept_page_follows_the_language(page: Page) -> None:
    page.goto("/?lang=ja")
    ready(page)
    page.goto("/?lang=ko")
    ready(page)
    pages = [text for url, text in kept(page).items() if url.endswith("/offline")]
    assert len(pages) == 1
    assert 'lang="ko"' in pages[0]


@pytest.fixture
def resident(page: Page, platform: Platform) -> Resident:
    """Somebody who has typed on the first page of a form, with the worker at work."""
    with platform.ctx.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(SOURCE), "command")
    page.goto(f"/{TOKYO}/no-line/")
    ready(page)
    resident = Resident(page, platform, f"offline-{uuid4().hex[:8]}@example.invalid")
    resident.start()
    page.wait_for_url("**/story")
    page.fill("[name=story]", STORY)
    assert page.evaluate("navigator.serviceWorker.controller !== null")
    return resident


def test_nothing_of_a_person_is_kept(page: Page, resident: Resident) -> None:
    resident.go_on()
    page.wait_for_url("**/picture")
    page.goto("/my/sign-in")
    page.goto("/?q=" + STORY)
    found = kept(page)
    assert {url.partition("?")[0].rpartition("/")[2] for url in found} == {
        "offline", "tokens.css", "base.css", "layout.css", "parts.css", "offline.js",
    }  # fmt: skip
    assert not any(STORY in text or "csrf_token" in text for text in found.values())
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("indexedDB.databases()") == []


def test_what_is_typed_waits_in_the_page_and_is_sent(page: Page, resident: Resident) -> None:
    page.context.set_offline(True)
    page.click("#page-form .actions button[value=next]")
    expect(page.get_by_role("button", name="もう一度送る")).to_be_visible()
    other = page.context.new_page()
    other.goto("/status")
    expect(other.get_by_role("heading", level=1)).to_have_text("通信できません")
    other.close()
    expect(page.locator("[name=story]")).to_have_value(STORY)
    page.context.set_offline(False)
    page.wait_for_url("**/picture")
    page.go_back()
    expect(page.locator("[name=story]")).to_have_value(STORY)


def test_a_slow_upload_still_tells_how_far_it_is(page: Page, resident: Resident) -> None:
    resident.go_on()
    page.wait_for_url("**/picture")
    page.evaluate(
        "self.seen = new Set();"
        "new MutationObserver(() => seen.add(document.querySelector('.sending progress')?.value))"
        ".observe(document.body, {subtree: true, attributes: true, attributeFilter: ['value']})"
    )
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions",
              {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": 400_000})  # fmt: skip
    large = photo() + b"\0" * 1_500_000
    page.set_input_files("[name=picture-file]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": large})
    page.click("button[value='upload:picture']")
    page.wait_for_timeout(2_000)
    seen = [value for value in page.evaluate("[...seen]") if value and value < 100]
    assert len(seen) >= 2, seen
    sent(page)
    expect(page.get_by_text("a.jpg").first).to_be_visible(timeout=30_000)


class Switched:
    """The platform twice behind one address: with the worker, and where it was switched off."""

    server: BaseWSGIServer

    def __init__(self, platform: Platform) -> None:
        settings = platform.ctx.settings
        self._apps = [create_app(settings.model_copy(update={"offline_page": on})) for on in (False, True)]
        self.on = True

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        return self._apps[self.on](environ, start)


@pytest.fixture
def switched(platform: Platform) -> Iterator[Switched]:
    """The two behind an address of their own, in this process."""
    app = Switched(platform)
    app.server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=app.server.serve_forever, daemon=True).start()
    yield app
    app.server.shutdown()


def test_the_worker_goes_where_it_is_switched_off(page: Page, switched: Switched) -> None:
    page.goto(f"http://127.0.0.1:{switched.server.port}/")
    ready(page)
    switched.on = False
    page.reload()
    gone = "Promise.all([caches.keys(), navigator.serviceWorker.getRegistrations()]).then(all => all.flat().length)"
    wait(lambda: page.evaluate(gone) == 0 or None, 20)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(gone) == 0
