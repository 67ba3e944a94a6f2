"""Rows that come and go under somebody's hands, and a form filled in by somebody whose keyboard has no kana."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from procedures import loader, versions
from tests.browser.conftest import Look
from tests.browser.people import Resident, press
from tests.browser.platform import Platform
from tests.factories.applications import TOKYO

SOURCE = """\
procedure: rows-and-readings
department: tokyo-taxation
kind: permit
language: ja
title: 世帯の見本
summary: 見本です。
law: {basis: 見本条例 第1条, retention: 1 year}
desk: tax
pages:
  - id: people
    title: 世帯
    fields:
      - {id: old_head, type: person_name, label: 旧世帯主, own: false}
      - {id: new_head, type: person_name, label: 新世帯主, own: false}
      - {id: home, type: address}
      - {id: members, type: group, label: 世帯員, repeat: {max: 3}, fields: [{id: who, type: person_name, own: false}]}
      - {id: account, type: bank_account, required: false}
  - {id: contact, title: 連絡先, fields: [{id: email, type: email}]}
signature: {level: none}
workflow: {uses: single-review}
issue: [{id: certificate, title: 見本, body: 見本}]
"""


@pytest.fixture(autouse=True)
def _published(platform: Platform) -> None:
    with platform.ctx.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(SOURCE), "command")


def begun(page: Page, platform: Platform, language: str) -> Resident:
    """Somebody on the first page."""
    resident = Resident(page, platform, f"rows-{uuid4().hex[:8]}@example.invalid")
    resident.read_in(language)
    page.goto(f"/{TOKYO}/rows-and-readings/")
    page.locator("form[action$='/start'] button").first.click()
    page.wait_for_url("**/people")
    return resident


def named(page: Page, field: str, *parts: str) -> None:
    for part, text in zip(("family", "given", "family_kana", "given_kana"), parts, strict=True):
        page.fill(f"[name='{field}-{part}']", text)


def test_who_adds_and_removes_rows_is_led_to_them(page: Page, platform: Platform) -> None:
    begun(page, platform, "en")
    said = page.locator("#members > [role=status]")
    for number in range(2):
        press(page, "add:members")
        expect(page.locator(f"[name='members-{number}-who-family']")).to_be_focused()
        expect(said).to_have_text(f"Added: 世帯員 {number + 1}")
    press(page, "remove:members:1")
    expect(page.locator("#members-0")).to_be_focused()
    expect(said).to_have_text("Removed. 1 left.")
    press(page, "remove:members:0")
    expect(page.locator("#members")).to_be_focused()
    expect(said).to_have_text("Removed. 0 left.")


def test_without_scripts_the_page_goes_on_at_the_row(scriptless: Page, platform: Platform) -> None:
    begun(scriptless, platform, "en")
    for number in range(2):
        scriptless.click("button[value='add:members']")
        expect(scriptless).to_have_url(re.compile(f"#members-{number}$"))
        expect(scriptless.locator(f"#members-{number}")).to_be_in_viewport()
    scriptless.click("button[value='remove:members:0']")
    expect(scriptless).to_have_url(re.compile("#members$"))


@pytest.mark.parametrize("language", ["en", "ja", "ko", "ja-simple"])
def test_readings_in_latin_letters_and_lines_that_say_whose(
    page: Page, platform: Platform, look: Look, language: str
) -> None:
    resident = begun(page, platform, language)
    press(page, "add:members")
    page.fill("[name='members-0-who-family']", "見本")
    page.fill("[name='home-postcode']", "871-0000")
    press(page, "lookup:home")
    expect(page.locator("#home-found")).to_contain_text("大分県中津市")
    expect(page.locator("#home-found ruby")).to_have_count(5 if language == "ja-simple" else 0)
    expect(page.locator("[name='home-prefecture']")).to_have_value("")
    named(page, "old_head", "陳", "", "Tran", "Wei")
    resident.go_on()
    look(page, f"readings-wrong-{language}")
    lines = page.locator(".error-summary li").all_inner_texts()
    assert len(set(lines)) == len(lines) > 10
    for line in page.locator(".error-summary a").all():
        assert page.locator(f"[id='{line.get_attribute('href')[1:]}']").count() == 1  # type: ignore[index]
    named(page, "old_head", "Tran", "Van", "Tran", "Van")
    named(page, "new_head", "見本", "太郎", "Mihon", "Tarō")
    named(page, "members-0-who", "Nguyen", "An", "Guen", "An")
    page.fill("[name='home-postcode']", "160-0023")
    press(page, "lookup:home")
    expect(page.locator("[name='home-street']")).to_have_value("西新宿")
    page.fill("[name='home-street']", "西新宿1-1")
    page.fill("[name='home-postcode']", "060-0000")
    press(page, "lookup:home")
    expect(page.locator("[name='home-city']")).to_have_value("札幌市中央区")
    expect(page.locator("[name='home-street']")).to_have_value("1-1")
    look(page, f"readings-right-{language}")
    resident.go_on()
    resident.type(email=resident.email)
    resident.go_on()
    page.wait_for_url("**/check")
    for name in ("TRAN VAN", "ミホン タロウ", "グエン アン"):
        expect(page.locator("main")).to_contain_text(name)
