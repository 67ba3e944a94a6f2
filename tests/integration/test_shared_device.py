"""Leaving a device that others use, too: nothing of the person stays in its browser."""

import html
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from applications.models import Application, Draft
from core import clock
from core.context import Context
from tests.factories.applications import TAX, TOKYO, filed
from tests.factories.browsers import Browser, browser_like, heading
from tests.factories.residents import signed_in

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def newcomer(app: Flask, catalogue: Context) -> Browser:
    """A browser that has just begun a form, and holds a case."""
    browser = Browser(app, catalogue, fresh=True)
    with browser.client.session_transaction() as kept:
        kept["cases"] = [case_of(catalogue).id]
    return browser


def case_of(ctx: Context) -> Application:
    return filed(ctx, TAX).application


def hidden(page: str) -> dict[str, str]:
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in pairs}


def test_nothing_can_be_opened_afterwards(app: Flask, catalogue: Context) -> None:
    case, browser = case_of(catalogue), Browser(app, catalogue)
    with browser.client.session_transaction() as kept:
        kept["cases"] = [case.id]
    assert browser.client.get(f"/status/{case.reference}").status_code == 200
    answer = browser.client.post("/leave")
    assert (answer.status_code, answer.location) == (303, "/left")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    with browser.client.session_transaction() as kept:
        assert dict(kept) == {}
    assert browser.client.get(f"{browser.base}/contact").status_code == 404
    assert browser.client.get(f"/status/{case.reference}").location == "/status"
    assert "holds nothing of yours" in heading(browser.client.get("/left"))


def test_accounts_are_left_too(app: Flask, catalogue: Context) -> None:
    client = signed_in(app, catalogue)
    copy = app.test_client()
    with client.session_transaction() as held, copy.session_transaction() as kept:
        kept.update(held)
    assert copy.get("/my").status_code == 200
    client.post("/leave")
    for one in (client, copy):
        assert "/my/sign-in" in one.get("/my").location


@pytest.mark.usefixtures("guarded")
class TestPagesLeftOpen:
    """The page of a draft without an address proves whose it is, until its browser was left."""

    def leave(self, client: FlaskClient, page: str) -> None:
        token = hidden(page)["csrf_token"]
        assert client.post("/leave", data={"csrf_token": token}).status_code == 303

    def test_they_prove_nothing_any_more(self, app: Flask, newcomer: Browser) -> None:
        page = newcomer.client.get(f"{newcomer.base}/applicant").text
        sent = hidden(page) | {"applicant_type": "person", "do": "next"}
        assert "page:proof" in sent
        stranger = app.test_client()
        assert stranger.post(f"{newcomer.base}/applicant", data=sent, headers=OWN).status_code == 422
        self.leave(newcomer.client, page)
        answer = newcomer.client.post(f"{newcomer.base}/applicant", data=sent, headers=OWN)
        assert answer.status_code == 404
        with newcomer.client.session_transaction() as kept:
            assert newcomer.id not in kept.get("drafts", [])

    def test_later_ones_do(self, app: Flask, newcomer: Browser) -> None:
        """Whoever has the draft open elsewhere goes on there."""
        other = browser_like(app, newcomer)
        page = newcomer.client.get(f"{newcomer.base}/applicant").text
        self.leave(newcomer.client, page)
        with clock.shifted(timedelta(seconds=2)):
            sent = hidden(other.get(f"{newcomer.base}/applicant").text) | {"applicant_type": "person"}
            answer = app.test_client().post(f"{newcomer.base}/applicant", data=sent, headers=OWN)
        assert answer.status_code == 422

    def test_it_needs_a_token(self, newcomer: Browser) -> None:
        assert newcomer.client.post("/leave").status_code == 400
        assert newcomer.client.get(f"{newcomer.base}/applicant").status_code == 200


def test_it_is_offered_where_people_leave(app: Flask, catalogue: Context) -> None:
    case, browser = case_of(catalogue), Browser(app, catalogue)
    with browser.client.session_transaction() as kept:
        kept["cases"] = [case.id]
        with catalogue.database.reading(TOKYO) as session:
            filed_draft = session.scalars(sa.select(Draft.id).where(Draft.filed_as == case.id)).one()
        kept["drafts"] = [*kept["drafts"], filed_draft]
    sent_page = f"/{TOKYO}/{TAX}/apply/{filed_draft}/filed"
    pages = [f"{browser.base}/save", sent_page, f"/status/{case.reference}"]
    for page in pages:
        assert 'action="/leave"' in browser.client.get(page).text, page
    sent = browser.client.post(f"{browser.base}/save", data={"email": "sample@example.invalid"})
    assert 'action="/leave"' in sent.text


def test_who_gave_no_address_is_warned(app: Flask, catalogue: Context) -> None:
    newcomer, known = Browser(app, catalogue, fresh=True), Browser(app, catalogue)
    warning = "cannot come back to this form"
    assert warning in newcomer.client.get(f"{newcomer.base}/save").text
    assert warning not in known.client.get(f"{known.base}/save").text
