"""What happens to somebody who has filled in a page and not sent it yet, each kind as people meet it.

Each leaves the page as it was typed, or sends it: nothing may be lost on the way. They know nothing of procedures.
"""

import re

from playwright.sync_api import Page, expect

from tests.browser.people import Clerk, sent
from tests.browser.travelling import ATTACHMENTS, CHECK, NEXT, SIGN, Interruption, Traveller

_BOX = "#page-fields textarea, #page-fields input.input[type=text]:not([inputmode]):not([autocomplete=email])"
"""Where people write words."""


def line_lost(one: Traveller) -> None:
    """The line is cut at the moment of sending, and comes back."""
    typed = one.typed()
    one.line.cut()
    one.page.click(NEXT)
    if one.scripted:
        expect(one.page.locator(".sending button")).to_be_visible()
        one.see("line-lost")
        one.still_has(typed)
        one.line.slow()
        sent(one.page)
    else:
        one.page.wait_for_url("chrome-error://**")
        one.line.slow()
        one.page.reload()  # the browser sends again what it could not send, except files
        if one.step == ATTACHMENTS:
            one.hand_in()


def cookie_lost(one: Traveller) -> None:
    """The browser forgot its session: a code by mail brings everything back; without an address the page does."""
    typed, step, by_code = one.typed(), one.step, one.gave_address()
    one.page.context.clear_cookies(name="session")
    if step == SIGN:
        one.spent.add(dict(typed)["code"])
    one.press(NEXT)
    if not by_code:
        _token_lost(one, step, typed)
        return
    expect(one.page.locator("[name=typed]")).to_have_count(1)
    one.reads()
    one.see("cookie-lost")
    one.press("button[value=code]")
    one.page.fill("#code", one.code())
    one.see("cookie-lost-code")
    one.spent.add(one.page.input_value("#code"))
    one.press("button[value=open]")
    _back_at(one, step, typed)


def reloaded(one: Traveller) -> None:
    """The page is reloaded and left backwards; without scripts only what was sent can come back."""
    typed, step = one.typed(), one.step
    if not one.scripted:
        if step == SIGN:
            return
        one.send()
        one.page.go_back()
        _back_at(one, step, typed)
        one.page.reload()
        _back_at(one, step, typed)
        return
    one.page.reload()
    _back_at(one, step, typed)
    one.page.go_back()
    one.page.go_forward()
    _back_at(one, step, typed)


def language_switched(one: Traveller) -> None:
    """Another language, and back."""
    typed, step = one.typed(), one.step
    other = "en" if one.language == "ja" else "ja"
    for language in (other, one.language):
        one.press(f".languages [lang='{language}']")
        expect(one.page.locator("html")).to_have_attribute("lang", language)
        _back_at(one, step, typed)


def device_changed(one: Traveller) -> None:
    """Saved for later and resumed on another device, by the mailed link and a code."""
    typed, step = one.typed(), one.step
    address = one.page.url
    if step == SIGN:
        one.spent.add(dict(typed)["code"])
        _plainly(one, "a.back")
    one.press("#page-form button[value=save]")
    one.see("saving")
    one.page.fill("#email", one.email)
    _plainly(one, "main form .button")
    link = re.search(r"/resume/\S+", one.platform.mail(one.email, "/resume/").get_content())
    assert link
    old = one.page.context
    one.hold(one.another().new_page())
    one.page.goto(link[0])
    one.see("resuming")
    _plainly(one, "main form .button")
    one.page.fill("#code", one.code())
    one.see("resuming-code")
    one.spent.add(one.page.input_value("#code"))
    _plainly(one, "main form .button")
    old.close()
    one.reads()
    if step != SIGN:
        one.page.goto(address)
    _back_at(one, step, typed)


def pressed_twice(one: Traveller) -> None:
    """Two presses in a row send one page."""
    step = one.step
    one.page.dblclick(NEXT)
    expect(one.page).not_to_have_url(
        re.compile(rf"/{step}(/files)?(\?|$)"), timeout=30_000
    )  # the first may be cut off
    sent(one.page)


def open_twice(one: Traveller) -> None:
    """The page is open in a second tab, where something else is typed and saved; and where somebody signs in.

    So this page's token is worth nothing more, and what the other tab typed stands against what was typed here.
    """
    typed, step = one.typed(), one.step
    address = one.page.url
    second = one.page.context.new_page()
    second.goto(address)
    other = _type_otherwise(second, typed)
    _sign_in(second)
    second.close()
    one.press(NEXT)
    if other and not one.scripted:
        _token_lost(one, step, typed)
        one.press(NEXT)
    if other:
        _both_are_there(one, step, address, typed, other)
    elif step != SIGN or not one.scripted:
        _token_lost(one, step, typed)
    if step == SIGN:
        _sign_anew(one)


def _type_otherwise(second: Page, typed: list[list[str]]) -> tuple[str, str] | None:
    """Type something else than `typed` into the first box for words, and save it; none where the page has no such."""
    if not second.locator("#page-fields").count():
        return None
    known = {name: text for name, text in typed if text}
    names: list[str] = second.locator(_BOX).evaluate_all("all => all.map(one => one.name)")
    name = next((name for name in names if name in known and not name.endswith(("-words", "kana"))), None)
    if name is None:
        return None
    otherwise = f"{known[name]}改"
    second.fill(f"[name='{name}']", otherwise)
    _pressed(second, "#page-form button[value=save]")
    return name, otherwise


def _both_are_there(
    one: Traveller, step: str, address: str, typed: list[list[str]], other: tuple[str, str]
) -> None:
    """Either somebody is asked, or what only the other tab changed counts; then what was typed here is put right."""
    name, otherwise = other
    asked = one.page.locator(".entered-elsewhere")
    if one.step != step:
        one.page.goto(address)
    if asked.count():
        one.reads()
        one.see("open-twice")
        expect(asked.first).to_contain_text(otherwise)
        one.still_has(typed)
    else:
        expect(one.page.locator(f"[name='{name}']")).to_have_value(otherwise)
    one.page.fill(f"[name='{name}']", otherwise.removesuffix("改"))
    _back_at(one, step, typed)


def _sign_anew(one: Traveller) -> None:
    """Codes end with the session they were sent for: the page says so, and a new one can be had at once."""
    if not one.scripted:
        one.press(NEXT)
    expect(one.page.locator(".error-summary")).to_be_visible()
    one.spent.add(one.page.input_value("#code") or one.code())
    one.press("button[value=resend]")
    one.fill()


def _token_lost(one: Traveller, step: str, typed: list[list[str]]) -> None:
    """With scripts nobody notices; without, the page comes again as it was sent."""
    assert (one.step != step) == one.scripted, one.page.url
    if not one.scripted:
        expect(one.page.locator("p[role=alert]")).to_be_visible()
        one.reads()
        one.see("token-lost")
        _back_at(one, step, typed)


def _plainly(one: Traveller, link: str) -> None:
    """Press something that no script has to do with."""
    _pressed(one.page, link)


def _pressed(page: Page, link: str) -> None:
    with page.expect_navigation():
        page.click(link)


def _sign_in(page: Page) -> None:
    Clerk(page, "reviewer@tokyo.example.invalid").sign_in()


def _back_at(one: Traveller, step: str, typed: list[list[str]]) -> None:
    """The same step is shown, with what was typed."""
    if one.step == CHECK and step == SIGN:  # signed anew: what is signed is looked at once more
        one.fill()
        one.send()
    assert one.step == step, one.page.url
    if step == SIGN:
        one.fill()
    else:
        one.still_has(typed)
        one.hand_in()


EVERY_KIND: tuple[Interruption, ...] = (
    line_lost,
    cookie_lost,
    reloaded,
    language_switched,
    device_changed,
    pressed_twice,
    open_twice,
)
