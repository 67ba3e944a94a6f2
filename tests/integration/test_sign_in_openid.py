"""Residents sign in through a real OpenID Connect provider: there and back, and everything that may go wrong."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts import openid as service
from accounts import residents
from accounts.models import Account, Identity, SignedIn
from core import clock
from core.context import Context
from core.database import EVERYONE
from core.settings import OpenIdProvider, Settings
from tests.factories.applications import LIVE, publish
from tests.factories.residents import HANAKO, browser, scope_of, sign_in
from tests.fixtures.openid import OpenIdServer
from tests.fixtures.servers import free_port
from web.app import create_app

PUBLIC = "https://madoguchi.example.invalid"


def serving(ctx: Context, **oidc: OpenIdProvider) -> Flask:
    app = create_app(ctx.settings.model_copy(update={"rate_limits": False, "oidc": oidc}))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def app(ctx: Context, openid: OpenIdServer) -> Iterator[Flask]:
    publish(ctx)
    made = serving(
        ctx,
        idcard=openid.settings(),
        gbizid=openid.settings(
            label="gBizID",
            scope="openid email business",
            corporate_number_claim="corporate_number",
            company_name_claim="company_name",
        ),
    )
    yield made
    made.extensions["madoguchi"].database.dispose()


def leave(client: FlaskClient, name: str = "idcard", query: str = "") -> str:
    answer = client.get(f"/my/sign-in/with/{name}{query}")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def come_back(client: FlaskClient, address: str) -> TestResponse:
    assert address.startswith(PUBLIC)
    return client.get(address.removeprefix(PUBLIC))


def through(app: Flask, openid: OpenIdServer, who: str, name: str = "idcard") -> FlaskClient:
    client = browser(app)
    answer = come_back(client, openid.sign_in(leave(client, name), who))
    assert answer.status_code == 303, answer.text
    return client


def held(ctx: Context) -> tuple[int, int, int]:
    with ctx.database.reading(EVERYONE) as session:
        counts = [
            session.scalar(sa.select(sa.func.count()).select_from(one))
            for one in (Account, Identity, SignedIn)
        ]
    return counts[0] or 0, counts[1] or 0, counts[2] or 0


def test_there_and_back(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    client = browser(app)
    assert "Sample identity service" in client.get("/my/sign-in").text
    url = leave(client)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert asked["prompt"] == "login"
    assert len(asked["state"]) >= 22
    assert len(asked["nonce"]) >= 22
    assert asked["redirect_uri"] == f"{PUBLIC}/my/sign-in/with/idcard/back"
    answer = come_back(client, openid.sign_in(url, "taro"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/my")
    page = client.get("/my").text
    assert "taro@example.invalid" in page
    assert "loa2" in page
    through(app, openid, "taro")
    assert held(ctx) == (1, 1, 2)
    with ctx.database.reading(EVERYONE) as session:
        assert set(session.scalars(sa.select(SignedIn.acr))) == {"loa2"}
        assert "taro" not in str(list(session.execute(sa.select(Identity.__table__))))


def test_it_opens_the_account_of_the_verified_address(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    sign_in(app, ctx, "taro@example.invalid")
    through(app, openid, "taro")
    assert held(ctx)[:2] == (1, 1)


def test_an_unverified_address_opens_nothing(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    """Whoever says that somebody's address is theirs gets an account of their own, without it."""
    scope_of(ctx, HANAKO)
    client = through(app, openid, "unverified")
    assert HANAKO not in client.get("/my").text
    assert held(ctx)[:2] == (2, 1)


def test_a_service_need_not_be_trusted_with_addresses(ctx: Context, openid: OpenIdServer) -> None:
    publish(ctx)
    scope_of(ctx, "taro@example.invalid")
    app = serving(ctx, idcard=openid.settings(trust_email=False))
    through(app, openid, "taro")
    assert held(ctx)[:2] == (2, 1)


def test_a_service_joins_the_account_that_is_open(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    client = sign_in(app, ctx, "another@example.invalid")
    link = re.search(r"/with/idcard(\?join=[0-9a-f]{64})", client.get("/my").text)
    assert link
    come_back(client, openid.sign_in(leave(client, query=link[1]), "taro"))
    assert "another@example.invalid" in client.get("/my").text
    assert "another@example.invalid" in through(app, openid, "taro").get("/my").text
    assert held(ctx)[:2] == (1, 1)


@pytest.mark.parametrize("query", ["", "?join=", "?join=invented", "?join=%C3%A9"])
def test_a_strangers_link_joins_nothing(app: Flask, ctx: Context, openid: OpenIdServer, query: str) -> None:
    """Whoever is led to sign in as somebody else while their account is open leaves it, and it stays closed to them."""
    client = sign_in(app, ctx, "another@example.invalid")
    come_back(client, openid.sign_in(leave(client, query=query), "taro"))
    assert "another@example.invalid" not in client.get("/my").text
    assert "another@example.invalid" not in through(app, openid, "taro").get("/my").text
    assert held(ctx)[:2] == (2, 1)


def refused(ctx: Context, answer: TestResponse, status: int = 422) -> None:
    assert answer.status_code == status
    assert "error-summary" in answer.text
    assert held(ctx) == (0, 0, 0)


def test_a_wrong_state_is_refused(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    client = browser(app)
    address = openid.sign_in(leave(client), "taro")
    refused(ctx, come_back(client, re.sub("state=[^&]*", "state=ABCDEFGH", address)))
    refused(ctx, come_back(client, re.sub("&?state=[^&]*", "", address)))


def test_an_answer_for_another_browser_is_refused(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    """What somebody else began cannot be finished here: nobody is signed in to a stranger's account."""
    victim, attacker = browser(app), browser(app)
    leave(victim)
    refused(ctx, come_back(victim, openid.sign_in(leave(attacker), "taro")))


def test_a_wrong_nonce_is_refused(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    client = browser(app)
    refused(ctx, come_back(client, openid.sign_in(leave(client), "taro", nonce="of-another-sign-in")))


def test_a_wrong_verifier_is_refused(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    client = browser(app)
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    refused(ctx, come_back(client, openid.sign_in(leave(client), "taro", code_challenge=challenge)))


def test_a_code_works_once(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    client = browser(app)
    address = openid.sign_in(leave(client), "taro")
    with client.session_transaction() as kept:
        before = dict(kept)
    assert come_back(client, address).status_code == 303
    again = browser(app)
    assert come_back(again, address).status_code == 422
    with again.session_transaction() as stolen:  # even with the state of the browser that began it
        stolen.update(before)
    assert come_back(again, address).status_code == 422
    assert held(ctx) == (1, 1, 1)


def test_an_expired_token_is_refused(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    client = browser(app)
    address = openid.sign_in(leave(client), "taro")
    with clock.shifted(timedelta(hours=1, minutes=2)):
        refused(ctx, come_back(client, address))


def test_a_token_from_the_future_is_refused(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    client = browser(app)
    address = openid.sign_in(leave(client), "taro")
    with clock.shifted(-timedelta(minutes=5)):
        refused(ctx, come_back(client, address))


def test_who_is_not_known_surely_enough_is_refused(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    client = browser(app)
    refused(ctx, come_back(client, openid.sign_in(leave(client), "weak")))


def test_whoever_is_turned_away_there_can_go_on_by_email(
    app: Flask, ctx: Context, openid: OpenIdServer
) -> None:
    client = browser(app)
    answer = come_back(client, openid.sign_in(leave(client), "stranger"))
    refused(ctx, answer)
    assert 'name="email"' in answer.text


def test_the_wrong_issuer_is_refused(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    """An answer that names another service than the one it was asked of (RFC 9207)."""
    client = browser(app)
    address = openid.sign_in(leave(client), "taro")
    assert "iss=" in address
    refused(ctx, come_back(client, re.sub("iss=[^&]*", "iss=https%3A%2F%2Fevil.example.invalid", address)))


def test_a_service_that_is_down_keeps_nobody_out(ctx: Context, openid: OpenIdServer) -> None:
    publish(ctx)
    dead = openid.settings(issuer=f"http://127.0.0.1:{free_port()}")
    client = browser(serving(ctx, idcard=dead))
    answer = client.get("/my/sign-in/with/idcard")
    refused(ctx, answer, 503)
    assert 'name="email"' in answer.text


def test_a_service_that_goes_down_on_the_way_back(
    app: Flask, ctx: Context, openid: OpenIdServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(app)
    address = openid.sign_in(leave(client), "taro")
    url = f"{openid.issuer}/.well-known/openid-configuration"
    at, known = service._known[url]
    gone = {**known, "token_endpoint": f"http://127.0.0.1:{free_port()}/token"}
    monkeypatch.setitem(service._known, url, (at, gone))
    refused(ctx, come_back(client, address))


def test_an_issuer_that_is_not_the_one_in_the_settings(ctx: Context, openid: OpenIdServer) -> None:
    publish(ctx)
    named = openid.settings(issuer=openid.issuer.replace("127.0.0.1", "localhost"))
    refused(ctx, browser(serving(ctx, idcard=named)).get("/my/sign-in/with/idcard"), 503)


def test_an_unknown_service_is_not_there(app: Flask) -> None:
    assert browser(app).get("/my/sign-in/with/nobody").status_code == 404
    assert browser(app).get("/my/sign-in/with/nobody/back?state=x").status_code in {404, 422}


def test_a_business_identity_brings_its_company(app: Flask, ctx: Context, openid: OpenIdServer) -> None:
    through(app, openid, "director", "gbizid")
    through(app, openid, "director", "gbizid")
    with ctx.database.reading(scope_of(ctx, "director@example.invalid")) as session:
        [company] = residents.document(session, ctx).companies
    assert (company["number"], company["name"]) == ("8000020130001", "株式会社見本製作所")
    assert company["source"] == "gbizid"


def test_production_takes_https_services_only(tmp_path: Path, embedded_ctx: Context) -> None:
    from core.errors import Misconfigured

    name = OpenIdProvider(label="x", issuer="http://a.example.invalid", client_id="x", client_secret="x")
    settings: Settings = embedded_ctx.settings.model_copy(update={**LIVE, "oidc": {"idcard": name}})
    with pytest.raises(Misconfigured, match="MADOGUCHI_OIDC__IDCARD__ISSUER"):
        create_app(settings)
