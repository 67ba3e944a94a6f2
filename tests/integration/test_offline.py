"""The worker that keeps a page for bad times, and that page: alike for everybody, and gone where it is switched off."""

import json
import re

from flask import Flask
from flask.testing import FlaskClient

from core.context import Context
from core.settings import ROOT
from tests.factories.applications import MIHON
from translations.languages import LANGUAGES
from web.app import create_app


def test_the_page_is_in_every_language_and_says_nothing_of_anybody(app: Flask, client: FlaskClient) -> None:
    client.post(f"/{MIHON}/outdoor-advertising/start")
    pages = {}
    for tag in LANGUAGES:
        stranger, guest = (
            one.get(f"/offline?lang={tag}", headers={"Accept-Language": "fr"})
            for one in (app.test_client(), client)
        )
        assert stranger.text == guest.text
        assert "csrf" not in stranger.text
        assert stranger.headers["X-Robots-Tag"] == "noindex"
        pages[stranger.headers["Content-Language"]] = stranger.text
    assert set(pages) == set(LANGUAGES)
    assert len(set(pages.values())) == len(LANGUAGES)


def test_it_loads_nothing_but_what_the_worker_keeps(client: FlaskClient) -> None:
    kept = json.loads(client.get("/worker.js").text.partition("\n")[0].removeprefix("const KEPT = ")[:-1])
    page = client.get(kept["page"]).text
    loaded = re.findall(r'(?:src="|stylesheet" href=")([^"]+)"', page)
    assert sorted(loaded) == sorted(kept["files"])
    assert all("?v=" in address and client.get(address).status_code == 200 for address in loaded)


def test_browsers_always_ask_for_the_worker_again(client: FlaskClient) -> None:
    answer = client.get("/worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    again = client.get("/worker.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_where_it_is_switched_off_nobody_keeps_it(embedded_ctx: Context) -> None:
    on, off = (
        create_app(embedded_ctx.settings.model_copy(update={"offline_page": wish})).test_client()
        for wish in (True, False)
    )
    assert 'data-worker="/worker.js"' in on.get("/status").text
    assert "data-worker" not in off.get("/status").text
    assert off.get("/worker.js").text.endswith((ROOT / "web/static/js/gone.js").read_text(encoding="utf-8"))


def test_the_worker_stores_only_what_it_names() -> None:
    source = (ROOT / "web/static/js/worker.js").read_text(encoding="utf-8")
    assert re.findall(r"\.(?:put|add|addAll)\(.*", source) == [
        ".addAll(KEPT.files)));",
        ".put(KEPT.page, answer);",
    ]
