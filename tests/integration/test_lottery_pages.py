"""What everybody, and an applicant, sees of a draw at each step; nothing of it names anybody."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from applications.models import Application
from core.context import Context
from core.database import EVERYONE
from lotteries import queries, verify
from tests.factories import applications as people
from tests.factories.applications import TOKYO
from tests.factories.draws import DRAW, NAMES, VALUES, committed, file, published
from translations.languages import LANGUAGES
from web import ceremony as edge


@pytest.fixture
def filed(catalogue: Context) -> list[str]:
    """Four real applications for a unit of two dwellings."""
    return file(catalogue, 4)


@pytest.fixture
def drawn(catalogue: Context, filed: list[str]) -> Context:
    """The same, drawn and published."""
    published(catalogue)
    edge.tell_cases(catalogue, DRAW)
    return catalogue


def own(client: FlaskClient, ctx: Context, application_id: str) -> str:
    """Let the browser open the case; answers its reference."""
    with ctx.database.reading(TOKYO) as session:
        reference = session.get_one(Application, application_id).reference
    with client.session_transaction() as session_:
        session_["cases"] = [application_id]
    return reference


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_before_the_draw_in_every_language(
    client: FlaskClient, filed: list[str], catalogue: Context, language: str
) -> None:
    assert client.get(f"/lotteries?lang={language}").status_code == 200
    assert client.get(f"/lotteries/{DRAW}").status_code == 200
    committed(catalogue)
    page = client.get(f"/lotteries/{DRAW}?lang={language}").text
    assert NAMES[0] in page
    assert VALUES[0] not in page
    assert client.get(f"/lotteries/{DRAW}/commitment.json").get_json()["format"] == verify.COMMITMENT_FORMAT
    assert client.get(f"/lotteries/{DRAW}.json").status_code == 404
    reference = own(client, catalogue, filed[0])
    assert client.get(f"/lotteries/receipt/{reference}").status_code == 200


def test_the_result_file_verifies(client: FlaskClient, drawn: Context, tmp_path: Path) -> None:
    assert f"/lotteries/{DRAW}.json" in client.get("/lotteries").text
    answer = client.get(f"/lotteries/{DRAW}.json")
    assert answer.mimetype == "application/json"
    assert verify.verify(answer.get_json()).good
    assert (
        list(
            verify.commitment_problems(
                answer.get_json(), client.get(f"/lotteries/{DRAW}/commitment.json").get_json()
            )
        )
        == []
    )
    assert client.get("/lotteries/verify.py").data == Path(verify.__file__).read_bytes()


def test_anybody_looks_up_a_number(client: FlaskClient, drawn: Context) -> None:
    entry = client.get(f"/lotteries/{DRAW}.json").get_json()["entries"][0]
    page = client.post(f"/lotteries/{DRAW}?lang=en", data={"number": entry["number"]})
    assert page.status_code == 200
    assert f"rank {entry['rank']} in the draw" in page.text
    wrong = str((int(entry["number"][0]) + 1) % 10) + entry["number"][1:]
    answer = client.post(f"/lotteries/{DRAW}?lang=en", data={"number": wrong})
    assert answer.status_code == 422
    assert wrong in answer.text
    assert client.post(f"/lotteries/{DRAW}", data={"number": "<script>"}).status_code == 422


def test_lists_by_unit(client: FlaskClient, drawn: Context) -> None:
    for kind, count in (("won", 2), ("waiting", 2)):
        page = client.get(f"/lotteries/{DRAW}/list?unit=1005&list={kind}")
        assert page.status_code == 200
        assert page.text.count("<tr><td") == count
    assert client.get(f"/lotteries/{DRAW}/list?unit=1005&page=99").status_code == 200
    assert client.get(f"/lotteries/{DRAW}/list?unit=nowhere").status_code == 404


def test_the_applicant_sees_result_and_receipt(client: FlaskClient, drawn: Context, filed: list[str]) -> None:
    reference = own(client, drawn, filed[0])
    with drawn.database.reading(TOKYO) as session:
        view = queries.of_application(session, drawn, filed[0])
    assert view
    page = client.get(f"/status/{reference}?lang=en").text
    assert view.number in page
    assert f"/lotteries/receipt/{reference}" in page
    assert view.secret in client.get(f"/lotteries/receipt/{reference}").text
    receipt = json.loads(client.get(f"/lotteries/receipt/{reference}.json").data)
    result = client.get(f"/lotteries/{DRAW}.json").get_json()
    assert list(verify.receipt_problems(result, receipt)) == []


def test_nobody_else_sees_the_receipt(app: Flask, drawn: Context, filed: list[str]) -> None:
    reference = own(app.test_client(), drawn, filed[0])
    stranger = app.test_client()
    assert stranger.get(f"/lotteries/receipt/{reference}").status_code == 404
    assert stranger.get(f"/lotteries/receipt/{reference}.json").status_code == 404


@pytest.mark.parametrize(
    "address", ["/lotteries/nothing", "/lotteries/nothing.json", "/lotteries/nothing/commitment.json"]
)
def test_unknown_draws_are_a_clear_page(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_nothing_public_names_anybody(client: FlaskClient, drawn: Context) -> None:
    with drawn.database.reading(EVERYONE) as session:
        details = json.dumps([event.details for event in queries.view(session, DRAW).events])
    for text in (details, client.get(f"/lotteries/{DRAW}").text, client.get(f"/lotteries/{DRAW}.json").text):
        for name in ("花子", "見本町", "@example.invalid", "has_child"):
            assert name not in text
    assert people.HOUSING in client.get(f"/lotteries/{DRAW}").text
