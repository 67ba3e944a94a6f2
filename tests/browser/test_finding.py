"""Finding a procedure on a phone: by words, by a life event, by three questions; with and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look


def test_words_with_a_typing_error_lead_to_the_procedure(page: Page, look: Look) -> None:
    page.goto("/")
    look(page, "finding-front")
    page.get_by_role("searchbox").fill("ﾄｴｲｼﾞｭｳﾀｸ")
    page.get_by_role("button", name="検索").click()
    expect(page.get_by_role("link", name="都営住宅の入居者募集（見本）")).to_be_visible()
    page.get_by_role("searchbox").fill("toeijutaku")
    page.get_by_role("button", name="検索").click()
    expect(page.get_by_role("link", name="都営住宅の入居者募集（見本）")).to_be_visible()
    look(page, "finding-words")


def test_nothing_found_shows_ways_on(page: Page, look: Look) -> None:
    page.goto("/?q=qqqqqqq")
    expect(page.get_by_role("heading", name="見つかりませんでした")).to_be_visible()
    look(page, "finding-nothing")
    page.get_by_role("link", name="3つの質問から探す").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("どなたのための手続をお探しですか")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_three_questions_without_scripts(scriptless: Page, language: str) -> None:
    scriptless.goto("/guide/")
    scriptless.locator("a[href*='for=resident']:not([hreflang])").click()
    scriptless.locator("main a[href*='event=growing_old']").click()
    if "/guide/" in scriptless.url:
        scriptless.locator("main a[href*='who=any']").click()
    expect(scriptless.locator("main a[href*='public-housing']")).to_be_visible()
    assert scriptless.evaluate("document.documentElement.scrollWidth") <= 360
    assert language in ("ja", "en")


def test_the_guide_and_a_life_event_are_accessible(page: Page, look: Look) -> None:
    for place, path in enumerate(
        ("/guide/", "/guide/?for=resident", "/life-events/moving/", "/tokyo/?event=moving")
    ):
        page.goto(path)
        look(page, f"finding-{place}")
        for details in page.locator("details").all():
            details.evaluate("one => one.open = true")
        look(page, f"finding-{place}-open")
