"""Bad lines, lost cookies, other sessions: what somebody typed is still there, and one application is filed."""

import re
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Response, Route, expect

from applications.models import Application
from procedures import loader, versions
from tests.browser.conftest import Look
from tests.browser.line import lose_first_answer
from tests.browser.people import Clerk, Resident
from tests.browser.platform import Platform
from tests.factories.applications import TOKYO

SOURCE = """\
procedure: bad-line
department: tokyo-taxation
kind: permit
language: ja
title: 通信の見本
summary: 見本です。
law: {basis: 見本条例 第1条, retention: 1 year}
desk: tax
pages:
  - id: contact
    title: 連絡先
    fields: [{id: email, type: email}]
  - id: story
    title: くわしい事情
    fields: [{id: action, type: long_text, label: 事情}]
declarations: [{id: true_words, text: 本当のことを書きました。}]
signature: {level: none}
workflow: {uses: single-review}
issue: [{id: certificate, title: 見本, body: 見本}]
"""
STORY = "長い事情。𠮷田さんの家の前の看板について。"


@pytest.fixture(autouse=True)
def _published(platform: Platform) -> None:
    with platform.ctx.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(SOURCE), "command")


def _story(page: Page, platform: Platform) -> Resident:
    """Somebody on the second page."""
    resident = Resident(page, platform, f"line-{uuid4().hex[:8]}@example.invalid")
    page.goto(f"{platform.url}/{TOKYO}/bad-line/")
    page.locator("form[action$='/start'] button").first.click()
    resident.type(email=resident.email)
    resident.go_on()
    page.wait_for_url("**/story")
    return resident


def _press(page: Page) -> None:
    page.click("#page-form .actions button[value=next]")


def test_what_is_typed_is_kept_by_itself(page: Page, platform: Platform, look: Look) -> None:
    _story(page, platform)
    page.fill("[name=action]", STORY)
    expect(page.locator(".sending [role=status]")).to_have_text("保存しました")
    look(page, "never-lost-saved")
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.locator("[name=action]")).to_have_value(STORY)
    expect(again.locator(".error-summary")).to_have_count(0)


def test_leaving_for_another_app_keeps_at_once(page: Page, platform: Platform) -> None:
    _story(page, platform)
    page.fill("[name=action]", STORY)
    with page.expect_request(lambda request: "do=keep" in (request.post_data or "")):
        page.evaluate(
            "Object.defineProperty(document, 'hidden', {value: true});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )


def test_a_reload_in_the_middle_of_a_word_shows_it(page: Page, platform: Platform) -> None:
    _story(page, platform)
    page.fill("[name=action]", STORY)
    page.reload()
    expect(page.locator("[name=action]")).to_have_value(STORY)
    assert page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})") == "{}"


def test_what_was_on_its_way_at_a_reload_arrives(page: Page, platform: Platform) -> None:
    _story(page, platform)
    on_its_way: list[Route] = []
    page.route("**/story", lambda route: _hold_first(route, on_its_way))
    with page.expect_request(lambda request: "do=keep" in (request.post_data or "")):
        page.fill("[name=action]", STORY)
    page.reload()
    expect(page.locator("[name=action]")).to_have_value(STORY)
    assert len(on_its_way) == 1


def _hold_first(route: Route, held: list[Route]) -> None:
    if route.request.method == "POST" and not held:
        held.append(route)
    else:
        route.continue_()


def test_what_is_typed_before_the_script_has_come_is_kept(page: Page, platform: Platform) -> None:
    _story(page, platform)
    late: list[Route] = []
    page.route("**/send.js*", lambda route: late.append(route))  # noqa: PLW0108 - Playwright takes no method of a list
    page.reload(wait_until="commit")
    page.fill("[name=action]", STORY)
    page.wait_for_timeout(500)
    assert len(late) == 1
    late[0].continue_()
    expect(page.locator(".sending [role=status]")).to_have_text("保存しました")


def test_ticks_on_the_last_page_are_kept(page: Page, platform: Platform) -> None:
    _story(page, platform)
    page.fill("[name=action]", STORY)
    _press(page)
    page.wait_for_url("**/check")
    page.check("[name=declared]")
    page.reload()
    expect(page.locator("[name=declared]")).to_be_checked()


def test_without_a_line_the_page_waits_and_then_sends(page: Page, platform: Platform, look: Look) -> None:
    _story(page, platform)
    page.context.set_offline(True)
    page.fill("[name=action]", STORY)
    _press(page)
    expect(page.get_by_role("button", name="もう一度送る")).to_be_visible()
    look(page, "never-lost-offline")
    expect(page.locator("[name=action]")).to_have_value(STORY)
    page.locator("[name=action]").fill(STORY + "追記。")
    page.context.set_offline(False)
    page.wait_for_url("**/check")
    expect(page.get_by_text(STORY + "追記。")).to_be_visible()


def test_a_server_that_fails_is_asked_again(page: Page, platform: Platform) -> None:
    _story(page, platform)
    asked: list[str] = []

    def fail_twice(route: Route) -> None:
        asked.append(route.request.method)
        if route.request.method == "POST" and asked.count("POST") < 3:
            route.fulfill(status=503, body="busy")
        else:
            route.continue_()

    page.route("**/story", fail_twice)
    page.fill("[name=action]", STORY)
    _press(page)
    for _ in range(2):
        button = page.get_by_role("button", name="もう一度送る")
        if button.is_visible():
            button.click()
        page.wait_for_timeout(300)
    page.wait_for_url("**/check")


def test_a_refusal_leaves_the_page_as_it_is(page: Page, platform: Platform) -> None:
    _story(page, platform)
    page.fill("[name=action]", STORY)
    body = "<main><h1>Wait</h1><p>A minute.</p></main>"
    page.route("**/story", lambda route: route.fulfill(status=429, content_type="text/html", body=body))
    _press(page)
    expect(page.locator(".sending [role=status]")).to_have_text("Wait – A minute.")
    expect(page.locator("[name=action]")).to_have_value(STORY)
    page.unroute_all()
    _press(page)
    page.wait_for_url("**/check")


def test_what_cannot_be_kept_is_said_and_asked_no_more(page: Page, platform: Platform) -> None:
    _story(page, platform)
    tries: list[str] = []

    def refuse(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        tries.append(route.request.method)
        token = '<form data-send><input name="csrf_token" value="another"></form>'
        route.fulfill(status=403, content_type="text/html", headers={"X-Token": "renewed"}, body=token)

    page.route("**/story", refuse)
    page.fill("[name=action]", STORY)
    expect(page.locator(".sending [role=status]")).to_contain_text("保存できませんでした")
    page.wait_for_timeout(3500)
    assert len(tries) == 2, (
        "a fresh token is tried once; a browser that keeps no cookie would get one for ever"
    )
    page.unroute("**/story")
    page.fill("[name=action]", STORY + "。")
    expect(page.locator(".sending [role=status]")).to_contain_text("保存")


def test_an_answer_that_gets_lost_files_once(page: Page, platform: Platform) -> None:
    _story(page, platform)
    page.fill("[name=action]", STORY)
    _press(page)
    page.wait_for_url("**/check")
    lost = lose_first_answer(page, "**/check")
    page.check("[name=declared]")
    before = _count(platform)
    _press(page)
    page.wait_for_url("**/filed", timeout=30_000)
    assert lost
    assert _count(platform) == before + 1


def _count(platform: Platform) -> int:
    with platform.ctx.database.reading(TOKYO) as session:
        filed = sa.select(sa.func.count()).where(Application.procedure_id == "bad-line")
        return int(session.scalar(filed) or 0)


def test_a_lost_cookie_is_mended_with_a_code(page: Page, platform: Platform, look: Look) -> None:
    resident = _story(page, platform)
    _lost(page, resident, look, "never-lost")


def test_a_lost_cookie_without_a_script(scriptless: Page, platform: Platform, look: Look) -> None:
    resident = _story(scriptless, platform)
    _lost(scriptless, resident, look, "never-lost-scriptless")


def _lost(page: Page, resident: Resident, look: Look, name: str) -> None:
    page.context.clear_cookies(name="session")
    page.fill("[name=action]", STORY)
    _press(page)
    expect(page.locator("[name=typed]")).to_have_count(1)
    look(page, f"{name}-return")
    page.click("button[value=code]")
    page.fill("#code", "000000x")
    page.click("button[value=open]")
    expect(page.locator(".error-summary")).to_be_visible()
    page.fill("#code", resident.wait_for_code())
    page.click("button[value=open]")
    page.wait_for_url("**/story")
    expect(page.locator("[name=action]")).to_have_value(STORY)
    _press(page)
    page.wait_for_url("**/check")


def test_signing_in_elsewhere_is_not_even_noticed(page: Page, platform: Platform) -> None:
    _story(page, platform)
    page.fill("[name=action]", STORY)
    other = page.context.new_page()
    Clerk(other, "reviewer@tokyo.example.invalid").sign_in()
    statuses: list[int] = []

    def note(answer: Response) -> None:
        if answer.request.method == "POST":
            statuses.append(answer.status)

    page.on("response", note)
    page.bring_to_front()
    _press(page)
    page.wait_for_url("**/check")
    assert statuses[-1] == 204


def test_signing_in_elsewhere_without_a_script(scriptless: Page, platform: Platform, look: Look) -> None:
    page = scriptless
    _story(page, platform)
    page.fill("[name=action]", STORY)
    Clerk(page.context.new_page(), "reviewer@tokyo.example.invalid").sign_in()
    _press(page)
    expect(page.locator(".notice--warning")).to_be_visible()
    look(page, "never-lost-token")
    expect(page.locator("[name=action]")).to_have_value(STORY)
    _press(page)
    page.wait_for_url("**/check")


def test_a_page_without_a_script_says_nothing_of_saving(scriptless: Page, platform: Platform) -> None:
    _story(scriptless, platform)
    expect(scriptless.locator(".sending")).to_be_hidden()
    assert re.search("data-says", scriptless.content())


def test_the_task_list_of_a_long_form(page: Page, platform: Platform, look: Look) -> None:
    pages = "".join(
        f"  - {{id: more{n}, title: 長い題名の{n}番目のページ, fields: [{{id: f{n}, type: text, label: 問}}]}}\n"
        for n in range(7)
    )
    source = SOURCE.replace("declarations:", pages + "declarations:").replace("bad-line", "long-line")
    with platform.ctx.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(source), "command")
    page.goto(f"{platform.url}/{TOKYO}/long-line/")
    page.locator("form[action$='/start'] button").first.click()
    Resident(page, platform, "").type(email="list@example.invalid")
    _press(page)
    page.wait_for_url("**/story")
    page.fill("[name=action]", STORY)
    page.click("button[value=overview]")
    page.wait_for_url("**/overview")
    look(page, "task-list")
    expect(page.locator(".tasks .tag").nth(1)).to_have_text("入力途中")
    page.locator(".tasks a").nth(1).click()
    expect(page.locator("[name=action]")).to_have_value(STORY)


def test_a_first_choice_that_the_server_takes_late_does_not_come_back(page: Page, platform: Platform) -> None:
    """Who chooses, thinks again and goes on is quicker than a slow server."""
    resident = Resident(page, platform, f"late-{uuid4().hex[:8]}@example.invalid")
    page.goto(f"{platform.url}/{TOKYO}/tax-certificate/")
    resident.start()
    resident.is_a_person()
    resident.go_on()
    page.wait_for_url("**/certificate")
    address, on_its_way = page.url, []

    def hold(route: Route) -> None:
        if "do=refresh" in (route.request.post_data or ""):
            on_its_way.append(route.request.post_data)
            route.fulfill(status=204)
        else:
            route.continue_()

    page.route("**/certificate", hold)
    resident.choose("kind=payment")
    resident.choose("kind=no_arrears")
    resident.go_on()
    page.wait_for_url("**/copies")
    assert on_its_way
    for body in on_its_way:
        answer = page.request.post(
            address, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert answer.ok
    resident.type(copies="1")
    resident.go_on()
    page.wait_for_url("**/purpose")
