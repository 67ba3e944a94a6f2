"""Ratings: one per case and moment, comments encrypted, summaries exact."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core import audit
from core.context import Context
from core.database import EVERYONE
from core.secrets import Undecipherable
from satisfaction import ratings, score
from satisfaction.models import Rating
from satisfaction.ratings import Feedback
from tests.factories.payments import add_case

COMMENT = "見本 太郎です。漢字が難しかった。"


def rate_all(
    ctx: Context, organisation: str, procedure: str, scores: Sequence[int], moment: str = "submission"
) -> None:
    with ctx.database.writing(organisation) as session:
        for each in scores:
            application = add_case(session, ctx, procedure)
            assert ratings.rate(session, ctx, application, moment, Feedback(each), "ja")


def test_rating_once(ctx: Context, organisation: str) -> None:
    first, second = Feedback(2, ["slow", "hard_words"], COMMENT), Feedback(5)
    with ctx.database.writing(organisation) as session:
        application = add_case(session, ctx)
        assert ratings.rate(session, ctx, application, "submission", first, "ja-simple")
        assert not ratings.rate(session, ctx, application, "submission", second, "en")
        assert ratings.rate(session, ctx, application, "decision", second, "en")
    with ctx.database.reading(organisation) as session:
        kept = ratings.given(session, application.id, "submission")
        assert kept is not None
        assert (kept.score, kept.reasons, kept.language) == (2, ["hard_words", "slow"], "ja-simple")
        assert ratings.comment_of(ctx, application, kept) == COMMENT
        assert session.scalar(sa.select(sa.func.count(Rating.id))) == 2
        assert audit.length(session, organisation) == 2


def test_comments_are_not_readable_in_the_database_nor_elsewhere(ctx: Context, organisation: str) -> None:
    with ctx.database.writing(organisation) as session:
        application, other = add_case(session, ctx), add_case(session, ctx)
        ratings.rate(session, ctx, application, "submission", Feedback(3, (), COMMENT), "ja")
        kept = ratings.given(session, application.id, "submission")
        assert kept is not None
        assert kept.comment is not None
        assert "見本".encode() not in kept.comment
        with pytest.raises(Undecipherable):
            ratings.comment_of(ctx, other, kept)


@pytest.mark.parametrize("feedback", [Feedback(0), Feedback(6), Feedback(3, ["bribed"])])
def test_unknown_answers_are_refused(embedded_ctx: Context, feedback: Feedback) -> None:
    with embedded_ctx.database.reading("mihon-to") as session, pytest.raises(ValueError, match="unknown"):
        ratings.rate(session, embedded_ctx, None, "submission", feedback, "ja")  # type: ignore[arg-type]


def test_the_database_keeps_scores_in_bounds(ctx: Context, organisation: str) -> None:
    with ctx.database.writing(organisation) as session:
        case = add_case(session, ctx).id
        session.add(
            Rating(
                application_id=case, procedure_id="p", version_digest="", moment="m", score=6, language="ja"
            )
        )
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_summary(ctx: Context, organisation: str, other_organisation: str) -> None:
    rate_all(ctx, organisation, "tax-certificate", [5, 4, 4])
    rate_all(ctx, organisation, "tax-certificate", [1, 3], "decision")
    rate_all(ctx, organisation, "public-housing", [3, 3])
    rate_all(ctx, other_organisation, "outdoor-advertising", [2, 3, 3])
    with ctx.database.reading(EVERYONE) as session:
        found = [
            (each.procedure_id, each.moment, each.count, each.mean, each.below)
            for each in score.summary(session)
        ]
    assert found == [
        ("tax-certificate", "decision", 2, Decimal("2.00"), True),
        ("outdoor-advertising", "submission", 3, Decimal("2.66"), True),
        ("public-housing", "submission", 2, Decimal("3.00"), False),
        ("tax-certificate", "submission", 3, Decimal("4.33"), False),
    ]
    with ctx.database.reading(other_organisation) as session:
        assert [each.procedure_id for each in score.summary(session)] == ["outdoor-advertising"]


def test_no_mean_is_rounded_up_to_the_aim() -> None:
    almost = score.Summary("o", "p", "submission", (0, 1, 999, 0, 0))
    assert (almost.mean, almost.below) == (Decimal("2.99"), True)
    assert almost.as_json()["scores"] == {"1": 0, "2": 1, "3": 999, "4": 0, "5": 0}
