"""The eligibility check before there is a draft: what it asks, what it says, what it keeps, what goes along."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from applications import drafts
from applications.models import Draft
from core.database import EVERYONE

HOUSING = "/tokyo/public-housing"
MAY = {
    "lives_in_tokyo": "yes",
    "needs_housing": "yes",
    "category": "special",
    "born-era": "ce",
    "born-year": "1955",
    "born-month": "1",
    "born-day": "10",
    "income": "1200000",
}
MOST = 9
"""Rows that `household` takes."""
ALONE = {"three_years": "yes", "single_reason": "sixty"}


@pytest.fixture
def reader(both: Flask) -> FlaskClient:
    """A browser in Japanese."""
    client = both.test_client()
    client.set_cookie("language", "ja")
    return client


def every_draft(app: Flask) -> list[str]:
    with app.extensions["madoguchi"].database.reading(EVERYONE) as session:
        return list(session.scalars(sa.select(Draft.id)))


def inputs(html: str) -> set[str]:
    return set(re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', html))


def test_it_asks_only_what_decides(reader: FlaskClient) -> None:
    page = reader.get(f"{HOUSING}/eligibility")
    assert page.status_code == 200
    asked = inputs(page.text)
    assert {"lives_in_tokyo", "needs_housing", "category", "born-year", "income"} <= asked
    assert not {name for name in asked if name.startswith(("name", "address", "email", "unit"))}
    row = reader.post(f"{HOUSING}/eligibility", data={**MAY, "do": "add:household"}).text
    assert "household-0-member_income" in inputs(row)
    assert not {name for name in inputs(row) if "member_name" in name or "member_born" in name}
    assert "three_years" in inputs(row)
    two = {"household-row": "0", "household-0-member_income": "0", "do": "refresh"}
    row = reader.post(f"{HOUSING}/eligibility", data={**MAY, **two}).text
    assert "three_years" not in inputs(row), "whoever lives with somebody is not asked why alone"


def test_a_full_list_says_how_many_it_takes(reader: FlaskClient) -> None:
    rows = {"household-row": [str(number) for number in range(MOST - 1)]}
    page = reader.post(f"{HOUSING}/eligibility", data={**MAY, **rows, "do": "refresh"}).text
    assert "add:household" in page
    assert f"{MOST}件まで" not in page
    page = reader.post(f"{HOUSING}/eligibility", data={**MAY, **rows, "do": "add:household"}).text
    assert "add:household" not in page
    assert f"{MOST}件まで入力できます。" in page


def test_a_no_says_why_and_where_to_go(reader: FlaskClient, both: Flask) -> None:
    page = reader.post(f"{HOUSING}/eligibility", data={**MAY, **ALONE, "lives_in_tokyo": "no", "do": "next"})
    assert page.status_code == 200
    assert "今は申請できません" in page.text
    assert page.text.count("notice--warning") == 1
    assert "都営住宅募集担当" in page.text
    assert "平日 午前9時から午後5時まで" in page.text
    assert "/start" not in page.text
    assert re.search(r'class="card">\s*<h4><a href="/', page.text), "other procedures for the same occasion"
    back = reader.post(f"{HOUSING}/eligibility", data={**MAY, "lives_in_tokyo": "no", "do": "change"}).text
    assert re.search(r'name="lives_in_tokyo"[^>]* value="no"[^>]* checked', back)
    assert every_draft(both) == []


def test_what_is_missing_is_asked_again(reader: FlaskClient) -> None:
    page = reader.post(f"{HOUSING}/eligibility", data={**MAY, "income": "たくさん", "do": "next"})
    assert page.status_code == 422
    assert 'href="#income"' in page.text
    assert 'href="#three_years"' in page.text
    assert 'value="1955"' in page.text


def test_the_language_changes_without_losing_an_answer(reader: FlaskClient) -> None:
    page = reader.post(f"{HOUSING}/eligibility", data={**MAY, "do": "lang:en"}).text
    assert '<html lang="en"' in page
    assert 'value="1200000"' in page
    result = reader.post(
        f"{HOUSING}/eligibility", data={**MAY, **ALONE, "judged": "yes", "do": "lang:ko"}
    ).text
    assert '<html lang="ko"' in result
    assert "/start" in result


def test_nothing_is_kept_and_whoever_goes_on_types_it_once(
    reader: FlaskClient, both: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    result = reader.post(f"{HOUSING}/eligibility", data={**MAY, **ALONE, "do": "next"})
    assert "申請できます" in result.text
    assert every_draft(both) == []
    with reader.session_transaction() as session:
        assert set(session) == {"csrf_token"}
    assert result.headers["Cache-Control"] == "private, no-store"
    hidden = re.findall(r'type="hidden" name="(carried-[^"]+)" value="([^"]*)"', result.text)
    started = reader.post(f"{HOUSING}/start", data=dict(hidden))
    assert started.status_code == 303
    assert started.location.endswith("/dwelling"), "all that was asked before is answered"
    assert "1200000" not in started.location
    ctx = both.extensions["madoguchi"]
    with ctx.database.reading("tokyo") as db:
        _, document = drafts.load(db, ctx, every_draft(both)[0])
    assert document.done == ["conditions", "you", "household", "single"]
    assert document.answers["born"] == "1955-01-10"
    assert document.answers["single_reason"] == "sixty"
    said = capfd.readouterr()
    assert "1200000" not in said.out + said.err


def test_a_page_that_asks_more_keeps_what_was_typed(reader: FlaskClient, both: Flask) -> None:
    row = {"household-row": "0", "household-0-member_income": "0"}
    result = reader.post(f"{HOUSING}/eligibility", data={**MAY, **row, "do": "next"})
    hidden = re.findall(r'type="hidden" name="(carried-[^"]+)" value="([^"]*)"', result.text)
    started = reader.post(f"{HOUSING}/start", data=dict(hidden))
    assert started.location.endswith("/household"), "names and birthdays of the household are still open"
    page = reader.get(started.location).text
    assert re.search(r'name="household-0-member_income"[^>]*value="0"', page)


def test_answers_of_nobody_are_passed_over(reader: FlaskClient, both: Flask) -> None:
    started = reader.post(
        f"{HOUSING}/start", data={"carried-email": "x@example.invalid", "carried-unit": "9"}
    )
    assert started.location.endswith("/conditions")
    ctx = both.extensions["madoguchi"]
    with ctx.database.reading("tokyo") as db:
        _, document = drafts.load(db, ctx, every_draft(both)[0])
    assert "email" not in str(document.raw)
    assert document.done == []


def test_a_procedure_for_everybody_has_no_check(reader: FlaskClient) -> None:
    assert reader.get("/tokyo/tax-certificate/eligibility").status_code == 404
    assert "eligibility" not in reader.get("/tokyo/tax-certificate/").text


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en", "zh-Hans", "zh-Hant", "ko"])
def test_the_page_before_says_what_it_costs_and_takes(reader: FlaskClient, language: str) -> None:
    page = reader.get(f"/tokyo/tax-certificate/?lang={language}").text
    examples = re.findall(r'<li class="card">(.*?)</li>', page, re.S)
    assert ["800" in examples[0], "1,200" in examples[1], len(examples)] == [True, True, 3]
    income = reader.get(f"/mihon/income-certificate/?lang={language}").text
    assert "<h3>" in income
