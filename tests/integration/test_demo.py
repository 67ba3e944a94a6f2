"""The demonstration's invented cases: told through the real services, once, in the order of time."""

from collections import Counter

import pytest
import sqlalchemy as sa

from applications.models import Application
from core import audit
from core.audit import AuditRow
from core.context import Context
from core.database import EVERYONE
from core.errors import Refused
from core.outbox import OutboxMessage
from documents.models import Issued
from lotteries.models import Draw
from procedures import versions
from satisfaction.models import Rating
from tests.factories.applications import CATALOGUE, MIHON, TOKYO
from web.samples.load import load
from workflows.models import Pace


@pytest.fixture
def loaded(embedded_ctx: Context) -> Context:
    """A data folder with some cases."""
    versions.publish_catalogue(embedded_ctx.database, CATALOGUE)
    done = load(embedded_ctx, 60, lambda _line: None, documents=1)
    assert done
    assert done.cases >= 55
    return embedded_ctx


def test_it_fills_every_page_and_happens_once(loaded: Context) -> None:
    with loaded.database.reading(EVERYONE) as session:
        cases = list(session.scalars(sa.select(Application)))
        assert {one.organisation_id for one in cases} == {TOKYO, MIHON}
        assert {one.outcome for one in cases} >= {None, "approved"}
        assert len({(one.procedure_id, one.state) for one in cases}) >= 8
        draws = Counter(session.scalars(sa.select(Draw.state)))
        assert draws["published"] == draws["frozen"] == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(Rating))
        assert session.scalar(sa.select(sa.func.count()).select_from(Issued)) == 1
        assert session.scalar(sa.select(sa.func.sum(Pace.cases))), "how long decisions take is said at once"
        left = session.scalars(sa.select(OutboxMessage.effect).where(OutboxMessage.done_at.is_(None)))
        assert set(left) <= {"issue_document", "issue_receipt"}, "documents are left to the worker"
        for organisation in (TOKYO, MIHON):
            assert list(audit.verify(session, organisation)) == []
            told = sa.select(AuditRow.at).where(
                AuditRow.organisation_id == organisation, AuditRow.action.startswith("application.")
            )
            moments = list(session.scalars(told.order_by(AuditRow.sequence)))
            assert moments == sorted(moments)
    assert load(loaded, 60, lambda _line: None) is None
    with loaded.database.reading(EVERYONE) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Application)) == len(cases)


def test_it_is_refused_in_production(embedded_ctx: Context) -> None:
    settings = embedded_ctx.settings.model_copy(update={"environment": "production"})
    with pytest.raises(Refused):
        load(Context(settings), 60, lambda _line: None)
