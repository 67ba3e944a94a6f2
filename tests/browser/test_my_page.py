"""A resident's own page on a phone: signing in two ways, typing once, applying for a company."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look
from tests.browser.people import Resident, press
from tests.browser.platform import Platform

LONG = "髙﨑見本株式会社見本東日本支店営業第二本部見本課"


def new_resident(page: Page, platform: Platform) -> Resident:
    return Resident(page, platform, f"mine-{uuid4().hex[:8]}@example.invalid")


def sign_in(resident: Resident) -> None:
    page = resident.page
    page.goto("/my/sign-in")
    page.fill("#email", resident.email)
    page.click("main form .button")
    page.fill("#code", resident.wait_for_code())
    page.click("main form .button")


def through(page: Page, service: str, name: str) -> None:
    """Sign in at another service and come back."""
    page.goto("/my/sign-in")
    page.click(f"#with-{service}")
    page.fill("[name=login]", name)
    page.click("button")
    expect(page).to_have_url(re.compile(r"/my(/take-over)?$"))


def keep(page: Page) -> None:
    page.click("#page-form .actions button[value=next]")
    expect(page).to_have_url(re.compile(r"/my/profile$"))


@pytest.mark.parametrize("tag", ["ja", "ja-simple", "en"])
def test_signing_in_by_code_takes_over_what_was_begun(
    page: Page, platform: Platform, look: Look, tag: str
) -> None:
    resident = new_resident(page, platform)
    resident.read_in(tag)
    resident.find("とぜい", "tax-certificate")
    resident.start()
    page.goto("/my/sign-in")
    look(page, f"my-{tag}-01-sign-in")
    page.click("main form .button")
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, f"my-{tag}-02-error")
    page.fill("#email", resident.email)
    page.click("main form .button")
    look(page, f"my-{tag}-03-code")
    page.fill("#code", "000000")
    page.click("main form .button")
    look(page, f"my-{tag}-04-wrong-code")
    page.fill("#code", resident.wait_for_code())
    page.click("main form .button")
    expect(page).to_have_url(re.compile(r"/my/take-over$"))
    look(page, f"my-{tag}-05-take-over")
    page.check("[name=take]")
    page.click("main form .button")
    look(page, f"my-{tag}-06-page")
    page.goto("/my/delete")
    look(page, f"my-{tag}-07-delete")
    page.click("main form .button--warning")
    look(page, f"my-{tag}-08-delete-error")
    page.check("#sure")
    page.click("main form .button--warning")
    look(page, f"my-{tag}-09-deleted")
    page.goto("/my")
    expect(page).to_have_url(re.compile(r"/my/sign-in"))


def fill_profile(page: Page, resident: Resident, look: Look) -> None:
    """Name, address, telephone and one person of the household."""
    page.goto("/my/profile")
    look(page, "profile-01-empty")
    page.goto("/my/profile/name")
    resident.name_is(family="髙𠮷見本")
    look(page, "profile-02-name")
    keep(page)
    page.goto("/my/profile/address")
    resident.lives_at()
    keep(page)
    page.goto("/my/profile/phone")
    resident.type(phone="12")
    page.click("#page-form .actions button[value=next]")
    look(page, "profile-03-error")
    resident.type(phone="０９０－１２３４－５６７８")
    keep(page)
    page.goto("/my/profile/household")
    press(page, "add:household")
    resident.name_is("household-0-name", given="花子")
    page.check("[name='household-0-relationship'][value=spouse]")
    look(page, "profile-04-household")
    keep(page)
    page.goto("/my/profile/bank_account")
    look(page, "profile-05-bank")
    page.goto("/my/profile")
    look(page, "profile-06-filled")


def finish(resident: Resident) -> None:
    """What is left of the form after the contact: one copy for a loan, signed."""
    resident.choose("kind=no_arrears")
    resident.go_on()
    resident.type(copies="1")
    resident.go_on()
    resident.choose("purpose=loan")
    resident.go_on()
    resident.declare_all()
    seen = resident.mails()
    resident.go_on()
    resident.sign(seen)


def test_typed_once_and_filled_in_with_consent(page: Page, platform: Platform, look: Look) -> None:
    resident = new_resident(page, platform)
    sign_in(resident)
    fill_profile(page, resident, look)
    resident.find("とぜい", "tax-certificate")
    resident.start()
    expect(page).to_have_url(re.compile(r"/profile$"))
    look(page, "prefill-01-consent")
    page.click("button[value=yes]")
    resident.choose("applicant_type=person")
    resident.go_on()
    expect(page.locator("[name=name-family]")).to_have_value("髙𠮷見本")
    look(page, "prefill-02-name")
    resident.go_on()
    expect(page.locator("[name=phone]")).to_have_value("090-1234-5678")
    expect(page.locator("[name=email]")).to_have_value(resident.email)
    resident.type(phone="03-1111-2222")
    look(page, "prefill-03-contact")
    resident.go_on()
    page.goto(page.url.rpartition("/")[0] + "/contact")
    expect(page.locator("#address-source")).to_be_visible()
    expect(page.locator("#phone-source")).to_have_count(0)
    page.goto(page.url.rpartition("/")[0] + "/profile")
    look(page, "prefill-04-used")
    page.click("button[value=no]")
    expect(page.locator("[name=name-family]")).to_have_value("")
    resident.name_is(family="別姓")
    resident.go_on()
    resident.lives_at(street="西新宿1-1-1")
    expect(page.locator("[name=phone]")).to_have_value("03-1111-2222")
    resident.type(email=resident.email)
    resident.go_on()
    finish(resident)
    reference = resident.reference()
    page.click(f"a[href='/my/cases/{reference}/store']")
    look(page, "prefill-05-store")
    page.check("[value=address]")
    page.click("main form .button")
    expect(page.locator("main")).to_contain_text("西新宿1-1-1")
    expect(page.locator("main")).not_to_contain_text("別姓")
    page.goto("/my")
    expect(page.locator("main")).to_contain_text(reference)
    look(page, "my-10-applications")


def test_without_javascript(scriptless: Page, platform: Platform, look: Look) -> None:
    resident = new_resident(scriptless, platform)
    sign_in(resident)
    scriptless.goto("/my/profile/household")
    scriptless.click("button[value='add:household']")
    resident.name_is("household-0-name")
    scriptless.click("button[value='remove:household:0']")
    keep(scriptless)
    look(scriptless, "profile-07-scriptless")


def test_signing_in_through_another_service(page: Page, look: Look) -> None:
    through(page, "idcard", "taro")
    expect(page.locator("main")).to_contain_text("loa2")
    look(page, "openid-01-my-page")
    page.click("#sign-out")
    page.goto("/my/sign-in")
    page.click("#with-idcard")
    page.fill("[name=login]", "nobody")
    page.click("button")
    expect(page.locator(".error-summary")).to_be_visible()
    look(page, "openid-02-refused")


def test_applying_for_a_company(page: Page, platform: Platform, look: Look) -> None:
    through(page, "gbizid", "director")
    page.goto("/my/companies")
    look(page, "company-01-confirmed")
    page.click("main .actions .button")
    page.click("#page-form .actions button[value=next]")
    look(page, "company-02-error")
    page.fill("[name=name]", LONG)
    page.fill("[name=number]", "7000012050002")
    page.click("#page-form .actions button[value=next]")
    look(page, "company-03-two")
    page.goto("/tokyo/tax-certificate/")
    page.locator(f".radio:has-text('{LONG}') input").check()
    look(page, "company-04-for-whom")
    page.click("main form .button")
    page.click("button[value=yes]")
    page.check("[name=applicant_type][value=corporation]")
    page.click("#page-form .actions button[value=next]")
    expect(page.locator("[name=company]")).to_have_value(LONG)
    look(page, "company-05-form")
    page.goto("/my/mandates/new?procedure=tokyo-taxation/tax-certificate")
    page.fill("[name=mandator]", "髙𠮷 見本太郎左衛門")
    page.click("#page-form .actions button[value=next]")
    look(page, "mandate-01-error")
    page.fill("[name=delegate]", "見本 花子")
    delegate = new_resident(page, platform)
    page.fill("[name=email]", delegate.email)
    page.select_option("[name=until-era]", "ce")
    for part, value in {"year": "2099", "month": "1", "day": "31"}.items():
        page.fill(f"[name=until-{part}]", value)
    page.click("#page-form .actions button[value=next]")
    look(page, "mandate-02-invited")
    page.goto("/my")
    page.click("#sign-out")
    platform.mail(delegate.email)
    sign_in(delegate)
    page.goto("/my/mandates")
    look(page, "mandate-03-invitation")
    page.click("form[action$='/accept'] button")
    look(page, "mandate-04-accepted")
    page.goto("/tokyo/tax-certificate/")
    page.check("[name=for][value^='delegate:']")
    look(page, "mandate-05-for-whom")
    page.click("main form .button")
    look(page, "mandate-06-form")
