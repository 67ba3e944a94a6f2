"""Reminders: of a fee before its deadline, of a document before it expires, each once, and only while called for."""

import email
import email.policy
from datetime import timedelta

import pytest
import sqlalchemy as sa

from applications.models import Application
from core import clock
from core.context import Context
from core.database import EVERYONE
from core.outbox import OutboxMessage
from documents.models import Issued
from payments import ledger
from tests.factories.applications import TAX, TOKYO, filed, publish
from tests.integration.test_cases import pay
from web import jobs
from workflows import reminders


@pytest.fixture
def case(ctx: Context) -> Application:
    publish(ctx)
    return filed(ctx, TAX, language="en").application


def mails(ctx: Context, subject: str) -> list[str]:
    jobs.drain(ctx)
    found = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in (ctx.settings.data_dir / "mail").glob("*.eml")
    ]
    return [one.get_body().get_content() for one in found if one["Subject"].startswith(subject)]  # type: ignore[union-attr]


def test_a_fee_is_remembered_once_before_its_deadline(ctx: Context, case: Application) -> None:
    assert case.due_at
    assert jobs.remind(ctx) == 0, "there is time"
    with clock.at(case.due_at - timedelta(days=2)):
        assert jobs.remind(ctx) == 1
        assert jobs.remind(ctx) == 0
        [body] = mails(ctx, "Please remember the fee")
    assert "¥800" in body
    assert f"/pay/{case.reference}" in body


def test_nobody_is_reminded_of_what_is_paid(ctx: Context, case: Application) -> None:
    assert case.due_at
    with clock.at(case.due_at - timedelta(days=2)):
        with ctx.database.reading(EVERYONE) as session:
            [due] = reminders.due(session)
        with ctx.database.writing(TOKYO) as session:
            pay(session, ctx, case.id)
            assert not reminders.send(session, ctx, due), "it was paid since it was looked for"
        assert jobs.remind(ctx) == 0


def test_paid_while_the_mail_waits(ctx: Context, case: Application) -> None:
    assert case.due_at
    with clock.at(case.due_at - timedelta(days=2)):
        assert jobs.remind(ctx) == 1
        with ctx.database.writing(TOKYO) as session:
            pay(session, ctx, case.id)
            assert not ledger.status(session, case.id).due
        assert mails(ctx, "Please remember the fee") == []


@pytest.mark.parametrize(
    ("valid", "left", "withdrawn", "expected"),
    [(365, 29, False, 1), (365, 31, False, 0), (90, 20, False, 0), (365, 29, True, 0), (365, -1, False, 0)],
)
def test_a_document_that_expires(
    ctx: Context, case: Application, valid: int, left: int, withdrawn: bool, expected: int
) -> None:
    until = clock.now().date() + timedelta(days=left)
    issued_at = clock.now() + timedelta(days=left - valid)
    row = Issued(
        id="a" * 32, application_id=case.id, document_id="certificate", occasion="x", code="ABCD", storage_key="x",
        sha256="x", size=1, language="en", issued_at=issued_at, valid_until=until,
        withdrawn_at=clock.now() if withdrawn else None,
    )  # fmt: skip
    with ctx.database.writing(TOKYO) as session:
        session.add(row)
    assert jobs.remind(ctx) == expected
    assert jobs.remind(ctx) == 0
    found = mails(ctx, "Your document expires soon")
    assert len(found) == expected
    if found:
        assert f"/{TOKYO}/{TAX}/" in found[0]
    with ctx.database.reading(TOKYO) as session:
        told = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.entity.like("%expiry%"))).all()
        assert [set(one.payload) for one in told] == [{"notice", "application", "document"}] * expected
