"""The access to a case or an account is lost: what was typed comes along on the way back to it."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from accounts import holdings
from applications import reopening
from applications.filing import Filed
from core import clock
from core.context import Context
from core.outbox import OutboxMessage
from tests.factories.applications import TAX, TOKYO, filed
from tests.factories.browsers import heading
from tests.factories.residents import HANAKO, TARO, mailed, scope_of, signed_in
from tests.factories.typed_pages import (
    FOR_ACCOUNTS,
    FOR_CASES,
    OWN,
    SHOWN,
    WORDS,
    Form,
    asked_to_correct,
    everything,
    hidden,
    name,
    of_account,
)


@pytest.fixture
def case(catalogue: Context) -> Filed:
    return asked_to_correct(catalogue)


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

    def test_with_as_much_as_a_form_may_hold(self, app: Flask, case: Filed) -> None:
        stranger, reference = app.test_client(), case.application.reference
        data = {**WORDS, "text": "漢" * 160_000}
        path, multipart = f"/status/{reference}/messages", "multipart/form-data"
        lost = stranger.post(path, data=data, headers=OWN, content_type=multipart)
        back = stranger.post(
            f"/status/{reference}/return", data=hidden(lost.text) | {"code": str(case.secret)}
        )
        assert (back.status_code, data["text"] in back.text) == (200, True)

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
        here = {
            "kept": hidden(lost.text)["kept"],
            "do": "lang:ko",
            "csrf_token": hidden(back.text)["csrf_token"],
        }
        spoken = stranger.post("/my/sign-in", data=here, headers=OWN)
        assert 'lang="ko"' in spoken.text
        assert 'role="alert"' in spoken.text, "it says that nothing was sent"


def _code(ctx: Context, made: Filed) -> str:
    with ctx.database.reading(TOKYO) as session:
        entries = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.created_at)).all()
    salts = [one.payload["salt"] for one in entries if one.payload.get("notice") == "status_code"]
    return reopening.mailed_code(ctx, made.application.id, salts[-1])
