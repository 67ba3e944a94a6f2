"""A booking, and files beside the questions they belong to: on a phone with a script, and without any."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from procedures import loader, versions
from tests.browser.conftest import Look
from tests.browser.platform import Platform
from tests.factories.applications import TOKYO
from tests.factories.papers import pdf, photo

SOURCE = """\
procedure: plans-and-visit
department: tokyo-taxation
kind: booking
language: ja
title: 図面の相談（見本）
summary: 見本です。
law: {basis: 見本条例 第1条, retention: 1 year}
desk: tax
pages:
  - id: visit
    title: 来庁の日時
    fields:
      - {id: visit, type: slot, label: 来庁日時, times: ["09:00", "09:30", "13:00"], capacity: 50, from: 3 days}
  - id: papers
    title: 図面と写真
    fields:
      - {id: plan, type: file, label: 図面, accept: [pdf], max_files: 2}
      - id: signs
        type: group
        label: 看板
        repeat: {min: 1, max: 3}
        fields:
          - {id: title, type: text, label: 名前}
          - {id: picture, type: image, label: 看板の写真, capture: environment}
signature: {level: none}
workflow: {uses: single-review}
issue: [{id: certificate, title: 見本, body: 見本}]
"""
PLAN: FilePayload = {"name": "図面.pdf", "mimeType": "application/pdf", "buffer": pdf()}
PICTURE: FilePayload = {"name": "看板.jpg", "mimeType": "image/jpeg", "buffer": photo()}


@pytest.fixture(autouse=True)
def _published(platform: Platform) -> None:
    with platform.ctx.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(SOURCE), "command")


def _start(page: Page, platform: Platform) -> None:
    page.goto(f"{platform.url}/{TOKYO}/plans-and-visit/")
    page.locator("form[action$='/start'] button").first.click()
    page.wait_for_url("**/visit")


def _next(page: Page) -> None:
    page.locator(".actions button[value=next]").click()


def _hand_in(page: Page, look: Look) -> None:
    _next(page)
    look(page, "files-missing")
    page.set_input_files("input[name=plan-file]", [PLAN])
    page.fill("input[name=signs-0-title]", "𠮷野家")
    _next(page)
    expect(page.get_by_text("図面.pdf").first).to_be_visible()
    page.set_input_files("input[name=signs-0-picture-file]", PICTURE)
    page.locator("button[value='upload:signs-0-picture']").click()
    page.wait_for_url("**/papers")
    look(page, "files-kept")
    _next(page)
    page.wait_for_url("**/check")
    for text in ("図面.pdf", "看板.jpg", "𠮷野家"):
        expect(page.get_by_text(text).first).to_be_visible()
    look(page, "files-checked")
    _next(page)
    page.wait_for_url("**/filed")


def test_times_appear_as_soon_as_a_day_is_chosen(page: Page, platform: Platform, look: Look) -> None:
    _start(page, platform)
    look(page, "slot")
    page.locator("select[name=visit-day]").select_option(index=2)
    expect(page.locator("input[name=visit-time]").first).to_be_visible()
    look(page, "slot-times")
    page.locator("input[name=visit-time]").nth(2).check()
    _next(page)
    page.wait_for_url("**/papers")
    _hand_in(page, look)


def test_without_a_script_a_button_shows_the_times(scriptless: Page, platform: Platform, look: Look) -> None:
    page = scriptless
    _start(page, platform)
    page.locator("select[name=visit-day]").select_option(index=2)
    page.locator("button[value='times:visit']").click()
    _next(page)
    look(page, "slot-missing")
    page.locator("input[name=visit-time]").first.check()
    _next(page)
    page.wait_for_url("**/papers")
    _hand_in(page, look)
