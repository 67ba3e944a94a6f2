"""Giving up on a phone: one tap, with and without scripts, and what the office sees of it."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts import clerks
from tests.browser.conftest import Look
from tests.browser.people import Clerk, Resident, press, sent
from tests.browser.platform import Platform
from tests.factories.applications import MIHON, SIGNS
from web.demonstration import PASSWORD

WIDE = {"width": 1280, "height": 900}
SAID = "𠮷野家の看板の写真が手元にありません。" * 6


@pytest.fixture
def desk(chromium: Browser, platform: Platform) -> Iterator[Page]:
    email = f"signs-{uuid4().hex[:8]}@{MIHON}.example.invalid"
    with platform.ctx.database.writing(MIHON) as session:
        clerks.add(session, email, "見本 𠮷子", PASSWORD, [("reviewer", "advertising")], "command")
    context = chromium.new_context(base_url=platform.url, locale="ja", viewport=WIDE)  # type: ignore[arg-type]
    person = Clerk(context.new_page(), email)
    person.sign_in()
    yield person.page
    context.close()


def test_saving_and_leaving(page: Page, platform: Platform, desk: Page, look: Look) -> None:
    resident = Resident(page, platform, "nobody@example.invalid")
    page.goto(f"/{MIHON}/{SIGNS}/")
    resident.start()
    press(page, "save")
    page.wait_for_url(re.compile("/save$"))
    look(page, "leaving-01-save-360")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    look(page, "leaving-01-save-1280")
    page.set_viewport_size({"width": 360, "height": 740})
    page.click("button[value=papers]")
    sent(page)
    page.wait_for_url(re.compile("/leaving/thanks"))
    look(page, "leaving-02-thanks-360")
    page.fill("#comment", SAID)
    page.locator("main form .button").click()
    sent(page)
    expect(page.locator("#comment")).to_have_count(0)
    page.goto("/satisfaction")
    look(page, "leaving-03-satisfaction-360")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    look(page, "leaving-03-satisfaction-1280")
    desk.goto("/desk/advertising")
    desk.click("a[href$='/leaving']")
    expect(desk.locator("main")).to_contain_text(SAID[:20])
    look(desk, "leaving-04-desk-1280")
    desk.set_viewport_size({"width": 360, "height": 740})
    look(desk, "leaving-04-desk-360")


def test_not_eligible_without_scripts(scriptless: Page, platform: Platform, look: Look) -> None:
    resident = Resident(scriptless, platform, "nobody@example.invalid")
    scriptless.goto(f"/{MIHON}/{SIGNS}/")
    resident.start()
    resident.choose("in_city=no", "zone=permitted")
    scriptless.click("#page-form .actions button[value=next]")
    look(scriptless, "leaving-05-not-eligible-360")
    scriptless.click("button[value=not_for_me]")
    expect(scriptless).to_have_url(re.compile("/leaving/thanks"))
    expect(scriptless.locator("#comment")).to_be_visible()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_discarding(page: Page, platform: Platform, look: Look, language: str) -> None:
    resident = Resident(page, platform, "nobody@example.invalid")
    page.goto(f"/{MIHON}/{SIGNS}/")
    resident.start()
    draft = page.url
    press(page, "save")
    page.wait_for_url(re.compile("/save$"))
    page.click("a[href$='/discard']")
    look(page, f"leaving-06-discard-{language}-360")
    page.click(".button--warning")
    sent(page)
    page.wait_for_url(re.compile("/leaving"))
    look(page, f"leaving-07-deleted-{language}-360")
    page.click("button[value=later]")
    sent(page)
    page.wait_for_url(re.compile("/leaving/thanks"))
    answer = page.goto(draft)
    assert answer
    assert answer.status == 404
