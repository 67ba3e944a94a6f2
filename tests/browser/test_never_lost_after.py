"""Beyond the form: what somebody typed into a message, a correction or a choice outlives bad lines and lost cookies."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from accounts import clerks
from applications import queries
from applications.filing import Filed
from applications.models import CaseMessage
from tests.browser.conftest import Look
from tests.browser.line import lose_first_answer
from tests.browser.people import Clerk, Resident, sent
from tests.browser.platform import Platform
from tests.browser.test_after_filing import opened
from tests.browser.test_my_page import new_resident, sign_in, through
from tests.factories.applications import TAX, TOKYO, filed
from web.demonstration import PASSWORD
from workflows import corrections

QUESTION = "証明書は何通ですか。\n髙﨑𠮷子"
PHONE = "090-1234-5678"


@pytest.fixture
def case(platform: Platform) -> Filed:
    """A case for which a correction is asked."""
    made, email = filed(platform.ctx, TAX), f"asks-{uuid4().hex[:8]}@{TOKYO}.example.invalid"
    with platform.ctx.database.writing(TOKYO) as session:
        person = clerks.add(session, email, "見本 𠮷子", PASSWORD, [("reviewer", "tax")], "command")
    with platform.ctx.database.writing(TOKYO) as session:
        seen = queries.get(session, made.application.id).row_version
        remarks = {"phone": "お電話がつながりません。日中につながる番号を教えてください。"}
        corrections.request_correction(session, platform.ctx, made.application.id, person, seen, remarks)
    return made


def at(page: Page, case: Filed, place: str) -> None:
    """Open the case and go to a page of it."""
    opened(page, case)
    page.click(f"main a[href$='/{place}'] >> nth=0")
    expect(page.locator("#page-form")).to_be_visible()


def press(page: Page) -> None:
    page.click("#page-form .actions .button >> nth=0")


def said(platform: Platform, case: Filed) -> int:
    """How many messages the case has."""
    of_case = CaseMessage.application_id == case.application.id
    with platform.ctx.database.reading(TOKYO) as session:
        return int(session.scalar(sa.select(sa.func.count(CaseMessage.id)).where(of_case)) or 0)


def versions(platform: Platform, case: Filed) -> int:
    with platform.ctx.database.reading(TOKYO) as session:
        return queries.get(session, case.application.id).answers_version


def test_a_correction_is_kept_while_it_is_typed(page: Page, case: Filed, look: Look) -> None:
    at(page, case, "correction")
    page.fill("[name=phone]", PHONE)
    expect(page.locator(".sending [role=status]")).to_have_text("保存しました")
    expect(page.locator(".sending button")).to_be_hidden()
    look(page, "after-never-lost-correction")
    page.reload()
    expect(page.locator("[name=phone]")).to_have_value(PHONE)
    page.fill("[name=phone]", PHONE + "0")
    page.reload()
    expect(page.locator("[name=phone]")).to_have_value(PHONE + "0")


def test_a_correction_without_a_line_waits_and_is_handed_in(
    page: Page, platform: Platform, case: Filed, look: Look
) -> None:
    at(page, case, "correction")
    page.context.set_offline(True)
    page.fill("[name=phone]", PHONE)
    press(page)
    expect(page.get_by_role("button", name="もう一度送る")).to_be_visible()
    look(page, "after-never-lost-correction-offline")
    page.context.set_offline(False)
    page.wait_for_url(f"**/status/{case.application.reference}")
    assert versions(platform, case) == 2


def test_a_correction_whose_answer_gets_lost_is_handed_in_once(
    page: Page, platform: Platform, case: Filed
) -> None:
    at(page, case, "correction")
    page.fill("[name=phone]", PHONE)
    lost = lose_first_answer(page, "**/correction")
    press(page)
    page.wait_for_url(f"**/status/{case.application.reference}", timeout=30_000)
    assert lost
    assert versions(platform, case) == 2


def test_a_correction_that_another_tab_has_sent(page: Page, case: Filed, look: Look) -> None:
    at(page, case, "correction")
    other = page.context.new_page()
    other.goto(page.url)
    other.fill("[name=phone]", PHONE)
    press(other)
    other.wait_for_url(f"**/status/{case.application.reference}")
    page.bring_to_front()
    page.fill("[name=phone]", "03-1234-5678")
    told = page.locator(".sending [role=status]")
    expect(told).to_contain_text("この補正はすでに送られています。")
    look(page, "after-never-lost-sent-before")
    press(page)
    sent(page)
    expect(told).to_contain_text("この補正はすでに送られています。")
    expect(page.locator("[name=phone]")).to_have_value("03-1234-5678")
    told.locator("a").click()
    page.wait_for_url(f"**/status/{case.application.reference}")


def test_a_message_without_a_line_is_sent_once(
    page: Page, platform: Platform, case: Filed, look: Look
) -> None:
    at(page, case, "messages")
    page.context.set_offline(True)
    page.fill("#text", QUESTION)
    press(page)
    expect(page.get_by_role("button", name="もう一度送る")).to_be_visible()
    look(page, "after-never-lost-message-offline")
    lost = lose_first_answer(page, "**/messages")
    page.context.set_offline(False)
    expect(page.locator(".steps .quote")).to_contain_text("何通", timeout=30_000)
    assert lost
    assert said(platform, case) == 1
    expect(page.locator("#text")).to_have_value("")


def test_signing_in_in_another_tab_is_not_noticed_in_a_message(
    page: Page, platform: Platform, case: Filed
) -> None:
    at(page, case, "messages")
    page.fill("#text", QUESTION)
    Clerk(page.context.new_page(), "reviewer@tokyo.example.invalid").sign_in()
    page.bring_to_front()
    press(page)
    expect(page.locator(".steps .quote")).to_contain_text("何通")
    assert said(platform, case) == 1


def test_nor_is_it_lost_without_a_script(
    scriptless: Page, platform: Platform, case: Filed, look: Look
) -> None:
    page = scriptless
    at(page, case, "messages")
    page.fill("#text", QUESTION)
    Clerk(page.context.new_page(), "reviewer@tokyo.example.invalid").sign_in()
    press(page)
    expect(page.locator("main > .notice--warning")).to_be_visible()
    look(page, "after-never-lost-token")
    assert said(platform, case) == 0
    expect(page.locator("#text")).to_have_value(QUESTION)
    press(page)
    expect(page.locator(".steps .quote")).to_contain_text("何通")
    assert said(platform, case) == 1


def test_a_lost_cookie(page: Page, platform: Platform, case: Filed, look: Look) -> None:
    _lost(page, platform, case, look, "after-never-lost")


def test_a_lost_cookie_without_a_script(
    scriptless: Page, platform: Platform, case: Filed, look: Look
) -> None:
    _lost(scriptless, platform, case, look, "after-never-lost-scriptless")


def _lost(page: Page, platform: Platform, case: Filed, look: Look, name: str) -> None:
    """The way back by the code that was shown at filing, in another language half-way."""
    at(page, case, "messages")
    page.context.clear_cookies(name="session")
    page.fill("#text", QUESTION)
    press(page)
    expect(page.locator("[name=kept]")).to_have_count(1)
    expect(page.locator("main .notice--warning")).to_have_count(1)
    look(page, f"{name}-return")
    page.click(".languages button[lang='en']")
    sent(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".error-summary")).to_have_count(0)
    look(page, f"{name}-return-en")
    page.fill("#code", str(case.secret))
    press(page)
    expect(page.locator("#text")).to_have_value(QUESTION)
    look(page, f"{name}-back")
    assert said(platform, case) == 0
    press(page)
    expect(page.locator(".steps .quote")).to_contain_text("何通")
    assert said(platform, case) == 1


@pytest.mark.parametrize("scripted", [True, False])
def test_the_language_of_a_page_on_which_somebody_types(
    page: Page, scriptless: Page, case: Filed, look: Look, scripted: bool
) -> None:
    page = page if scripted else scriptless
    at(page, case, "messages")
    page.fill("#text", QUESTION)
    for tag in ("en", "ja-simple", "ja"):
        page.click(f".languages button[lang='{tag}']")
        sent(page)
        expect(page.locator("html")).to_have_attribute("lang", tag)
        expect(page.locator(f".languages [lang='{tag}']")).to_have_attribute("aria-current", "true")
        expect(page.locator("#text")).to_have_value(QUESTION)
    page.goto("/life-events/moving/together")
    page.check("[name=procedure] >> nth=1")
    page.click(".languages button[lang='en']")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name=procedure] >> nth=1")).to_be_checked()
    look(page, f"after-never-lost-bundle-en-{scripted}")


@pytest.mark.parametrize("scripted", [True, False])
def test_the_language_on_the_way_back_to_a_draft(
    page: Page, scriptless: Page, platform: Platform, look: Look, scripted: bool
) -> None:
    page = page if scripted else scriptless
    resident = Resident(page, platform, f"back-{uuid4().hex[:8]}@example.invalid")
    page.goto(f"/{TOKYO}/{TAX}/")
    resident.start()
    resident.is_a_person()
    resident.go_on()
    page.wait_for_url("**/certificate")
    page.go_back()
    page.context.clear_cookies(name="session")
    page.fill("[name=phone]", PHONE)
    page.click("#page-form .actions button[value=next]")
    expect(page.locator("[name=typed]")).to_have_count(1)
    page.click(".languages button[lang='en']")
    sent(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".error-summary")).to_have_count(0)
    expect(page.get_by_role("button", name="Send me the code")).to_be_visible()
    look(page, f"after-never-lost-draft-{scripted}")
    page.click("button[value=code]")
    page.fill("#code", resident.wait_for_code())
    page.click("button[value=open]")
    page.wait_for_url("**/contact")
    expect(page.locator("[name=phone]")).to_have_value(PHONE)


def test_the_language_of_the_questions_whether_one_may_apply(page: Page, look: Look) -> None:
    page.goto("/mihon/bulky-waste/eligibility")
    page.check("[name=in_city][value=yes]")
    for tag in ("en", "ja"):
        page.click(f".languages button[lang='{tag}']")
        expect(page.locator("html")).to_have_attribute("lang", tag)
        expect(page.locator("[name=in_city][value=yes]")).to_be_checked()
    page.check("[name=origin][value=business]")
    page.check("[name=excluded][value=no]")
    page.click("#page-form .actions button[value=next]")
    expect(page.locator("main .cards > .notice--warning")).to_have_count(1)
    page.click(".languages button[lang='en']")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("header.site")).to_contain_text("Sign in")
    expect(page.locator("footer")).to_contain_text("Check an application")
    expect(page.locator("main .cards > .notice--warning")).to_have_count(1)
    look(page, "after-never-lost-eligibility-en")
    page.click(".languages button[lang='ja']")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.locator("header.site")).to_contain_text("ログイン")


@pytest.mark.parametrize("scripted", [True, False])
def test_a_form_of_ones_own_page_after_the_session_has_ended(
    page: Page, scriptless: Page, platform: Platform, look: Look, scripted: bool
) -> None:
    page = page if scripted else scriptless
    resident = new_resident(page, platform)
    sign_in(resident)
    page.goto("/my/mandates/new")
    name = "髙﨑𠮷子寿限無寿限無五劫の擦り切れ"
    page.fill("[name=delegate]", name)
    page.check("#everything")
    page.context.clear_cookies(name="session")
    page.click("#page-form .actions .button")
    expect(page.locator("[name=kept]")).to_have_count(1)
    look(page, f"after-never-lost-sign-in-{scripted}")
    spent = resident.wait_for_code()
    page.fill("#email", resident.email)
    page.click("#page-form .actions .button")
    page.fill("#code", resident.wait_for_code(spent=[spent]))
    look(page, f"after-never-lost-sign-in-code-{scripted}")
    page.click("#page-form .actions .button")
    expect(page.locator("[name=delegate]")).to_have_value(name)
    expect(page.locator("#everything")).to_be_checked()
    look(page, f"after-never-lost-mandate-{scripted}")
    page.click("#page-form .actions .button")
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page).to_have_url(f"{platform.url}/my/mandates/new")


def test_a_service_to_sign_in_with_opens_beside_what_was_typed(page: Page, look: Look) -> None:
    through(page, "idcard", "taro")
    page.goto("/my/profile/phone")
    page.fill("[name=phone]", PHONE)
    page.context.clear_cookies(name="session")
    page.click("#page-form .actions .button")
    with page.expect_popup() as opening:
        page.click("#with-idcard")
    other = opening.value
    other.fill("[name=login]", "taro")
    other.click("button")
    other.wait_for_url("**/my/**")
    page.bring_to_front()
    page.click("button[value=back]")
    expect(page.locator("[name=phone]")).to_have_value(PHONE)
    expect(page.locator("main > .notice--warning")).to_have_count(1)
    look(page, "after-never-lost-service")
    page.click("#page-form .actions .button")
    page.wait_for_url("**/my/profile")
    expect(page.locator("main")).to_contain_text(PHONE)
