"""People who use the platform in a browser, by what they do; no test looks for a text in one language."""

import re
from collections.abc import Container
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.platform import Platform, text, wait
from web.demonstration import PASSWORD

CODE = re.compile(r"(?<![0-9a-z])(\d{6})(?![0-9a-z])")
"""Six digits that are not part of a link."""
PDF = Path(__file__).parent / "files"


def sent(page: Page) -> None:
    """Wait until what a script sends was answered and shown: the next page, where it leads to one, is there whole."""
    page.locator("form[data-sent]:not([data-waiting])").wait_for(state="detached")
    page.wait_for_load_state("domcontentloaded")
    page.locator("footer").wait_for(state="attached")


def press(page: Page, button: str) -> None:
    """Press a button inside a page of a form, ``add:household``, and wait for what comes of it."""
    page.click(f"button[value='{button}']")
    sent(page)


class Resident:
    """Somebody with a phone."""

    def __init__(self, page: Page, platform: Platform, email: str) -> None:
        self.page, self.platform, self.email = page, platform, email

    def read_in(self, language: str) -> None:
        """Choose a language by its link."""
        self.page.goto("/")
        if self.page.locator("html").get_attribute("lang") != language:
            self.page.locator(f".languages [lang='{language}']").click()
        expect(self.page.locator("html")).to_have_attribute("lang", language)

    def find(self, words: str, procedure: str) -> None:
        """Find a procedure by word and open its page."""
        self.page.goto("/")
        self.page.fill("#q", words)
        self.page.click(".search button")
        self.page.click(f"h2 a[href*='/{procedure}/']")

    def start(self) -> None:
        """Press the only button of the procedure's page."""
        self.page.click("main form .button")

    def go_on(self) -> None:
        """Press the main button of a page of the form."""
        self.page.click("#page-form .actions button[value=next]")
        sent(self.page)

    def choose(self, *values: str) -> None:
        """Tick radio buttons, as ``name=value``."""
        for pair in values:
            name, _, value = pair.partition("=")
            self.page.check(f"[name='{name}'][value='{value}']")

    def type(self, **inputs: str) -> None:
        """Fill inputs; ``__`` stands for a hyphen."""
        for name, value in inputs.items():
            self.page.fill(f"[name='{name.replace('__', '-')}']", value)

    def name_is(self, field: str = "name", family: str = "見本", given: str = "太郎") -> None:
        """Type a name with its reading in hiragana, as people do."""
        for part, value in {
            "family": family,
            "given": given,
            "family_kana": "みほん",
            "given_kana": "たろう",
        }.items():
            self.page.fill(f"[name='{field}-{part}']", value)

    def lives_at(
        self, field: str = "address", postcode: str = "163-8001", street: str = "西新宿9-99-9"
    ) -> None:
        """Look the address up by its postcode and complete it."""
        self.page.fill(f"[name='{field}-postcode']", postcode)
        self.page.click(f"button[value='lookup:{field}']")
        expect(self.page.locator(f"[name='{field}-prefecture']")).to_have_value("東京都")
        self.page.fill(f"[name='{field}-street']", street)

    def is_a_person(self) -> None:
        """Fill in the tax certificate up to address and contact, which are typed but not sent."""
        self.choose("applicant_type=person")
        self.go_on()
        self.name_is()
        self.go_on()
        self.lives_at()
        self.type(email=self.email, phone="03-1234-5678")

    def declare_all(self) -> None:
        """Tick every statement of the check page, once it is there."""
        self.page.wait_for_url(re.compile(r"/check($|\?)"))
        for box in self.page.locator("[name=declared]").all():
            box.check()

    def sign(self, after: int = 0) -> None:
        """Type the mailed code."""
        self.page.fill("#code", self.wait_for_code(after))
        self.page.click("#page-form button[value=sign]")

    def mails(self) -> int:
        """How many mails came so far."""
        return len(self.platform.mails(self.email))

    def wait_for_code(self, after: int = 0, spent: Container[str] = ()) -> str:
        """The code, as soon as its mail is there: the newest, where more than `after` mails have come, not `spent`."""

        def newest() -> str | None:
            mails = self.platform.mails(self.email)
            found = (CODE.search(text(mail)) for mail in reversed(mails if len(mails) > after else []))
            newest = next((code[1] for code in found if code), None)
            return None if newest in spent else newest

        return wait(newest, 60)

    def reference(self) -> str:
        """The reference number on the page after filing."""
        return self.page.locator(".panel .reference").inner_text().strip()

    def pay(self) -> None:
        """Pay on the TEST page, from the page with the fee."""
        self.page.click("button[name=provider][value=demo]")
        self.page.click("button[name=do][value=paid]")


class Clerk:
    """Somebody at a desk."""

    def __init__(self, page: Page, email: str, name: str = "") -> None:
        self.page, self.email, self.name = page, email, name

    def sign_in(self) -> None:
        """Sign in and land at the desks."""
        self.page.goto("/sign-in")
        self.page.fill("#email", self.email)
        self.page.fill("#password", PASSWORD)
        self.page.click("main form .button")
        expect(self.page).to_have_url(re.compile(r"/desk"))

    def open(self, desk: str, reference: str) -> None:
        """Find a case in the queue by its reference number."""
        self.page.goto(f"/desk/{desk}?show=all&reference={reference}")
        self.page.click(f"th a:text('{reference}')")

    def take(self, transition: str, reason: str = "") -> None:
        """Take a step of the workflow."""
        if reason:
            self.page.locator(f"details:has(button[value={transition}]) summary").click()
            self.page.fill(f"[id='reason-{transition}']", reason)
        self.page.click(f"button[name=transition][value={transition}]")
