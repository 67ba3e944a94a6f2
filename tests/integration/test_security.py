"""What protects every page: headers, cookies, limits on tries, and silence about people."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from pydantic import SecretStr
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from accounts.models import Clerk
from applications import queries
from applications.models import Application, Event
from core.audit import AuditRow
from core.context import Context
from core.errors import Misconfigured
from core.outbox import OutboxMessage
from signing import service as signing
from tests.factories.addresses import World, access_of, call, calls
from tests.factories.applications import LIVE, MIHON, PASSWORD, TAX, TOKYO, clerk
from web import jobs
from web.app import create_app

RUNS_INLINE = re.compile(r"<script(?![^>]*\ssrc=)|\sstyle=|<style|\son[a-z]+=|javascript:", re.I)
LOADS = re.compile(
    r"<(?:script|link(?! rel=\"alternate\")|img|iframe|source)[^>]+(?:src|href)=\"(?!/|\?|data:)([^\"]*)",
    re.I,
)


def policy(headers: Headers) -> dict[str, list[str]]:
    """The content security policy by directive."""
    parts = (part.split() for part in headers["Content-Security-Policy"].split(";") if part.strip())
    return {words[0]: words[1:] for words in parts}


def answers(world: World) -> Iterator[tuple[str, str, TestResponse]]:
    """Every page as (access, address, answer), by somebody who may see it, and by nobody."""
    for of in world.offices.values():
        for rule, method, path in calls(world, of):
            if method != "GET":
                continue
            access = access_of(world, rule)
            owner = of.desk(world.app) if access.startswith("clerk") else of.resident(world.app)
            owner = of.holder(world.app) if access == "resident" else owner
            for client in (owner, world.app.test_client()):
                yield access, path, call(client, rule.endpoint, method, path)


def test_every_page_has_its_headers(world: World) -> None:
    for access, path, answer in answers(world):
        headers, said = answer.headers, f"{path}: {dict(answer.headers)}"
        rules = policy(headers)
        assert rules["default-src"] == ["'none'"], said
        assert rules["frame-ancestors"] == ["'none'"], said
        assert "unsafe" not in headers["Content-Security-Policy"], said
        assert set(rules.get("script-src", ["'self'"])) == {"'self'"}, said
        assert "sandbox" in rules or rules["base-uri"] == ["'none'"], said
        assert headers["X-Content-Type-Options"] == "nosniff", said
        assert headers["Referrer-Policy"] == "same-origin", said
        assert "Server" not in headers or "Python" not in headers["Server"], said
        kept = headers.get("Cache-Control", "")
        if access != "public" or "session=" in headers.get("Set-Cookie", ""):
            assert "no-store" in kept, said
        assert answer.mimetype != "text/html" or "no-store" in kept, said


def test_no_page_needs_what_the_policy_forbids(world: World) -> None:
    for _access, path, answer in answers(world):
        if answer.mimetype == "text/html":
            assert not RUNS_INLINE.search(answer.text), (path, RUNS_INLINE.search(answer.text))
            assert not LOADS.search(answer.text), (path, LOADS.search(answer.text))


def test_every_form_has_its_token(world: World) -> None:
    world.app.config["WTF_CSRF_ENABLED"] = True
    try:
        for _access, path, answer in answers(world):
            if answer.mimetype != "text/html":
                continue
            for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", answer.text, re.S | re.I):
                assert 'name="csrf_token"' in form, (path, form[:200])
    finally:
        world.app.config["WTF_CSRF_ENABLED"] = False


def test_cookies_are_out_of_reach_for_scripts(app: Flask) -> None:
    client = app.test_client()
    client.post("/tokyo/tax-certificate/start")
    for path in ("/?lang=en", "/status"):
        for cookie in client.get(path).headers.getlist("Set-Cookie"):
            assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; ")), cookie


def test_cookies_in_production(catalogue: Context) -> None:
    """With the prefix that ties the cookie to this host and to TLS, also behind a proxy."""
    secrets = {
        "stripe_key": SecretStr("sk_live_invented"),
        "stripe_webhook_secret": SecretStr("whsec_invented"),
    }
    app = create_app(
        catalogue.settings.model_copy(update={"payment_providers": ("stripe",), **secrets, **LIVE})
    )
    client = app.test_client()
    proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    answer = client.get("/status?lang=en", headers=proxied)
    cookies = {one.partition("=")[0]: set(one.split("; ")) for one in answer.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"__Host-session", "language"}
    for name, parts in cookies.items():
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts, name
        assert not any(part.startswith("Domain") for part in parts)
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    app.extensions["madoguchi"].database.dispose()


@pytest.mark.parametrize("name", ["public_url", "mail_url", "seal_key"])
def test_production_does_not_start_with_makeshifts(catalogue: Context, name: str) -> None:
    with pytest.raises(Misconfigured, match=f"MADOGUCHI_{name.upper()}"):
        create_app(catalogue.settings.model_copy(update={**LIVE, name: None}))


def test_made_up_languages_are_not_for_production(catalogue: Context) -> None:
    with pytest.raises(Misconfigured, match="MADOGUCHI_TEST_LANGUAGES"):
        create_app(catalogue.settings.model_copy(update={**LIVE, "test_languages": True}))


def test_signing_in_starts_a_fresh_session(app: Flask, catalogue: Context) -> None:
    person = clerk(catalogue, TOKYO, "someone", ("reviewer", "*"))
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update(cases=["a"], drafts=["b"], planted="x", nonce="known to somebody")
    client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    with client.session_transaction() as kept:
        assert set(kept) == {"cases", "drafts", "clerk"}
    client.post("/sign-in/out")
    with client.session_transaction() as kept:
        assert dict(kept) == {}


def test_passwords_cannot_be_tried_without_end(app: Flask, catalogue: Context) -> None:
    person = clerk(catalogue, TOKYO, "someone", ("reviewer", "*"))
    client = app.test_client()
    client.set_cookie("language", "en")
    codes = [
        client.post("/sign-in", data={"email": person.email, "password": "x"}).status_code for _ in range(11)
    ]
    assert codes == [422] * 10 + [429]
    refused = client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    assert refused.status_code == 429, "the right one is no exception"
    assert "Too many attempts" in refused.text
    assert client.get("/sign-in").status_code == 200


@pytest.mark.parametrize(
    ("path", "data", "most"),
    [
        ("/status", {"reference": "TC-2222-2222", "code": "x"}, 10),
        ("/status/code", {"reference": "TC-2222-2222"}, 10),
        ("/status/TC-2222-2222/code", {"code": "000000"}, 20),
        ("/resume/x/code", {"code": "000000"}, 20),
        ("/resume/x", {}, 10),
    ],
)
def test_codes_cannot_be_tried_without_end(app: Flask, path: str, data: dict[str, str], most: int) -> None:
    client = app.test_client()
    for _ in range(most):
        assert client.post(path, data=data).status_code in {303, 422}
    assert client.post(path, data=data).status_code == 429


def _statuses(app: Flask, path: str, data: dict[str, str], addresses: Iterable[str]) -> list[int]:
    return [
        app.test_client().post(path, data=data, environ_base={"REMOTE_ADDR": address}).status_code
        for address in addresses
    ]


def test_one_household_of_addresses_is_one_visitor(app: Flask, catalogue: Context) -> None:
    """Whoever has an IPv6 address has 2⁶⁴ of them."""
    data = {"email": clerk(catalogue, TOKYO, "someone", ("reviewer", "*")).email, "password": "x"}
    same = (f"2001:db8:1:2:{number:x}::1" for number in range(11))
    assert _statuses(app, "/sign-in", data, same) == [422] * 10 + [429]
    mapped = (f"::ffff:192.0.2.{number}" for number in range(11))
    assert _statuses(app, "/sign-in", data, mapped) == [422] * 11, "these are eleven"
    assert _statuses(app, "/sign-in", data, ["2001:db8:1:3::1"]) == [422]


def test_one_clerk_is_not_tried_from_everywhere(
    app: Flask, catalogue: Context, caplog: pytest.LogCaptureFixture
) -> None:
    person = clerk(catalogue, TOKYO, "someone", ("reviewer", "*"))
    data = {"email": person.email, "password": "x"}
    with caplog.at_level("DEBUG"):
        statuses = _statuses(app, "/sign-in", data, (f"192.0.2.{number}" for number in range(31)))
    assert statuses == [422] * 30 + [429]
    shouted = {"email": f" {person.email.upper()} ", "password": PASSWORD}
    assert _statuses(app, "/sign-in", shouted, ["192.0.2.99"]) == [429]
    assert person.email not in caplog.text
    other = clerk(catalogue, TOKYO, "other", ("reviewer", "*"))
    assert _statuses(app, "/sign-in", {"email": other.email, "password": PASSWORD}, ["192.0.2.1"]) == [302]


def test_signing_in_is_no_failed_try(app: Flask, catalogue: Context) -> None:
    person = clerk(catalogue, TOKYO, "someone", ("reviewer", "*"))
    data = {"email": person.email, "password": PASSWORD}
    assert set(_statuses(app, "/sign-in", data, (f"192.0.2.{number}" for number in range(35)))) == {302}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/tokyo/tax-certificate/start", {}),
        ("/life-events/moving/together", {"procedure": "tokyo/tax-certificate"}),
    ],
)
def test_forms_are_not_started_without_end(app: Flask, path: str, data: dict[str, str]) -> None:
    """Generous: a school or a city hall's terminals are one address."""
    assert _statuses(app, path, data, ["192.0.2.1"] * 241) == [303] * 240 + [429]


class TestSilence:
    """A whole journey through the pages; what people typed stands in encrypted documents and mails only."""

    TYPED = {
        "family": "秘密田", "given": "内緒", "street": "秘密町七", "building": "内緒荘909", "phone": "9087654321",
        "email": "secret-person@example.invalid", "purpose": "極秘の使いみち",
        "remark": "remark of the clerk", "note": "note for colleagues", "reason": "reason told to the applicant",
    }  # fmt: skip
    NAME = {
        "name-family": "秘密田",
        "name-given": "内緒",
        "name-family_kana": "ヒミツダ",
        "name-given_kana": "ナイショ",
    }

    def journey(self, app: Flask, ctx: Context, person: Clerk) -> Application:
        """Apply, sign, pay, be asked, correct, be refused."""
        t, client, desk = self.TYPED, app.test_client(), app.test_client()
        away = client.post(f"/{TOKYO}/{TAX}/start").headers["Location"]
        base = away.rpartition("/")[0]
        draft_id = base.rpartition("/")[2]
        place = {"address-postcode": "1638001", "address-prefecture": "東京都", "address-city": "新宿区",
                 "address-street": t["street"], "address-building": t["building"]}  # fmt: skip
        for page, inputs in (
            ("applicant", {"applicant_type": "person"}),
            ("person", self.NAME),
            ("contact", {**place, "email": t["email"], "phone": "0" + t["phone"]}),
            ("certificate", {"kind": "payment", "tax_item": "business"}),
            ("copies", {"fiscal_year": "2025", "copies": "2"}),
            ("purpose", {"purpose": "other", "purpose_text": t["purpose"]}),
            ("check", {"declared": ["truth", "own"]}),
        ):
            answer = client.post(f"{base}/{page}", data={"do": "next", **inputs})
            assert answer.status_code == 303, (page, answer.text)
        client.post(f"{base}/save", data={"email": t["email"]})
        client.post(f"{base}/sign", data={"do": "sign", "code": "000000"})
        done = client.post(f"{base}/sign", data={"do": "sign", "code": self.code(ctx, draft_id)})
        assert done.headers["Location"].endswith("/filed")
        with ctx.database.reading(TOKYO) as session:
            case = session.scalars(sa.select(Application)).one()
        paying = client.post(f"/pay/{case.reference}", data={"provider": "demo"}).headers["Location"]
        client.post(re.sub(r"^https?://[^/]+", "", paying), data={"do": "paid"})
        desk.post("/sign-in", data={"email": person.email, "password": PASSWORD})
        where = f"/desk/cases/{case.id}"
        desk.post(f"{where}/note", data={"note": t["note"]})
        self.ask(desk, where, t["remark"])
        corrected = client.post(
            f"/status/{case.reference}/correction", data={"do": "next", "phone": "0" + t["phone"]}
        )
        assert corrected.status_code == 303, corrected.text
        refusal = {"transition": "refuse", "seen": self.seen(desk, where), "reason-refuse": t["reason"]}
        assert desk.post(f"{where}/step", data=refusal).status_code == 303
        client.post("/status/code", data={"reference": case.reference})
        jobs.drain(ctx)
        return case

    def seen(self, desk: object, where: str) -> str:
        found = re.search(r'name="seen" value="(\d+)"', desk.get(where).text)  # type: ignore[attr-defined]
        assert found
        return found[1]

    def ask(self, desk: object, where: str, remark: str) -> None:
        form = {"seen": self.seen(desk, where), "remark-phone": remark}
        assert desk.post(f"{where}/correction", data=form).status_code == 303  # type: ignore[attr-defined]

    def code(self, ctx: Context, draft_id: str) -> str:
        with ctx.database.reading(TOKYO) as session:
            payloads = session.scalars(sa.select(OutboxMessage.payload)).all()
        salt = next(one["salt"] for one in payloads if one.get("notice") == "signing_code")
        return signing.mailed_code(ctx, draft_id, salt)

    def test_nothing_typed_is_written_down_in_the_clear(
        self,
        app: Flask,
        catalogue: Context,
        capfd: pytest.CaptureFixture[str],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        person = clerk(catalogue, TOKYO, "someone", ("reviewer", "*"), ("chief", "*"))
        case = self.journey(app, catalogue, person)
        assert case.reference
        with catalogue.database.reading(TOKYO) as session:
            assert queries.get(session, case.id).outcome == "refused"
            places = self.written(session)
        captured = capfd.readouterr()
        places |= {"output": captured.out + captured.err, "log": caplog.text}
        folder = Path(catalogue.settings.data_dir)
        database = b"".join(path.read_bytes() for path in folder.glob("madoguchi.sqlite*"))
        for name, value in self.TYPED.items():
            for place, text in places.items():
                assert value not in text, f"{name} stands in {place}"
            assert value.encode() not in database, f"{name} stands in the database"
            assert json.dumps(value).strip('"').encode() not in database, f"{name} stands in the database"

    def written(self, session: Session) -> dict[str, str]:
        """What is kept beside the encrypted documents."""
        columns = {
            "audit": (AuditRow.details, AuditRow.entity, AuditRow.actor),
            "events": (Event.details, Event.actor),
            "outbox": (OutboxMessage.payload, OutboxMessage.entity, OutboxMessage.error),
        }
        found = {
            name: [tuple(row) for row in session.execute(sa.select(*some))] for name, some in columns.items()
        }
        assert all(len(rows) > 5 for rows in found.values()), found
        return {name: json.dumps(rows, ensure_ascii=False) for name, rows in found.items()}

    def test_failures_name_no_values(
        self,
        app: Flask,
        catalogue: Context,
        capfd: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """An error nobody thought of: a page without a traceback, and a line in the log without what was sent."""

        def fail(*_args: object) -> None:
            with catalogue.database.writing(MIHON) as session:
                session.execute(sa.text("SELECT :name FROM nowhere"), {"name": self.TYPED["family"]})

        monkeypatch.setattr("web.views.catalogue.search.find", fail)
        app.testing = False
        client = app.test_client()
        client.set_cookie("language", "en")
        answer = client.get("/", query_string={"q": self.TYPED["family"]})
        assert answer.status_code == 500
        assert "Something went wrong on our side" in answer.text
        assert "Traceback" not in answer.text
        assert "nowhere" not in answer.text
        logged = capfd.readouterr()
        assert '"event": "request_failed"' in logged.out + logged.err
        assert self.TYPED["family"] not in logged.out + logged.err
        with pytest.raises(sa.exc.SQLAlchemyError) as caught:
            fail()
        assert self.TYPED["family"] not in str(caught.value)
