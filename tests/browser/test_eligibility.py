"""Whether one may apply, before there is a draft: on a phone, with and without scripts, for two procedures."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look
from tests.browser.people import Resident, press
from tests.browser.platform import Platform
from tests.browser.test_public_housing import born

HOUSING, WASTE = "/tokyo/public-housing/", "/mihon/bulky-waste/"


def check(resident: Resident, procedure: str) -> None:
    """From the procedure's page to the questions."""
    resident.page.goto(procedure)
    resident.page.click("main a[href$='/eligibility']")


def test_a_household_that_may_apply_types_everything_once(page: Page, platform: Platform, look: Look) -> None:
    resident = Resident(page, platform, "check@example.invalid")
    page.goto(HOUSING)
    look(page, "before-housing")
    check(resident, HOUSING)
    resident.choose("lives_in_tokyo=no", "needs_housing=yes", "category=special")
    born(resident, "born", 1990)
    resident.type(income="1500000")
    expect(page.locator("[name=three_years]").first).to_be_visible()
    resident.choose("three_years=no", "single_reason=none")
    look(page, "check-housing-questions")
    resident.go_on()
    expect(page.locator("main .cards > .notice--warning")).to_have_count(2)
    look(page, "check-housing-no")
    press(page, "change")
    resident.choose("lives_in_tokyo=yes")
    press(page, "add:household")
    page.fill("[name='household-0-member_income']", "0")
    page.locator("[name='household-0-member_income']").blur()
    expect(page.locator("[name=three_years]")).to_have_count(0)
    resident.go_on()
    expect(page.locator("form[action$='/start']")).to_be_visible()
    look(page, "check-housing-yes")
    assert re.search(r"/eligibility$", page.url)
    page.click("form[action$='/start'] .button")
    expect(page).to_have_url(re.compile("/household$"))
    expect(page.locator("[name='household-0-member_income']")).to_have_value(re.compile("^0"))
    look(page, "check-housing-goes-on")


@pytest.mark.parametrize("language", ["ja-simple", "en"])
def test_without_scripts(scriptless: Page, platform: Platform, look: Look, language: str) -> None:
    page = scriptless
    resident = Resident(page, platform, "waste@example.invalid")
    resident.read_in(language)
    page.goto(WASTE)
    look(page, f"before-waste-{language}")
    check(resident, WASTE)
    resident.choose("in_city=yes", "origin=business")
    resident.go_on()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("[name=origin][value=business]")).to_be_checked()
    resident.choose("excluded=no")
    resident.go_on()
    expect(page.locator("main .cards > .notice--warning")).to_have_count(1)
    look(page, f"check-waste-no-{language}")
    page.locator(".languages button[lang='ko']").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.locator("main .cards > .notice--warning")).to_have_count(1)
    press(page, "change")
    resident.choose("origin=home")
    resident.go_on()
    page.click("form[action$='/start'] .button")
    expect(page).not_to_have_url(re.compile("/conditions$"))
