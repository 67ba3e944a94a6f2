"""A clerk's day: the queue, a case, every step by keyboard alone; and the pages nobody wants to see."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts import clerks
from tests.browser.conftest import Look
from tests.browser.people import Clerk
from tests.browser.platform import Platform
from tests.factories.applications import MIHON, SIGNS, filed
from web.demonstration import PASSWORD

DESK = "advertising"
NAME = {
    "family": "𠮷野髙﨑長宗我部",
    "given": "寿限無寿限無五劫の擦り切れ",
    "family_kana": "ヨシノ",
    "given_kana": "ジュゲム",
}
COMPANY = "株式会社見本東京広告看板製作所ホールディングス西日本事業統括本部第二営業部"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def references(platform: Platform) -> list[str]:
    """Cases at the desk: a long name in rare kanji, a long company name, one in English."""
    cases = [
        filed(platform.ctx, SIGNS, 0, name=NAME),
        filed(platform.ctx, SIGNS, 1, company=COMPANY),
        filed(platform.ctx, SIGNS, 0, "en"),
    ]
    return [case.application.reference for case in cases]


@pytest.fixture
def clerk(chromium: Browser, platform: Platform) -> Iterator[Clerk]:
    """A reviewer of their own, signed in at a wide screen."""
    tag = uuid4().hex[:8]
    email, name = f"desk-{tag}@{MIHON}.example.invalid", f"見本 𠮷子 {tag}"
    with platform.ctx.database.writing(MIHON) as session:
        clerks.add(session, email, name, PASSWORD, [("reviewer", DESK)], "command")
    context = chromium.new_context(base_url=platform.url, locale="ja", viewport=WIDE)  # type: ignore[arg-type]
    person = Clerk(context.new_page(), email, name)
    person.sign_in()
    yield person
    context.close()


def both(page: Page, look: Look, name: str) -> None:
    """Look at a page as wide as a desk's screen and as narrow as a phone."""
    look(page, f"{name}-1280")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    look(page, f"{name}-360")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def shown(page: Page) -> list[str]:
    """The reference numbers in the queue."""
    return [text.strip() for text in page.locator("tbody th a").all_inner_texts()]


def test_queue_and_case(clerk: Clerk, references: list[str], look: Look) -> None:
    page = clerk.page
    both(page, look, "desk-01-desks")
    page.click(f"a[href='/desk/{DESK}']")
    assert set(references) <= set(shown(page))
    both(page, look, "desk-02-queue")
    page.select_option("#show", "mine")
    page.click(".filters button")
    expect(page.locator("tbody")).to_have_count(0)
    both(page, look, "desk-03-nothing")
    page.goto(f"/desk/{DESK}")
    page.fill("#reference", references[0].lower().replace("-", " "))
    page.click(".filters button")
    expect(page.locator("tbody th a")).to_have_text(references[:1])
    page.click("tbody th a")
    expect(page.locator("h1")).to_contain_text("𠮷野髙﨑")
    page.fill("#note", "電話で\n確認した。" + "長" * 300)
    page.click("form[action$='/note'] button")
    expect(page.locator(".quote")).to_contain_text("確認した。")
    page.select_option("#clerk", label=clerk.name)
    with page.expect_navigation():  # the choice alone looks the same as the choice that was kept
        page.click("form[action$='/assign'] button")
    expect(page.locator("#clerk option:checked")).to_have_text(clerk.name)
    both(page, look, "desk-04-case")
    page.goto(f"/desk/{DESK}?show=mine&procedure={SIGNS}")
    assert shown(page) == references[:1]
    page.goto(f"/desk/{DESK}?show=unassigned")
    assert references[0] not in shown(page)


def test_the_next_case_and_a_correction(clerk: Clerk, references: list[str], look: Look) -> None:
    page = clerk.page
    page.goto(f"/desk/{DESK}")
    page.click("form[action$='/next'] button")
    expect(page.locator("#clerk option:checked")).to_have_text(clerk.name)
    page.click("a[href$='/correction']")
    page.locator("main form .actions button").click()
    expect(page.locator(".error-summary")).to_be_visible()
    both(page, look, "desk-05-correction-error")
    page.fill("#remark-phone", "つながりません。")
    page.locator("main form .actions button").click()
    expect(page.locator("h1")).to_be_visible()
    both(page, look, "desk-06-waiting")
    page.goto(f"/desk/{DESK}?show=applicant")
    assert shown(page)


def test_a_step_on_a_case_that_a_colleague_moved_is_told(
    clerk: Clerk, references: list[str], look: Look
) -> None:
    page = clerk.page
    clerk.open(DESK, references[2])
    other = page.context.new_page()
    other.goto(page.url)
    Clerk(other, clerk.email).take("take")
    clerk.take("take")
    expect(page.locator("h1")).to_be_visible()
    assert "/step" in page.url
    both(page, look, "desk-07-stale")
    clerk.open(DESK, references[2])
    expect(page.locator("button[value=draft_approval]")).to_be_visible()


def test_from_the_sign_in_to_a_step_by_keyboard(chromium: Browser, platform: Platform, look: Look) -> None:
    reference = filed(platform.ctx, SIGNS).application.reference
    page = chromium.new_page(base_url=platform.url, locale="ja", viewport=WIDE)  # type: ignore[arg-type]
    page.goto(f"/desk/{DESK}?reference={reference}")
    expect(page).to_have_url(re.compile("/sign-in"))
    look(page, "desk-08-sign-in")
    press_to(page, "#main", "Enter", skip=True)
    press_to(page, "#email")
    page.keyboard.type(f"reviewer@{MIHON}.example.invalid")
    press_to(page, "#password")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, "desk-09-sign-in-error")
    press_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/desk/{DESK}"))
    press_to(page, "tbody th a", "Enter")
    expect(page).to_have_url(re.compile("/desk/cases/"))
    press_to(page, "button[value=take]")
    look(page, "desk-10-focus")
    page.keyboard.press("Enter")
    expect(page.locator("button[value=draft_approval]")).to_be_visible()
    press_to(page, "details:has(button[value=draft_refusal]) summary", "Enter")
    press_to(page, "#reason-draft_refusal")
    page.keyboard.type("見本の理由")
    press_to(page, "button[value=draft_refusal]", "Enter")
    expect(page.locator(".quote")).to_contain_text("見本の理由")
    page.context.close()


def press_to(page: Page, selector: str, press: str = "", skip: bool = False) -> None:
    """Press Tab until `selector` has the focus, then `press`; with `skip` by the link to the content."""
    if skip:
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press(press)
        expect(page.locator(selector)).to_be_focused()
        return
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            break
    else:
        raise AssertionError(f"{selector} cannot be reached with Tab")
    if press:
        page.keyboard.press(press)


def test_pages_of_errors(page: Page, clerk: Clerk, look: Look) -> None:
    for address, name in (("/nothing/here", "404"), ("/desk/cases/nothing", "404-desk")):
        for who in (page, clerk.page):
            who.goto(address)
        expect(clerk.page.locator("h1")).to_be_visible()
        both(clerk.page, look, f"error-{name}")
    page.goto("/status")
    page.evaluate("document.querySelector('[name=csrf_token]').value = 'forged'")
    page.locator("main form .button").click()
    expect(page.locator("h1")).to_be_visible()
    look(page, "error-csrf")
