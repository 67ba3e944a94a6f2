"""Once-only: a profile is encrypted, filled in with consent only, shown with its source, and taken back at will."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from accounts import residents
from accounts.models import Account
from applications import drafts
from applications.vault import DraftDocument
from core.context import Context
from tests.factories.applications import TAX, TOKYO, filed
from tests.factories.browsers import Browser
from tests.factories.residents import HANAKO, TARO, browser, scope_of, signed_in
from tests.integration.test_my_page import hold, start

NAME = {"family": "髙見本", "given": "太郎", "family_kana": "タカミホン", "given_kana": "タロウ"}
HOME = {"postcode": "1638001", "prefecture": "東京都", "city": "新宿区", "street": "西新宿9-99-9"}


def store(ctx: Context, email: str = TARO, **entries: Any) -> None:
    with ctx.database.writing(scope_of(ctx, email)) as session:
        residents.change(session, ctx, lambda document: document.profile.update(entries))


def stored(ctx: Context, email: str = TARO) -> dict[str, Any]:
    with ctx.database.reading(scope_of(ctx, email)) as session:
        return residents.document(session, ctx).profile


def document(ctx: Context, base: str) -> DraftDocument:
    with ctx.database.reading(TOKYO) as session:
        return drafts.load(session, ctx, base.rpartition("/")[2])[1]


@pytest.fixture
def client(both: Flask, ctx: Context) -> FlaskClient:
    """Taro's browser; his profile has name, address and telephone."""
    client = signed_in(both, ctx)
    store(ctx, name=NAME, address=HOME, phone="+819011112222")
    return client


def test_an_entry_is_kept_changed_and_emptied(both: Flask, ctx: Context) -> None:
    client = signed_in(both, ctx)
    assert client.get("/my/profile").status_code == 200
    for phone, status, kept in (
        ("０９０－１１１１－２２２２", 303, {"phone": "+819011112222"}),
        ("12", 422, {"phone": "+819011112222"}),
        ("", 303, {}),
    ):
        answer = client.post("/my/profile/phone", data={"phone": phone, "do": "next"})
        assert answer.status_code == status
        assert stored(ctx) == kept
    assert client.get("/my/profile/secret").status_code == 404


def test_what_is_typed_survives_buttons_and_languages(both: Flask, ctx: Context) -> None:
    client = signed_in(both, ctx)
    page = client.post("/my/profile/household", data={"do": "add:household"}).text
    assert "household-0-name-family" in page
    typed = {"household-row": "0", "household-0-name-family": "髙見本", "do": "lang:ko"}
    answer = client.post("/my/profile/household", data=typed)
    assert answer.status_code == 200
    assert "髙見本" in answer.text
    assert 'lang="ko"' in answer.text
    assert "language=ko" in answer.headers["Set-Cookie"]
    assert stored(ctx) == {}


def test_a_profile_stands_nowhere_in_the_clear(client: FlaskClient, ctx: Context) -> None:
    with ctx.database.reading(scope_of(ctx)) as session:
        rows = str(session.execute(sa.select(Account.document, Account.account_key)).all())
    assert "新宿" not in rows
    assert "西新宿".encode().hex() not in rows


def test_nothing_is_filled_in_before_consent(client: FlaskClient, ctx: Context) -> None:
    answer = client.post("/tokyo/tax-certificate/start")
    assert answer.headers["Location"].endswith("/profile")
    page = client.get(answer.headers["Location"]).text
    for value in ("髙見本", "西新宿9-99-9", "090-1111-2222"):
        assert value in page
    base = answer.headers["Location"].removesuffix("/profile")
    assert document(ctx, base).prefill == {}
    client.post(f"{base}/applicant", data={"applicant_type": "person", "do": "next"})
    assert "髙見本" not in client.get(f"{base}/person").text


def test_whoever_says_no_types_themselves_and_may_change_their_mind(
    client: FlaskClient, ctx: Context
) -> None:
    base = start(client)
    client.post(f"{base}/profile", data={"do": "no"})
    client.post(f"{base}/applicant", data={"applicant_type": "person", "do": "next"})
    page = client.get(f"{base}/person").text
    assert "髙見本" not in page
    assert f"{base}/profile" in page
    client.post(f"{base}/profile", data={"do": "yes"})
    assert "髙見本" in client.get(f"{base}/person").text


def agreed(client: FlaskClient) -> str:
    base = start(client)
    assert client.post(f"{base}/profile", data={"do": "yes"}).status_code == 303
    client.post(f"{base}/applicant", data={"applicant_type": "person", "do": "next"})
    return base


def typed(**changes: str) -> dict[str, str]:
    names = {f"name-{part}": text for part, text in NAME.items()}
    return {**names, "do": "next", **changes}


def test_what_is_filled_in_bears_its_source_and_can_be_changed(client: FlaskClient, ctx: Context) -> None:
    base = agreed(client)
    page = client.get(f"{base}/person").text
    assert 'id="name-source"' in page
    assert 'aria-describedby="name-source"' in page
    assert document(ctx, base).answers == {"applicant_type": "person"}, (
        "nothing counts before it is confirmed"
    )
    sent = client.post(f"{base}/person", data=typed(**{"name-given": "次郎"}))
    assert sent.status_code == 303
    assert document(ctx, base).answers["name"]["given"] == "次郎"
    page = client.get(f"{base}/person").text
    assert "次郎" in page
    assert "name-source" not in page
    assert stored(ctx)["name"]["given"] == "太郎", "the profile is changed in the profile only"


def test_it_is_a_copy_of_the_moment_of_consent(client: FlaskClient, ctx: Context) -> None:
    base = agreed(client)
    store(ctx, name={**NAME, "given": "三郎"})
    assert "太郎" in client.get(f"{base}/person").text


def test_taking_back_empties_what_was_filled_in_and_leaves_what_was_typed(
    client: FlaskClient, ctx: Context
) -> None:
    base = agreed(client)
    client.post(f"{base}/person", data=typed())
    contact = {f"address-{part}": text for part, text in HOME.items()}
    more = {"email": "x@example.invalid", "phone": "0312345678", "do": "next"}
    client.post(f"{base}/contact", data={**contact, **more})
    assert document(ctx, base).done == ["applicant", "person", "contact"]
    page = client.get(f"{base}/profile").text
    assert "髙見本" in page
    client.post(f"{base}/profile", data={"do": "no"})
    kept = document(ctx, base)
    assert "name" not in kept.answers
    assert "address" not in kept.answers
    assert kept.answers["phone"] == "+81312345678"
    assert kept.done == ["applicant"]
    assert kept.prefill["values"] == {}
    assert "髙見本" not in client.get(f"{base}/person").text


def test_a_guest_is_led_to_the_sign_in(both: Flask, ctx: Context) -> None:
    guest = Browser(both, ctx, fresh=True)
    assert guest.client.get(f"{guest.base}/profile").headers["Location"].startswith("/my/sign-in?next=")
    guest.client.post(f"{guest.base}/profile", data={"do": "yes"})
    assert guest.document().prefill["values"] == {}


def test_nobody_fills_in_from_a_strangers_profile(both: Flask, ctx: Context, client: FlaskClient) -> None:
    base = agreed(client)
    other = signed_in(both, ctx, HANAKO)
    assert other.get(f"{base}/profile").status_code == 404
    assert other.post(f"{base}/profile", data={"do": "yes"}).status_code == 404
    guest = browser(both)
    assert guest.get(f"{base}/person").status_code == 404


def test_answers_are_stored_field_by_field_as_chosen(both: Flask, ctx: Context) -> None:
    case = filed(ctx, TAX).application
    hold(ctx, TARO, "case", TOKYO, case.id)
    client = signed_in(both, ctx)
    store(ctx, phone="+81312345678")
    page = client.get(f"/my/cases/{case.reference}/store").text
    assert 'value="address"' in page
    assert "checked" not in page
    answer = client.post(
        f"/my/cases/{case.reference}/store", data={"store": ["address", "remark", "bank_account"]}
    )
    assert answer.status_code == 303
    assert set(stored(ctx)) == {"phone", "address"}
    assert stored(ctx)["phone"] == "+81312345678"
    assert 'value="address"' not in client.get(f"/my/cases/{case.reference}/store").text
    assert signed_in(both, ctx, HANAKO).get(f"/my/cases/{case.reference}/store").status_code == 404
