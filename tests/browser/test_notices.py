"""Switching notices of procedures on and off in one's account, and the mail that comes of it."""

import pytest
from playwright.sync_api import Page, expect

from accounts import residents
from tests.browser.conftest import Look
from tests.browser.platform import Platform, text
from tests.browser.test_my_page import new_resident, sign_in
from tests.factories.applications import MIHON
from tests.factories.residents import scope_of
from tests.integration.test_suggestions import FAMILY
from web import jobs

WIDE = {"width": 1280, "height": 900}


@pytest.mark.parametrize("tag", ["ja", "ja-simple", "en", "zh-Hans", "zh-Hant", "ko"])
def test_on_and_off(page: Page, platform: Platform, look: Look, tag: str) -> None:
    resident = new_resident(page, platform)
    resident.read_in(tag)
    sign_in(resident)
    page.goto("/my")
    page.click("a[href='/my/notices']")
    look(page, f"notices-{tag}-01-off-360")
    with platform.ctx.database.writing(scope_of(platform.ctx, resident.email)) as session:
        residents.change(session, platform.ctx, lambda document: document.profile.update(FAMILY))
    page.click("button[value=on]")
    expect(page.locator("button[value=off]")).to_be_visible()
    jobs.suggest(platform.ctx)
    mail = text(platform.mail(resident.email, f"/{MIHON}/child-allowance/"))
    assert "/my/notices" in mail
    page.reload()
    expect(page.locator(".card")).to_have_count(2)
    look(page, f"notices-{tag}-02-on-360")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    look(page, f"notices-{tag}-02-on-1280")
    page.click("button[value=off]")
    expect(page.locator("button[value=on]")).to_be_visible()
    expect(page.locator(".card")).to_have_count(0)


def test_without_scripts(scriptless: Page, platform: Platform, look: Look) -> None:
    resident = new_resident(scriptless, platform)
    sign_in(resident)
    scriptless.goto("/my/notices")
    scriptless.click("button[value=on]")
    scriptless.click("button[value=off]")
    expect(scriptless.locator("button[value=on]")).to_be_visible()
    look(scriptless, "notices-03-scriptless")
