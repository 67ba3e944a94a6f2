"""A permit for signs: conditions, drawings, a correction, two people who decide, and the document judged."""

import re
import subprocess
from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import Browser, Page, expect

from accounts import clerks
from core import clock
from tests.browser import papers
from tests.browser.conftest import Look
from tests.browser.people import Clerk, Resident, press
from tests.browser.platform import Platform, text, wait
from tests.factories.applications import MIHON, SIGNS, filed
from tests.factories.seals import attacked
from web.demonstration import PASSWORD

REASON = "避難用の通路をふさぐため（見本）"
REMARK = "登記のとおりの名称にしてください。"
CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){2}\b")


def someone(page: Page, platform: Platform) -> Resident:
    """A resident with a mail address of their own."""
    return Resident(page, platform, f"kanban-{uuid4().hex[:8]}@example.invalid")


def clerk(chromium: Browser, platform: Platform, name: str) -> Clerk:
    """A clerk of the city, signed in at a wide screen."""
    context = chromium.new_context(
        base_url=platform.url, locale="ja", viewport={"width": 1280, "height": 900}
    )
    person = Clerk(context.new_page(), f"{name}@{MIHON}.example.invalid")
    person.sign_in()
    return person


def to_the_form(resident: Resident, tag: str) -> None:
    """From the catalogue to the first page."""
    resident.read_in(tag)
    resident.find("看板", SIGNS)
    resident.start()


def place(resident: Resident, look: Look, name: str) -> None:
    """A prohibited zone ends the way; another answer opens it."""
    page = resident.page
    resident.choose("in_city=yes", "zone=prohibited")
    look(page, f"{name}-01-place")
    resident.go_on()
    expect(page).to_have_url(re.compile("/not-eligible$"))
    look(page, f"{name}-02-not-eligible")
    page.locator("main .actions a").first.click()
    expect(page.locator("[name=zone][value=prohibited]")).to_be_checked()
    resident.choose("zone=permitted")
    resident.go_on()


def a_company(resident: Resident) -> None:
    """The advertiser is a company."""
    resident.choose("applicant_type=corporation")
    resident.go_on()
    resident.type(
        company="株式会社見本𠮷野商事", corporate_number="6700012345678", representative_title="代表取締役"
    )
    resident.name_is("representative", "髙﨑")
    resident.go_on()


def sign(resident: Resident, row: int, kind: str, width: str, height: str, top: str) -> None:
    """Fill a row of the list of signs."""
    resident.choose(f"signs-{row}-kind={kind}", f"signs-{row}-lit=no")
    for field, value in {"content": "喫茶みほん", "width": width, "height": height, "top": top}.items():
        resident.page.fill(f"[name='signs-{row}-{field}']", value)


def rows(page: Page) -> list[int]:
    """The numbers of the rows that are shown."""
    return [int(box.input_value()) for box in page.locator("[name='signs-row']").all()]


def rest(resident: Resident) -> None:
    """The last page of questions."""
    soon = clock.today("Asia/Tokyo") + timedelta(days=30)
    resident.type(
        starts_on__year=str(soon.year), starts_on__month=str(soon.month), starts_on__day=str(soon.day)
    )
    resident.go_on()


def hand_in(resident: Resident, *attachments: str) -> None:
    """A PDF for each attachment that is still missing, then on."""
    for attachment in attachments:
        resident.page.set_input_files(f"#file-{attachment}", papers.pdf(f"{attachment}.pdf"))
    resident.go_on()


def send(resident: Resident) -> str:
    """Declare, sign, file; the reference number."""
    resident.declare_all()
    resident.go_on()
    resident.sign()
    return resident.reference()


def apply_as_company(resident: Resident, look: Look, name: str) -> str:
    """The whole form of a company with a high sign on somebody else's building."""
    page = resident.page
    place(resident, look, name)
    a_company(resident)
    resident.lives_at()
    resident.type(email=resident.email, phone="03-1234-5678")
    resident.go_on()
    resident.lives_at("site_address")
    resident.choose("owner=other", "over_road=yes")
    page.locator("main .notice").wait_for()
    look(page, f"{name}-03-site")
    resident.go_on()
    signs(resident, look, name)
    resident.name_is("manager", given="三郎")
    resident.choose("qualification=outdoor_engineer")
    look(page, f"{name}-06-manager")
    resident.go_on()
    rest(resident)
    attachments(resident, look, name)
    look(page, f"{name}-09-check")
    return send(resident)


def signs(resident: Resident, look: Look, name: str) -> None:
    """Three rows, one removed again; a row that is not complete stays as it was typed; the areas follow."""
    page = resident.page
    sign(resident, 0, "tower", "３", "4", "6")
    press(page, "add:signs")
    sign(resident, 1, "banner", "1", "1", "2")
    press(page, "add:signs")
    press(page, "remove:signs:1")
    expect(page.locator("[name='signs-1-content']")).to_have_count(0)
    page.fill("[name='signs-2-content']", "𠮷野家の見本")
    resident.go_on()
    expect(page.locator(".error-summary a[href='#signs-2-width']")).to_be_visible()
    expect(page.locator("[name='signs-2-content']")).to_have_value("𠮷野家の見本")
    look(page, f"{name}-04-signs-error")
    sign(resident, 2, "wall", "2.5", "1", "3.5")
    refresh(page)
    expect(page.locator("#signs-0-area")).to_have_text("12")
    expect(page.locator("#total_area_shown")).to_have_text("14.5")
    look(page, f"{name}-05-signs")
    resident.go_on()


def refresh(page: Page) -> None:
    """Let the page follow what was typed: leaving the input does so, without scripts a button."""
    button = page.locator("button[value=refresh]")
    if button.is_visible():
        button.click()
    else:
        page.keyboard.press("Tab")


def attachments(resident: Resident, look: Look, name: str) -> None:
    """A wrong file is refused beside a good one, which is kept."""
    page = resident.page
    page.set_input_files("#file-location_map", papers.photo())
    page.set_input_files("#file-design", papers.script())
    resident.go_on()
    expect(page.locator(".error-summary a[href='#file-design']")).to_be_visible()
    expect(page.locator(".files li")).to_have_count(1)
    look(page, f"{name}-07-attachments-error")
    page.set_input_files("#file-design", [papers.pdf("正面.pdf"), papers.pdf("側面.pdf", (300, 100))])
    page.locator("button[value=upload]").first.click()
    expect(page.locator(".files li")).to_have_count(3)
    page.locator(".files li", has_text="側面.pdf").locator("button").click()
    expect(page.locator(".files li")).to_have_count(2)
    look(page, f"{name}-08-attachments")
    hand_in(resident, "consent", "manager_certificate")


def correct(resident: Resident, reviewer: Clerk, reference: str, look: Look, name: str) -> None:
    """The clerk asks for two corrections; the applicant can change only these; the clerk sees before and after."""
    desk, page = reviewer.page, resident.page
    desk.locator("a[href$='/correction']").click()
    desk.fill("#remark-company", REMARK)
    desk.fill("#remark-design", "寸法を入れてください。")
    desk.locator("main form .actions button").click()
    expect(desk).to_have_url(re.compile(r"/desk/cases/[0-9a-f]+$"))
    assert REMARK in text(resident.platform.mail(resident.email, REMARK))

    page.goto(f"/status/{reference}")
    look(page, f"{name}-11-correction-asked")
    page.click("a[href$='/correction']")
    expect(page.locator("[name=company]")).to_be_visible()
    expect(page.locator("[name=corporate_number], [name=email], #file-location_map")).to_have_count(0)
    resident.type(company="")
    page.set_input_files("#file-design", papers.script())
    resident.go_on()
    expect(page.locator(".error-summary a")).to_have_count(2)
    look(page, f"{name}-12-correction-error")
    page.set_input_files("#file-design", papers.pdf("寸法入り.pdf"))
    resident.go_on()
    expect(page.locator(".files li", has_text="寸法入り.pdf")).to_be_visible()
    resident.type(company="株式会社見本吉野商事")
    resident.go_on()
    expect(page).to_have_url(re.compile(f"/status/{reference}$"))

    desk.reload()
    expect(desk.locator("del", has_text="𠮷野")).to_be_visible()
    expect(desk.locator("ins", has_text="吉野")).to_be_visible()
    expect(desk.locator("del", has_text="正面.pdf")).to_be_visible()
    expect(desk.locator("ins", has_text="寸法入り.pdf")).to_be_visible()
    look(desk, f"{name}-13-case-corrected")


def verify(page: Page, permit: bytes, look: Look, name: str) -> None:
    """By the printed code, by the file, and once more with the file changed."""
    printed = subprocess.run(
        ["pdftotext", "-", "-"], input=permit, capture_output=True, check=True
    ).stdout.decode()
    code = CODE.search(printed)
    assert code, printed
    page.goto(f"/verify?code={code[0].lower()}")
    expect(page.locator("#verdict")).to_have_attribute("data-status", "genuine")
    look(page, f"{name}-17-verified")
    for content, status in ((permit, "genuine"), (attacked(permit), "altered")):
        page.goto("/verify")
        page.set_input_files("#document", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": content})
        page.locator("main form button").first.click()
        expect(page.locator("#verdict")).to_have_attribute("data-status", status)
    look(page, f"{name}-18-altered")


def issued(page: Page) -> bytes:
    """The document on the status page, as soon as it is there."""

    def shown() -> bool | None:
        page.reload()
        return page.locator(".notice--good a[href*='/papers/']").count() > 0 or None

    wait(shown)
    with page.expect_download() as download:
        page.click(".notice--good a[href*='/papers/']")
    return download.value.path().read_bytes()


def test_from_the_catalogue_to_the_judged_permit(
    page: Page, chromium: Browser, platform: Platform, look: Look
) -> None:
    name = "sign-ja"
    resident = someone(page, platform)
    to_the_form(resident, "ja")
    reference = apply_as_company(resident, look, name)
    look(page, f"{name}-10-filed")

    reviewer = clerk(chromium, platform, "reviewer")
    reviewer.open("advertising", reference)
    look(reviewer.page, f"{name}-10-case")
    reviewer.take("take")
    correct(resident, reviewer, reference, look, name)
    reviewer.take("draft_approval")
    expect(reviewer.page.locator("button[value=approve]")).to_have_count(0)
    chief = clerk(chromium, platform, "chief")
    chief.open("advertising", reference)
    chief.take("approve")

    page.goto(f"/status/{reference}")
    look(page, f"{name}-14-fee")
    page.click(f"a[href='/pay/{reference}']")
    resident.pay()
    page.goto(f"/status/{reference}")
    permit = issued(page)
    look(page, f"{name}-15-granted")
    mailed = platform.mail(resident.email, reference)
    wait(lambda: [m for m in platform.mails(resident.email) if list(m.iter_attachments())] or None)
    assert mailed
    verify(page, permit, look, name)

    page.goto(f"/rate/{reference}/decision")
    page.check("[name=score][value='2']")
    page.locator("main form .button").first.click()
    look(page, f"{name}-19-rated")


def short_way(resident: Resident, look: Look, name: str) -> str:
    """The form of a person with one small sign."""
    page = resident.page
    place(resident, look, name)
    resident.choose("applicant_type=person")
    resident.go_on()
    resident.name_is(family="髙﨑")
    resident.go_on()
    resident.lives_at()
    resident.type(email=resident.email, phone="090-1234-5678")
    look(page, f"{name}-03-contact")
    resident.go_on()
    resident.lives_at("site_address")
    resident.choose("owner=applicant", "over_road=no")
    resident.go_on()
    signs(resident, look, name)
    resident.name_is("manager", given="三郎")
    resident.choose("qualification=course")
    resident.go_on()
    rest(resident)
    hand_in(resident, "location_map", "design", "manager_certificate")
    look(page, f"{name}-09-check")
    return send(resident)


def test_from_the_catalogue_to_the_filing_in_plain_japanese(
    page: Page, platform: Platform, look: Look
) -> None:
    resident = someone(page, platform)
    to_the_form(resident, "ja-simple")
    reference = short_way(resident, look, "sign-ja-simple")
    assert platform.mail(resident.email, reference)["Content-Language"] == "ja-simple"


def test_from_the_catalogue_to_the_filing_without_scripts(
    scriptless: Page, platform: Platform, look: Look
) -> None:
    resident = someone(scriptless, platform)
    to_the_form(resident, "en")
    reference = short_way(resident, look, "sign-en")
    assert platform.mail(resident.email, reference)["Content-Language"] == "en"


def test_who_drafts_an_approval_does_not_approve_it(
    chromium: Browser, platform: Platform, look: Look
) -> None:
    email = f"both-{uuid4().hex[:8]}@{MIHON}.example.invalid"
    with platform.ctx.database.writing(MIHON) as session:
        clerks.add(session, email, "見本 五郎", PASSWORD, [("reviewer", "*"), ("chief", "*")], "command")
    reference = filed(platform.ctx, SIGNS).application.reference
    both = clerk(chromium, platform, email.partition("@")[0])
    both.open("advertising", reference)
    both.take("take")
    both.take("draft_approval")
    expect(both.page.locator("button[value=approve]")).to_have_count(0)
    both.page.evaluate("document.querySelector('button[value=send_back]').value = 'approve'")
    both.page.locator("details:has(button[value=approve]) summary").click()
    both.page.fill("[id='comment-send_back']", "見本")
    both.page.click("button[value=approve]")
    look(both.page, "sign-refused-step")
    both.open("advertising", reference)
    expect(both.page.locator("button[value=send_back]")).to_be_attached()


def test_a_refusal_says_why_on_the_page_and_in_the_mail(
    page: Page, chromium: Browser, platform: Platform, look: Look
) -> None:
    resident = someone(page, platform)
    case = filed(platform.ctx, SIGNS, 1, email=resident.email)
    reference = case.application.reference
    reviewer = clerk(chromium, platform, "reviewer")
    reviewer.open("advertising", reference)
    reviewer.take("take")
    reviewer.take("draft_refusal", REASON)
    chief = clerk(chromium, platform, "chief")
    chief.open("advertising", reference)
    chief.take("refuse")

    page.goto("/status")
    page.fill("#reference", reference)
    page.fill("#code", "wrong")
    page.locator("main form .button").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.fill("#code", (case.secret or "").lower())
    page.locator("main form .button").click()
    expect(page.locator("main")).to_contain_text(REASON)
    look(page, "sign-refused")
    assert REASON in text(platform.mail(resident.email, REASON))
