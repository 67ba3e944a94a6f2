"""The task list of a long form."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.context import Context
from procedures import loader, versions
from tests.factories.applications import TOKYO

PAGES = "\n".join(
    f"  - {{id: p{n}, title: 頁{n}, fields: [{{id: f{n}, type: text, label: 問{n}}}]}}" for n in range(1, 10)
)
SOURCE = f"""\
procedure: long-form
department: tokyo-taxation
kind: permit
language: ja
title: 長い見本
summary: 見本です。
law: {{basis: 見本条例 第1条, retention: 1 year}}
desk: tax
pages:
{PAGES}
  - {{id: more, title: 追加, when: "f1 == 'x'", fields: [{{id: extra, type: text, label: 追加}}]}}
signature: {{level: none}}
workflow: {{uses: single-review}}
issue: [{{id: certificate, title: 見本, body: 見本}}]
"""


@pytest.fixture
def client(app: Flask, catalogue: Context) -> FlaskClient:
    """Somebody reading English."""
    with catalogue.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(SOURCE), "command")
    client = app.test_client()
    client.set_cookie("language", "en")
    return client


def _tasks(page: str) -> list[tuple[str, bool, str]]:
    """(title, whether it is a link, state)."""
    found = re.findall(
        r"<li><(a|span)[^>]*>(.*?)</(?:a|span)> <div[^>]*><strong[^>]*>(.*?)</strong></div>", page
    )
    return [(title, tag == "a", state) for tag, title, state in found]


def test_every_page_with_its_state(client: FlaskClient) -> None:
    first = client.post(f"/{TOKYO}/long-form/start").location
    base = first.rpartition("/")[0]
    assert 'value="overview"' in client.get(first).text
    client.post(first, data={"f1": "x", "do": "next"})
    away = client.post(f"{base}/p2", data={"f2": "半分", "do": "overview"})
    assert away.location == f"{base}/overview"
    page = client.get(away.location).text
    tasks = _tasks(page)
    assert len(tasks) == 10, "the page that an answer asks for is there"
    assert [state for *_, state in tasks[:3]] == ["Done", "Started", "Comes later"]
    assert [link for _, link, _ in tasks[:3]] == [True, True, False]
    assert "1 of 10 pages are done" in page
    assert 'value="半分"' in client.get(f"{base}/p2").text


def test_going_to_the_list_does_not_open_a_finished_page_again(client: FlaskClient) -> None:
    first = client.post(f"/{TOKYO}/long-form/start").location
    client.post(first, data={"f1": "a", "do": "next"})
    client.post(first, data={"f1": "a", "do": "overview"})
    tasks = _tasks(client.get(first.replace("/p1", "/overview")).text)
    assert (len(tasks), tasks[0][2]) == (9, "Done")


def test_a_short_form_needs_none(client: FlaskClient) -> None:
    first = client.post(f"/{TOKYO}/tax-certificate/start").location
    assert 'value="overview"' not in client.get(first).text


def test_strangers_see_nothing(client: FlaskClient, app: Flask) -> None:
    base = client.post(f"/{TOKYO}/long-form/start").location.rpartition("/")[0]
    assert app.test_client().get(f"{base}/overview").status_code == 404
