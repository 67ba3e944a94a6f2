"""The outbox at work: on the spot, through RQ, twice, and when something fails."""

import email
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
import redis
import sqlalchemy as sa
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from applications import queries
from core import clock, outbox
from core.context import Context
from core.outbox import OutboxMessage
from core.settings import Settings
from documents.models import Issued
from tests.factories.applications import HOUSING, MIHON, SIGNS, TAX, TOKYO, clerk, filed, publish
from tests.integration.test_cases import pay, take
from web import jobs


@pytest.fixture(autouse=True)
def _catalogue(ctx: Context) -> None:
    publish(ctx)


def mails(ctx: Context) -> list[EmailMessage]:
    """What was sent, oldest first."""
    folder = ctx.settings.data_dir / "mail"
    read = [
        email.message_from_bytes(path.read_bytes(), policy=default) for path in sorted(folder.glob("*.eml"))
    ]
    return [mail for mail in read if isinstance(mail, EmailMessage)]


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def open_rows(ctx: Context) -> list[OutboxMessage]:
    with ctx.database.reading(TOKYO) as session:
        return list(session.scalars(sa.select(OutboxMessage).where(OutboxMessage.done_at.is_(None))))


def test_filing_is_answered_by_mail_in_the_applicants_language(ctx: Context) -> None:
    done = filed(ctx, TAX, language="en")
    jobs.drain(ctx)
    sent = mails(ctx)
    assert len(sent) == 2, "filed and payment_due; the code for signing came too late"
    assert all(mail["To"] == "taro@example.invalid" for mail in sent)
    received = next(mail for mail in sent if "received" in mail["Subject"].lower())
    text = body(received)
    assert done.application.reference in text
    assert f"https://madoguchi.example.invalid/status/{done.application.reference}" in text
    assert str(done.secret) not in text
    assert "Tokyo Metropolitan Government" in text
    assert "見本 太郎" not in text
    assert open_rows(ctx) == []


def test_a_certificate_is_sealed_kept_and_mailed_once(ctx: Context) -> None:

    id = filed(ctx, TAX, 2).application.id
    reviewer = clerk(ctx, TOKYO, "reviewer", ("reviewer", "tax"))
    take(ctx, reviewer, id, "approve")
    jobs.drain(ctx)
    with ctx.database.writing(TOKYO) as session:
        [issued] = session.scalars(sa.select(Issued))
        [row] = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.effect == "issue_document"))
        row.done_at, row.available_at = None, clock.now() - timedelta(minutes=1)
    jobs.drain(ctx)
    with ctx.database.reading(TOKYO) as session:
        assert [one.id for one in session.scalars(sa.select(Issued))] == [issued.id]
        kinds = [event.kind for event in queries.events(session, queries.get(session, id))]
        assert kinds.count("issued") == 1
    with_pdf = [mail for mail in mails(ctx) if list(mail.iter_attachments())]
    assert len(with_pdf) == 1
    [attached] = with_pdf[0].iter_attachments()
    content: Any = attached.get_content()
    assert content.startswith(b"%PDF")
    assert issued.size == len(content)
    assert ctx.settings.base_url in body(with_pdf[0])


def test_a_failure_is_tried_again_later_and_only_its_type_is_kept(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:

    filed(ctx, HOUSING)

    def fail(_mail: object) -> None:
        raise ConnectionRefusedError("hanako@example.invalid")

    monkeypatch.setattr(ctx.mailer, "send", fail)
    jobs.drain(ctx)
    rows = open_rows(ctx)
    assert {row.error for row in rows} == {"ConnectionRefusedError"}
    assert all(row.available_at > clock.now() for row in rows)
    monkeypatch.undo()
    assert jobs.drain(ctx) == 0
    with clock.shifted(timedelta(seconds=11)):
        assert jobs.drain(ctx) == len(rows)
    assert len(mails(ctx)) == 2


def test_two_workers_perform_an_effect_once(ctx: Context) -> None:
    filed(ctx, TAX)
    with ctx.database.reading(TOKYO) as session:
        id = outbox.due(session)[0]
    with ctx.database.writing(TOKYO) as session:
        assert outbox.claim(session, id)
    assert not jobs.perform(ctx, id), "somebody else holds it"


def test_deadlines_take_effect_in_the_sweep(ctx: Context) -> None:
    id = filed(ctx, TAX).application.id
    with clock.shifted(timedelta(days=17)):
        jobs.sweep(ctx)
        with ctx.database.reading(TOKYO) as session:
            assert queries.get(session, id).outcome == "lapsed"


def test_paid_and_approved_permit_tells_the_applicant_each_step(ctx: Context) -> None:

    id = filed(ctx, SIGNS).application.id
    one = clerk(ctx, MIHON, "one", ("reviewer", "*"))
    two = clerk(ctx, MIHON, "two", ("chief", "*"))
    take(ctx, one, id, "take")
    take(ctx, one, id, "draft_approval")
    take(ctx, two, id, "approve")
    with ctx.database.writing(MIHON) as session:
        pay(session, ctx, id)
        session.execute(sa.delete(OutboxMessage).where(OutboxMessage.effect == "issue_document"))
    jobs.drain(ctx)
    subjects = [mail["Subject"] for mail in mails(ctx)]
    assert len(subjects) == 4, (
        "filed, payment_received, receipt, approved; nobody is asked for what was paid in between"
    )
    assert not any("お支払いのお願い" in subject for subject in subjects)


class TestWithRedis:
    """The bell and the queue."""

    @pytest.fixture
    def ringing(self, ctx: Context, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Context:
        context = Context(ctx.settings.model_copy(update={"redis_url": redis_url}))
        monkeypatch.setattr(jobs, "_own_context", lambda: context)
        return context

    def _work(self, url: str | None) -> None:
        connection = redis.Redis.from_url(url or "")
        SimpleWorker(jobs.QUEUES, connection=connection, serializer=JSONSerializer).work(burst=True)

    def test_a_request_rings_and_the_worker_performs(self, ringing: Context) -> None:
        filed(ringing, TAX)
        for _ in range(3):
            jobs.notify(ringing)
        connection = redis.Redis.from_url(ringing.settings.redis_url or "")
        assert Queue(jobs.URGENT, connection=connection, serializer=JSONSerializer).count == 1, "rung once"
        self._work(ringing.settings.redis_url)
        assert open_rows(ringing) == []
        assert len(mails(ringing)) == 2

    def test_a_code_does_not_wait_behind_documents(self, ringing: Context) -> None:
        with ringing.database.writing(TOKYO) as session:
            for number in range(150):
                outbox.enqueue(session, "issue_document", f"application:{number}", {})
        filed(ringing, TAX)
        jobs.sweep(ringing)
        connection = redis.Redis.from_url(ringing.settings.redis_url or "")
        waiting = Queue(jobs.URGENT, connection=connection, serializer=JSONSerializer)
        assert waiting.count == 3, "signing code, filed, payment due"

    def test_a_flushed_redis_loses_nothing(self, ringing: Context) -> None:
        filed(ringing, TAX)
        jobs.notify(ringing)
        jobs.sweep(ringing)
        redis.Redis.from_url(ringing.settings.redis_url or "").flushall()
        handed = jobs.sweep(ringing)
        assert handed
        assert jobs.sweep(ringing) == 0, "what waits in the queue is not handed out again"
        self._work(ringing.settings.redis_url)
        assert open_rows(ringing) == []

    def test_a_redis_that_is_gone_fails_no_request(self, ctx: Context) -> None:
        nowhere = Settings(**{**ctx.settings.model_dump(), "redis_url": "redis://127.0.0.1:9"})
        jobs.notify(Context(nowhere))
