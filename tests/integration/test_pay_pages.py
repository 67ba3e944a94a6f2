"""The pages of paying and rating, as a browser without JavaScript meets them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.serving import make_server

from applications.filing import Filed
from applications.models import Application
from core.context import Context
from core.errors import Misconfigured
from payments import ledger
from payments.provider import HasOwnPage, provider
from tests.factories import stripe_server
from tests.factories.applications import LIVE, TAX, TOKYO, filed
from tests.fixtures.servers import free_port
from web.app import create_app

FREE = 2
"""The example of the tax certificate that is free of charge."""


@pytest.fixture
def case(catalogue: Context, client: FlaskClient) -> Application:
    """A filed tax certificate that waits for its fee, which this browser may open."""
    return opened(filed(catalogue, TAX), client)


def opened(case: Filed, client: FlaskClient) -> Application:
    with client.session_transaction() as browser:
        browser["cases"] = [*browser.get("cases", []), case.application.id]
    return case.application


def status(ctx: Context, case: Application) -> ledger.PaymentStatus:
    with ctx.database.reading(TOKYO) as session:
        return ledger.status(session, case.id)


def state(ctx: Context, case: Application) -> str:
    with ctx.database.reading(TOKYO) as session:
        return session.get_one(Application, case.id).state


def to_test_page(client: FlaskClient, case: Application) -> str:
    answer = client.post(f"/pay/{case.reference}", data={"provider": "demo"})
    assert answer.status_code == 303
    return str(answer.headers["Location"]).split("example.invalid", 1)[1]


def title(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.S)
    assert found
    return re.sub(r"<rt>.*?</rt>|<[^>]+>", "", found[1]).strip()


def test_paying_on_the_test_page(catalogue: Context, client: FlaskClient, case: Application) -> None:
    before = state(catalogue, case)
    page = client.get(f"/pay/{case.reference}?lang=en")
    assert title(page.text) == "Pay the fee"
    assert "800" in page.text
    test_page = to_test_page(client, case)
    assert "TEST" in client.get(test_page).text
    back = client.post(test_page, data={"do": "paid"}, follow_redirects=True)
    assert title(back.text) == "The fee is paid"
    assert status(catalogue, case).state == "paid"
    assert state(catalogue, case) != before


def test_whoever_withdraws_is_told_of_what_they_paid(
    catalogue: Context, client: FlaskClient, case: Application
) -> None:
    client.get("/?lang=en")
    ask = f"/status/{case.reference}/withdraw"
    assert "You have paid" not in client.get(ask).text
    client.post(to_test_page(client, case), data={"do": "paid"})
    asked = client.get(ask).text
    assert "You have paid ¥800. It is not paid back by itself" in asked
    assert f"/status/{case.reference}/messages" in asked
    shown = client.post(ask, follow_redirects=True).text
    assert "You have paid ¥800 for this application" in shown
    assert replace(status(catalogue, case), refunded=800).kept == 0


def test_pressing_twice_is_paying_once(catalogue: Context, client: FlaskClient, case: Application) -> None:
    test_page = to_test_page(client, case)
    for _ in range(2):
        assert client.post(test_page, data={"do": "paid"}).status_code == 303
    assert "used already" in client.get(f"{test_page}?lang=en").text
    assert (status(catalogue, case).paid, status(catalogue, case).overpaid) == (800, 0)
    assert client.post(f"/pay/{case.reference}", data={"provider": "demo"}).status_code == 409


def test_declined_and_cancelled(catalogue: Context, client: FlaskClient, case: Application) -> None:
    client.get("/?lang=en")
    page = client.post(to_test_page(client, case), data={"do": "failed"}, follow_redirects=True).text
    assert "The payment was declined" in page
    assert 'name="provider"' in page
    page = client.post(to_test_page(client, case), data={"do": "cancel"}, follow_redirects=True).text
    assert "You left the payment page" in page
    assert status(catalogue, case).state == "due"
    page = client.get(f"/pay/{case.reference}/returned").text  # the address alone pays nothing
    assert title(page) == "Your payment is being confirmed"


def test_nothing_to_pay(catalogue: Context, client: FlaskClient) -> None:
    free = opened(filed(catalogue, TAX, FREE), client)
    assert title(client.get(f"/pay/{free.reference}?lang=en").text) == "You do not have to pay"


def test_strangers_see_nothing(client: FlaskClient, case: Application) -> None:
    stranger = client.application.test_client()
    for path in ("", "/returned", "/cancelled"):
        assert stranger.get(f"/pay/{case.reference}{path}").status_code == 404
    assert stranger.post(f"/pay/{case.reference}", data={"provider": "demo"}).status_code == 404
    assert stranger.get("/pay/demo/unknown").status_code == 404


def test_unknown_buttons(client: FlaskClient, case: Application) -> None:
    assert client.post(f"/pay/{case.reference}", data={"provider": "iban"}).status_code == 400
    assert client.post(to_test_page(client, case), data={"do": "steal"}).status_code == 400


def test_webhooks_prove_themselves(catalogue: Context, client: FlaskClient, case: Application) -> None:
    demo = cast(HasOwnPage, provider("demo"))
    token = to_test_page(client, case).rsplit("/", 1)[1]
    body, headers = demo.press(catalogue, token, "paid")
    stranger = client.application.test_client()
    assert stranger.post("/webhooks/demo", data=body).status_code == 400
    assert stranger.post("/webhooks/iban", data=body).status_code == 404
    assert stranger.post("/webhooks/stripe", data=body).status_code == 404, "it is not set up here"
    unknown = demo.press(catalogue, "c1", "paid")
    assert stranger.post("/webhooks/demo", data=unknown[0], headers=unknown[1]).status_code == 409
    for _ in range(2):
        assert stranger.post("/webhooks/demo", data=body, headers=headers).status_code == 204
    assert status(catalogue, case).paid == 800


def test_stripe_through_the_real_webhook_address(catalogue: Context, tmp_path: Path) -> None:
    """Button, Stripe's page (see `tests.factories.stripe_server`), its signed webhook, and the case goes on."""
    port, secret = free_port(), "whsec_invented"
    with stripe_server.running(tmp_path, f"http://127.0.0.1:{port}/webhooks/stripe", secret) as stripe:
        keys = {"stripe_key": SecretStr("sk_test_invented"), "stripe_webhook_secret": SecretStr(secret)}
        offer = {"payment_providers": ("stripe",), "stripe_api_base": stripe.api, **keys}
        app = create_app(catalogue.settings.model_copy(update=offer))
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        client = app.test_client()
        case = opened(filed(catalogue, TAX), client)
        before = state(catalogue, case)
        with serving(app, port):
            page = client.get(f"/pay/{case.reference}")
            assert stripe.api in page.headers["Content-Security-Policy"]
            answer = client.post(f"/pay/{case.reference}", data={"provider": "stripe"})
            back = stripe.pay(answer.headers["Location"])
        assert back.endswith(f"/pay/{case.reference}/returned")
        assert title(client.get(f"/pay/{case.reference}/returned?lang=en").text) == "The fee is paid"
        assert state(catalogue, case) != before
        assert client.post("/webhooks/stripe", data=b"{}").status_code == 400
        app.extensions["madoguchi"].database.dispose()


def test_the_application_does_not_start_with_providers_that_cannot_work(catalogue: Context) -> None:
    for update in (
        LIVE,
        {"payment_providers": ("stripe",)},
    ):
        with pytest.raises(Misconfigured, match=r"MADOGUCHI_(PAYMENT|STRIPE)"):
            create_app(catalogue.settings.model_copy(update=update))


@contextmanager
def serving(app: Flask, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()


def test_rating_after_filing(client: FlaskClient, case: Application) -> None:
    where = f"/rate/{case.reference}/submission"
    client.get("/?lang=en")
    assert title(client.get(where).text) == "How was it?"
    unanswered = client.post(where, data={"comment": "長い言葉", "reasons": ["slow"]})
    assert unanswered.status_code == 422
    assert "Choose how satisfied you are" in unanswered.text
    assert "長い言葉" in unanswered.text
    thanks = client.post(where, data={"score": "2", "reasons": ["slow", "bribed"]}, follow_redirects=True)
    assert title(thanks.text) == "Thank you for your answer"
    again = client.post(where, data={"score": "5"}, follow_redirects=True).text
    assert "nothing was changed" in again
    assert "Dissatisfied" in again


def test_rating_before_the_decision(client: FlaskClient, case: Application) -> None:
    answer = client.get(f"/rate/{case.reference}/decision?lang=en")
    assert (answer.status_code, title(answer.text)) == (
        409,
        "You can rate this after the office has decided.",
    )
    assert client.get(f"/rate/{case.reference}/tomorrow").status_code == 404
    assert client.application.test_client().get(f"/rate/{case.reference}/submission").status_code == 404


def test_the_public_page(client: FlaskClient, case: Application) -> None:
    client.get("/?lang=en")
    assert "Nobody has rated" in client.get("/satisfaction").text
    client.post(f"/rate/{case.reference}/submission", data={"score": "2"})
    page = client.get("/satisfaction").text
    assert "Below 3" in page
    assert "2.00" in page
    data = client.get("/satisfaction.json").get_json()
    assert data["target"] == 3
    (row,) = data["procedures"]
    assert (row["procedure"], row["count"], row["mean"], row["below_target"]) == (TAX, 1, "2.00", True)
    assert row["title"]["ja"].startswith("都税")
