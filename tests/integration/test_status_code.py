"""Opening an application without its written-down code: by a code that is mailed to the address in it."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from applications.models import AccessCode, Application
from core import clock
from core.audit import AuditRow
from core.context import Context
from core.outbox import OutboxMessage
from tests.factories.applications import TAX, TOKYO, filed
from web import jobs

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


@pytest.fixture
def case(catalogue: Context) -> Application:
    """A filed application; its first mails are sent."""
    application = filed(catalogue, TAX, language="en").application
    jobs.drain(catalogue)
    return application


def ask(client: FlaskClient, reference: str) -> TestResponse:
    return client.post("/status/code", data={"reference": reference})


def mailed(ctx: Context) -> list[str]:
    """The codes of all mails about this, oldest first."""
    jobs.drain(ctx)
    with ctx.database.reading(TOKYO) as session:
        asked = (
            sa.select(OutboxMessage).where(OutboxMessage.entity.like("%:code:%")).order_by(OutboxMessage.id)
        )
        rows = list(session.scalars(asked))
    texts = [path.read_text() for path in sorted((ctx.settings.data_dir / "mail").glob("*.eml"))]
    found = [
        match[0]
        for text in texts
        if "Your code to open your application" in text
        for match in CODE.finditer(text.partition("\n\n")[2])
    ][-len(rows) :]
    assert all(code not in str(row.payload) for row in rows for code in found)
    return found


def type_in(client: FlaskClient, case: Application, code: str) -> TestResponse:
    return client.post(f"/status/{case.reference}/code", data={"code": code})


def test_the_mailed_code_opens_the_case(catalogue: Context, client: FlaskClient, case: Application) -> None:
    assert "/status/code" in client.get("/status").text
    assert client.get("/status/code?lang=en").status_code == 200
    answer = ask(client, f" {case.reference.lower().replace('-', ' ')} ")
    assert answer.headers["Location"] == f"/status/{case.reference}/code"
    [code] = mailed(catalogue)
    assert client.get(answer.headers["Location"]).status_code == 200
    opened = type_in(client, case, f"{code[:3]} {code[3:]}")
    assert (opened.status_code, opened.headers["Location"]) == (303, f"/status/{case.reference}")
    assert client.get(f"/status/{case.reference}").status_code == 200
    with catalogue.database.reading(TOKYO) as session:
        assert (
            session.scalar(sa.select(AuditRow.action).order_by(AuditRow.sequence.desc()))
            == "application.opened"
        )


def test_it_works_once_and_in_its_browser_only(
    app: Flask, catalogue: Context, client: FlaskClient, case: Application
) -> None:
    ask(client, case.reference)
    [code] = mailed(catalogue)
    stranger = app.test_client()
    assert type_in(stranger, case, code).status_code == 422
    assert stranger.get(f"/status/{case.reference}").status_code == 303
    assert type_in(client, case, code).status_code == 303
    assert type_in(client, case, code).status_code == 422


def test_it_ends_after_five_tries_and_ten_minutes(
    catalogue: Context, client: FlaskClient, case: Application
) -> None:
    ask(client, case.reference)
    [code] = mailed(catalogue)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert type_in(client, case, wrong).status_code == 422
    assert type_in(client, case, code).status_code == 422
    with clock.shifted(timedelta(minutes=2)):
        ask(client, case.reference)
        newer = mailed(catalogue)[-1]
    with clock.shifted(timedelta(minutes=13)):
        assert type_in(client, case, newer).status_code == 422


def test_codes_come_once_a_minute_and_five_times_an_hour(
    catalogue: Context, client: FlaskClient, case: Application
) -> None:
    with catalogue.database.reading(TOKYO) as session:
        before = session.scalar(sa.select(AccessCode))
    assert before is None
    answers = set()
    for minute in (0, 0, 2, 4, 6, 8, 10, 12):
        with clock.shifted(timedelta(minutes=minute)):
            answers.add(ask(client, case.reference).headers["Location"])
    assert answers == {f"/status/{case.reference}/code"}, "nothing of it shows outside"
    with catalogue.database.reading(TOKYO) as session:
        sent = session.scalars(sa.select(OutboxMessage.id).where(OutboxMessage.entity.like("%:code:%")))
        assert len(list(sent)) == 5


def test_a_number_of_nobody_looks_the_same(client: FlaskClient, case: Application) -> None:
    unknown = "TC-2222-2222"
    pages = []
    for reference in (case.reference, unknown):
        answer = ask(client, reference)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/status/{reference}/code")
        page = client.get(answer.headers["Location"])
        wrong = client.post(answer.headers["Location"], data={"code": "000000"})
        texts = [one.text.replace(reference, "") for one in (page, wrong)]
        pages.append([re.sub(r'name="csrf_token" value="[^"]*"', "", text) for text in texts])
        assert (page.status_code, wrong.status_code) == (200, 422)
    assert pages[0] == pages[1]


@pytest.mark.parametrize("typed", ["", "?", "../../etc", "TC"])
def test_what_can_be_no_number_is_asked_for_again(client: FlaskClient, typed: str) -> None:
    answer = ask(client, typed)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
