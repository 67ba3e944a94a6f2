"""Several procedures of a life event: typed once, taken over with consent and source only, each sent on its own."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from applications import drafts
from applications.vault import DraftDocument
from core.context import Context
from tests.factories import applications
from tests.factories.applications import MIHON, TAX, TOKYO
from web.views import together
from workflows import cases

EVENT = "having_a_child"
ALLOWANCE, MEDICAL, NURSERY = "child-allowance", "child-medical-subsidy", "nursery-admission"
MAIL = "taro@example.invalid"


@pytest.fixture
def client(both: Flask) -> FlaskClient:
    client = both.test_client()
    client.set_cookie("language", "en")
    return client


def begin(client: FlaskClient, *procedures: str) -> dict[str, str]:
    """Ids of the drafts by procedure."""
    ticked = [f"{MIHON}/{name}" for name in procedures]
    answer = client.post(f"/life-events/{EVENT}/together", data={"procedure": ticked})
    assert (answer.status_code, answer.location) == (303, "/together")
    with client.session_transaction() as kept:
        return {name: id for _organisation, name, id in kept["together"]}


def document(ctx: Context, id: str) -> DraftDocument:
    with ctx.database.reading(MIHON) as session:
        return drafts.load(session, ctx, id)[1]


def fill(ctx: Context, id: str, **answers: object) -> None:
    """Answers that were typed on pages before."""
    with ctx.database.writing(MIHON) as session:
        draft, known = drafts.load(session, ctx, id)
        known.answers.update(answers)
        known.done.append("contact")
        drafts.save(session, ctx, draft, known, draft.row_version)


def test_the_life_event_leads_to_it(client: FlaskClient) -> None:
    address = f"/life-events/{EVENT}/together"
    assert address in client.get(f"/life-events/{EVENT}/").text
    page = client.get(address).text
    assert {f"{MIHON}/{ALLOWANCE}", f"{MIHON}/{MEDICAL}"} <= set(re.findall(r'value="([\w/-]+)"', page))
    assert client.get("/life-events/nothing/together").status_code == 404


def test_what_cannot_be_started(client: FlaskClient, ctx: Context) -> None:
    address = f"/life-events/{EVENT}/together"
    assert "Tick what you want" in client.post(address).text
    many = [f"{MIHON}/x{n}" for n in range(together.MOST + 1)]
    assert client.post(address, data={"procedure": many}).status_code == 422
    for name in ("nobody/nothing", f"{MIHON}/nothing", f"{TOKYO}/{ALLOWANCE}", "", "../.."):
        assert client.post(address, data={"procedure": [name]}).status_code == 404, name
    assert client.get("/together").status_code == 404


def test_each_is_a_draft_of_its_own(client: FlaskClient, ctx: Context) -> None:
    ids = begin(client, ALLOWANCE, MEDICAL, NURSERY)
    assert len(set(ids.values())) == 3
    page = client.get("/together").text
    assert page.count("Not begun") == 3
    assert "Sent: 0 of 3" in page
    assert "Go on with what you typed already" not in page
    fill(ctx, ids[ALLOWANCE], email=MAIL)
    page = client.get("/together").text
    assert page.count("Started") == 1
    assert page.count("Go on with what you typed already") == 2


def test_taken_over_with_consent_and_source(client: FlaskClient, ctx: Context) -> None:
    ids = begin(client, ALLOWANCE, MEDICAL)
    fill(ctx, ids[ALLOWANCE], email=MAIL, phone="+819011112222")
    asked = client.get(f"/together/{ids[MEDICAL]}").text
    assert MAIL in asked
    assert asked.count("From: ") == 2
    assert document(ctx, ids[MEDICAL]).prefill == {}, "asking fills nothing in"
    client.post(f"/together/{ids[MEDICAL]}", data={"do": "no"})
    assert document(ctx, ids[MEDICAL]).prefill == {}

    client.post(f"/together/{ids[MEDICAL]}", data={"do": "yes"})
    kept = document(ctx, ids[MEDICAL])
    assert kept.prefill["values"] == {"email": MAIL, "phone": "+819011112222"}
    assert kept.prefill["sources"] == dict.fromkeys(("email", "phone"), ids[ALLOWANCE])
    assert kept.prefill["consent"] == "yes"
    assert kept.answers == {}, "what was filled in is no answer before the person saw it on its page"

    client.post(f"/together/{ids[MEDICAL]}", data={"do": "back"})
    assert "values" not in document(ctx, ids[MEDICAL]).prefill


def test_nothing_that_was_answered_is_replaced(client: FlaskClient, ctx: Context) -> None:
    ids = begin(client, ALLOWANCE, MEDICAL)
    fill(ctx, ids[ALLOWANCE], email=MAIL, phone="+819011112222")
    fill(ctx, ids[MEDICAL], email="other@example.invalid")
    client.post(f"/together/{ids[MEDICAL]}", data={"do": "yes"})
    kept = document(ctx, ids[MEDICAL])
    assert kept.answers == {"email": "other@example.invalid"}
    assert kept.prefill["values"] == {"phone": "+819011112222"}


def test_what_was_sent_goes_on_giving(both: Flask, client: FlaskClient, ctx: Context) -> None:
    medical = begin(client, MEDICAL)[MEDICAL]
    with ctx.database.writing(TOKYO) as session:
        draft, sent = applications.fill(session, ctx, TAX)
        applications.sign(session, ctx, draft, sent)
        case = cases.file_application(session, ctx, draft.id).application
    with client.session_transaction() as kept:
        kept["drafts"] = [*kept["drafts"], draft.id]
        kept["together"] = [[TOKYO, TAX, draft.id], *kept["together"]]
    page = client.get("/together").text
    assert "Sent: 1 of 2" in page
    assert case.reference in page
    assert client.get(f"/together/{draft.id}").location == "/together"
    client.post(f"/together/{draft.id}", data={"do": "yes"})
    client.post(f"/together/{medical}", data={"do": "yes"})
    kept_of = document(ctx, medical).prefill
    assert kept_of["values"]["email"] == sent.answers["email"]
    assert set(kept_of["sources"].values()) == {draft.id}


def test_others_see_nothing(client: FlaskClient, both: Flask, ctx: Context) -> None:
    ids = begin(client, ALLOWANCE, MEDICAL)
    fill(ctx, ids[ALLOWANCE], email=MAIL)
    stranger = both.test_client()
    with stranger.session_transaction() as kept:  # the list alone opens nothing
        kept["together"] = [[MIHON, ALLOWANCE, ids[ALLOWANCE]], [MIHON, MEDICAL, ids[MEDICAL]]]
    assert stranger.get("/together").status_code == 404
    assert stranger.get(f"/together/{ids[MEDICAL]}").status_code == 404
    assert stranger.post(f"/together/{ids[MEDICAL]}", data={"do": "yes"}).status_code == 404
    assert document(ctx, ids[MEDICAL]).prefill == {}
