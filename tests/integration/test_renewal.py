"""Renewing a permit: from the status page or the mail, filled in, once, and only by whoever holds the earlier case."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from applications import drafts, filing
from applications.journey import ATTACHMENTS, Journey
from applications.models import Application, Draft
from core import clock
from core.context import Context
from core.database import EVERYONE
from documents import issuing
from documents.models import Issued
from procedures import loader, versions
from tests.factories.applications import MIHON, SIGNS, clerk, filed, sign, upload
from tests.factories.definitions import CERTIFICATE, changed
from tests.factories.residents import mails
from web import jobs
from workflows import case as opened
from workflows import cases, dossier, renewals

UNTIL = date(2028, 11, 30)
SOON = datetime(2028, 11, 10, 3, tzinfo=UTC)
ID = "b" * 32


@pytest.fixture
def permit(ctx: Context, both: Flask) -> Iterator[Application]:
    """A permit that ends in twenty days."""
    application = filed(ctx, SIGNS, example=1, language="en").application
    with ctx.database.writing(MIHON) as session:
        session.add(
            Issued(
                id=ID, application_id=application.id, document_id="permit", occasion="x", code="ABCDEFGHJKLM",
                storage_key="x", sha256="x", size=1, language="en", issued_at=SOON - timedelta(days=700),
                valid_until=UNTIL,
            )
        )  # fmt: skip
        row = session.get_one(Application, application.id)
        row.state, row.outcome, row.decided_at = "granted", "approved", SOON - timedelta(days=700)
    with clock.at(SOON):
        yield application


@pytest.fixture
def holder(both: Flask, permit: Application) -> FlaskClient:
    return browser_of(both, permit)


def browser_of(app: Flask, case: Application) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("language", "en")
    with client.session_transaction() as kept:
        kept["cases"] = [case.id]
    return client


def address(permit: Application) -> str:
    return f"/status/{permit.reference}/renew/{ID}"


def begin(holder: FlaskClient, permit: Application) -> str:
    answer = holder.post(address(permit))
    assert answer.status_code == 303, answer.text
    found = re.search(r"/apply/([0-9a-f]{32})/", answer.location)
    assert found
    return found[1]


def send(ctx: Context, draft_id: str) -> Application:
    """Confirm what was filled in on every page, answer what is left, hand files in again, and send it."""
    with ctx.database.writing(MIHON) as session:
        draft, document = drafts.load(session, ctx, draft_id)
        procedure = versions.get(session, draft.version_digest).procedure
        document.answers = {**document.prefill["values"], "starts_on": "2028-12-15"}
        journey = Journey(procedure, document, clock.today("Asia/Tokyo"))
        document.done = [page.id for page in journey.pages] + [ATTACHMENTS]
        document.declared = [one.id for one in procedure.declarations]
        document.files = {one.id: [upload(session, ctx, draft_id, one.id)] for one in journey.attachments}
        drafts.save(session, ctx, draft, document, draft.row_version)
        sign(session, ctx, draft, document)
        return cases.file_application(session, ctx, draft_id).application


def reminded(ctx: Context, permit: Application) -> list[str]:
    """The mails about the end of the permit."""
    jobs.remind(ctx)
    found = mails(ctx, "office@example.invalid")
    return [one.get_content() for one in found if one["Subject"].startswith("Your document expires soon")]


def test_the_status_page_offers_it_in_time(holder: FlaskClient, permit: Application) -> None:
    page = f"/status/{permit.reference}"
    assert address(permit) in holder.get(page).text
    with clock.at(SOON - timedelta(days=60)):
        assert address(permit) not in holder.get(page).text
        assert "It can be renewed from" in holder.get(page).text
        assert "Start the renewal" not in holder.get(address(permit)).text
        assert holder.post(address(permit)).status_code == 409
    with clock.at(SOON + timedelta(days=30)):
        assert address(permit) not in holder.get(page).text
        assert "can no longer be renewed" in holder.get(address(permit)).text
        assert holder.post(address(permit)).status_code == 409


def test_what_is_filled_in_and_what_not_is_said_before(holder: FlaskClient, permit: Application) -> None:
    page = holder.get(address(permit)).text
    assert "株式会社見本商事" in page
    assert re.search(r"asked for each time.*First day of display", page, re.S)
    assert "Location map" in page


def test_every_page_is_filled_in_with_its_source(
    ctx: Context, holder: FlaskClient, permit: Application
) -> None:
    draft = begin(holder, permit)
    base = f"/{MIHON}/{SIGNS}/apply/{draft}"
    place = holder.get(f"{base}/place").text
    assert place.count(f"From your earlier application {permit.reference}") == 2
    holder.post(f"{base}/place", data={"do": "next", "in_city": "yes", "zone": "permitted"})
    with ctx.database.reading(MIHON) as session:
        document = drafts.load(session, ctx, draft)[1]
    assert document.answers == {"in_city": True, "zone": "permitted"}, "what was changed counts"
    assert "starts_on" not in document.prefill["values"]
    assert document.prefill["values"]["company"] == "株式会社見本商事"


def test_it_can_be_taken_back(ctx: Context, holder: FlaskClient, permit: Application) -> None:
    draft = begin(holder, permit)
    taken = f"/{MIHON}/{SIGNS}/apply/{draft}/renewal"
    assert "株式会社見本商事" in holder.get(taken).text
    assert holder.post(taken).status_code == 303
    assert "株式会社見本商事" not in holder.get(taken).text
    with ctx.database.reading(MIHON) as session:
        row, document = drafts.load(session, ctx, draft)
    assert (document.answers, document.prefill["values"], row.renews) == ({}, {}, ID)


def test_a_second_click_goes_on_with_the_first_draft(
    ctx: Context, holder: FlaskClient, permit: Application
) -> None:
    assert begin(holder, permit) == begin(holder, permit)
    with ctx.database.reading(MIHON) as session:
        assert len(session.scalars(sa.select(Draft).where(Draft.renews == ID)).all()) == 1


def test_a_stranger_learns_and_starts_nothing(ctx: Context, both: Flask, permit: Application) -> None:
    other = filed(ctx, SIGNS).application
    for client in (both.test_client(), browser_of(both, other)):
        answer = client.get(address(permit))
        assert (answer.status_code, answer.location) == (303, "/status")
        assert client.post(address(permit)).status_code == 404
        foreign = f"/status/{other.reference}/renew/{ID}"
        assert client.post(foreign).status_code == 404, "another case's document"
    with ctx.database.reading(MIHON) as session:
        assert session.scalars(sa.select(Draft).where(Draft.renews.is_not(None))).all() == []


def test_the_link_of_the_mail_leads_on_after_the_code(ctx: Context, both: Flask, permit: Application) -> None:
    client = both.test_client()
    client.get(address(permit))
    with ctx.database.reading(MIHON) as session:
        secret = filing.secret_of(ctx, session.get_one(Application, permit.id))
    other = filed(ctx, SIGNS)
    opened_other = client.post(
        "/status", data={"reference": other.application.reference, "code": other.secret}
    )
    assert opened_other.location == f"/status/{other.application.reference}", "another case is not led there"
    client.get(address(permit))
    answer = client.post("/status", data={"reference": permit.reference, "code": secret})
    assert answer.location == address(permit)
    assert "株式会社見本商事" in client.get(answer.location).text
    again = client.post("/status", data={"reference": permit.reference, "code": secret})
    assert again.location == f"/status/{permit.reference}"


def test_it_lasts_from_the_end_of_the_earlier_one(
    ctx: Context, holder: FlaskClient, permit: Application
) -> None:
    new = send(ctx, begin(holder, permit))
    assert new.renews == ID
    with ctx.database.reading(MIHON) as session:
        case = opened.load(session, ctx, new.id)
        sheet = issuing.prepare(session, case.application, case.procedure, "permit", case.document.answers)
    assert (sheet.issued_on, sheet.valid_until) == (SOON.date(), date(2030, 11, 30))
    assert new.reference in holder.get(f"/status/{permit.reference}").text
    assert "You have renewed it already" in holder.get(address(permit)).text
    assert holder.post(address(permit)).status_code == 409


def test_the_mail_leads_to_the_renewal_and_does_not_go_to_whoever_renewed(
    ctx: Context, holder: FlaskClient, permit: Application
) -> None:
    [body] = reminded(ctx, permit)
    assert address(permit) in body
    assert "株式会社" not in body
    assert reminded(ctx, permit) == [body], "once"


@pytest.mark.parametrize(
    ("outcome", "expected"), [(None, 0), ("approved", 0), ("refused", 0), ("withdrawn", 1)]
)
def test_no_mail_after_a_renewal(
    ctx: Context, holder: FlaskClient, permit: Application, outcome: str | None, expected: int
) -> None:
    new = send(ctx, begin(holder, permit))
    with ctx.database.writing(MIHON) as session:
        session.get_one(Application, new.id).outcome = outcome
    assert len(reminded(ctx, permit)) == expected


def test_renewed_while_the_mail_waited(ctx: Context, holder: FlaskClient, permit: Application) -> None:
    assert jobs.remind(ctx) == 1
    send(ctx, begin(holder, permit))
    assert reminded(ctx, permit) == []


def test_the_desk_sees_what_is_renewed(ctx: Context, holder: FlaskClient, permit: Application) -> None:
    new = send(ctx, begin(holder, permit))
    reviewer = clerk(ctx, MIHON, "reviewer", ("reviewer", "advertising"))
    with ctx.database.reading(MIHON) as session:
        view = dossier.case(session, ctx, new.id, reviewer, "ja")
    assert view.renews
    assert view.renews.reference == permit.reference


def test_a_procedure_of_its_own_may_renew(ctx: Context, organisation: str) -> None:
    with ctx.database.writing(organisation) as session:
        versions.publish(session, loader.load(CERTIFICATE), "command")
        other = changed(
            ("procedure: sample-certificate", "procedure: sample-renewal"),
            ("examples:\n", "renew: {documents: [sample-certificate/certificate]}\nexamples:\n"),
        )
        versions.publish(session, loader.load(other), "command")
        found = renewals.renewing_procedure(session, "sample-certificate", "certificate")
        assert found
        assert found.procedure.procedure == "sample-renewal"
        assert renewals.renewing_procedure(session, "sample-renewal", "certificate") is None
        assert renewals.renewing_procedure(session, "sample-certificate", "other") is None
    with ctx.database.reading(EVERYONE) as session:
        assert found.organisation_id == organisation
