"""The same page in two windows: neither wipes what the other saved, and a person chooses where both changed it."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from procedures import loader, versions
from tests.browser.conftest import Look
from tests.browser.people import sent
from tests.browser.platform import Platform
from tests.factories.applications import TOKYO

SOURCE = """\
procedure: two-windows
department: tokyo-taxation
kind: notification
language: ja
title: {ja: 二つの画面の見本, en: A sample for two windows}
summary: 見本です。
law: {basis: 見本条例 第1条, retention: 1 year}
desk: tax
pages:
  - id: about
    title: {ja: あなたについて, en: About you}
    fields:
      - {id: name, type: person_name}
      - {id: email, type: email}
      - id: reason
        type: choice
        label: {ja: 理由, en: Reason}
        options: [{value: sale, label: {ja: 売買, en: Sale}}, {value: gift, label: {ja: 贈与, en: Gift}}]
      - {id: story, type: long_text, label: {ja: くわしい事情, en: The story}, required: false}
  - {id: signed, title: {ja: 署名, en: Signature}, fields: [{id: hand, type: drawn}]}
declarations: [{id: true_words, text: 本当のことを書きました。}]
signature: {level: none}
workflow: {uses: receipt-only}
"""
SAVED = "保存しました"
NEXT = "#page-form .actions button[value=next]"


@pytest.fixture(autouse=True)
def _published(platform: Platform) -> None:
    with platform.ctx.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(SOURCE), "command")


def _open(page: Page, language: str = "ja") -> Page:
    """A second window on the first page of a form that was begun in the first."""
    page.goto(f"/{TOKYO}/two-windows/?lang={language}")
    page.locator("form[action$='/start'] button").first.click()
    page.wait_for_url("**/about")
    other = page.context.new_page()
    other.goto(page.url)
    return other


def _type(page: Page, **inputs: str) -> None:
    for name, value in inputs.items():
        page.fill(f"[name='{name.replace('__', '-')}']", value)


def _fill(page: Page, story: str, given: str = "太郎") -> None:
    _type(page, name__family="見本", name__given=given, name__family_kana="みほん", name__given_kana="たろう")
    _type(page, email="windows@example.invalid", story=story)
    page.check("[name=reason][value=sale]")


def test_what_one_window_saved_is_there_after_the_other_saved(page: Page) -> None:
    other = _open(page)
    _type(page, name__family="見本", name__given="太郎")
    expect(page.locator(".sending [role=status]")).to_have_text(SAVED)
    _type(other, name__family_kana="ミホン")
    expect(other.locator(".sending [role=status]")).to_have_text(SAVED)
    page.reload()
    for name, value in {"family": "見本", "given": "太郎", "family_kana": "ミホン"}.items():
        expect(page.locator(f"[name='name-{name}']")).to_have_value(value)
    expect(page.locator(".elsewhere")).to_have_count(0)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_where_both_typed_a_person_chooses(page: Page, look: Look, language: str) -> None:
    other = _open(page, language)
    _fill(page, "一つ目の画面で書いた、とても長い事情。𠮷田さんの家の前の看板について。" * 3)
    page.click("#page-form .actions button[value=save]")
    sent(page)
    _fill(other, "二つ目の画面で書いた事情。", given="次郎")
    expect(other.locator(".sending.notice--warning [role=status]")).to_be_visible()
    look(other, f"two-windows-told-{language}")
    other.click(NEXT)
    sent(other)
    expect(other.locator(".elsewhere")).to_be_focused()
    look(other, f"two-windows-{language}")
    expect(other.locator("[name=story]")).to_have_value("二つ目の画面で書いた事情。")
    expect(other.locator("#story-elsewhere")).to_contain_text("一つ目の画面で書いた")
    expect(other.locator("#name-elsewhere")).to_contain_text("太郎")
    assert "story-elsewhere" in (other.get_attribute("[name=story]", "aria-describedby") or "")
    other.click(NEXT)
    other.wait_for_url("**/signed")


def test_where_both_typed_without_scripts(scriptless: Page, look: Look) -> None:
    other = _open(scriptless)
    for page, story in ((scriptless, "一つ目の画面。"), (other, "二つ目の画面。")):
        _fill(page, story)
        page.click(NEXT)
    expect(other.locator(".elsewhere")).to_be_visible()
    look(other, "two-windows-scriptless")
    expect(other.locator("#story-elsewhere")).to_contain_text("一つ目の画面。")
    other.fill("[name=story]", "両方の画面。")
    other.click(NEXT)
    other.wait_for_url("**/signed")
    other.go_back()
    expect(other.locator("[name=story]")).to_have_value("両方の画面。")
    expect(other.locator(".elsewhere")).to_have_count(0)


def test_a_drawn_signature_is_kept_by_itself(page: Page) -> None:
    _open(page).close()
    _fill(page, "")
    page.click(NEXT)
    page.wait_for_url("**/signed")
    box = page.locator("signature-pad svg").bounding_box()
    assert box
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 40, steps=5)
    page.mouse.up()
    drawn = page.input_value("[name=hand-path]")
    expect(page.locator(".sending [role=status]")).to_have_text(SAVED)
    page.reload()
    assert drawn
    expect(page.locator("[name=hand-path]")).to_have_value(drawn)
    page.click("signature-pad button")
    expect(page.locator(".sending [role=status]")).to_have_text(SAVED)
    page.reload()
    expect(page.locator("[name=hand-path]")).to_have_value("")


def test_who_reloads_as_soon_as_the_line_is_gone_is_warned(page: Page) -> None:
    _open(page).close()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.click("[name=story]")
    page.keyboard.type("線が切れる前")
    page.context.set_offline(True)
    page.evaluate("setTimeout(() => location.reload())")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(page.locator("[name=story]")).to_have_value("線が切れる前")
    page.context.set_offline(False)
    expect(page.locator(".sending [role=status]")).to_have_text(SAVED)
    page.reload()
    expect(page.locator("[name=story]")).to_have_value("線が切れる前")
    assert asked == ["beforeunload"]
