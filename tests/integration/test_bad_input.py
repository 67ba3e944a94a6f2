"""What goes wrong between a browser and the platform: always a clear page, nothing lost, nothing done twice."""

import re
import time

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from core.context import Context
from core.outbox import OutboxMessage
from tests.factories.applications import (
    HOUSING,
    SIGNS,
    TAX,
    TOKYO,
    clerk,
    filed,
)
from tests.factories.browsers import Browser, heading, upload
from web.app import create_app
from web.clerk import session_of

WAYS_OUT = (
    "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "/\n/evil.example", "\\\\evil",
    "javascript:alert(1)", "/%2e%2e//evil", "evil.example", " //evil.example", "///evil.example", "/\r\nX: y", "é",
)  # fmt: skip
"""What somebody may write behind ``?next=``."""
SMUGGLING = (
    "a@example.invalid\r\nBcc: b@example.invalid", "a@example.invalid%0aBcc:b", '"\r\nBcc: x"@example.invalid',
    "a@example.invalid,b@example.invalid", "<a@example.invalid>",
)  # fmt: skip
"""Addresses that would be more than one header."""


@pytest.fixture
def browser(app: Flask, catalogue: Context) -> Browser:
    """A browser with a tax certificate that is filled in but not signed."""
    return Browser(app, catalogue)


class TestSizes:
    """Bodies that are too large or too many."""

    def test_a_form_of_a_megabyte(self, browser: Browser) -> None:
        before = browser.document()
        answer = browser.send("contact", phone="1" * 1_100_000)
        assert (answer.status_code, heading(answer)) == (413, "That was too large")
        browser.client.set_cookie("language", "ja")
        assert 'lang="ja"' in browser.send("contact", phone="1" * 1_100_000).text
        assert browser.document() == before

    def test_an_upload_larger_than_any_file_may_be(self, catalogue: Context) -> None:
        app = create_app(catalogue.settings.model_copy(update={"max_upload": 50_000}))
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        browser = Browser(app, catalogue, SIGNS)
        before = browser.document()
        answer = upload(browser, location_map=[("plan.pdf", b"%PDF-1.7" + bytes(200_000))])
        assert (answer.status_code, heading(answer)) == (413, "That was too large")
        within = upload(browser, location_map=[("plan.pdf", b"%PDF-1.7" + bytes(60_000))])
        assert within.status_code == 422
        assert browser.document() == before
        app.extensions["madoguchi"].database.dispose()

    @pytest.mark.parametrize("name", ["unknown", "signs-row", "signs"])
    def test_ten_thousand_inputs(self, app: Flask, catalogue: Context, name: str) -> None:
        browser = Browser(app, catalogue, SIGNS)
        numbered = {f"{name}-{number}-kind": "wall" for number in range(10_000)}
        started = time.monotonic()
        many = browser.client.post(
            f"{browser.base}/signs", data={name: list(map(str, range(10_000)))} | numbered
        )
        assert many.status_code in {303, 422}
        form = MultiDict((f"x{number}", "y") for number in range(10_000))
        parts = browser.client.post(
            f"{browser.base}/attachments", data=form, content_type="multipart/form-data"
        )
        assert parts.status_code == 413
        assert time.monotonic() < started + 10
        assert len(browser.document().answers["signs"]) <= 20


class TestIdentifiers:
    """Links and ids that were made up, altered or belong to somebody else."""

    NASTY = (
        "0" * 32,
        "x",
        "%00",
        "..%2f..%2fetc",
        "'; DROP TABLE drafts; --",
        "%F0%9F%98%80",
        "%ED%A0%80",
        "a" * 3000,
    )

    @pytest.mark.parametrize("id", NASTY)
    def test_made_up_ids(self, both: Flask, ctx: Context, id: str) -> None:
        """Every address with an id, filled with nonsense, by somebody whose cookie names just that."""
        browser, plain = both.test_client(), id.replace("%00", "\0")
        person = clerk(ctx, TOKYO, "reviewer", ("reviewer", "*"), ("chief", "*"))
        with browser.session_transaction() as kept:
            kept.update(drafts=[id, plain], cases=[id, plain])
            kept["clerk"] = session_of(person)
        for rule in both.url_map.iter_rules():
            path = re.sub(r"<any\((\w+),[^>]*>", r"\1", rule.rule)
            if not rule.arguments or rule.endpoint == "static":
                continue
            for method in (rule.methods or set()) & {"GET", "POST"}:
                data: dict[str, str] | None = {} if method == "POST" else None
                answer = browser.open(re.sub(r"<[^>]+>", id, path), method=method, data=data)
                signed_out = {302, 403} if path.startswith("/my") else set()  # to the sign-in of residents
                usual = {200, 303, 308, 400, 404, 422} | signed_out
                assert answer.status_code in usual, (method, path, answer.status)

    def test_altered_cookies_are_no_cookies(self, browser: Browser) -> None:
        for value in ("x", "", "eyJkcmFmdHMiOltdfQ.x.y", "é", "a" * 4000):
            browser.client.set_cookie("session", value)
            assert browser.client.get(f"{browser.base}/contact").status_code == 404

    def test_a_page_or_procedure_that_is_not(self, browser: Browser) -> None:
        before = browser.document()
        for path in (f"{browser.base}/nothing", browser.base.replace(TAX, HOUSING) + "/contact"):
            assert browser.client.get(path).status_code in {303, 404}
            assert browser.client.post(path, data={"do": "next"}).status_code == 404
        assert browser.document() == before

    @pytest.mark.parametrize("number", ["10000000000000000000000", "-1", "0", "x", "1" * 5000, "1e9", "٣"])
    def test_page_numbers(self, both: Flask, ctx: Context, number: str) -> None:
        person = clerk(ctx, TOKYO, "reviewer", ("reviewer", "*"))
        browser = both.test_client()
        with browser.session_transaction() as kept:
            kept["clerk"] = session_of(person)
        assert browser.get("/desk/tax", query_string={"page": number, "show": number}).status_code == 200
        case = filed(ctx, TAX).application
        answer = browser.post(f"/desk/cases/{case.id}/assign", data={"seen": number, "clerk": person.id})
        assert answer.status_code == 409


class TestLanguages:
    """Languages that are unknown or strangely asked for."""

    @pytest.mark.parametrize("tag", ["xx", "", "../../etc/passwd", "ja;drop", "EN", "\0", "ja" * 2000])
    def test_unknown_ones_are_passed_over(self, client: FlaskClient, tag: str) -> None:
        answer = client.get("/", query_string={"lang": tag})
        assert answer.status_code in {200, 400}
        assert "Set-Cookie" not in answer.headers or "language=" not in answer.headers["Set-Cookie"]
        client.set_cookie("language", tag.replace("\0", "x"))
        assert 'lang="ja"' in client.get("/").text
        pressed = client.post("/tokyo/tax-certificate/start", data={"do": f"lang:{tag}"})
        assert pressed.status_code in {303, 400}

    @pytest.mark.parametrize(
        "header",
        ["xx-YY", "*", ";q=1", "en;q=abc", "en;q=-1", "-", "\xe9", ",".join(["zh-Hant-TW;q=0.1"] * 900)],
    )
    def test_strange_headers(self, client: FlaskClient, header: str) -> None:
        assert client.get("/", headers={"Accept-Language": header}).status_code == 200

    def test_switching_to_an_unknown_one_keeps_everything(self, browser: Browser) -> None:
        browser.send("contact", do="lang:xx", phone="０９０")
        page = browser.client.get(f"{browser.base}/contact")
        assert 'lang="en"' in page.text
        assert "０９０" in page.text


class TestForgery:
    """Forms that this site did not send, and addresses that lead away."""

    @pytest.mark.parametrize("token", [None, "", "x", "é" * 50])
    def test_without_the_right_token_nothing_happens(
        self, app: Flask, browser: Browser, token: str | None
    ) -> None:
        app.config["WTF_CSRF_ENABLED"] = True
        before = browser.document()
        answer = browser.send("contact", phone="1", **({} if token is None else {"csrf_token": token}))
        assert (answer.status_code, heading(answer)) == (400, "This page was open for too long")
        assert browser.document() == before
        page = browser.client.get(f"{browser.base}/contact").text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found
        assert browser.send("contact", phone="1", csrf_token=found[1]).status_code == 422

    @pytest.mark.parametrize("target", WAYS_OUT)
    def test_no_way_out(self, client: FlaskClient, catalogue: Context, target: str) -> None:
        person = clerk(catalogue, TOKYO, "someone", ("reviewer", "*"))
        page = client.get("/sign-in", query_string={"next": target})
        assert page.status_code == 200
        answer = client.post(
            "/sign-in", data={"email": person.email, "password": "a password for tests", "next": target}
        )
        away = answer.headers["Location"]
        assert re.match(r"^/(?![/\\])[!-~]*$", away), away


class TestText:
    """Signs that no person types."""

    @pytest.mark.parametrize(
        "path", ["/?q=%00", "/status/%00", "/verify?code=%00", "/tokyo/%00/", "/lotteries/%00"]
    )
    def test_nul_in_addresses(self, both: Flask, path: str) -> None:
        assert both.test_client().get(path).status_code in {400, 404}

    def test_nul_in_forms(self, both: Flask) -> None:
        client = both.test_client()
        for path, data in {
            "/status": {"reference": "TC\0", "code": "\0"},
            "/status/code": {"reference": "TC-2222-222\0"},
            "/sign-in": {"email": "a\0@example.invalid", "password": "\0"},
            "/resume/x/code": {"code": "\0"},
            "/lotteries/x": {"number": "\0"},
        }.items():
            answer = client.post(path, data=data)
            assert (answer.status_code, "<h1>" in answer.text) == (400, True)

    @pytest.mark.parametrize(
        "text",
        [
            "%ED%A0%80",
            "%E2%80%AE",
            "%E2%81%A6x",
            "%FF%FE",
            "%01%02%1b[31m",
            "%F0%9F%91%A8%E2%80%8D%F0%9F%91%A9",
            "%",
            "%zz",
        ],
    )
    def test_odd_signs_are_kept_out_of_answers(self, both: Flask, ctx: Context, text: str) -> None:
        browser = Browser(both, ctx)
        fixed = "address-postcode=1638001&address-prefecture=%E6%9D%B1%E4%BA%AC%E9%83%BD&address-city=x"
        answer = browser.client.post(
            f"{browser.base}/contact",
            data=f"do=next&{fixed}&email=a%40example.invalid&address-street=a{text}b&phone=0312345678",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code in {303, 422}
        street = browser.document().answers["address"]["street"]
        assert not re.search(r"[\x00-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", street)
        assert browser.client.get(f"{browser.base}/check", follow_redirects=True).status_code == 200

    @pytest.mark.parametrize("address", SMUGGLING)
    def test_mail_addresses_carry_no_headers(
        self, browser: Browser, catalogue: Context, address: str
    ) -> None:
        answer = browser.send("save", email=address)
        assert answer.status_code == 422
        assert browser.send("contact", email=address).status_code == 422
        assert browser.document().contact == {}
        with catalogue.database.reading(TOKYO) as session:
            assert session.scalar(sa.select(OutboxMessage.id)) is None

    def test_unknown_inputs_are_not_kept(self, browser: Browser) -> None:
        answer = browser.send(
            "copies", copies="x", evil="1", fee="0", **{"name-family": "x", "copies-more": "y"}
        )
        assert answer.status_code == 422
        raw = browser.document().raw["copies"]
        assert {"evil", "fee", "name-family"} & set(raw) == set()
        assert raw["copies"] == ["x"]
        browser.send("copies", copies="2", fiscal_year="2025", fee="0", purpose="loan")
        assert {"fee", "evil"} & set(browser.document().answers) == set()
