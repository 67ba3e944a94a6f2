"""Receipts: one for each payment, sealed, mailed, to be checked by anybody, and without effect on the documents."""

import email
import email.policy
import json
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask

from applications.models import Application
from core import clock
from core.context import Context
from core.database import EVERYONE
from core.outbox import OutboxMessage
from documents.models import RECEIPT, Issued
from payments import ledger
from payments.models import Entry
from tests.factories.applications import TAX, TOKYO, filed
from tests.integration.test_cases import pay
from web import jobs
from workflows import cases, status, verification


@pytest.fixture
def case(both: Flask, ctx: Context) -> Application:
    return filed(ctx, TAX, language="en").application


def issued(ctx: Context) -> list[Issued]:
    with ctx.database.reading(TOKYO) as session:
        rows = session.scalars(sa.select(Issued).where(Issued.document_id == RECEIPT))
        return sorted(rows, key=lambda row: row.occasion)


def content(ctx: Context, row: Issued) -> bytes:
    with ctx.files.open(row.storage_key) as file:
        return file.read()


def test_one_payment_one_receipt(ctx: Context, both: Flask, case: Application) -> None:
    with ctx.database.writing(TOKYO) as session:
        pay(session, ctx, case.id)
        cases.paid(session, ctx, case.id)  # the provider tells it twice
    jobs.drain(ctx)
    [row] = issued(ctx)
    assert row.occasion == "payment-1"
    pdf = content(ctx, row)
    with ctx.database.reading(EVERYONE) as session:
        verdict = verification.verify_pdf(session, ctx, pdf)
        assert verdict.status == "genuine"
        assert verdict.record
        assert str(verdict.record.title) == "Receipt"
        assert verification.verify_pdf(session, ctx, pdf.replace(b"/Title", b"/Titel", 1)).status == "altered"
    with pikepdf.open(BytesIO(pdf)) as document:
        attached = document.attachments["data.json"].get_file().read_bytes()
    said = json.loads(attached)
    assert (said["amount"], said["currency"], said["number"]) == (800, "JPY", f"{case.reference}-1")
    assert said["payer"], "the payer's name stands on it"
    assert said["paid_on"] == clock.today("Asia/Tokyo").isoformat()

    mails = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
             for path in (ctx.settings.data_dir / "mail").glob("*.eml")]  # fmt: skip
    [mail] = [one for one in mails if one["Subject"].startswith("Your receipt")]
    [attachment] = mail.iter_attachments()
    assert attachment.get_filename() == f"{case.reference}-receipt.pdf"
    assert attachment.get_content() == pdf

    browser = both.test_client()
    with browser.session_transaction() as kept:
        kept["cases"] = [case.id]
    page = browser.get(f"/status/{case.reference}?lang=en", follow_redirects=True).text
    assert "Receipts" in page
    assert "Your document is being prepared" not in page
    assert browser.get(f"/status/{case.reference}/documents/{RECEIPT}").data == pdf
    assert both.test_client().get(f"/status/{case.reference}/documents/{RECEIPT}").status_code == 404


def test_performed_twice_it_is_there_once(ctx: Context, case: Application) -> None:
    with ctx.database.writing(TOKYO) as session:
        pay(session, ctx, case.id)
    jobs.drain(ctx)
    with ctx.database.writing(EVERYONE) as session:
        session.execute(
            sa.update(OutboxMessage)
            .where(OutboxMessage.effect == "issue_receipt")
            .values(done_at=None, available_at=clock.now() - timedelta(minutes=1))
        )
    assert jobs.drain(ctx) == 1
    assert len(issued(ctx)) == 1


def test_each_payment_has_its_own(ctx: Context, case: Application) -> None:
    """A bank took the money back, and it was paid once more."""
    with ctx.database.writing(TOKYO) as session:
        pay(session, ctx, case.id)
    jobs.drain(ctx)
    first = issued(ctx)
    with ctx.database.writing(TOKYO) as session:
        again = Entry(
            application_id=case.id, kind="paid", amount=800, provider="demo", event_id="two", purpose="fee",
            occurred_at=clock.now(),
        )  # fmt: skip
        ledger.record(session, again)
        cases.paid(session, ctx, case.id)
    jobs.drain(ctx)
    rows = issued(ctx)
    assert [row.occasion for row in rows] == ["payment-1", "payment-2"]
    assert rows[0].sha256 == first[0].sha256, "what was issued stays as it is"


def test_what_is_free_has_no_receipt(ctx: Context, case: Application) -> None:
    with ctx.database.writing(TOKYO) as session:
        ledger.waive(session, case.id, 800, "clerk:x")
        cases.paid(session, ctx, case.id)
    jobs.drain(ctx)
    assert issued(ctx) == []
    with ctx.database.reading(TOKYO) as session:
        assert status.of(session, ctx, case.id).receipts == ()
