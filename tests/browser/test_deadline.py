"""A deadline passes while somebody fills in a form: they finish in the time of grace, or learn what to do."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from procedures import loader, versions
from tests.browser.conftest import Look
from tests.browser.people import Resident
from tests.browser.platform import Platform
from tests.factories.applications import TOKYO

SOURCE = """\
procedure: {name}
department: tokyo-taxation
kind: permit
language: ja
title: 締切の見本
summary: 見本です。
law: {{basis: 見本条例 第1条, retention: 1 year}}
reception: {{closes: {closes:%Y-%m-%dT%H:%M:%S}, grace_hours: {grace}}}
desk: tax
pages:
  - {{id: contact, title: 連絡先, fields: [{{id: email, type: email}}]}}
  - {{id: story, title: 事情, fields: [{{id: story, type: long_text, label: 事情}}]}}
signature: {{level: none}}
workflow: {{uses: single-review}}
issue: [{{id: certificate, title: 見本, body: 見本}}]
"""
SECONDS = 6
STORY = "𠮷野家の前の道についての長い事情。"


def started(page: Page, platform: Platform, name: str, grace: int) -> Resident:
    """Somebody on the second page of a procedure that closes in a few seconds."""
    closes = datetime.now(ZoneInfo("Asia/Tokyo")).replace(microsecond=0) + timedelta(seconds=SECONDS)
    with platform.ctx.database.writing(TOKYO) as session:
        source = SOURCE.format(name=name, closes=closes, grace=grace)
        versions.publish(session, loader.load(source), "command")
    resident = Resident(page, platform, f"{name}@example.invalid")
    page.goto(f"/{TOKYO}/{name}/")
    page.click("form[action$='/start'] button")
    resident.type(email=resident.email)
    resident.go_on()
    page.wait_for_url("**/story")
    expect(page.locator("main .progress").first).to_contain_text(f"{closes:%H:%M}")
    page.fill("[name=story]", STORY)
    left = (closes - datetime.now(closes.tzinfo)).total_seconds()
    page.wait_for_timeout(1_000 * max(0, left) + 1_000)
    return resident


def test_who_started_in_time_finishes_in_the_time_of_grace(
    page: Page, platform: Platform, look: Look
) -> None:
    resident = started(page, platform, "grace-period", 24)
    page.reload()
    expect(page.locator("main .notice--warning")).to_be_visible()
    expect(page.locator("[name=story]")).to_have_value(STORY)
    look(page, "deadline-grace")
    elsewhere = page.context.new_page()
    elsewhere.goto(f"/{TOKYO}/grace-period/")
    expect(elsewhere.locator("form[action$='/start']")).to_have_count(0)
    look(elsewhere, "deadline-closed-grace")
    resident.go_on()
    page.wait_for_url("**/check")
    resident.go_on()
    page.wait_for_url("**/filed")
    assert resident.reference()


def test_after_it_the_page_says_what_to_do(page: Page, platform: Platform, look: Look) -> None:
    resident = started(page, platform, "too-late", 0)
    resident.go_on()
    expect(page).to_have_url(re.compile("/late$"))
    expect(page.locator("main")).to_contain_text(STORY)
    look(page, "deadline-late")
    page.goto(f"/{TOKYO}/too-late/")
    look(page, "deadline-closed")
