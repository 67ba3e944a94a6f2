"""The state of a case in plain Japanese: readings above its kanji on pages, in brackets in mails, nowhere as marks."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import Clerk
from applications.models import Application
from core.context import Context
from tests.factories.applications import MIHON, PASSWORD, RECORDS, clerk, filed
from tests.integration.test_cases import take
from tests.integration.test_jobs import body, mails
from web import jobs

RECEIVED = "受け付けました。記録を 探しています"
RUBY = "<ruby>受<rp>（</rp><rt>う</rt><rp>）</rp></ruby>け<ruby>付<rp>（</rp><rt>つ</rt><rp>）</rp></ruby>けました。"
MARKS = re.compile(r"\{[^{}\n]*\||\|[^{}\n]*\}")


@pytest.fixture
def office(both: Flask, ctx: Context) -> Clerk:
    return clerk(ctx, MIHON, "reviewer", ("reviewer", "building_records"))


@pytest.fixture
def case(office: Clerk, ctx: Context) -> Application:
    return filed(ctx, RECORDS, 2, language="ja-simple").application


@pytest.fixture
def resident(both: Flask, case: Application) -> FlaskClient:
    browser = both.test_client()
    with browser.session_transaction() as kept:
        kept["cases"] = [case.id]
    return browser


def test_the_status_page_has_readings_in_its_tag_and_history(
    case: Application, resident: FlaskClient
) -> None:
    page = resident.get(f"/status/{case.reference}?lang=ja-simple").text
    head, main = page.split("<main", 1)
    assert f"<title>{RECEIVED} – " in head
    assert not MARKS.search(page)
    assert f'<strong class="tag">{RUBY}' in main
    assert f"<strong>{RUBY}" in main.split("</h1>")[1]
    day = r"20\d\d<ruby>年<rp>（</rp><rt>ねん</rt>.{0,80}<ruby>月<rp>（</rp><rt>がつ</rt>.*?日<rp>"
    assert re.search(rf"<time [^>]*>{day}", main)
    without = resident.get(f"/status/{case.reference}?readings=off").text
    assert f'<strong class="tag">{RECEIVED}' in without
    assert "<ruby>" not in without


def test_the_desk_reads_the_same_in_its_own_language(case: Application, both: Flask, office: Clerk) -> None:
    browser = both.test_client()
    browser.post("/sign-in", data={"email": office.email, "password": PASSWORD})
    for address in (f"/desk/cases/{case.id}", "/desk/building_records"):
        page = browser.get(f"{address}?lang=ja", follow_redirects=True).text
        assert case.reference in page
        assert "受付済" in page
        assert not MARKS.search(page)
        plain = browser.get(f"{address}?lang=ja-simple", follow_redirects=True).text
        assert RUBY in plain
        assert not MARKS.search(plain)


def test_a_mail_has_them_in_brackets(case: Application, ctx: Context, office: Clerk) -> None:
    take(ctx, office, case.id, "answer", reason="見本の答え")
    jobs.drain(ctx)
    sent = mails(ctx)
    assert any("調（しら）べた ことを 答（こた）えました" in body(mail) for mail in sent)
    assert [mail for mail in sent if MARKS.search(body(mail))] == []
    assert [mail for mail in sent if re.search("（[ぁ-ん]+）|[{|}]", mail["Subject"])] == []
