"""People who change a draw and people who change its cases at the same time do not wait for each other for ever."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from core.context import Context
from core.database import EVERYONE
from lotteries import entries
from lotteries.models import Placement, Promotion
from tests.factories import applications as people
from tests.factories.applications import TOKYO
from tests.factories.draws import DRAW, file, published
from web import ceremony as edge
from workflows import cases
from workflows.case import load


def numbers(ctx: Context, result: str) -> list[str]:
    """The numbers of entries that were placed so, in the order of the waiting list."""
    placed = sa.select(Placement.number).where(Placement.draw_id == DRAW, Placement.result == result)
    with ctx.database.reading(TOKYO) as session:
        return list(session.scalars(placed.order_by(Placement.waiting)))


def until_somebody_waits(ctx: Context) -> None:
    """Return as soon as a connection of this database waits for a lock."""
    waits = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(200):
        with ctx.database.reading(EVERYONE) as session:
            if session.scalar(waits):
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_whoever_withdraws_and_whoever_promotes_them_do_not_block_each_other(ctx: Context) -> None:
    if ctx.database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    people.publish(ctx)
    file(ctx, 5)
    second = published(ctx)
    edge.tell_cases(ctx, DRAW)
    [winner, *_], [coming, next, *_] = numbers(ctx, "won"), numbers(ctx, "waiting")

    def promote() -> Promotion | None:
        with ctx.database.writing(TOKYO) as session:
            return edge.promote(session, ctx, DRAW, winner, "declined", second)

    with ThreadPoolExecutor(1) as threads:
        with ctx.database.writing(TOKYO) as session:
            id = entries.by_number(session, DRAW, coming).application_id
            load(session, ctx, id, lock=True)  # as the first act of withdrawing
            promoting = threads.submit(promote)
            until_somebody_waits(ctx)
            cases.withdraw(session, ctx, id)
        done = promoting.result(30)
    assert done
    assert done.promoted == next, "who withdrew meanwhile is passed over"
