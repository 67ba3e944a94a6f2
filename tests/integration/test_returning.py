"""What was typed survives a lost cookie, another session and a late answer."""

import html
import re
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts import holdings
from applications import drafts
from core import clock
from core.context import Context
from core.outbox import OutboxMessage
from forms import page as form_page
from procedures import versions
from tests.factories.applications import MIHON, SIGNS, TAX, TOKYO
from tests.factories.browsers import Browser, heading
from tests.factories.residents import scope_of

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def browser(app: Flask, catalogue: Context) -> Browser:
    """A browser with a filled-in draft."""
    return Browser(app, catalogue)


def _code(browser: Browser) -> str:
    with browser.ctx.database.reading(browser.organisation) as session:
        entries = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.created_at)).all()
        salts = [e.payload["salt"] for e in entries if e.payload.get("notice") == "draft_code"]
    return drafts.mailed_code(browser.ctx, browser.id, salts[-1])


def _hidden(page: str) -> dict[str, str]:
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in pairs}


def test_keeping_answers_nothing_and_judges_nothing(browser: Browser) -> None:
    answer = browser.send("contact", do="keep", phone="０９０", csrf_token="x")
    assert (answer.status_code, answer.text) == (204, "")
    assert browser.document().raw["contact"] == {"phone": ["０９０"]}
    assert 'value="０９０"' in browser.client.get(f"{browser.base}/contact").text


def test_what_is_kept_late_does_not_open_a_finished_page_again(browser: Browser) -> None:
    with browser.ctx.database.reading(browser.organisation) as session:
        page = versions.current(session, TAX).procedure.page("contact")
    assert page
    inputs = form_page.inputs(page, browser.document().answers)
    before = browser.document()
    assert "contact" in before.done
    assert browser.send("contact", do="keep", **inputs).status_code == 204
    assert browser.document().done == before.done
    browser.send("contact", do="keep", **(inputs | {"phone": ["03"]}))
    assert "contact" not in browser.document().done


def test_a_lost_cookie_loses_nothing(browser: Browser, app: Flask) -> None:
    stranger = app.test_client()
    stranger.set_cookie("language", "en")
    typed = {"do": "next", "phone": "０９０ <b>", "email": "wrong"}
    answer = stranger.post(f"{browser.base}/contact", data=typed, headers=OWN)
    assert (answer.status_code, heading(answer)) == (404, "Go on with your application")
    there = f"/resume/{browser.id}/return"
    asked = stranger.post(there, data=_hidden(answer.text) | {"do": "code"})
    assert 'name="code"' in asked.text
    wrong = stranger.post(there, data=_hidden(asked.text) | {"code": "000000x"})
    assert wrong.status_code == 422
    back = stranger.post(there, data=_hidden(wrong.text) | {"code": _code(browser)})
    assert (back.status_code, back.location) == (303, f"{browser.base}/contact")
    assert browser.document().raw["contact"] == {"phone": ["０９０ <b>"], "email": ["wrong"]}
    assert 'value="０９０ &lt;b&gt;"' in stranger.get(back.location).text


def test_reading_a_page_with_a_lost_cookie_leads_back_too(browser: Browser, app: Flask) -> None:
    stranger = app.test_client()
    answer = stranger.get(f"{browser.base}/contact")
    assert answer.status_code == 404
    asked = stranger.post(f"/resume/{browser.id}/return", data=_hidden(answer.text) | {"do": "code"})
    data = _hidden(asked.text) | {"code": _code(browser)}
    back = stranger.post(f"/resume/{browser.id}/return", data=data)
    assert back.location == f"{browser.base}/contact"
    assert "contact" in browser.document().done, "nothing was typed, so nothing changed"


@pytest.mark.parametrize("typed", ["x", "[]", '{"phone": "090"}', '{"phone": ["\\u0000"]}'])
def test_what_is_carried_along_is_looked_at(client: FlaskClient, typed: str) -> None:
    assert client.post("/resume/unknown/return", data={"do": "code", "typed": typed}).status_code == 400


def test_an_unknown_draft_looks_like_any_other(client: FlaskClient, browser: Browser) -> None:
    client.set_cookie("language", "en")
    pages = [
        client.post(f"/resume/{id}/return", data={"do": "code", "page": "contact"}).text.replace(id, "ID")
        for id in (browser.id, "0" * 32)
    ]
    assert len({re.sub(r'name="csrf_token" value="[^"]+"', "", page) for page in pages}) == 1


@pytest.mark.usefixtures("guarded")
class TestToken:
    """Forms whose token is not this session's."""

    def test_the_page_comes_again_as_it_was_sent(self, browser: Browser) -> None:
        before = browser.document()
        answer = browser.client.post(
            f"{browser.base}/contact", data={"phone": "０９０", "do": "next", "csrf_token": "x"}, headers=OWN
        )
        assert (answer.status_code, answer.headers["X-Token"]) == (422, "renewed")
        assert 'value="０９０"' in answer.text
        assert browser.document() == before
        token = _hidden(answer.text)["csrf_token"]
        assert browser.send("contact", phone="０９０", csrf_token=token, do="keep").status_code == 204

    @pytest.mark.parametrize(
        ("step", "typed", "kept"),
        [
            ("check", {"declared": "truth"}, 'value="truth" checked'),
            ("sign", {"code": "１２３"}, 'value="１２３"'),
        ],
    )
    def test_so_do_the_last_ones(self, browser: Browser, step: str, typed: dict[str, str], kept: str) -> None:
        before = browser.document()
        answer = browser.client.post(f"{browser.base}/{step}", data=typed | {"csrf_token": "x"}, headers=OWN)
        assert (answer.status_code, answer.headers["X-Token"]) == (422, "renewed")
        assert kept in answer.text
        assert "Nothing is lost" in answer.text
        assert browser.document() == before

    @pytest.mark.parametrize("wrong", ["procedure", "organisation"])
    def test_of_no_such_form_there_is_no_such_page(self, app: Flask, browser: Browser, wrong: str) -> None:
        """An address that was altered, by a browser that holds the draft."""
        app.testing = False  # a mistake of ours is a page as well
        path = browser.base.replace(*{"procedure": (TAX, SIGNS), "organisation": (TOKYO, MIHON)}[wrong])
        answer = browser.client.post(f"{path}/contact", data={"phone": "x", "csrf_token": "x"}, headers=OWN)
        assert answer.status_code == 404

    def test_files_have_to_be_chosen_once_more(self, app: Flask, catalogue: Context) -> None:
        browser = Browser(app, catalogue, SIGNS)
        data = {"file-design": (BytesIO(b"%PDF"), "a.pdf"), "csrf_token": "x"}
        answer = browser.client.post(f"{browser.base}/attachments", data=data, headers=OWN)
        assert (answer.status_code, answer.headers["X-Token"]) == (422, "renewed")
        assert "choose your files once more" in answer.text

    @pytest.mark.parametrize(
        "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://x.invalid"}, {}]
    )
    def test_what_another_site_sends_is_not_shown(self, browser: Browser, headers: dict[str, str]) -> None:
        answer = browser.client.post(f"{browser.base}/contact", data={"phone": "spell"}, headers=headers)
        assert answer.status_code == 400
        assert "spell" not in answer.text

    def test_nor_carried_along(self, browser: Browser, app: Flask) -> None:
        answer = app.test_client().post(f"{browser.base}/contact", data={"phone": "spell"})
        assert answer.status_code == 400
        assert "spell" not in answer.text


@pytest.mark.usefixtures("guarded")
class TestWithoutAnAddress:
    """No code can be sent to somebody who gave no address yet; the page they have open proves that it is theirs."""

    @pytest.fixture
    def newcomer(self, app: Flask, catalogue: Context) -> Browser:
        """A browser that has just begun."""
        return Browser(app, catalogue, fresh=True)

    @pytest.fixture
    def proof(self, newcomer: Browser) -> str:
        """What stands in the first page."""
        return _hidden(newcomer.client.get(f"{newcomer.base}/applicant").text)["page:proof"]

    @staticmethod
    def _send(app: Flask, browser: Browser, proof: str, **inputs: str) -> tuple[FlaskClient, TestResponse]:
        stranger = app.test_client()
        stranger.set_cookie("language", "en")
        data = {"page:proof": proof, "applicant_type": "person", "do": "next"} | inputs
        return stranger, stranger.post(f"{browser.base}/applicant", data=data, headers=OWN)

    def test_it_comes_again_and_can_be_sent(self, app: Flask, newcomer: Browser, proof: str) -> None:
        forgetful, answer = self._send(app, newcomer, proof)
        assert (answer.status_code, answer.headers["X-Token"]) == (422, "renewed")
        assert 'value="person" checked' in answer.text
        data = _hidden(answer.text) | {"applicant_type": "person", "do": "next"}
        onward = forgetful.post(f"{newcomer.base}/applicant", data=data, headers=OWN)
        assert (onward.status_code, onward.location) == (303, f"{newcomer.base}/person")
        assert newcomer.document().answers["applicant_type"] == "person"
        assert "page:proof" not in str(newcomer.document())

    def test_a_code_is_asked_for_as_soon_as_one_can_be_sent(
        self, app: Flask, newcomer: Browser, proof: str
    ) -> None:
        with newcomer.ctx.database.writing(newcomer.organisation) as session:
            draft, document = drafts.load(session, newcomer.ctx, newcomer.id)
            document.contact["email"] = "sample@example.invalid"
            drafts.save(session, newcomer.ctx, draft, document, draft.row_version, "en")
        assert self._send(app, newcomer, proof)[1].status_code == 404
        assert "page:proof" not in newcomer.client.get(f"{newcomer.base}/applicant").text

    def test_of_another_draft_it_proves_nothing(self, app: Flask, catalogue: Context, proof: str) -> None:
        other = Browser(app, catalogue, fresh=True)
        assert self._send(app, other, proof)[1].status_code == 404
        assert self._send(app, other, "")[1].status_code == 404

    def test_not_once_an_account_holds_it(self, app: Flask, newcomer: Browser, proof: str) -> None:
        """The page is left open on a device that others use, too."""
        with newcomer.ctx.database.writing(scope_of(newcomer.ctx)) as session:
            holdings.add(session, holdings.DRAFT, newcomer.organisation, newcomer.id)
        stranger, answer = self._send(app, newcomer, proof)
        assert answer.status_code == 404
        with stranger.session_transaction() as kept:
            assert newcomer.id not in kept.get("drafts", [])

    def test_nor_the_next_day(self, app: Flask, newcomer: Browser, proof: str) -> None:
        with clock.shifted(timedelta(hours=13)):
            assert self._send(app, newcomer, proof)[1].status_code == 404


def test_what_was_ticked_travels_along(browser: Browser, app: Flask) -> None:
    stranger = app.test_client()
    typed = {"declared": "truth", "do": "next"}
    answer = stranger.post(f"{browser.base}/check", data=typed, headers=OWN)
    there = f"/resume/{browser.id}/return"
    asked = stranger.post(there, data=_hidden(answer.text) | {"do": "code"})
    back = stranger.post(there, data=_hidden(asked.text) | {"code": _code(browser)})
    assert back.location == f"{browser.base}/check"
    assert browser.document().declared == ["truth"]


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"X-Sent-By": "page"}, {}])
def test_only_a_script_gets_the_page_in_answer_to_a_button(browser: Browser, headers: dict[str, str]) -> None:
    """Browsers cannot go back to what was sent to them in answer to a form."""
    data = {"do": "lookup:address", "address-postcode": "163-8001"}
    answer = browser.client.post(f"{browser.base}/contact", data=data, headers=headers)
    assert answer.status_code == (200 if headers else 303)
    if not headers:
        assert answer.location == f"{browser.base}/contact#address-found"
    shown = answer.text if headers else browser.client.get(answer.location).text
    assert "新宿区" in shown
    assert re.search(r'id="address-found" role="status"[^>]*>[^<]*東京都新宿区西新宿</p>', shown)


def test_the_script_is_told_where_to_go(browser: Browser) -> None:
    answer = browser.client.post(
        f"{browser.base}/contact", data={"do": "save"}, headers={"X-Sent-By": "page"}
    )
    assert (answer.status_code, answer.headers["X-Go-To"]) == (204, f"{browser.base}/save")
    assert "Location" not in answer.headers


def test_files_on_their_way_are_chosen_once_more(app: Flask, catalogue: Context) -> None:
    browser = Browser(app, catalogue, SIGNS)
    stranger = app.test_client()
    stranger.set_cookie("language", "en")
    data = {"file-design": (BytesIO(b"%PDF"), "a.pdf")}
    answer = stranger.post(f"{browser.base}/attachments", data=data, headers=OWN)
    assert "choose your files once more" in answer.text
    hidden = _hidden(answer.text)
    assert (hidden["page"], hidden["typed"]) == ("attachments", "{}")
