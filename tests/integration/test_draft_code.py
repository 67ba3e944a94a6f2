"""Codes that open a draft elsewhere: how many are mailed, whoever asks."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from applications import drafts
from core import clock
from core.context import Context
from core.outbox import OutboxMessage
from tests.factories.browsers import Browser


@pytest.fixture
def draft(both: Flask, ctx: Context) -> Browser:
    return Browser(both, ctx)


def codes_out(draft: Browser) -> list[str]:
    """Salts of the codes that were mailed, oldest first."""
    with draft.ctx.database.reading(draft.organisation) as session:
        rows = session.scalars(sa.select(OutboxMessage.payload).order_by(OutboxMessage.created_at))
        return [row["salt"] for row in rows if row.get("notice") == "draft_code"]


def ask(client: FlaskClient, draft: Browser, way: str = "") -> tuple[int, str]:
    answer = client.post(f"/resume/{draft.id}{way}", data={"do": "code", "page": "contact"})
    return answer.status_code, answer.location or answer.text.partition('name="csrf_token"')[0]


@pytest.mark.parametrize("way", ["", "/return"])
def test_ten_an_hour_whoever_asks(both: Flask, draft: Browser, way: str) -> None:
    answers = {ask(both.test_client(), draft, way) for _ in range(11)}
    assert len(codes_out(draft)) == 10
    assert len(answers) == 1, "nobody sees which of them brought a mail"
    with clock.shifted(timedelta(hours=1)):
        ask(both.test_client(), draft, way)
    assert len(codes_out(draft)) == 11


def test_one_a_minute_while_it_can_be_typed(both: Flask, draft: Browser) -> None:
    client = both.test_client()
    assert ask(client, draft) == ask(client, draft)
    assert len(codes_out(draft)) == 1
    code = drafts.mailed_code(draft.ctx, draft.id, codes_out(draft)[0])
    assert client.post(f"/resume/{draft.id}/code", data={"code": code}).status_code == 303, "the first counts"
    assert ask(client, draft)[0] == 303
    assert len(codes_out(draft)) == 2, "the first was used"
    with clock.shifted(timedelta(minutes=1)):
        ask(client, draft)
    assert len(codes_out(draft)) == 3


def test_nobody_waits_beside_a_code_of_another_browser(both: Flask, draft: Browser) -> None:
    ask(both.test_client(), draft)
    client = both.test_client()
    ask(client, draft)
    code = drafts.mailed_code(draft.ctx, draft.id, codes_out(draft)[1])
    assert client.post(f"/resume/{draft.id}/code", data={"code": code}).status_code == 303
