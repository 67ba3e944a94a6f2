"""Five hundred of everything: lists come in pages, and no page is heavier than 60 kB on its way."""

import re
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts import holdings
from accounts.models import Clerk
from applications import queries
from core.context import Context
from procedures import loader, versions
from satisfaction.models import Rating
from tests.factories.applications import TAX, TOKYO, clerk, filed, fill
from tests.factories.catalogues import found_by, publish_some
from tests.factories.residents import scope_of, signed_in
from tests.integration.test_cases import pay
from web.app import create_app
from web.clerk import session_of
from workflows import cases, corrections, messages
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
        assert weight(client, address) < HEAVIEST / 8, address
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
        (resident, f"/status/{case.reference}/messages", f"/status/{case.reference}/messages?page=10"),
        (desk, f"/desk/cases/{case.id}", f"/desk/cases/{case.id}?messages=10"),
    ):
        assert weight(client, address) < HEAVIEST / 8
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


def desk_of(office: Flask, context: Context, name: str) -> tuple[FlaskClient, Clerk]:
    """A browser in which a reviewer of taxes is signed in."""
    person = clerk(context, TOKYO, name, ("reviewer", "tax"))
    browser = office.test_client()
    with browser.session_transaction() as kept:
        kept["clerk"] = session_of(person)
    return browser, person


def test_a_case_leads_back_to_the_list_it_was_opened_from(office: Flask, catalogue: Context) -> None:
    ids = [filed(catalogue, TAX).application.id for _ in range(30)]
    browser, _person = desk_of(office, catalogue, "list")
    page = browser.get("/desk/tax?show=all&page=2").text
    assert page.count('href="/desk/cases/') == 5
    assert 'aria-current="page"' in page
    back = r'class="back" href="/desk/tax\?page=2&amp;show=all"'
    assert re.search(back, browser.get(f"/desk/cases/{ids[0]}").text)
    browser.post(f"/desk/cases/{ids[0]}/note", data={"note": "見本"})
    assert re.search(back, browser.get(f"/desk/cases/{ids[0]}").text)
    browser.get("/desk/tax?reference=looked-for")
    assert "looked-for" not in browser.get(f"/desk/cases/{ids[0]}").text
    fresh, _person = desk_of(office, catalogue, "fresh")
    assert 'class="back" href="/desk/tax"' in fresh.get(f"/desk/cases/{ids[0]}").text


def test_a_long_history_is_folded_and_a_case_without_work_leads_to_the_next(
    office: Flask, catalogue: Context
) -> None:
    case = filed(catalogue, TAX).application  # its fee is not paid: nobody can decide yet
    browser, person = desk_of(office, catalogue, "history")
    with catalogue.database.writing(TOKYO) as session:
        for number in range(30):
            cases.comment(session, catalogue, case.id, person, f"メモ{number:03}")
    page = browser.get(f"/desk/cases/{case.id}").text
    folded = page[page.index("<details>", page.index("メモ029")) :]
    assert "メモ029" not in folded
    assert "メモ000" in folded
    assert page.count("メモ0") == 30
    withdrawn = filed(catalogue, TAX).application
    assert "/desk/tax/next" not in page
    with catalogue.database.writing(TOKYO) as session:
        cases.withdraw(session, catalogue, withdrawn.id)
    assert 'action="/desk/tax/next"' in browser.get(f"/desk/cases/{withdrawn.id}").text


def test_many_drafts_are_folded_and_stand_on_the_first_page_only(office: Flask, catalogue: Context) -> None:
    scope = scope_of(catalogue)
    for kind in ["draft"] * 12 + ["case"] * 12:
        with catalogue.database.writing(TOKYO) as session:
            id = fill(session, catalogue, TAX)[0].id if kind == "draft" else None
        id = id or filed(catalogue, TAX).application.id
        with catalogue.database.writing(scope) as session:
            holdings.add(session, kind, TOKYO, id)
    browser = signed_in(office, catalogue)
    first, second = browser.get("/my").text, browser.get("/my?page=2").text
    assert first.count('href="/my/drafts/') == 12
    assert first.index("<details>") > [found.start() for found in re.finditer("/my/drafts/", first)][4]
    assert first.index("<details>") < [found.start() for found in re.finditer("/my/drafts/", first)][5]
    assert "/my/drafts/" not in second
    assert second.count('href="/status/') == 2


def test_cases_in_which_there_is_something_to_do_come_first(office: Flask, catalogue: Context) -> None:
    scope = scope_of(catalogue)
    held = [filed(catalogue, TAX).application for _ in range(12)]
    asked, written, quiet = held[0], held[1], held[2:]
    person = clerk(catalogue, TOKYO, "first", ("reviewer", "tax"))
    with catalogue.database.writing(TOKYO) as session:
        for case in held:
            pay(session, catalogue, case.id, f"event-{case.id}")
        seen = queries.get(session, asked.id).row_version
        corrections.request_correction(session, catalogue, asked.id, person, seen, {"phone": "見本"})
        messages.by_clerk(session, catalogue, written.id, person, Words("見本", "first"))
    unpaid = filed(catalogue, TAX).application
    for case in (unpaid, *held):
        with catalogue.database.writing(scope) as session:
            holdings.add(session, holdings.CASE, TOKYO, case.id)
    page = signed_in(office, catalogue).get("/my").text
    first = re.findall(r'<h3><a href="/status/([^"]+)"', page)
    assert set(first[:3]) == {asked.reference, written.reference, unpaid.reference}
    assert set(first[3:]) < {case.reference for case in quiet}


def test_ratings_come_in_pages_the_worst_first(office: Flask, catalogue: Context) -> None:
    ids = [filed(catalogue, TAX).application.id for _ in range(15)]
    with catalogue.database.writing(TOKYO) as session:
        for number, (id, moment) in enumerate(product(ids, ("submission", "decision"))):
            session.add(
                Rating(
                    application_id=id, procedure_id=f"many-{number:03}", version_digest="0" * 64,
                    moment=moment, score=1 + number // 6, language="ja",
                )
            )  # fmt: skip
    client = office.test_client()
    assert weight(client, "/satisfaction") < HEAVIEST / 4
    first, second = client.get("/satisfaction?lang=en").text, client.get("/satisfaction?page=2").text
    assert "Rated: 30. Below 3: 12." in first
    for number in range(30):
        assert (f"並べるもの {number:03}" in first) == (number < 20)
        assert (f"並べるもの {number:03}" in second) == (number >= 20)
