"""Pages on which residents type, beyond a draft: a token that does not count and a lost access lose nothing."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import pillow_heif
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from accounts import holdings, residents
from accounts.models import Mandate
from applications import drafts, queries, reopening
from applications.filing import Filed
from applications.models import CaseMessage, Correction, Draft, UploadedFile
from core import clock
from core.context import Context
from core.database import EVERYONE
from core.outbox import OutboxMessage
from satisfaction.models import Rating
from tests.factories.applications import MIHON, SIGNS, TAX, TOKYO, clerk, filed, sign
from tests.factories.browsers import Browser, heading
from tests.factories.papers import pdf
from tests.factories.residents import HANAKO, TARO, mailed, scope_of, signed_in
from workflows import cases, corrections

OWN = {"Sec-Fetch-Site": "same-origin"}
STORY = "渡邉髙志の証明書は何通ですか <b>"
SHOWN = html.escape(STORY)
WORDS = {"text": STORY, "once": "1" * 32}


@pytest.fixture
def guarded(app: Flask) -> Iterator[None]:
    """Forms need their token."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def case(catalogue: Context) -> Filed:
    """A case for which a correction is asked."""
    made = filed(catalogue, TAX, language="en")
    reviewer = clerk(catalogue, TOKYO, "once-more", ("reviewer", "tax"))
    with catalogue.database.writing(TOKYO) as session:
        seen = queries.get(session, made.application.id).row_version
        remarks = {"phone": "?", "email": "?"}
        corrections.request_correction(session, catalogue, made.application.id, reviewer, seen, remarks)
    return made


def holder(app: Flask, made: Filed) -> FlaskClient:
    """A guest's browser that may open the case."""
    client = app.test_client()
    client.set_cookie("language", "en")
    with client.session_transaction() as kept:
        kept["cases"] = [made.application.id]
    return client


def hidden(page: str) -> dict[str, str]:
    """The hidden inputs of the form that a person fills in."""
    form = re.search(r'<form id="page-form".*?</form>', page, re.S)
    assert form, page
    pairs = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?>', form[0])
    return {name: html.unescape(value) for name, value in pairs}


@dataclass(frozen=True)
class Form:
    """A page on which a resident types; `kept` is what of it the page shows."""

    path: str
    typed: dict[str, str]
    kept: tuple[str, ...]


FOR_CASES = [
    Form("/status/{ref}/messages", WORDS, (f">{SHOWN}</textarea>", f'name="once" value="{"1" * 32}"')),
    Form(
        "/status/{ref}/correction",
        {"phone": "０９０ <b>", "email": "x"},
        ('value="０９０ &lt;b&gt;"', 'value="x"'),
    ),
    Form(
        "/rate/{ref}/submission",
        {"score": "2", "reasons": "easy", "comment": STORY},
        (f">{SHOWN}</textarea>", 'value="2" checked'),
    ),
]
FOR_ACCOUNTS = [
    Form("/my/companies/new", {"name": STORY, "number": "12"}, (f'value="{SHOWN}"', 'value="12"')),
    Form(
        "/my/mandates/new",
        {"delegate": STORY, "email": "x", "everything": "yes", "departments": "tokyo-taxation"},
        (f'value="{SHOWN}"', 'name="everything" value="yes" checked', 'value="tokyo-taxation" checked'),
    ),
    Form("/my/profile/phone", {"phone": "０９０ <b>"}, ('value="０９０ &lt;b&gt;"',)),
]
FOR_ALL = [
    Form("/status", {"reference": "TC-1", "code": "AB <b>"}, ('value="TC-1"', 'value="AB &lt;b&gt;"')),
    Form("/status/code", {"reference": "TC-1 <b>"}, ('value="TC-1 &lt;b&gt;"',)),
    Form("/status/TC-1/code", {"code": "12 3"}, ('value="12 3"',)),
    Form("/my/sign-in", {"email": "x <b>"}, ('value="x &lt;b&gt;"',)),
    Form("/resume/abc/code", {"code": "12 3"}, ('value="12 3"',)),
]


def everything(ctx: Context) -> tuple[object, ...]:
    """What a form could have changed: how many rows there are, and mails other than those with a code to come back."""
    tables = (CaseMessage, Rating, Mandate, Draft)
    with ctx.database.reading(EVERYONE) as session:
        mails = [one.payload.get("notice") for one in session.scalars(sa.select(OutboxMessage))]
        counts = [session.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables]
    return (*counts, sorted(str(one) for one in mails if one != "status_code"))


def of_account(ctx: Context) -> object:
    """What the account holds."""
    with ctx.database.reading(scope_of(ctx)) as session:
        return vars(residents.document(session, ctx))


def name(form: Form) -> str:
    return form.path.strip("/").replace("/", "-") or "start"


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
            asked = corrections.form(session, catalogue, case.application.id)
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


@pytest.mark.parametrize("kept", ["é", "x", "gAAAAA==", "😀"])
def test_what_was_not_sealed_here_is_passed_over(
    app: Flask, catalogue: Context, case: Filed, kept: str
) -> None:
    client, reference = app.test_client(), case.application.reference
    back = client.post(f"/status/{reference}/return", data={"kept": kept, "code": str(case.secret)})
    assert (back.status_code, back.location) == (303, f"/status/{reference}")
    assert client.post("/my/sign-in", data={"kept": kept, "email": "x"}).status_code == 422
    here = signed_in(app, catalogue).post("/my/sign-in", data={"kept": kept})
    assert (here.status_code, here.location) == (303, "/my")
    assert client.post("/sign-in", data={"kept": kept, "email": "x", "password": "x"}).status_code == 422


@pytest.mark.usefixtures("guarded")
class TestWayBack:
    """The session is gone with the cookie: what was typed comes along on the way back."""

    @pytest.mark.parametrize("form", FOR_CASES, ids=name)
    def test_to_a_case_by_mail(self, app: Flask, catalogue: Context, case: Filed, form: Form) -> None:
        stranger, reference = app.test_client(), case.application.reference
        stranger.set_cookie("language", "en")
        before = everything(catalogue)
        lost = stranger.post(form.path.format(ref=reference), data=form.typed, headers=OWN)
        assert (lost.status_code, heading(lost)) == (404, "Open your application again")
        assert "What you typed is not lost" in lost.text
        assert not any(one in lost.text for one in form.kept), "nobody reads it in the page"
        there = f"/status/{reference}/return"
        spoken = stranger.post(there, data=hidden(lost.text) | {"do": "lang:ja"})
        assert 'lang="ja"' in spoken.text
        stranger.set_cookie("language", "en")
        asked = stranger.post(there, data=hidden(spoken.text) | {"do": "code"})
        wrong = stranger.post(there, data=hidden(asked.text) | {"code": "000000x"})
        assert wrong.status_code == 422
        code = _code(catalogue, case)
        back = stranger.post(there, data=hidden(wrong.text) | {"code": f"{code[:3]} {code[3:]}"})
        assert back.status_code == 200
        for one in form.kept:
            assert one in back.text
        assert "has not been sent yet" in back.text
        assert f'action="{form.path.format(ref=reference)}"' in back.text
        assert everything(catalogue) == before

    def test_to_a_case_with_the_code_of_its_filing(self, app: Flask, case: Filed) -> None:
        stranger, reference = app.test_client(), case.application.reference
        path = f"/status/{reference}/messages"
        lost = stranger.post(path, data=WORDS, headers=OWN)
        data = hidden(lost.text) | {"code": str(case.secret)}
        back = stranger.post(f"/status/{reference}/return", data=data)
        assert SHOWN in back.text
        assert stranger.post(path, data=WORDS | hidden(back.text)).status_code == 303

    def test_of_an_unknown_case_it_looks_the_same(self, app: Flask, case: Filed) -> None:
        pages = []
        for reference in (case.application.reference, "TC-0000-0000"):
            lost = app.test_client().post(f"/status/{reference}/messages", data=WORDS, headers=OWN)
            page = lost.text.replace(reference, "REF")
            pages.append(re.sub(r'name="(csrf_token|kept)" value="[^"]+"', "", page))
        assert pages[0] == pages[1]

    def test_what_is_carried_opens_no_other_case(self, app: Flask, catalogue: Context, case: Filed) -> None:
        other, stranger = filed(catalogue, TAX), app.test_client()
        path = f"/status/{case.application.reference}/messages"
        data = hidden(stranger.post(path, data=WORDS, headers=OWN).text) | {"code": str(other.secret)}
        back = stranger.post(f"/status/{other.application.reference}/return", data=data)
        assert (back.status_code, back.location) == (303, f"/status/{other.application.reference}")

    def test_nor_is_it_shown_the_next_day(self, app: Flask, case: Filed) -> None:
        stranger, reference = app.test_client(), case.application.reference
        data = hidden(stranger.post(f"/status/{reference}/messages", data=WORDS, headers=OWN).text)
        with clock.shifted(timedelta(hours=13)):
            there = f"/status/{reference}/return"
            back = stranger.post(there, data=data | {"code": str(case.secret)})
        assert back.status_code == 303

    @pytest.mark.parametrize("form", FOR_ACCOUNTS, ids=name)
    def test_to_an_account(self, app: Flask, catalogue: Context, form: Form) -> None:
        scope_of(catalogue)
        stranger = app.test_client()
        stranger.set_cookie("language", "en")
        lost = stranger.post(form.path, data=form.typed, headers=OWN)
        assert (lost.status_code, heading(lost)) == (403, "Sign in to your page")
        before = of_account(catalogue)
        assert not any(one in lost.text for one in form.kept)
        code = stranger.post("/my/sign-in", data=hidden(lost.text) | {"email": TARO})
        assert heading(code) == "Enter the code"
        back = stranger.post(
            "/my/sign-in/code", data=hidden(code.text) | {"code": mailed(catalogue, TARO)[-1]}
        )
        assert back.status_code == 200
        for one in form.kept:
            assert one in back.text
        assert f'action="{form.path}"' in back.text
        assert of_account(catalogue) == before

    def test_to_the_same_account_only(self, app: Flask, catalogue: Context) -> None:
        client = signed_in(app, catalogue)
        client.get("/my/profile/phone")
        with clock.shifted(timedelta(hours=2)):
            lost = client.post("/my/profile/phone", data={"phone": "０９０"}, headers=OWN)
            assert lost.status_code == 403
            code = client.post("/my/sign-in", data=hidden(lost.text) | {"email": HANAKO})
            data = hidden(code.text) | {"code": mailed(catalogue, HANAKO)[-1]}
            back = client.post("/my/sign-in/code", data=data)
        assert (back.status_code, back.location) == (303, "/my/profile/phone")

    def test_to_a_case_of_an_account(self, app: Flask, catalogue: Context, case: Filed) -> None:
        """The account was left alone for too long; its session is over, its cookie still there."""
        client, path = signed_in(app, catalogue), f"/status/{case.application.reference}/messages"
        with catalogue.database.writing(scope_of(catalogue)) as session:
            holdings.add(session, holdings.CASE, TOKYO, case.application.id)
        token = hidden(client.get(path).text)["csrf_token"]
        with clock.shifted(timedelta(hours=2)):
            lost = client.post(path, data=WORDS | {"csrf_token": token}, headers=OWN)
            assert (lost.status_code, heading(lost)) == (403, "Sign in to your page")
            code = client.post("/my/sign-in", data=hidden(lost.text) | {"email": TARO})
            data = hidden(code.text) | {"code": mailed(catalogue, TARO)[-1]}
            back = client.post("/my/sign-in/code", data=data)
            assert SHOWN in back.text
            assert client.post(path, data=WORDS | hidden(back.text)).status_code == 303

    def test_a_mistyped_address_loses_nothing(self, app: Flask, catalogue: Context) -> None:
        stranger = app.test_client()
        stranger.set_cookie("language", "en")
        lost = stranger.post("/my/profile/phone", data={"phone": "０９０"}, headers=OWN)
        code = stranger.post("/my/sign-in", data=hidden(lost.text) | {"email": "wrong@example.invalid"})
        page = stranger.post("/my/sign-in/code", data=hidden(code.text) | {"do": "address"})
        assert heading(page) == "Sign in to your page"
        again = stranger.post("/my/sign-in", data=hidden(page.text) | {"email": TARO})
        data = hidden(again.text) | {"code": mailed(catalogue, TARO)[-1]}
        assert 'value="０９０"' in stranger.post("/my/sign-in/code", data=data).text

    def test_signing_in_in_another_tab_is_enough(self, app: Flask, catalogue: Context) -> None:
        stranger = app.test_client()
        lost = stranger.post("/my/profile/phone", data={"phone": "０９０"}, headers=OWN)
        elsewhere = signed_in(app, catalogue)
        with elsewhere.session_transaction() as new, stranger.session_transaction() as kept:
            kept.clear()
            kept.update(new)
        back = stranger.post("/my/sign-in", data=hidden(lost.text) | {"do": "back"}, headers=OWN)
        assert 'value="０９０"' in back.text
        assert hidden(back.text)["csrf_token"]


def _code(ctx: Context, made: Filed) -> str:
    with ctx.database.reading(TOKYO) as session:
        entries = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.created_at)).all()
    salts = [one.payload["salt"] for one in entries if one.payload.get("notice") == "status_code"]
    return reopening.mailed_code(ctx, made.application.id, salts[-1])


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


class TestCorrection:
    """What is typed into a correction is kept meanwhile, and handed in once."""

    @pytest.fixture
    def client(self, app: Flask, case: Filed) -> FlaskClient:
        return holder(app, case)

    @pytest.fixture
    def path(self, case: Filed) -> str:
        return f"/status/{case.application.reference}/correction"

    def test_it_is_kept_while_somebody_types(self, client: FlaskClient, path: str) -> None:
        answer = client.post(f"{path}/keep", data={"phone": "０９０ <b>", "do": "keep", "csrf_token": "x"})
        assert (answer.status_code, answer.text) == (204, "")
        page = client.get(path).text
        assert 'value="０９０ &lt;b&gt;"' in page
        assert "error-summary" not in page

    def test_an_older_state_that_comes_late_changes_nothing(self, client: FlaskClient, path: str) -> None:
        for number, phone in ((2, "newer"), (1, "older")):
            client.post(f"{path}/keep", data={"phone": phone, "page:turn": f"abc-{number}"})
        assert 'value="newer"' in client.get(path).text

    def test_it_is_sealed(self, client: FlaskClient, path: str, catalogue: Context) -> None:
        client.post(f"{path}/keep", data={"phone": STORY})
        with catalogue.database.reading(TOKYO) as session:
            [row] = session.scalars(sa.select(Correction))
            assert STORY.encode() not in row.document

    def test_sent_twice_it_is_handed_in_once(
        self, client: FlaskClient, path: str, catalogue: Context, case: Filed
    ) -> None:
        """The answer to the first time got lost."""
        typed = {"phone": "09012345678", "email": "sample@example.invalid", "do": "next"}
        for _ in range(2):
            answer = client.post(path, data=typed)
            assert (answer.status_code, answer.location) == (303, path.removesuffix("/correction"))
        with catalogue.database.reading(TOKYO) as session:
            assert queries.get(session, case.application.id).answers_version == 2

    def test_another_tab_is_told_that_it_was_sent(self, client: FlaskClient, path: str) -> None:
        typed = {"phone": "09012345678", "email": "sample@example.invalid", "do": "next"}
        client.post(path, data=typed)
        answer = client.post(path, data=typed | {"phone": "09087654321"})
        assert (answer.status_code, heading(answer)) == (409, "This correction was already sent.")
        assert f'href="{path.removesuffix("/correction")}"' in answer.text

    def test_what_came_after_it_was_sent_is_not_kept(self, client: FlaskClient, path: str) -> None:
        typed = {"phone": "09012345678", "email": "sample@example.invalid", "do": "next"}
        client.post(path, data=typed)
        assert client.post(f"{path}/keep", data=typed).status_code == 409


def test_files_of_a_correction_stay_in_another_language(app: Flask, catalogue: Context) -> None:
    """Chosen, and not sent yet."""
    made = filed(catalogue, SIGNS, language="en")
    reviewer = clerk(catalogue, MIHON, "once-more", ("reviewer", "advertising"))
    with catalogue.database.writing(MIHON) as session:
        seen = queries.get(session, made.application.id).row_version
        corrections.request_correction(
            session, catalogue, made.application.id, reviewer, seen, {"design": "?"}
        )
    client, path = holder(app, made), f"/status/{made.application.reference}/correction"
    data = {"do": "lang:ko", "file-design": (BytesIO(pdf()), "새 도안.pdf")}
    answer = client.post(path, data=data)
    assert (answer.status_code, answer.location) == (303, path)
    assert "새 도안.pdf" in client.get(path).text
    client.post(path, data={"do": "next"})
    with catalogue.database.reading(MIHON) as session:
        assert queries.get(session, made.application.id).answers_version == 2


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
