"""How long decisions took, measured from real cases of both engines, and what the pages say of it."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from applications.models import Application, Correction
from core import clock
from core.context import Context
from core.database import EVERYONE
from tests.factories.applications import MIHON, TAX, TOKYO, filed, publish
from web import jobs
from workflows import pace, status
from workflows.models import Pace


def decided(ctx: Context, like: Application, days: int, waited: int = 0, outcome: str = "approved") -> None:
    """A case like `like`, decided just now after `days`, of which the office waited `waited` for a correction."""
    now, id = clock.now(), uuid4().hex
    row = {column.key: getattr(like, column.key) for column in sa.inspect(Application).column_attrs}
    row |= {"id": id, "reference": id[:20], "outcome": outcome, "decided_at": now, "case_key": b""}
    row |= {"filed_at": now - timedelta(days=days), "state": outcome}
    with ctx.database.writing(TOKYO) as session:
        session.add(Application(**row))
        session.flush()
        if waited:
            asked = now - timedelta(days=days)
            session.add(_correction(id, asked, asked + timedelta(days=waited)))


def _correction(application_id: str, asked: datetime, answered: datetime | None) -> Correction:
    return Correction(
        id=uuid4().hex, application_id=application_id, requested_by="clerk:x", requested_at=asked, document=b"",
        return_to="received", answered_at=answered, before_version=1,
    )  # fmt: skip


@pytest.fixture
def case(ctx: Context) -> Application:
    publish(ctx)
    return filed(ctx, TAX, language="en").application


def measured(ctx: Context) -> Pace | None:
    jobs.measure(ctx)
    with ctx.database.reading(TOKYO) as session:
        return pace.of(session, TAX)


def test_half_and_nine_of_ten(ctx: Context, case: Application) -> None:
    for days in range(1, 20):
        decided(ctx, case, days)
    assert measured(ctx) is None, "19 are not enough"
    decided(ctx, case, 40, waited=20)
    decided(ctx, case, 1, outcome="withdrawn")
    assert measured(ctx) is None, "measured once a day only"
    with clock.shifted(timedelta(days=1, seconds=1)):
        decided(ctx, case, 1, outcome="lapsed")
        found = measured(ctx)
        assert found is not None
        assert (found.cases, found.half, found.most) == (20, 10, 18)
        with ctx.database.reading(EVERYONE) as session:
            assert pace.stale(session) == []
        with ctx.database.reading(MIHON) as session:
            assert pace.of(session, TAX) is None, "each organisation has its own"
    with clock.shifted(timedelta(days=400)), ctx.database.reading(TOKYO) as session:
        assert pace.of(session, TAX) is None, "what is a year old says nothing any more"


def test_the_expected_day_moves_with_the_time_that_passes(ctx: Context, case: Application) -> None:
    for days in range(1, 21):
        decided(ctx, case, days)
    measured(ctx)
    start = case.filed_at

    def expected(after: int) -> tuple[int | None, int | None]:
        with clock.at(start + timedelta(days=after)), ctx.database.reading(TOKYO) as session:
            found = pace.expected(session, case, "UTC")
        assert found
        half, most = ((day - start.date()).days if day else None for day in (found.probably, found.likely))
        return half, most

    assert expected(0) == (10, 18)
    assert expected(11) == (None, 18)
    assert expected(19) == (None, None)
    with ctx.database.writing(TOKYO) as session:
        session.add(_correction(case.id, start, start + timedelta(days=3)))
    assert expected(0) == (13, 21), "the office does not count the days on which it waited"


def test_who_has_to_act_is_told_no_day(ctx: Context, case: Application) -> None:
    for _ in range(pace.ENOUGH):
        decided(ctx, case, 3)
    measured(ctx)
    with ctx.database.reading(TOKYO) as session:
        assert status.of(session, ctx, case.id).payment.due
        assert status.of(session, ctx, case.id).expected is None


def test_the_page_of_a_procedure_says_it(catalogue: Context, client: FlaskClient) -> None:
    case = filed(catalogue, TAX, language="en").application
    page = f"/{TOKYO}/{TAX}/?lang=en"
    assert "Nine of ten" not in client.get(page).text
    for days in range(1, 21):
        decided(catalogue, case, days)
    measured(catalogue)
    text = client.get(page, follow_redirects=True).text
    assert "Half of the last 20 applications were decided within 10 days." in text
    assert "Nine of ten were decided within 18 days." in text
    assert "Days on which we wait for your correction do not count." in text
