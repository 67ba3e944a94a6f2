"""What a screen reader says: names, roles, states and descriptions in a form, of each kind of question and mistake.

The snapshots are in English, which every reader of this file can judge; that other languages say the same is a matter
of their catalogues. They hold what has to be there in this order; what a page shows besides is left out.
"""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from procedures import loader, versions
from tests.browser.people import Resident, press
from tests.browser.platform import Platform
from tests.browser.spoken import described, says
from tests.factories.applications import TOKYO
from tests.factories.papers import pdf

SOURCE = """\
procedure: spoken-names
department: tokyo-taxation
kind: notification
language: en
title: Notice of signs
summary: A sample.
law: {basis: Sample ordinance, retention: 1 year}
desk: tax
pages:
  - id: person
    title: Who you are
    fields:
      - {id: name, type: person_name}
      - {id: born, type: date, label: Date of birth, help: As on your card.}
      - {id: address, type: address}
      - {id: email, type: email}
  - id: reasons
    title: Why
    fields:
      - id: kind
        type: choice
        label: Kind of sign
        options: [{value: roof, label: On the roof, hint: Above all floors.}, {value: wall, label: On a wall}]
      - id: sides
        type: choices
        label: Sides
        required: false
        options: [{value: n, label: North}, {value: s, label: South}]
      - {id: lit, type: yes_no, label: Is it lit?}
      - {id: cost, type: money, label: Cost, required: false}
      - {id: story, type: long_text, label: What for, help: In your own words.}
  - id: signs
    title: The signs
    fields:
      - id: signs
        type: group
        label: Signs
        row_label: Sign
        repeat: {min: 1, max: 2}
        fields: [{id: words, type: text, label: Words on it}]
  - id: papers
    title: Plans
    fields: [{id: plan, type: file, label: Plan, help: A drawing., accept: [pdf], max_files: 2}]
  - id: visit
    title: Your visit
    fields: [{id: visit, type: slot, label: Day and time, times: ["09:00", "09:30"], capacity: 50}]
  - {id: one, title: One more, fields: [{id: a, type: number, label: How many, unit: pieces, min: 1, max: 9}]}
  - {id: two, title: Two more, fields: [{id: b, type: text, label: Remark, required: false}]}
  - {id: three, title: Three more, fields: [{id: c, type: text, label: Remark, required: false}]}
  - {id: four, title: Four more, fields: [{id: d, type: text, label: Remark, required: false}]}
declarations: [{id: truth, text: What I wrote is true.}]
signature: {level: none}
workflow: {uses: receipt-only}
"""


@pytest.fixture
def language() -> str:
    return "en"


@pytest.fixture
def resident(page: Page, platform: Platform) -> Resident:
    """Somebody on the first page of the form."""
    with platform.ctx.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(SOURCE), "command")
    resident = Resident(page, platform, f"spoken-{uuid4().hex[:8]}@example.invalid")
    page.goto(f"/{TOKYO}/spoken-names/")
    resident.start()
    page.wait_for_url("**/person")
    return resident


def test_a_form_from_its_first_page_to_its_status(page: Page, resident: Resident) -> None:
    steps = (
        _person, _mistakes, _address, _reasons, _signs, _papers, _visit, _numbers, _task_list, _check, _status,
    )  # fmt: skip
    for step in steps:
        step(page, resident)


def _person(page: Page, resident: Resident) -> None:
    says(page.locator("nav.languages"), """
        - navigation "Language / 言語":
          - list:
            - listitem:
              - button "日本語"
            - listitem:
              - button "やさしい日本語"
            - listitem: English
    """)  # fmt: skip
    says(page, """
        - link "‹ Back"
        - paragraph: Notice of signs
        - paragraph: Step 1 of 10
        - heading "Who you are" [level=1]
        - group "Name":
          - textbox "Family name"
          - textbox "Given name"
          - textbox "Family name in katakana"
          - textbox "Given name in katakana"
        - group "Date of birth":
          - combobox "Calendar":
            - /children: equal
            - option "Western year" [selected]
            - option "Reiwa"
            - option "Heisei"
            - option "Showa"
            - option "Taisho"
            - option "Meiji"
          - textbox "Year"
          - textbox "Month"
          - textbox "Day"
        - group "Address":
          - textbox "Postcode"
          - button "Find the address"
          - combobox "Prefecture":
            - option "Please choose" [selected]
            - option "Tokyo 東京都"
          - textbox "City, ward, town or village"
          - textbox "Street address with numbers"
          - textbox "Building and room (optional)"
        - textbox "E-mail address"
        - button "Continue"
        - button "Save and go on later"
    """)  # fmt: skip
    described(page, "group", "Date of birth", "As on your card.")


def _mistakes(page: Page, resident: Resident) -> None:
    resident.type(name__given="太郎", name__given_kana="タロウ", name__family_kana="ミホン")
    resident.go_on()
    expect(page).to_have_title("Error: Who you are – Notice of signs – Madoguchi")
    expect(page.get_by_role("alert", name="There is a problem")).to_be_focused()
    says(page.get_by_role("alert"), """
        - alert "There is a problem":
          - heading "There is a problem" [level=2]
          - list:
            - /children: equal
            - listitem:
              - link "Enter the family name."
            - listitem:
              - link "Enter “Date of birth”."
            - listitem:
              - link "Enter the postcode, such as 163-8001."
            - listitem:
              - link "Choose the prefecture."
            - listitem:
              - link "Enter the city, ward, town or village."
            - listitem:
              - link "Enter the street address with its numbers."
            - listitem:
              - link "Enter “E-mail address”."
    """)  # fmt: skip
    says(page, """
        - group "Name":
          - textbox "Family name" [invalid]
          - textbox "Given name": 太郎
        - group "Date of birth":
          - textbox "Year" [invalid]
        - group "Address":
          - textbox "Postcode" [invalid]
          - combobox "Prefecture" [invalid]
          - textbox "Building and room (optional)"
        - textbox "E-mail address" [invalid]
    """)  # fmt: skip
    described(page, "textbox", "Family name", "Error: Enter the family name.")
    described(page, "textbox", "Given name", "")
    described(page, "textbox", "Postcode", "Error: Enter the postcode, such as 163-8001.")
    described(page, "combobox", "Prefecture", "Error: Choose the prefecture.")
    described(page, "textbox", "City, ward, town or village", "Error: Enter the city, ward, town or village.")
    described(page, "textbox", "Building and room (optional)", "")
    described(page, "group", "Name", "")
    described(page, "textbox", "Year", "Error: Enter “Date of birth”.")
    described(page, "group", "Date of birth", "As on your card.")
    described(page, "textbox", "E-mail address", "Error: Enter “E-mail address”.")


def _address(page: Page, resident: Resident) -> None:
    page.get_by_role("link", name="Choose the prefecture.").click()
    expect(page.get_by_role("combobox", name="Prefecture")).to_be_focused()
    resident.lives_at()
    says(page.get_by_role("group", name="Address"), """
        - group "Address":
          - textbox "Postcode": 163-8001
          - button "Find the address"
          - status: "Found: 東京都新宿区西新宿"
          - textbox "City, ward, town or village": 新宿区
    """)  # fmt: skip
    expect(page.get_by_role("combobox", name="Prefecture").locator("option:checked")).to_have_text(
        "Tokyo 東京都"
    )
    resident.name_is()
    resident.type(born__year="1990", born__month="2", born__day="3", email=resident.email)
    resident.go_on()
    page.wait_for_url("**/reasons")


def _reasons(page: Page, resident: Resident) -> None:
    says(page, """
        - paragraph: Step 2 of 10
        - heading "Why" [level=1]
        - group "Kind of sign":
          - radio "On the roof Above all floors."
          - radio "On a wall"
        - group "Sides (optional)":
          - checkbox "North"
          - checkbox "South"
        - group "Is it lit?":
          - radio "Yes"
          - radio "No"
        - textbox "Cost (optional)"
        - textbox "What for"
    """)  # fmt: skip
    described(page, "textbox", "Cost (optional)", "yen")
    described(page, "textbox", "What for", "In your own words.")
    resident.go_on()
    described(page, "group", "Kind of sign", "Error: Choose an answer to “Kind of sign”.")
    described(page, "textbox", "What for", "In your own words. Error: Enter “What for”.")
    page.get_by_role("link", name="Choose an answer to “Is it lit?”.").click()
    expect(page.get_by_role("radio", name="Yes")).to_be_focused()
    resident.choose("kind=roof")
    page.get_by_role("radio", name="Yes").check()
    resident.type(story="A shop.")
    says(page, """
        - group "Kind of sign":
          - radio "On the roof Above all floors." [checked]
          - radio "On a wall"
        - group "Is it lit?":
          - radio "Yes" [checked]
    """)  # fmt: skip
    resident.go_on()
    page.wait_for_url("**/signs")


def _signs(page: Page, resident: Resident) -> None:
    says(page, """
        - group "Signs":
          - /children: equal
          - text: Signs
          - status
          - group "Sign 1":
            - /children: equal
            - text: Sign 1 Words on it
            - textbox "Words on it"
          - button "Add Sign"
    """)  # fmt: skip
    press(page, "add:signs")
    expect(page.get_by_role("textbox", name="Words on it").last).to_be_focused()
    says(page, """
        - group "Signs":
          - /children: equal
          - text: Signs
          - status: "Added: Sign 2"
          - group "Sign 1":
            - textbox "Words on it"
            - button "Remove Sign 1"
          - group "Sign 2":
            - textbox "Words on it"
            - button "Remove Sign 2"
          - paragraph: No more than 2 can be entered here.
    """)  # fmt: skip
    resident.type(signs__1__words="Open")
    press(page, "remove:signs:0")
    expect(
        page.get_by_role("group", name="Signs")
    ).to_be_focused()  # the button is gone, and no row is before it
    says(page, """
        - group "Signs":
          - status: Removed. 1 left.
          - group "Sign 1":
            - textbox "Words on it": Open
          - button "Add Sign"
    """)  # fmt: skip
    resident.go_on()
    page.wait_for_url("**/papers")


def _papers(page: Page, resident: Resident) -> None:
    kinds = "PDF, up to 10 MB each, at most 2 files"
    described(page, "button", "Plan", f"{kinds} A drawing.")
    resident.go_on()
    described(page, "button", "Plan", f"{kinds} A drawing. Error: Choose a file for “Plan”.")
    page.get_by_role("link", name="Choose a file for “Plan”.").click()
    expect(page.get_by_role("button", name="Plan", exact=True)).to_be_focused()
    page.set_input_files(
        "[name=plan-file]", {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    press(page, "upload:plan")
    says(page, """
        - heading "Plans" [level=1]
        - list:
          - /children: equal
          - listitem:
            - text: /plan\\.pdf \\(\\d+ kB\\)/
            - button "Remove plan.pdf"
        - button "Plan"
        - button "Upload Plan"
    """)  # fmt: skip
    expect(page.locator(".sending progress")).to_have_attribute("aria-label", "Upload")
    resident.go_on()
    page.wait_for_url("**/visit")


def _visit(page: Page, resident: Resident) -> None:
    page.get_by_role("combobox", name="Day").select_option(index=2)
    page.get_by_role("radio", name="09:30").check()
    says(page, """
        - group "Day and time":
          - combobox "Day"
          - group "Time":
            - radio "09:00"
            - radio "09:30" [checked]
    """)  # fmt: skip
    resident.go_on()
    page.wait_for_url("**/one")


def _numbers(page: Page, resident: Resident) -> None:
    described(page, "textbox", "How many", "pieces")
    resident.go_on()
    described(page, "textbox", "How many", "Error: Enter “How many”. pieces")
    resident.type(a="2")


def _task_list(page: Page, resident: Resident) -> None:
    press(page, "overview")
    page.wait_for_url("**/overview")
    says(page, """
        - heading "All pages" [level=1]
        - paragraph: 5 of 9 pages are done. Your answers can change which pages are asked.
        - list:
          - listitem:
            - link "Who you are"
            - strong: Done
          - listitem
          - listitem
          - listitem
          - listitem
          - listitem:
            - link "One more"
            - strong: Started
          - listitem:
            - text: Two more
            - strong: Comes later
        - link "Go on with the next page"
    """)  # fmt: skip
    described(page, "link", "Who you are", "Done")
    described(page, "link", "One more", "Started")
    page.get_by_role("link", name="Go on with the next page").click()
    for address in ("two", "three", "four", "check"):
        resident.go_on()
        page.wait_for_url(f"**/{address}")


def _check(page: Page, resident: Resident) -> None:
    says(page, """
        - heading "Check your answers" [level=1]
        - heading "Who you are" [level=2]
        - link "Change Who you are"
        - term: Name
        - definition: 見本 太郎 ミホン タロウ
        - term: Date of birth
        - definition: February 3, 1990
        - heading "Why" [level=2]
        - link "Change Why"
        - term: Sides
        - definition: Not answered
        - heading "One more" [level=2]
        - term: How many
        - definition: 2 pieces
        - group "Your statement":
          - checkbox "What I wrote is true."
        - button "Send the application"
        - button "Save and go on later"
    """)  # fmt: skip
    resident.go_on()
    described(page, "checkbox", "What I wrote is true.", "Error: To go on, confirm: “What I wrote is true.”")
    says(page, """
        - alert "There is a problem":
          - list:
            - listitem:
              - 'link "To go on, confirm: “What I wrote is true.”"'
        - group "Your statement":
          - checkbox "What I wrote is true." [invalid]
    """)  # fmt: skip
    resident.declare_all()
    resident.go_on()
    page.wait_for_url("**/filed")


def _status(page: Page, resident: Resident) -> None:
    says(page, """
        - heading "Your application was sent" [level=1]
        - heading "Keep this code" [level=2]
        - heading "What happens next" [level=2]
        - link "See how it stands"
    """)  # fmt: skip
    page.get_by_role("link", name="See how it stands").click()
    says(page, """
        - heading "Notice of signs" [level=1]
        - paragraph:
          - text: Reference number
          - strong: /SN-/
        - paragraph:
          - strong: Notification received
        - heading "What happened so far" [level=2]
        - list:
          - /children: equal
          - listitem:
            - strong: Notification received
            - time
          - listitem:
            - strong: You sent the application
            - time
        - paragraph:
          - 'link "Messages: write to the office"'
    """)  # fmt: skip
