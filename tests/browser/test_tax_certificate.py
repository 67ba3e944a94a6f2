"""A tax certificate from the first page to the verified document and the rating, on a phone, in three languages."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from tests.browser.conftest import Look
from tests.browser.people import Clerk, Resident
from tests.browser.platform import Platform, wait


def _fill(resident: Resident, look: Look, name: str) -> None:
    page = resident.page
    resident.go_on()
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, f"{name}-04-error")
    resident.choose("applicant_type=person")
    resident.go_on()
    resident.name_is()
    look(page, f"{name}-05-name")
    resident.go_on()
    resident.lives_at()
    resident.type(email=resident.email, phone="０９０－１２３４－５６７８")
    look(page, f"{name}-06-address")
    resident.go_on()
    resident.choose("kind=payment")
    page.locator("[name=tax_item]").first.wait_for()
    resident.choose("tax_item=business")
    look(page, f"{name}-07-certificate")
    resident.go_on()
    page.select_option("[name=fiscal_year]", index=1)
    resident.type(copies="２")
    resident.go_on()
    resident.choose("purpose=other")
    page.locator("[name=purpose_text]").wait_for()
    resident.type(purpose_text="見本の用途")
    resident.go_on()


@pytest.mark.parametrize("tag", ["ja", "ja-simple", "en"])
def test_from_the_catalogue_to_the_verified_certificate(
    page: Page, chromium: Browser, phone: BrowserContext, platform: Platform, look: Look, tag: str
) -> None:
    name = f"tax-{tag}"
    resident = Resident(page, platform, f"taro-{uuid4().hex[:8]}@example.invalid")
    resident.read_in(tag)
    look(page, f"{name}-01-catalogue")
    resident.find("とぜい", "tax-certificate")
    look(page, f"{name}-02-procedure")
    resident.start()
    look(page, f"{name}-03-first-page")
    _fill(resident, look, name)
    look(page, f"{name}-08-check")
    resident.go_on()
    look(page, f"{name}-09-check-error")
    resident.declare_all()
    resident.go_on()
    look(page, f"{name}-10-sign")
    resident.sign()
    look(page, f"{name}-11-filed")
    reference = resident.reference()
    filed = platform.mail(resident.email, reference)
    assert filed["Content-Language"] == tag

    page.click(f".actions a[href='/pay/{reference}']")
    look(page, f"{name}-12-pay")
    resident.pay()
    look(page, f"{name}-13-paid")
    page.goto(f"/status/{reference}")
    look(page, f"{name}-14-status")

    clerk = Clerk(phone.browser.new_page(base_url=platform.url), "reviewer@tokyo.example.invalid")  # type: ignore[union-attr]
    clerk.sign_in()
    clerk.open("tax", reference)
    clerk.take("approve")
    clerk.page.close()

    def document() -> bool | None:
        page.reload()
        return page.locator(".notice--good a[href*='/papers/']").count() > 0 or None

    wait(document)
    look(page, f"{name}-15-issued")
    with page.expect_download() as download:
        page.click(".notice--good a[href*='/papers/']")
    certificate = download.value.path()
    assert certificate.read_bytes().startswith(b"%PDF")
    mailed = wait(
        lambda: next(
            (
                attached
                for mail in platform.mails(resident.email)
                for attached in mail.iter_attachments()
                if not str(attached.get_filename()).endswith("-receipt.pdf")
            ),
            None,
        )
    )
    assert mailed.get_content() == certificate.read_bytes()

    _verify_and_rate(page, look, name, reference, certificate.read_bytes())


def _verify_and_rate(page: Page, look: Look, name: str, reference: str, pdf: bytes) -> None:
    page.goto("/verify")
    upload: FilePayload = {"name": "c.pdf", "mimeType": "application/pdf", "buffer": pdf}
    page.set_input_files("input[type=file]", upload)
    page.locator("main form button").first.click()
    look(page, f"{name}-16-verified")
    expect(page.locator("[data-status]").first).to_have_attribute("data-status", "genuine")
    page.goto(f"/rate/{reference}/decision")
    look(page, f"{name}-17-rate")
    page.check("[name=score][value='5']")
    page.locator("main form .button").first.click()
    look(page, f"{name}-18-thanks")
    page.goto("/satisfaction")
    look(page, f"{name}-19-satisfaction")


def test_switching_the_language_keeps_what_is_typed_but_not_yet_sent(page: Page, platform: Platform) -> None:
    resident = Resident(page, platform, "switch@example.invalid")
    resident.read_in("ja")
    page.goto("/tokyo/tax-certificate/")
    resident.start()
    resident.choose("applicant_type=corporation")
    resident.go_on()
    resident.type(company="株式会社見本𠮷野商事", corporate_number="670001234567")
    page.click("button[value='lang:en']")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name=company]")).to_have_value("株式会社見本𠮷野商事")
    expect(page.locator("[name=corporate_number]")).to_have_value("670001234567")
    resident.go_on()
    expect(page.locator("[name=company]")).to_have_value("株式会社見本𠮷野商事")
    expect(page.locator(".error-summary a[href='#corporate_number']")).to_be_visible()


def test_saving_and_going_on_with_another_device(
    page: Page, chromium: Browser, platform: Platform, look: Look
) -> None:
    resident = Resident(page, platform, f"later-{uuid4().hex[:8]}@example.invalid")
    resident.read_in("en")
    page.goto("/tokyo/tax-certificate/")
    resident.start()
    resident.choose("applicant_type=person")
    resident.go_on()
    resident.type(name__family="髙橋")
    page.click("#page-form .actions button[value=save]")
    look(page, "save-01")
    page.fill("#email", resident.email)
    page.click("main form .button")
    look(page, "save-02-sent")
    link = re.search(r"/resume/[0-9a-f]{32}", str(platform.mail(resident.email, "/resume/").get_content()))
    assert link

    other = chromium.new_context(base_url=platform.url).new_page()
    other.goto(link[0])
    look(other, "save-03-resume")
    other.click("main form .button")
    other.fill("#code", "000000")
    other.locator("main form .button").first.click()
    expect(other.locator(".error-summary")).to_be_visible()
    other.fill("#code", Resident(other, platform, resident.email).wait_for_code())
    other.locator("main form .button").first.click()
    expect(other.locator("[name='name-family']")).to_have_value("髙橋")
    other.close()


def test_pressing_send_twice_files_once(scriptless: Page, platform: Platform) -> None:
    """Without JavaScript nothing holds a second press back but the server."""
    page = scriptless
    resident = Resident(page, platform, f"twice-{uuid4().hex[:8]}@example.invalid")
    resident.read_in("en")
    page.goto("/tokyo/tax-certificate/")
    resident.start()
    resident.is_a_person()
    resident.go_on()
    resident.choose("kind=no_arrears")
    resident.go_on()
    resident.type(copies="1")
    resident.go_on()
    resident.choose("purpose=tender")
    resident.go_on()
    resident.declare_all()
    resident.go_on()
    resident.sign()
    reference = resident.reference()
    page.go_back()
    page.go_back()
    expect(page.locator(".panel .reference")).to_have_text(reference)
