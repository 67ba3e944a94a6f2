"""What a screen reader says on public pages: landmarks, headings, inputs and their descriptions."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.spoken import described, says


@pytest.fixture
def language() -> str:
    return "en"


def test_what_every_page_has(page: Page) -> None:
    page.goto("/")
    says(page.locator("header"), """
        - banner:
          - link "Madoguchi The online counter"
          - navigation "Services":
            - list:
              - /children: equal
              - listitem:
                - link "Find a procedure"
              - listitem:
                - link "Check an application"
              - listitem:
                - link "Sign in"
    """)  # fmt: skip
    says(page.locator("nav.languages"), """
        - navigation "Language / 言語":
          - list:
            - /children: equal
            - listitem:
              - link "日本語"
            - listitem:
              - link "やさしい日本語"
            - listitem: English
            - listitem:
              - link "简体中文"
            - listitem:
              - link "繁體中文"
            - listitem:
              - link "한국어"
    """)  # fmt: skip
    says(page, """
        - heading "Apply online, at any time" [level=1]
        - search:
          - searchbox "What do you want to do?"
          - button "Search"
        - heading "What is happening?" [level=2]
        - list
        - heading "All procedures" [level=2]
        - heading /Mihon City/ [level=3]
        - list:
          - listitem:
            - heading [level=4]:
              - link
    """)  # fmt: skip
    assert page.locator(".languages [lang='zh-Hans']").get_attribute("hreflang") == "zh-Hans"


def test_public_pages(page: Page) -> None:
    page.goto("/?q=certifcate")
    expect(page.get_by_role("status")).to_contain_text("Procedures found")
    page.goto("/tokyo/tax-certificate/")
    says(page, """
        - link "‹ Back"
        - heading "Tokyo tax certificate (sample)" [level=1]
        - term: Time to fill in
        - definition: About 5 minutes. You can stop and continue later.
        - term: What it costs
        - definition: /Depends on your answers/
        - term: Who may apply
        - term: How you sign
        - heading "Have this ready" [level=2]
        - list
        - button "Start now"
    """)  # fmt: skip
    page.goto("/status")
    says(page, """
        - heading "Check an application" [level=1]
        - textbox "Reference number"
        - textbox "Code"
        - button "Open my application"
    """)  # fmt: skip
    described(page, "textbox", "Code", "You need not type the hyphens.")
    page.goto("/verify")
    says(page, """
        - heading "Verify a document" [level=1]
        - region "With the PDF file":
          - button "PDF file"
          - button "Check the file"
        - region "With the code":
          - textbox "Verification code"
          - button "Check the code"
    """)  # fmt: skip
    page.goto("/my/sign-in")
    says(page, """
        - heading "Sign in to your page" [level=1]
        - textbox "E-mail address"
        - button "Send me the code"
    """)  # fmt: skip
    page.goto("/nothing")
    says(page, """
        - /children: equal
        - heading "There is no such page" [level=1]
        - paragraph: Check the address, or look for your procedure on the start page.
        - paragraph:
          - link "To the start page"
    """)  # fmt: skip
