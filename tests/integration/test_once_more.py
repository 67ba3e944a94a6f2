"""Pages on which residents type, beyond a draft: a token that does not count and another language lose nothing."""

import re
from io import BytesIO

import pillow_heif
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from accounts import holdings
from applications import drafts, queries
from applications.filing import Filed
from applications.models import UploadedFile
from core.context import Context
from tests.factories.applications import TAX, TOKYO, sign
from tests.factories.browsers import Browser, heading
from tests.factories.papers import pdf
from tests.factories.residents import scope_of, signed_in
from tests.factories.typed_pages import (
    FOR_ACCOUNTS,
    FOR_ALL,
    FOR_CASES,
    OWN,
    SHOWN,
    STORY,
    WORDS,
    Form,
    asked_to_correct,
    everything,
    hidden,
    holder,
    name,
    of_account,
)
from workflows import cases, correction_page


@pytest.fixture
def case(catalogue: Context) -> Filed:
    return asked_to_correct(catalogue)


def test_a_question_of_a_company_is_named_once(app: Flask, catalogue: Context) -> None:
    names = {f"representative-{part}": "あ" * 61 for part in ("family", "given")}
    page = signed_in(app, catalogue).post("/my/companies/new", data=names).text
    assert page.count("Name of the representative: Shorten the name to 60 characters.") == len(names)
    assert "Name of the representative: Name of the representative" not in page


@pytest.mark.usefixtures("guarded")
class TestToken:
    """A form whose token is not this session's: nothing is done, the page is there as it was sent."""

    @staticmethod
    def _again(client: FlaskClient, path: str, form: Form) -> TestResponse:
        answer = client.post(path, data=form.typed | {"csrf_token": "x"}, headers=OWN)
        assert answer.status_code == 422, answer.text
        assert answer.headers["X-Token"] == "renewed"
        assert "This has not been sent yet" in answer.text
        for one in form.kept:
            assert one in answer.text
        assert hidden(answer.text)["csrf_token"] != "x"
        return answer

    @pytest.mark.parametrize("form", FOR_CASES, ids=name)
    def test_of_a_case(self, app: Flask, catalogue: Context, case: Filed, form: Form) -> None:
        client, path = holder(app, case), form.path.format(ref=case.application.reference)
        before = everything(catalogue)
        answer = self._again(client, path, form)
        assert everything(catalogue) == before
        with catalogue.database.reading(TOKYO) as session:
            asked = correction_page.form(session, catalogue, case.application.id)
        assert asked
        assert asked.raw.get("email") != ["x"]
        data = form.typed | hidden(answer.text)
        assert client.post(path, data=data, headers=OWN).status_code in {303, 422}
        assert everything(catalogue) != before or path.endswith("correction")

    @pytest.mark.parametrize("form", FOR_ACCOUNTS, ids=name)
    def test_of_an_account(self, app: Flask, catalogue: Context, form: Form) -> None:
        client = signed_in(app, catalogue)
        before = everything(catalogue), of_account(catalogue)
        self._again(client, form.path, form)
        assert (everything(catalogue), of_account(catalogue)) == before

    @pytest.mark.parametrize("form", FOR_ALL, ids=name)
    def test_of_everybody(self, app: Flask, catalogue: Context, form: Form) -> None:
        client = app.test_client()
        client.set_cookie("language", "en")
        before = everything(catalogue)
        self._again(client, form.path, form)
        assert everything(catalogue) == before

    def test_ticks_of_what_is_taken_over(self, app: Flask, catalogue: Context, case: Filed) -> None:
        client = signed_in(app, catalogue)
        with client.session_transaction() as kept:
            kept["cases"] = [case.application.id]
        data = {"take": case.application.id, "csrf_token": "x"}
        answer = client.post("/my/take-over", data=data, headers=OWN)
        assert answer.status_code == 422
        assert f'value="{case.application.id}" checked' in answer.text
        with catalogue.database.reading(scope_of(catalogue)) as session:
            assert holdings.all_of_them(session) == []

    def test_the_address_for_the_link_of_a_draft(self, app: Flask, catalogue: Context) -> None:
        browser = Browser(app, catalogue)
        answer = browser.client.post(f"{browser.base}/save", data={"email": "x <b>"}, headers=OWN)
        assert answer.status_code == 422
        assert 'value="x &lt;b&gt;"' in answer.text

    @pytest.mark.parametrize("path", ["/tokyo/tax-certificate/start", "/life-events/moving/together"])
    def test_a_form_is_simply_started(self, app: Flask, path: str) -> None:
        client = app.test_client()
        data = {"procedure": f"{TOKYO}/{TAX}", "csrf_token": "x"}
        answer = client.post(path, data=data, headers=OWN)
        assert answer.status_code == 303
        assert client.get(answer.location).status_code == 200
        assert app.test_client().post(path, data=data).status_code == 400, "another site starts nothing"

    def test_whether_one_may_apply_is_simply_answered(self, app: Flask) -> None:
        client = app.test_client()
        client.set_cookie("language", "en")
        data = {"in_city": "yes", "origin": "home", "excluded": "no", "do": "next", "csrf_token": "x"}
        assert "You can apply" in client.post("/mihon/bulky-waste/eligibility", data=data, headers=OWN).text

    @pytest.mark.parametrize("path", ["/my/sign-in/out", "/leave"])
    def test_what_is_open_is_closed_in_any_case(self, app: Flask, catalogue: Context, path: str) -> None:
        client = signed_in(app, catalogue)
        assert client.post(path, data={"csrf_token": "x"}, headers=OWN).status_code == 303
        with client.session_transaction() as kept:
            assert "resident" not in kept

    def test_a_page_of_buttons_only_is_shown(self, app: Flask, catalogue: Context, case: Filed) -> None:
        client, path = holder(app, case), f"/status/{case.application.reference}/withdraw"
        with catalogue.database.reading(TOKYO) as session:
            before = queries.get(session, case.application.id).state
        answer = client.post(path, data={"csrf_token": "x"}, headers=OWN)
        assert (answer.status_code, heading(answer)) == (422, heading(client.get(path)))
        with catalogue.database.reading(TOKYO) as session:
            assert queries.get(session, case.application.id).state == before

    def test_a_button_without_a_page_of_its_own_leads_to_its_page(
        self, app: Flask, catalogue: Context
    ) -> None:
        client = signed_in(app, catalogue)
        answer = client.post("/my/mandates/abc/accept", data={"csrf_token": "x"}, headers=OWN)
        assert answer.status_code == 400
        assert 'href="/my/mandates"' in answer.text
        assert "still there" not in answer.text

    def test_files_are_chosen_once_more(self, app: Flask, case: Filed) -> None:
        data = {"files": (BytesIO(b"%PDF"), "a.pdf"), "text": STORY}
        path = f"/status/{case.application.reference}/messages"
        answer = holder(app, case).post(path, data=data, headers=OWN)
        assert "choose your files once more" in answer.text
        assert SHOWN in answer.text

    def test_what_another_site_sends_is_not_shown(self, app: Flask, case: Filed) -> None:
        path = f"/status/{case.application.reference}/messages"
        answer = holder(app, case).post(path, data=WORDS, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 400
        assert SHOWN not in answer.text


class TestLanguage:
    """Another language, or the readings: what was typed stands in the page."""

    @staticmethod
    def _speaks(client: FlaskClient, path: str, form: Form) -> None:
        assert 'value="lang:ko"' in client.get(path).text
        answer = client.post(path, data=form.typed | {"do": "lang:ko"})
        if answer.status_code == 303:  # it was kept
            answer = client.get(answer.location)
        assert answer.status_code == 200
        assert '<html lang="ko"' in answer.text
        for one in form.kept:
            assert one in answer.text

    @pytest.mark.parametrize("form", FOR_CASES, ids=name)
    def test_of_a_case(self, app: Flask, catalogue: Context, case: Filed, form: Form) -> None:
        before = everything(catalogue)
        self._speaks(holder(app, case), form.path.format(ref=case.application.reference), form)
        assert everything(catalogue) == before

    @pytest.mark.parametrize("form", FOR_ACCOUNTS, ids=name)
    def test_of_an_account(self, app: Flask, catalogue: Context, form: Form) -> None:
        self._speaks(signed_in(app, catalogue), form.path, form)

    @pytest.mark.parametrize("form", FOR_ALL, ids=name)
    def test_of_everybody(self, client: FlaskClient, form: Form) -> None:
        self._speaks(client, form.path, form)

    def test_of_several_procedures(self, client: FlaskClient) -> None:
        path = "/life-events/moving/together"
        choices = re.findall(r'name="procedure" value="([^"]+)"', client.get(path).text)
        answer = client.post(path, data={"procedure": choices[:2], "do": "lang:ko"})
        assert '<html lang="ko"' in answer.text
        assert re.findall(r'name="procedure" value="([^"]+)" checked', answer.text) == choices[:2]

    def test_of_a_document_to_be_checked(self, client: FlaskClient) -> None:
        assert 'value="lang:ko"' in client.get("/verify").text
        answer = client.get("/verify?code=AB&do=lang:ko")
        assert answer.status_code == 200
        assert '<html lang="ko"' in answer.text
        assert 'value="AB"' in answer.text


def test_files_of_a_message_are_asked_for_once_more(app: Flask, case: Filed) -> None:
    data = {"do": "lang:en", "text": STORY, "files": (BytesIO(pdf()), "a.pdf")}
    page = holder(app, case).post(f"/status/{case.application.reference}/messages", data=data).text
    assert "The files that you chose are not in this page any more." in page
    assert SHOWN in page


def test_a_tab_that_is_left_after_filing_leads_to_the_case(app: Flask, catalogue: Context) -> None:
    browser = Browser(app, catalogue)
    with catalogue.database.writing(browser.organisation) as session:
        sign(session, catalogue, *drafts.load(session, catalogue, browser.id))
        reference = cases.file_application(session, catalogue, browser.id).application.reference
    answer = browser.send("contact", phone="0312345678")
    assert answer.status_code == 409
    assert f'href="{browser.base}/filed"' in answer.text
    assert reference in browser.client.get(f"{browser.base}/filed").text


def test_a_photo_of_a_phone_goes_with_a_message(app: Flask, catalogue: Context, case: Filed) -> None:
    client, path = holder(app, case), f"/status/{case.application.reference}/messages"
    page = client.get(path).text
    assert "image/heic" in page
    pillow_heif.register_heif_opener()
    photo = BytesIO()
    Image.new("RGB", (8, 8)).save(photo, "HEIF")
    data = hidden(page) | {"text": STORY, "files": (BytesIO(photo.getvalue()), "IMG_1.HEIC")}
    assert client.post(path, data=data).status_code == 303
    with catalogue.database.reading(TOKYO) as session:
        [row] = session.scalars(sa.select(UploadedFile).where(UploadedFile.attachment == "message"))
    assert row.media_type == "image/jpeg"
    assert "IMG_1.HEIC" in client.get(path).text
