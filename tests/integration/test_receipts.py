"""Receipts: one for each payment, sealed, mailed, to be checked by anybody, and without effect on the documents."""

import email
import email.policy
import json
from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask

from applications import contents, queries
from applications.models import Application
from core import clock
from core.context import Context
from core.database import EVERYONE
from core.outbox import OutboxMessage
from documents.models import RECEIPT, Issued
from payments import checkout as checkouts
from payments import ledger
from payments.models import Entry
from payments.provider import PaymentEvent
from tests.factories.applications import TAX, TOKYO, filed
from tests.integration.test_cases import pay
from web import jobs
from web.settling import settle
from workflows import cases, status, verification


@pytest.fixture
def case(both: Flask, ctx: Context) -> Application:
    return filed(ctx, TAX, language="en").application


def issued(ctx: Context) -> list[Issued]:
    with ctx.database.reading(TOKYO) as session:
        rows = session.scalars(sa.select(Issued).where(Issued.document_id == RECEIPT))
        return sorted(rows, key=lambda row: row.occasion)


def content(ctx: Context, row: Issued) -> bytes:
    with ctx.database.reading(TOKYO) as session:
        key = queries.get(session, row.application_id).case_key
    with contents.opened(ctx, key, row) as file:
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
    assert f"/status/{case.reference}/papers/{row.id}" in page
    assert browser.get(f"/status/{case.reference}/papers/{row.id}").data == pdf
    assert both.test_client().get(f"/status/{case.reference}/papers/{row.id}").status_code == 404


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


def back(ctx: Context, case: Application, amount: int, name: str, **more: object) -> None:
    """Money is paid back, as a provider reports it."""
    with ctx.database.writing(TOKYO) as session:
        entry = Entry(
            application_id=case.id, kind="refunded", amount=amount, provider="demo", event_id=name, purpose="fee",
            occurred_at=clock.now(), **more,
        )  # fmt: skip
        ledger.record(session, entry)
        for _ in range(2):  # the provider tells it twice
            cases.refunded(session, ctx, case.id)
    jobs.drain(ctx)


def sent(ctx: Context, subject: str) -> list[EmailMessage]:
    found = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
             for path in (ctx.settings.data_dir / "mail").glob("*.eml")]  # fmt: skip
    return [one for one in found if isinstance(one, EmailMessage) and one["Subject"].startswith(subject)]


def test_a_refund_withdraws_the_receipt(ctx: Context, both: Flask, case: Application) -> None:
    with ctx.database.writing(TOKYO) as session:
        pay(session, ctx, case.id)
    jobs.drain(ctx)
    [row] = issued(ctx)
    pdf = content(ctx, row)
    back(ctx, case, 800, "refund")
    [row] = issued(ctx)
    assert row.withdrawn_at
    with ctx.database.reading(EVERYONE) as session:
        assert verification.verify_pdf(session, ctx, pdf).status == "withdrawn"
        said = verification.by_code(session, ctx, row.code)
    assert "paid back" in said.advice.msgid
    page = both.test_client().get(f"/verify?code={row.code}&lang=en", follow_redirects=True).text
    assert "This receipt no longer counts" in page
    [mail] = sent(ctx, "We paid money back to you")
    assert "¥800" in mail.get_content()
    client = both.test_client()
    with client.session_transaction() as kept:
        kept["cases"] = [case.id]
    shown = client.get(f"/status/{case.reference}?lang=en", follow_redirects=True).text
    assert "Money was paid back to you" in shown
    assert row.id not in shown
    assert client.get(f"/status/{case.reference}/papers/{row.id}").status_code == 404


def test_a_part_paid_back_makes_another_receipt(ctx: Context, both: Flask, case: Application) -> None:
    with ctx.database.writing(TOKYO) as session:
        pay(session, ctx, case.id)
    jobs.drain(ctx)
    for number, kept in ((1, 500), (2, 200)):
        back(ctx, case, 300, f"part-{number}")
        rows = issued(ctx)
        assert [(row.occasion, row.withdrawn_at is None) for row in rows] == [
            (name, name == f"payment-1-{number}")
            for name in ("payment-1", "payment-1-1", "payment-1-2")[: number + 1]
        ]
        with pikepdf.open(BytesIO(content(ctx, rows[-1]))) as document:
            said = json.loads(document.attachments["data.json"].get_file().read_bytes())
        assert (said["amount"], said["refunded"]) == (kept, 800 - kept)
        assert said["number"] == f"{case.reference}-1-{number}"
    assert len(sent(ctx, "Your corrected receipt")) == 2
    assert sent(ctx, "We paid money back to you") == []
    back(ctx, case, 200, "rest")
    assert all(row.withdrawn_at for row in issued(ctx))
    assert len(sent(ctx, "We paid money back to you")) == 1


def test_only_the_receipt_of_the_payment_that_was_paid_back(
    ctx: Context, both: Flask, case: Application
) -> None:
    with ctx.database.writing(TOKYO) as session:
        pay(session, ctx, case.id)
        again = Entry(
            application_id=case.id, kind="paid", amount=800, provider="demo", event_id="two", purpose="fee",
            payment="pi_two", occurred_at=clock.now(),
        )  # fmt: skip
        ledger.record(session, again)
        cases.paid(session, ctx, case.id)
    jobs.drain(ctx)
    first, second = issued(ctx)
    client = both.test_client()
    with client.session_transaction() as kept:
        kept["cases"] = [case.id]
    page = client.get(f"/status/{case.reference}").text
    assert first.id in page
    assert second.id in page, "each receipt has its link"
    assert client.get(f"/status/{case.reference}/papers/{first.id}").data == content(ctx, first)
    back(ctx, case, 800, "refund", payment="pi_two")
    assert [bool(row.withdrawn_at) for row in issued(ctx)] == [False, True]


def test_a_reported_refund_reaches_the_case(ctx: Context, both: Flask, case: Application) -> None:
    with ctx.database.writing(TOKYO) as session:
        checkout = checkouts.reserve(session, case.id, "demo", "en").id
    for kind, name in (("paid", "a"), ("refunded", "b"), ("refunded", "b")):
        event = PaymentEvent(name, kind, name, clock.now(), checkout)  # type: ignore[arg-type]
        settle(ctx, "demo", event)
        jobs.drain(ctx)
    [row] = issued(ctx)
    assert row.withdrawn_at
    assert len(sent(ctx, "We paid money back to you")) == 1
