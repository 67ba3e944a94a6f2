"""Five hundred of everything: lists come in pages, and no page is heavier than 60 kB on its way."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.context import Context
from procedures import loader, versions
from tests.factories.applications import TAX, TOKYO, clerk, filed
from tests.factories.catalogues import found_by, publish_some
from web.app import create_app
from web.clerk import session_of
from workflows import messages
from workflows.messages import Words

HEAVIEST = 60_000
MANY = 500
COLLECTION = """\
procedure: collection
department: tokyo-taxation
kind: permit
language: ja
title: 一覧の見本
summary: 見本です。
law: {basis: 見本条例 第1条, retention: 1 year}
desk: tax
pages:
  - id: things
    title: もの
    fields:
      - id: things
        type: group
        label: もの
        repeat: {min: 0, max: 200}
        fields:
          - {id: title, type: text, label: 名前}
          - {id: count, type: number, label: 数}
          - {id: since, type: date, label: いつから}
signature: {level: none}
workflow: {uses: single-review}
issue: [{id: certificate, title: 見本, body: 見本}]
"""


@pytest.fixture
def office(catalogue: Context) -> Flask:
    """The catalogue with five hundred procedures more; forms need no token."""
    several = [
        {
            "procedure": f"many-{number:03}",
            "title": f"たいへん長い名前をもつ手続の見本として並べるもの {number:03}",
            **found_by("みほん", life_events=["moving"], **{"for": ["resident"]}),
        }
        for number in range(MANY)
    ]
    publish_some(catalogue, TOKYO, several)
    application = create_app(catalogue.settings.model_copy(update={"rate_limits": False}))
    application.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return application


def weight(client: FlaskClient, address: str) -> int:
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, address
    assert answer.headers["Content-Encoding"] == "gzip"
    return len(answer.data)


def test_lists_of_procedures(office: Flask) -> None:
    client = office.test_client()
    for address in (
        "/",
        "/tokyo/",
        "/?q=みほん",
        "/life-events/moving/",
        "/life-events/moving/together",
        "/tokyo/?page=9",
    ):
        assert weight(client, address) < HEAVIEST / 4, address
    assert 'rel="next"' in client.get("/?q=みほん").text


def test_messages_come_in_pages(office: Flask, catalogue: Context) -> None:
    case = filed(catalogue, TAX).application
    person = clerk(catalogue, TOKYO, "many", ("reviewer", "tax"))
    with catalogue.database.writing(TOKYO) as session:
        for number in range(MANY // 5):
            messages.by_applicant(
                session, catalogue, case.id, Words(f"質問{number:03}。" + "長" * 900, f"{number}")
            )
    resident, desk = office.test_client(), office.test_client()
    with resident.session_transaction() as kept:
        kept["cases"] = [case.id]
    with desk.session_transaction() as kept:
        kept["clerk"] = session_of(person)
    for client, address, older in (
        (resident, f"/status/{case.reference}/messages", f"/status/{case.reference}/messages?page=4"),
        (desk, f"/desk/cases/{case.id}", f"/desk/cases/{case.id}?messages=4"),
    ):
        assert weight(client, address) < HEAVIEST / 4
        newest, oldest = client.get(address).text, client.get(older).text
        assert "質問099" in newest
        assert "質問000" not in newest
        assert "質問000" in oldest
        assert re.search(r"rel=.next", newest)


def test_a_group_of_two_hundred_rows(office: Flask, catalogue: Context) -> None:
    with catalogue.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(COLLECTION), "command")
    client = office.test_client()
    page = client.post(f"/{TOKYO}/collection/start").location
    rows = {"things-row": [str(number) for number in range(200)]}
    rows |= {f"things-{number}-title": [f"もの{number}"] for number in range(200)}
    client.post(page, data={**rows, "do": "keep"})
    assert weight(client, page) < HEAVIEST
    assert client.get(page).text.count('name="things-row"') == 200
