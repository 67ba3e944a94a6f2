"""The housing lottery: who may apply, the household, the number, the draw by its commands, the result for everybody."""

import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from core import clock
from core.settings import ROOT
from tests.browser.conftest import Look
from tests.browser.people import Resident, press
from tests.browser.platform import Platform, text, wait
from tests.factories.applications import HOUSING, filed
from tests.fixtures import run

DRAW = "public-housing-2026-11"
OFFICERS = ("lottery@tokyo.example.invalid", "lottery2@tokyo.example.invalid")
NUMBER = re.compile(r"(?<!\d)\d{8}(?!\d)")


def someone(page: Page, platform: Platform) -> Resident:
    """A resident with a mail address of their own."""
    return Resident(page, platform, f"jutaku-{uuid4().hex[:8]}@example.invalid")


def to_the_form(resident: Resident, tag: str) -> None:
    """From the catalogue to the first page."""
    resident.read_in(tag)
    resident.find("とえいじゅうたく", HOUSING)
    resident.start()


def born(resident: Resident, name: str, year: int, era: str = "ce") -> None:
    """Type a day of birth."""
    resident.page.select_option(f"[name='{name}-era']", era)
    for part, value in {"year": str(year), "month": "５", "day": "1"}.items():
        resident.page.fill(f"[name='{name}-{part}']", value)


def refused(resident: Resident, look: Look, name: str) -> None:
    """The page that says why not, and the way back to the answers."""
    expect(resident.page).to_have_url(re.compile("/not-eligible$"))
    look(resident.page, name)
    resident.page.locator("main .actions a").first.click()


def may_apply(resident: Resident, look: Look, name: str) -> None:
    """Every reason not to be eligible, each mended on the way; a child makes a household of two."""
    page = resident.page
    look(page, f"{name}-01-conditions")
    resident.choose("lives_in_tokyo=no", "needs_housing=no", "category=special")
    resident.go_on()
    expect(page.locator("main .cards > li")).to_have_count(2)
    refused(resident, look, f"{name}-02-two-reasons")
    resident.choose("lives_in_tokyo=yes", "needs_housing=yes")
    resident.go_on()
    born(resident, "born", clock.today("Asia/Tokyo").year - 10)
    resident.type(income="99,999,999円")
    resident.go_on()
    refused(resident, look, f"{name}-03-too-young")
    expect(page.locator("[name=income]")).to_be_visible()
    born(resident, "born", 2, "heisei")
    look(page, f"{name}-04-you")
    resident.go_on()


def alone(resident: Resident, look: Look, name: str) -> None:
    """Nobody beside: too much income for one, then no reason to live alone; then a household after all."""
    page = resident.page
    look(page, f"{name}-05-alone")
    resident.go_on()
    refused(resident, look, f"{name}-06-income")
    page.locator(".back").click()
    resident.type(income="1500000")
    resident.go_on()
    resident.go_on()
    resident.choose("three_years=yes", "single_reason=none")
    resident.go_on()
    refused(resident, look, f"{name}-06-no-reason")
    page.locator(".back").click()


def household(resident: Resident, look: Look, name: str) -> None:
    """A child, and another row that is removed again."""
    page = resident.page
    press(page, "add:household")
    resident.choose("household-0-relation=child")
    resident.name_is("household-0-member_name", given="春")
    born(resident, "household-0-member_born", 30, "heisei")
    resident.page.fill("[name='household-0-member_income']", "0")
    press(page, "add:household")
    look(page, f"{name}-07-household")
    press(page, "remove:household:1")
    expect(page.locator("[name='household-1-member_income']")).to_have_count(0)
    resident.go_on()


def the_rest(resident: Resident, look: Look, name: str) -> str:
    """Dwelling, weight, name, contact, signature; the reference number."""
    page = resident.page
    resident.choose("unit=1005")
    look(page, f"{name}-08-dwelling")
    resident.go_on()
    resident.choose("preference=otsu")
    look(page, f"{name}-09-preference")
    resident.go_on()
    resident.name_is(given="花子")
    resident.lives_at(street=f"西新宿{uuid4().int % 1000}-1")
    resident.go_on()
    resident.type(email=resident.email, phone="090-1234-5678")
    resident.go_on()
    look(page, f"{name}-10-check")
    resident.declare_all()
    resident.go_on()
    resident.sign()
    look(page, f"{name}-11-filed")
    return resident.reference()


def flask(platform: Platform, *arguments: str) -> str:
    """A command of the running platform."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(platform.folder), "MADOGUCHI_PUBLIC_URL": platform.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def draw(platform: Platform) -> None:
    """The ceremony, from the freeze to the published result."""
    with run.alone("draw"):  # nobody is on the way to apply
        flask(platform, "lottery", "freeze", DRAW, "--now")
    flask(platform, "lottery", "commit", DRAW, "--demonstration")
    flask(platform, "lottery", "reveal", DRAW, "--demonstration")
    flask(platform, "lottery", "draw", DRAW, "--as", OFFICERS[0])
    flask(platform, "lottery", "confirm", DRAW, "--as", OFFICERS[1])
    assert "cases told" in flask(platform, "lottery", "publish", DRAW, "--as", OFFICERS[1])


def judged(path: Path) -> int:
    """What the stand-alone verifier says of a result."""
    return subprocess.run(
        [sys.executable, "-I", ROOT / "lotteries" / "verify.py", path], capture_output=True, check=False
    ).returncode


def others(platform: Platform, count: int) -> list[tuple[str, str]]:
    """Reference and code of other applicants for the same dwellings, each of another household."""
    address = {"postcode": "1740099", "prefecture": "東京都", "city": "板橋区"}
    cases = [
        filed(
            platform.ctx, HOUSING, n % 3, address={**address, "street": f"見本町{uuid4().hex}"}, unit="1005"
        )
        for n in range(count)
    ]
    return [(case.application.reference, case.secret or "") for case in cases]


def look_up(page: Page, number: str) -> None:
    """Ask for a number on the page of the draw."""
    page.goto(f"/lotteries/{DRAW}")
    page.fill("#number", number)
    page.locator("main form button").first.click()


def short_way(resident: Resident, look: Look, tag: str) -> None:
    """Somebody over sixty who will live alone, from the catalogue to the lottery number."""
    page, name = resident.page, f"house-{tag}"
    to_the_form(resident, tag)
    resident.choose("lives_in_tokyo=yes", "needs_housing=yes", "category=special")
    resident.go_on()
    born(resident, "born", 30, "showa")
    resident.type(income="1200000")
    resident.go_on()
    press(page, "add:household")
    expect(page.locator("[name='household-0-member_income']")).to_be_visible()
    look(page, f"{name}-01-household")
    press(page, "remove:household:0")
    expect(page.locator("[name='household-0-member_income']")).to_have_count(0)
    resident.go_on()
    resident.choose("three_years=yes", "single_reason=sixty")
    resident.go_on()
    expect(page.locator("[name=unit][value='1002']")).to_have_count(0)
    resident.choose("unit=1001")
    resident.go_on()
    resident.name_is(given="梅")
    resident.lives_at(street=f"西新宿{uuid4().int % 1000}-2")
    resident.go_on()
    resident.type(email=resident.email, phone="03-1234-5678")
    resident.go_on()
    look(page, f"{name}-02-check")
    resident.declare_all()
    resident.go_on()
    resident.sign()
    numbered(resident, resident.reference())
    look(page, f"{name}-03-numbered")


def test_from_the_first_question_to_the_checked_result(
    page: Page, scriptless: Page, platform: Platform, look: Look, tmp_path: Path
) -> None:
    """All who apply are in one test: once the entries are frozen, nobody else can."""
    name = "house-ja"
    for tag in ("ja-simple", "en"):
        short_way(someone(scriptless, platform), look, tag)
    resident = someone(page, platform)
    to_the_form(resident, "ja")
    may_apply(resident, look, name)
    alone(resident, look, name)
    household(resident, look, name)
    reference = the_rest(resident, look, name)
    number = numbered(resident, reference)
    look(page, f"{name}-12-numbered")
    rivals = others(platform, 4)
    page.goto(f"/lotteries/{DRAW}")
    look(page, f"{name}-13-open")
    draw(platform)

    result = published(page, look, name)
    assert {entry["number"] for entry in result["entries"]} >= {number}
    checked(result, tmp_path)
    page.goto(f"/status/{reference}")
    own = next(entry for entry in result["entries"] if entry["number"] == number)
    expect(page.locator("main")).to_contain_text(str(own["rank"]))
    look(page, f"{name}-16-result")
    page.click(f"a[href='/lotteries/receipt/{reference}']")
    look(page, f"{name}-17-receipt")
    waiting_rank(page, rivals, result, look, name)
    look_up(page, number)
    expect(page.locator("main .notice").first).to_contain_text(number)
    look(page, f"{name}-19-looked-up")
    look_up(page, "１２３")
    expect(page.locator(".error-summary")).to_be_visible()
    look(page, f"{name}-20-wrong-number")
    wait(lambda: len(platform.mails(resident.email)) >= 4 or None)


def numbered(resident: Resident, reference: str) -> str:
    """The lottery number of the mail, which the status page shows, too."""
    page = resident.page

    def mailed() -> str | None:
        numbers = (NUMBER.search(text(mail)) for mail in resident.platform.mails(resident.email))
        return next((number[0] for number in numbers if number), None)

    found = wait(mailed)
    page.goto(f"/status/{reference}")
    expect(page.locator(".reference").first).to_contain_text(found)
    return found


def published(page: Page, look: Look, name: str) -> dict[str, Any]:
    """The result as everybody downloads it from the list of draws."""
    page.goto("/lotteries")
    look(page, f"{name}-14-lotteries")
    address = page.locator(f"a[href='/lotteries/{DRAW}.json']").get_attribute("href")
    result: dict[str, Any] = page.request.get(str(address)).json()
    page.goto(f"/lotteries/{DRAW}")
    look(page, f"{name}-15-published")
    page.locator("a[href*='/list?'][href*='unit=1005']").first.click()
    look(page, f"{name}-15-winners")
    return result


def checked(result: dict[str, Any], folder: Path) -> None:
    """The verifier agrees; to a result with two entries' ranks exchanged it does not."""
    good, bad = folder / "result.json", folder / "changed.json"
    good.write_text(json.dumps(result))
    assert judged(good) == 0
    first, second = next(pair for pair in pairwise(result["entries"]) if pair[0]["rank"] != pair[1]["rank"])
    first["rank"], second["rank"] = second["rank"], first["rank"]
    bad.write_text(json.dumps(result))
    assert judged(bad) == 1
    first["rank"], second["rank"] = second["rank"], first["rank"]


def waiting_rank(
    page: Page, rivals: list[tuple[str, str]], result: dict[str, Any], look: Look, name: str
) -> None:
    """Somebody on the waiting list reads their place there."""
    waiting = {entry["number"]: entry["waiting"] for entry in result["entries"] if entry["waiting"]}
    for reference, code in rivals:
        page.goto("/status")
        page.fill("#reference", reference)
        page.fill("#code", code)
        page.locator("main form .button").first.click()
        number = NUMBER.search(page.locator(".reference").first.inner_text())
        assert number
        if number[0] in waiting:
            expect(page.locator("main .notice").first).to_contain_text(str(waiting[number[0]]))
            look(page, f"{name}-18-waiting")
            return
    raise AssertionError("nobody of five for two dwellings is on the waiting list")
