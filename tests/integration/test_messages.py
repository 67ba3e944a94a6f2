"""Messages between applicants and desks: read by the other side only, sealed, each kept once, mailed without a word."""

import email
import email.policy
import io
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import Clerk
from applications import queries, vault
from applications.models import Application, CaseMessage, Event, UploadedFile
from core.audit import AuditRow
from core.context import Context
from core.errors import NotFound, Refused
from core.outbox import OutboxMessage
from tests.factories.applications import PASSWORD, TAX, TOKYO, clerk, filed
from tests.factories.papers import pdf
from web import jobs
from workflows import desk, messages
from workflows.desk import Filters
from workflows.messages import Words

QUESTION, ANSWER = "渡邉髙志の証明書は何通ですか？", "二通です。窓口より"


@pytest.fixture
def case(both: Flask, ctx: Context) -> Application:
    return filed(ctx, TAX, language="en").application


@pytest.fixture
def reviewer(case: Application, ctx: Context) -> Clerk:
    return clerk(ctx, TOKYO, "reviewer", ("reviewer", "tax"))


@pytest.fixture
def resident(both: Flask, case: Application) -> FlaskClient:
    browser = both.test_client()
    with browser.session_transaction() as kept:
        kept["cases"] = [case.id]
    return browser


@pytest.fixture
def office(both: Flask, reviewer: Clerk) -> FlaskClient:
    browser = both.test_client()
    browser.post("/sign-in", data={"email": reviewer.email, "password": PASSWORD})
    return browser


def test_question_and_answer(
    ctx: Context, case: Application, reviewer: Clerk, resident: FlaskClient, office: FlaskClient
) -> None:
    address = f"/status/{case.reference}/messages"
    page = resident.get(address).text
    once = re.search(r'name="once" value="(\w+)"', page)
    assert once
    assert "Nobody has written yet." in resident.get(f"{address}?lang=en", follow_redirects=True).text
    for _ in range(2):  # pressed twice
        resident.post(
            address, data={"text": QUESTION, "once": once[1], "files": (io.BytesIO(pdf()), "見本.pdf")}
        )
    with ctx.database.reading(TOKYO) as session:
        assert [
            row.unread for row in desk.queue(session, ctx, "tax", Filters("messages"), reviewer).rows
        ] == [True]
        assert (
            len(session.scalars(sa.select(UploadedFile.id).where(UploadedFile.attachment == "message")).all())
            == 1
        )
    seen = office.get(f"/desk/cases/{case.id}").text
    assert seen.count(QUESTION) == 1
    assert "見本.pdf" in seen
    file = office.get(re.findall(rf"/desk/cases/{case.id}/messages/files/\w+", seen)[0])
    assert file.data == pdf()
    assert "sandbox" in file.headers["Content-Security-Policy"]

    office.post(f"/desk/cases/{case.id}/messages", data={"text": ANSWER, "once": "a"})
    with ctx.database.reading(TOKYO) as session:
        assert desk.queue(session, ctx, "tax", Filters("messages"), reviewer).rows == []
        assert messages.unread(session, case.id, "office") == 1
    assert "The office wrote to you" in resident.get(f"/status/{case.reference}").text
    assert ANSWER in resident.get(address).text
    with ctx.database.reading(TOKYO) as session:
        assert messages.unread(session, case.id, "office") == 0


def test_nothing_written_leaves_the_case(ctx: Context, case: Application, reviewer: Clerk) -> None:
    with ctx.database.writing(TOKYO) as session:
        messages.by_applicant(session, ctx, case.id, Words(QUESTION, "1"))
        messages.by_clerk(session, ctx, case.id, reviewer, Words(ANSWER, "1"))
    with ctx.database.reading(TOKYO) as session:
        rows = session.scalars(sa.select(CaseMessage)).all()
        assert len(rows) == 2
        for row in rows:
            assert QUESTION.encode() not in row.document
            assert ANSWER.encode() not in row.document
        told = [str(row.details) for row in session.scalars(sa.select(Event))]
        told += [str(row.details) for row in session.scalars(sa.select(AuditRow))]
        told += [str(row.payload) for row in session.scalars(sa.select(OutboxMessage))]
        assert not [one for one in told if QUESTION in one or ANSWER in one]
        assert sum(row.kind == "message" for row in queries.events(session, case)) == 2
        mail = [
            row.payload
            for row in session.scalars(sa.select(OutboxMessage))
            if row.payload.get("notice") == "message"
        ]
        assert [set(payload) for payload in mail] == [{"notice", "application"}]
    jobs.drain(ctx)
    mails = [read(path) for path in (ctx.settings.data_dir / "mail").glob("*.eml")]
    sent = [text for text in mails if "The office wrote to you about your application." in text]
    assert len(sent) == 1
    assert f"/status/{case.reference}" in sent[0]
    assert not [text for text in mails if ANSWER in text or "渡邉" in text]


def read(path: Path) -> str:
    """Subject and body of a mail as people read them."""
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = mail.get_body()
    assert body
    return f"{mail['Subject']}\n{body.get_content()}"


def test_a_message_belongs_to_its_row(ctx: Context, case: Application) -> None:
    with ctx.database.writing(TOKYO) as session:
        messages.by_applicant(session, ctx, case.id, Words(QUESTION, "1"))
        messages.by_applicant(session, ctx, case.id, Words(ANSWER, "2"))
        first, second = session.scalars(sa.select(CaseMessage)).all()
        first.document = second.document
        with pytest.raises(Exception), session.no_autoflush:  # noqa: B017, PT011 - whatever the cipher raises
            vault.read_message(ctx, case, first)
        session.rollback()


def test_no_answer_is_needed(ctx: Context, case: Application, reviewer: Clerk, office: FlaskClient) -> None:
    with ctx.database.writing(TOKYO) as session:
        messages.by_applicant(session, ctx, case.id, Words("Thank you.", "1"))
    assert office.get(f"/desk/cases/{case.id}").status_code == 200
    with ctx.database.reading(TOKYO) as session:
        assert messages.unread(session, case.id, "applicant") == 1, "looking is not answering"
    office.post(f"/desk/cases/{case.id}/messages", data={"do": "seen"})
    with ctx.database.reading(TOKYO) as session:
        assert messages.unread(session, case.id, "applicant") == 0
        assert desk.queue(session, ctx, "tax", Filters("messages"), reviewer).rows == []


def test_what_is_wrong_keeps_what_was_typed(ctx: Context, case: Application, resident: FlaskClient) -> None:
    address, before = f"/status/{case.reference}/messages", _stored(ctx)
    empty = resident.post(address, data={"text": "  ", "once": "1"})
    assert (empty.status_code, "error-message" in empty.text) == (422, True)
    sent = {
        "text": QUESTION,
        "once": "1",
        "files": [(io.BytesIO(pdf()), "a.pdf"), (io.BytesIO(b"MZ"), "b.pdf")],
    }
    refused = resident.post(address, data=sent)
    assert (refused.status_code, QUESTION in refused.text, "b.pdf" in refused.text) == (422, True, True)
    long = resident.post(address, data={"text": "長" * 4001, "once": "1"})
    assert (long.status_code, "4001" in long.text) == (422, True)
    many = {"text": "x", "once": "1", "files": [(io.BytesIO(pdf()), f"{n}.pdf") for n in range(6)]}
    assert resident.post(address, data=many).status_code == 422
    with ctx.database.reading(TOKYO) as session:
        assert session.scalars(sa.select(CaseMessage)).all() == []
    assert _stored(ctx) == before, "no stored file is left that no row names"


def test_a_line_break_is_one_character(ctx: Context, case: Application, resident: FlaskClient) -> None:
    """As the page's input counts; a browser sends two."""
    text = "あ\r\n" * (messages.LONGEST // 2)
    answer = resident.post(f"/status/{case.reference}/messages", data={"text": text})
    assert answer.status_code == 303
    with ctx.database.reading(TOKYO) as session:
        [said], _paging = messages.thread(session, ctx, case.id)
    assert said.text == text.replace("\r\n", "\n").strip()


def test_a_file_of_an_old_message_can_still_be_opened(
    ctx: Context, case: Application, resident: FlaskClient, office: FlaskClient
) -> None:
    first = {"text": QUESTION, "once": "first", "files": (io.BytesIO(pdf()), "見本.pdf")}
    resident.post(f"/status/{case.reference}/messages", data=first)
    with ctx.database.writing(TOKYO) as session:
        [file] = session.scalars(sa.select(UploadedFile.id).where(UploadedFile.attachment == "message"))
        for number in range(messages.PAGE):
            messages.by_applicant(session, ctx, case.id, Words(ANSWER, str(number)))
    assert file in resident.get(f"/status/{case.reference}/messages?page=2").text
    assert resident.get(f"/status/{case.reference}/messages/files/{file}").data == pdf()
    assert office.get(f"/desk/cases/{case.id}/messages/files/{file}").data == pdf()


def _stored(ctx: Context) -> int:
    return sum(path.is_file() for path in (ctx.settings.data_dir / "files").rglob("*"))


def test_strangers(ctx: Context, both: Flask, case: Application, office: FlaskClient) -> None:
    with ctx.database.writing(TOKYO) as session:
        messages.by_applicant(session, ctx, case.id, Words(QUESTION, "1"))
        with pytest.raises(Refused):
            messages.by_applicant(session, ctx, case.id, Words(" \n", "2"))
    stranger = both.test_client()
    assert QUESTION not in stranger.get(f"/status/{case.reference}/messages", follow_redirects=True).text
    assert (
        stranger.post(f"/status/{case.reference}/messages", data={"text": "x", "once": "3"}).status_code
        == 404
    )
    assert "/sign-in" in stranger.post(f"/desk/cases/{case.id}/messages", data={"text": "x"}).location
    other = clerk(ctx, TOKYO, "housing", ("reviewer", "housing"))
    with pytest.raises(NotFound), ctx.database.writing(TOKYO) as session:
        messages.by_clerk(session, ctx, case.id, other, Words("x", "4"))
    assert office.get(f"/desk/cases/{case.id}/messages/files/{'0' * 32}").status_code == 404
