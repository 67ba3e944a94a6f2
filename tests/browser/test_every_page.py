"""Every page in every state, narrow, large, dark and printed; and an application filed with the keyboard alone."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import barriers
from tests.browser.fitting import everyhow
from tests.browser.people import Clerk, Resident, sent
from tests.browser.platform import Platform

PUBLIC = [
    "/",
    "/?q=zzzz",
    "/?q=%E8%A8%BC%E6%98%8E",
    "/tokyo/tax-certificate/",
    "/tokyo/outdoor-advertising/",
    "/tokyo/public-housing/",
    "/status",
    "/verify",
    "/lotteries",
    "/satisfaction",
    "/sign-in",
    "/left",
    "/nothing-here",
    "/resume/" + "0" * 32,
]


def _check(page: Page, problems: dict[str, dict[str, list[str]]], name: str) -> None:
    found = everyhow(page)
    if plain := barriers(page):
        found["plain"] = plain
    if found:
        problems[name] = found


@pytest.mark.parametrize("tag", ["ja", "ja-simple", "en"])
def test_pages_for_everybody(page: Page, platform: Platform, tag: str) -> None:
    problems: dict[str, dict[str, list[str]]] = {}
    for path in PUBLIC:
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={tag}")
        _check(page, problems, path)
    assert problems == {}


def test_pages_of_a_form(page: Page, platform: Platform) -> None:
    """Every page as it is first, with what is wrong, and with long words, rare kanji and a name in three scripts."""
    problems: dict[str, dict[str, list[str]]] = {}
    resident = Resident(page, platform, f"long-{uuid4().hex[:8]}@example.invalid")
    resident.read_in("ja")
    page.goto("/tokyo/tax-certificate/")
    resident.start()

    def both(step: str, button: str = "next") -> None:
        _check(page, problems, step)
        page.click(f"#page-form .actions button[value={button}]")
        sent(page)
        expect(page).to_have_title(re.compile("エラー"))
        _check(page, problems, f"{step}, wrong")

    both("applicant")
    resident.choose("applicant_type=person")
    resident.go_on()
    both("name")
    resident.name_is(family="葛󠄀城" * 12, given="Bartholomew-Featherstonehaugh-Cholmondeley")
    resident.go_on()
    both("contact")
    resident.lives_at(street="西新宿" * 20)
    resident.type(email=resident.email, phone="03-1234-5678")
    resident.go_on()
    both("certificate")
    resident.choose("kind=no_arrears")
    resident.go_on()
    both("copies")
    resident.type(copies="1")
    resident.go_on()
    both("purpose")
    resident.choose("purpose=loan")
    resident.go_on()
    both("check")
    page.click("#page-form button[value=save]")
    page.wait_for_url("**/save")
    _check(page, problems, "save")
    page.go_back()
    resident.declare_all()
    resident.go_on()
    both("sign", "sign")
    resident.sign()
    reference = resident.reference()
    _check(page, problems, "filed")
    for path in (f"/pay/{reference}", f"/status/{reference}", f"/rate/{reference}/submission"):
        page.goto(path)
        _check(page, problems, path.replace(reference, "…"))
    _desk(page, problems, reference)
    assert problems == {}


def _desk(page: Page, problems: dict[str, dict[str, list[str]]], reference: str) -> None:
    Clerk(page, "reviewer@tokyo.example.invalid").sign_in()
    for path in ("/desk", "/desk/tax"):
        page.goto(path)
        _check(page, problems, path)
    page.goto(f"/desk/tax?show=all&reference={reference}")
    page.click(f"th a:text('{reference}')")
    _check(page, problems, "a case")


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str) -> None:
        """Press Tab until something that `selector` names has the focus, and is seen to have it."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            reached = self.page.evaluate(
                "selector => document.activeElement.matches(selector)"
                " && getComputedStyle(document.activeElement).outlineStyle !== 'none'",
                selector,
            )
            if reached:
                return
        raise AssertionError(f"no way to {selector} on {self.page.url}")

    def type(self, name: str, text: str) -> None:
        """Fill an input."""
        self.to(f"[name='{name}']")
        self.page.keyboard.insert_text(text)

    def choose(self, name: str, position: int) -> None:
        """Choose a radio button: the group is one stop, the arrows move in it."""
        self.to(f"[name='{name}']")
        self.page.keyboard.press("Space")
        for _ in range(position):
            self.page.keyboard.press("ArrowDown")

    def press(self, selector: str) -> None:
        """Press a button or follow a link."""
        self.to(selector)
        self.page.keyboard.press("Enter")
        sent(self.page)


def test_an_application_with_the_keyboard_alone(page: Page, platform: Platform) -> None:
    go_on = ".actions button[value=next]"
    resident = Resident(page, platform, f"keys-{uuid4().hex[:8]}@example.invalid")
    keys = Keyboard(page)
    page.goto("/?lang=en")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.goto("/tokyo/tax-certificate/")
    keys.press("main form .button")
    page.wait_for_url("**/applicant")
    keys.press(go_on)
    expect(page.locator(".error-summary")).to_be_focused()
    keys.press(".error-summary a")
    expect(page.locator("[name=applicant_type]").first).to_be_focused()
    page.keyboard.press("Space")
    keys.press(go_on)
    page.wait_for_url("**/person")
    for part, value in (
        ("family", "見本"),
        ("given", "太郎"),
        ("family_kana", "みほん"),
        ("given_kana", "たろう"),
    ):
        keys.type(f"name-{part}", value)
    page.keyboard.press("Enter")
    page.wait_for_url("**/contact")
    keys.type("address-postcode", "163-8001")
    keys.press("button[value='lookup:address']")
    expect(page.locator("[name='address-prefecture']")).to_have_value("東京都")
    keys.type("address-street", "西新宿9-99-9")
    keys.type("email", resident.email)
    keys.type("phone", "03-1234-5678")
    page.keyboard.press("Enter")
    page.wait_for_url("**/certificate")
    keys.choose("kind", 1)
    keys.press(go_on)
    page.wait_for_url("**/copies")
    keys.type("copies", "1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/purpose")
    keys.choose("purpose", 0)
    keys.press(go_on)
    page.wait_for_url("**/check")
    for box in page.locator("[name=declared]").all():
        keys.to(f"[value='{box.get_attribute('value')}']")
        page.keyboard.press("Space")
    keys.press(go_on)
    page.wait_for_url("**/sign")
    keys.type("code", resident.wait_for_code())
    page.keyboard.press("Enter")
    page.wait_for_url("**/filed")
    assert resident.reference()
