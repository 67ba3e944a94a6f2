"""Renewing a permit that ends soon: from the status page to the new case, on a phone."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from applications.filing import Filed
from core import clock
from documents.models import Issued
from tests.browser.conftest import Look
from tests.browser.people import Resident
from tests.browser.platform import Platform
from tests.browser.test_outdoor_advertising import hand_in, rest, send
from tests.factories.applications import MIHON, SIGNS, filed

COMPANY = "株式会社𠮷野髙﨑長宗我部屋外広告物企画製作所見本支店"
WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def permit(platform: Platform) -> Filed:
    """A permit of a company with a long name, with twenty days left."""
    made = filed(
        platform.ctx, SIGNS, example=1, company=COMPANY, email=f"kanban-{uuid4().hex[:8]}@example.invalid"
    )
    with platform.ctx.database.writing(MIHON) as session:
        session.add(
            Issued(
                id=uuid4().hex, application_id=made.application.id, document_id="permit", occasion="x",
                code=uuid4().hex[:12].upper(), storage_key="x", sha256=uuid4().hex, size=48_000, language="ja",
                issued_at=clock.now() - timedelta(days=710),
                valid_until=clock.today("Asia/Tokyo") + timedelta(days=20),
            )
        )  # fmt: skip
    return made


def opened(page: Page, case: Filed) -> None:
    assert case.secret
    page.goto("/status")
    page.fill("#reference", case.application.reference)
    page.fill("#code", case.secret)
    page.click("main form .button")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_permit_is_renewed(
    page: Page, platform: Platform, permit: Filed, look: Look, language: str
) -> None:
    name = f"renewal-{language}"
    opened(page, permit)
    look(page, f"{name}-01-status-360")
    page.click("a[href*='/renew/']")
    expect(page.locator("main")).to_contain_text(COMPANY)
    look(page, f"{name}-02-ask-360")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    look(page, f"{name}-02-ask-1280")
    page.click("main form .button")
    resident = Resident(page, platform, f"kanban-{uuid4().hex[:8]}@example.invalid")
    expect(page.locator("[name=in_city][value=yes]")).to_be_checked()
    expect(page.locator(".from-profile").first).to_contain_text(permit.application.reference)
    page.set_viewport_size({"width": 360, "height": 740})
    look(page, f"{name}-03-page-360")
    page.click("a[href$='/renewal']")
    look(page, f"{name}-04-taken-360")
    page.locator("main .actions a").first.click()
    resident.go_on()
    resident.go_on()
    expect(page.locator("[name=company]")).to_have_value(COMPANY)
    resident.type(company="株式会社見本")
    resident.go_on()
    resident.type(email=resident.email)
    for _ in ("contact", "site", "signs", "manager"):
        resident.go_on()
    expect(page.locator("[name=starts_on-day]")).to_have_value("")
    look(page, f"{name}-05-works-360")
    rest(resident)
    hand_in(resident, "location_map", "design", "consent", "manager_certificate")
    look(page, f"{name}-06-check-360")
    reference = send(resident)
    opened(page, permit)
    expect(page.locator("main")).to_contain_text(reference)
    expect(page.locator("a[href*='/renew/']")).to_have_count(0)
    look(page, f"{name}-07-renewed-360")


def test_without_scripts(scriptless: Page, permit: Filed, look: Look) -> None:
    opened(scriptless, permit)
    scriptless.click("a[href*='/renew/']")
    scriptless.click("main form .button")
    expect(scriptless).to_have_url(re.compile(r"/apply/[0-9a-f]{32}/place$"))
    expect(scriptless.locator("[name=zone][value=unknown]")).to_be_checked()
    look(scriptless, "renewal-08-scriptless")
