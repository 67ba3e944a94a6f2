"""Before starting and after filing: how long it takes, messages both ways, a receipt."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from accounts import clerks
from applications.filing import Filed
from core import clock
from documents.models import Issued
from payments import ledger
from payments.models import Entry
from tests.browser.conftest import Look
from tests.browser.people import Clerk
from tests.browser.platform import Platform, wait
from tests.factories.applications import TAX, TOKYO, filed
from tests.factories.papers import pdf
from tests.integration.test_cases import pay
from web.demonstration import PASSWORD
from workflows import cases
from workflows.models import Pace

NAME = {
    "family": "𠮷野髙﨑長宗我部",
    "given": "寿限無寿限無五劫の擦り切れ",
    "family_kana": "ヨシノ",
    "given_kana": "ジュゲム",
}
FILE = "証明書の写し" * 12 + ".pdf"
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def case(platform: Platform) -> Filed:
    """A paid certificate of somebody with a long name; others were decided in 3 to 12 days before."""
    with platform.ctx.database.writing(TOKYO) as session:
        session.execute(sa.delete(Pace))
        session.add(Pace(procedure_id=TAX, cases=128, half=3, most=12))
    made = filed(platform.ctx, TAX, language="ja", name=NAME)
    with platform.ctx.database.writing(TOKYO) as session:
        pay(session, platform.ctx, made.application.id, event=uuid4().hex)
    return made


@pytest.fixture
def clerk(chromium: Browser, platform: Platform) -> Iterator[Clerk]:
    email = f"tax-{uuid4().hex[:8]}@{TOKYO}.example.invalid"
    with platform.ctx.database.writing(TOKYO) as session:
        clerks.add(session, email, "見本 𠮷子", PASSWORD, [("reviewer", "tax")], "command")
    context = chromium.new_context(base_url=platform.url, locale="ja", viewport=WIDE)  # type: ignore[arg-type]
    person = Clerk(context.new_page(), email)
    person.sign_in()
    yield person
    context.close()


def opened(page: Page, case: Filed) -> None:
    """Open the case as its applicant does, by the code."""
    assert case.secret
    page.goto("/status")
    page.fill("#reference", case.application.reference)
    page.fill("#code", case.secret)
    page.click("main form .button")


def test_how_long_it_takes(page: Page, case: Filed, look: Look) -> None:
    page.goto(f"/{TOKYO}/{TAX}/")
    expect(page.locator(".facts")).to_contain_text("128")
    look(page, "after-01-procedure-360")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    look(page, "after-01-procedure-1280")
    opened(page, case)
    expect(page.locator("main h2").first).to_be_visible()
    look(page, "after-02-status-1280")


def test_question_and_answer(
    page: Page, scriptless: Page, clerk: Clerk, case: Filed, look: Look, tmp_path: Path
) -> None:
    question, answer = "証明書は何通ですか。\n" + "長" * 200, "二通です。"
    file = tmp_path / FILE
    file.write_bytes(pdf())
    opened(scriptless, case)
    scriptless.click("a[href$='/messages']")
    look(scriptless, "after-03-no-message")
    scriptless.click("form[enctype] .button")
    expect(scriptless.locator("#text-error")).to_be_visible()
    scriptless.fill("#text", question)
    scriptless.set_input_files("#files", file)
    scriptless.click("form[enctype] .button")
    expect(scriptless.locator(".steps .quote")).to_contain_text("何通")

    desk, id = clerk.page, case.application.id
    desk.goto("/desk/tax?show=messages")
    look(desk, "after-04-queue-1280")
    desk.click(f"a[href='/desk/cases/{id}']")
    expect(desk.locator("#messages ~ .steps").first).to_contain_text(FILE)
    look(desk, "after-05-case-1280")
    desk.fill("#text", answer)
    desk.click("form[action$='/messages'] .button >> nth=0")
    expect(desk.locator("main")).to_contain_text(answer)
    desk.goto("/desk/tax?show=messages")
    expect(desk.locator(f"a[href='/desk/cases/{id}']")).to_have_count(0)

    opened(page, case)
    look(page, "after-06-status-new-360")
    page.click(".notice a[href$='/messages']")
    expect(page.locator(".steps .quote").last).to_contain_text(answer)
    look(page, "after-07-messages-360")
    page.click("form[enctype] .button")
    look(page, "after-08-messages-wrong-360")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    look(page, "after-08-messages-wrong-1280")


def test_the_receipt(page: Page, platform: Platform, case: Filed, look: Look) -> None:
    def found() -> bool | None:
        opened(page, case)
        return page.locator("main a[href*='/papers/']").count() > 0 or None

    assert wait(found)
    look(page, "after-09-status-receipt-360")
    with page.expect_download() as download:
        page.click("main a[href*='/papers/']")
    assert download.value.suggested_filename == f"{case.application.reference}-receipt.pdf"
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")


def test_several_at_once(page: Page, look: Look) -> None:
    """Started together, the name typed once, taken over with its source."""
    page.goto("/life-events/having_a_child/")
    look(page, "after-10-life-event-360")
    page.click("a[href$='/together']")
    page.click("main form[method=post] .button")
    expect(page.locator("#procedures-error")).to_be_visible()
    look(page, "after-11-choose-wrong-360")
    for name in ("child-allowance", "child-medical-subsidy"):
        page.check(f"[name=procedure][value$='/{name}']")
    page.click("main form[method=post] .button")
    look(page, "after-12-progress-360")
    drafts = page.locator(".card a.button").evaluate_all("links => links.map(link => link.href)")
    assert len(drafts) == 2


def test_what_was_paid_back(page: Page, platform: Platform, look: Look) -> None:
    made = filed(platform.ctx, TAX, language="ja", name=NAME)
    with platform.ctx.database.writing(TOKYO) as session:
        pay(session, platform.ctx, made.application.id, event=uuid4().hex)

    def receipt() -> Issued | None:
        with platform.ctx.database.reading(TOKYO) as session:
            wanted = sa.select(Issued).where(Issued.application_id == made.application.id)
            return session.scalars(wanted).first()

    code = wait(receipt).code
    with platform.ctx.database.writing(TOKYO) as session:
        back = Entry(
            application_id=made.application.id, kind="refunded", amount=800, provider="demo",
            event_id=uuid4().hex, purpose="fee", occurred_at=clock.now(),
        )  # fmt: skip
        ledger.record(session, back)
        cases.refunded(session, platform.ctx, made.application.id)
    page.goto(f"/verify?code={code}")
    expect(page.locator("#verdict[data-status=withdrawn]")).to_be_visible()
    look(page, "after-10-paid-back-verify-360")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    look(page, "after-10-paid-back-verify-1280")
    opened(page, made)
    expect(page.locator("main a[href*='/papers/']")).to_have_count(0)
    look(page, "after-11-paid-back-status-1280")
