"""Notices of procedures that may be for somebody: only with consent, one in a period, and gone when it is off."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from accounts import holdings, residents
from accounts.models import NoticeConsent, Suggestion
from core import clock
from core.context import Context
from core.database import EVERYONE
from core.outbox import OutboxMessage
from tests.factories.applications import MIHON, TOKYO, filed
from tests.factories.residents import HANAKO, TARO, mails, scope_of, sign_in
from web import jobs

ALLOWANCE, MEDICAL = "child-allowance", "child-medical-subsidy"
BORN = (clock.today("Asia/Tokyo") - timedelta(days=3 * 365)).isoformat()
FAMILY: dict[str, Any] = {
    "address": {"postcode": "1110099", "prefecture": "東京都", "city": "見本市", "street": "見本一丁目2番3"},
    "household": [{"name": {"family": "見本", "given": "一郎"}, "born": BORN, "relationship": "child"}],
}


@pytest.fixture
def client(both: Flask, ctx: Context) -> FlaskClient:
    """A signed-in resident with a small child."""
    client = sign_in(both, ctx)
    stored(ctx, FAMILY)
    return client


def stored(ctx: Context, profile: dict[str, Any]) -> None:
    with ctx.database.writing(scope_of(ctx, TARO)) as session:
        residents.change(session, ctx, lambda document: document.profile.update(profile))


def on(client: FlaskClient, **more: str) -> None:
    assert client.post("/my/notices", data={"do": "on"} | more).status_code == 303


def about(ctx: Context, to: str = TARO) -> list[str]:
    """The texts of the notices that were sent."""
    found = mails(ctx, to)
    return [str(one.get_content()) for one in found if one["Subject"] == "A procedure that may be for you"]


def rows(ctx: Context) -> tuple[int, int]:
    with ctx.database.reading(EVERYONE) as session:
        counts = [
            session.scalar(sa.select(sa.func.count()).select_from(one)) for one in (NoticeConsent, Suggestion)
        ]
    return counts[0] or 0, counts[1] or 0


def test_nothing_without_consent(client: FlaskClient, ctx: Context) -> None:
    assert "It is switched off" in client.get("/my").text
    assert jobs.suggest(ctx) == 0
    assert (about(ctx), rows(ctx)) == ([], (0, 0))


def test_one_mail_for_each_procedure_that_says_why_and_how_to_stop(client: FlaskClient, ctx: Context) -> None:
    on(client)
    assert jobs.suggest(ctx) == 2
    assert jobs.suggest(ctx) == 0
    bodies = about(ctx)
    assert len(bodies) == 2
    for name in (ALLOWANCE, MEDICAL):
        [body] = [one for one in bodies if f"/{MIHON}/{name}/" in one]
        assert "your address, the people who live with you" in body.replace("\n", " ")
        assert "/my/notices" in body
        assert "一郎" not in body
    page = client.get("/my/notices").text
    assert f"/{MIHON}/{ALLOWANCE}/" in page


def test_once_in_the_period_and_then_again(client: FlaskClient, ctx: Context) -> None:
    on(client)
    for days, expected in ((0, 2), (1, 0), (300, 0), (366, 2), (367, 0)):
        with clock.shifted(timedelta(days=days)):
            assert jobs.suggest(ctx) == expected, days
    assert rows(ctx) == (1, 2)


def test_switching_off_deletes_everything_and_stops_what_waits(client: FlaskClient, ctx: Context) -> None:
    on(client)
    assert jobs.suggest(ctx) == 2
    client.post("/my/notices", data={"do": "off"})
    assert rows(ctx) == (0, 0)
    assert about(ctx) == []
    with clock.shifted(timedelta(days=2)):
        assert jobs.suggest(ctx) == 0


def test_deleting_the_account_deletes_it(client: FlaskClient, ctx: Context) -> None:
    on(client)
    jobs.suggest(ctx)
    client.post("/my/delete", data={"sure": "yes"})
    assert rows(ctx) == (0, 0)
    assert about(ctx) == []


def test_not_to_whoever_applied_or_has_begun(client: FlaskClient, ctx: Context) -> None:
    case = filed(ctx, ALLOWANCE).application
    with ctx.database.writing(scope_of(ctx, TARO)) as session:
        holdings.add(session, holdings.CASE, MIHON, case.id)
    client.post(f"/{MIHON}/{MEDICAL}/start")
    on(client)
    assert jobs.suggest(ctx) == 0


def test_to_whoever_applied_for_something_else(client: FlaskClient, ctx: Context) -> None:
    case = filed(ctx, "tax-certificate").application
    with ctx.database.writing(scope_of(ctx, TARO)) as session:
        holdings.add(session, holdings.CASE, TOKYO, case.id)
    on(client)
    assert jobs.suggest(ctx) == 2


def test_in_the_language_that_was_chosen(client: FlaskClient, ctx: Context) -> None:
    client.set_cookie("language", "ko")
    on(client)
    jobs.suggest(ctx)
    [first, second] = [one for one in mails(ctx, TARO) if "/my/notices" in str(one.get_content())]
    assert first["Content-Language"] == second["Content-Language"] == "ko"
    client.set_cookie("language", "en")
    on(client)
    with ctx.database.reading(scope_of(ctx, TARO)) as session:
        assert [one.language for one in session.scalars(sa.select(NoticeConsent))] == ["en"]


def test_nothing_of_it_in_logs_rows_and_outbox(client: FlaskClient, ctx: Context) -> None:
    on(client)
    with capture_logs() as logs:
        jobs.suggest(ctx)
        about(ctx)
    said = repr(logs)
    with ctx.database.reading(EVERYONE) as session:
        kept = [vars(one) for one in session.scalars(sa.select(Suggestion))]
        sent = [(one.entity, one.payload) for one in session.scalars(sa.select(OutboxMessage))]
    for text in (said, repr(kept), repr(sent)):
        assert ALLOWANCE not in text
        assert MEDICAL not in text
        assert scope_of(ctx, TARO).id not in text or text == repr(kept)


def test_each_account_for_itself(both: Flask, client: FlaskClient, ctx: Context) -> None:
    other = sign_in(both, ctx, HANAKO)
    on(other)
    assert jobs.suggest(ctx) == 0, "nothing is stored there"
    on(client)
    assert jobs.suggest(ctx) == 2
    assert about(ctx, HANAKO) == []
    assert f"/{MIHON}/{ALLOWANCE}/" not in other.get("/my/notices").text


def test_a_profile_that_changed_counts(client: FlaskClient, ctx: Context) -> None:
    stored(ctx, {"address": FAMILY["address"] | {"city": "別の市"}})
    on(client)
    assert jobs.suggest(ctx) == 0
    stored(ctx, FAMILY)
    with clock.shifted(timedelta(days=1, hours=1)):
        assert jobs.suggest(ctx) == 2
