"""Cases that pass through more than one desk: an inspector's result reaches the applicant, drafts do not."""

from datetime import timedelta

import pytest

from accounts.models import Clerk
from core import clock
from core.context import Context
from core.mail import Mail
from tests.factories.applications import MIHON, RECORDS, RESTAURANT, clerk, filed, publish, waiting
from tests.integration.test_cases import pay, take
from workflows import letters, status
from workflows.engine import NotAllowed

IMPROVE = "手洗いの水栓を自動のものに替えてください（見本）。"


@pytest.fixture(autouse=True)
def _catalogue(ctx: Context) -> None:
    publish(ctx)


@pytest.fixture
def office(ctx: Context) -> Clerk:
    return clerk(ctx, MIHON, "office", ("reviewer", "food_safety"))


@pytest.fixture
def inspector(ctx: Context) -> Clerk:
    return clerk(ctx, MIHON, "inspector", ("reviewer", "food_inspection"))


@pytest.fixture
def case(ctx: Context, office: Clerk) -> str:
    """A café that is to be inspected."""
    day = clock.today("Asia/Tokyo") + timedelta(days=20)
    id = filed(ctx, RESTAURANT, ready_on=day.isoformat(), opens_on=day.isoformat()).application.id
    with ctx.database.writing(MIHON) as session:
        pay(session, ctx, id)
    take(ctx, office, id, "take")
    take(ctx, office, id, "send_to_inspection")
    return id


def told(ctx: Context, id: str) -> list[str | None]:
    """What the status page quotes, the newest first."""
    with ctx.database.reading(MIHON) as session:
        return [moment.text for moment in status.of(session, ctx, id).moments]


def mailed(ctx: Context, notice: str) -> Mail:
    """The newest mail of this kind."""
    with ctx.database.reading(MIHON) as session:
        payload = [mail for mail in waiting(session, "mail") if mail["notice"] == notice][-1]
        mail = letters.compose(session, ctx, payload, "key")
    assert mail is not None
    return mail


def test_only_the_inspectors_settle_an_inspection(
    ctx: Context, case: str, office: Clerk, inspector: Clerk
) -> None:
    with pytest.raises(NotAllowed):
        take(ctx, office, case, "passed", comment="合格（見本）")
    take(ctx, inspector, case, "passed", comment="合格（見本）")
    assert set(told(ctx, case)) == {None}
    take(ctx, office, case, "draft_approval")


def test_what_must_be_improved_is_mailed_and_shown(ctx: Context, case: str, inspector: Clerk) -> None:
    with pytest.raises(NotAllowed, match="reason"):
        take(ctx, inspector, case, "not_passed")
    take(ctx, inspector, case, "not_passed", reason=IMPROVE)
    assert told(ctx, case)[0] == IMPROVE
    mail = mailed(ctx, "news")
    assert IMPROVE in mail.body
    assert "施設の改善待ち" in mail.body
    take(ctx, inspector, case, "inspect_again")
    assert [text for text in told(ctx, case) if text] == [IMPROVE]


def test_a_drafted_refusal_stays_inside_until_it_is_decided(
    ctx: Context, case: str, office: Clerk, inspector: Clerk
) -> None:
    take(ctx, inspector, case, "passed", comment="合格（見本）")
    take(ctx, office, case, "draft_refusal", reason="別の理由（見本）")
    assert set(told(ctx, case)) == {None}
    chief = clerk(ctx, MIHON, "chief", ("chief", "food_safety"))
    take(ctx, chief, case, "refuse")
    assert told(ctx, case)[0] == "別の理由（見本）"


def test_an_answer_in_words_promises_no_document(ctx: Context) -> None:
    records = clerk(ctx, MIHON, "records", ("reviewer", "building_records"))
    copied, searched = (filed(ctx, RECORDS, example).application.id for example in (0, 2))
    with ctx.database.reading(MIHON) as session:
        assert not status.of(session, ctx, searched).issuing
    take(ctx, records, searched, "answer", reason="昭和55年第12号です（見本）。")
    take(ctx, records, copied, "prepare_copy")
    with ctx.database.writing(MIHON) as session:
        pay(session, ctx, copied)
    with ctx.database.reading(MIHON) as session:
        assert not status.of(session, ctx, searched).issuing
        assert status.of(session, ctx, copied).issuing
    assert told(ctx, searched)[0] == "昭和55年第12号です（見本）。"
    assert "昭和55年第12号" in mailed(ctx, "news").body
