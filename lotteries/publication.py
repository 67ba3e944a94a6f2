"""What is published of a draw, exactly: the commitment before it, the result after it, and each applicant's receipt."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.context import Context
from core.files import StoredFile
from lotteries import draw as drawing
from lotteries.models import Draw, Witness
from lotteries.verify import COMMITMENT_FORMAT
from procedures.definition import LotteryDefinition
from procedures.versions import Version

BEACON = "witnesses"
_LARGEST = 1 << 34


def rules_of(version: Version, lottery: LotteryDefinition) -> dict[str, Any]:
    """The rules as they are published. Lists are opaque: what they stand for says something about people."""
    return {
        "procedure": version.procedure.procedure,
        "version": version.digest,
        "units": dict(lottery.units),
        "lists": [{"id": f"P{place}", "share": entry.share} for place, entry in enumerate(lottery.lists, 1)],
        "waiting": lottery.waiting,
        "witnesses": list(lottery.witnesses),
        "least_witnesses": lottery.least_witnesses,
        "reveal_hours": lottery.reveal_hours,
        "unrevealed": "struck",
    }


def witnesses_of(session: Session, draw: Draw) -> list[Witness]:
    """The witnesses in the order of the rules."""
    return list(
        session.scalars(sa.select(Witness).where(Witness.draw_id == draw.id).order_by(Witness.position))
    )


def commitment(session: Session, draw: Draw) -> dict[str, Any]:
    """What was published before the randomness existed; keep a copy and compare the result with it."""
    return {
        "format": COMMITMENT_FORMAT,
        **_head(draw),
        "witnesses": [{"name": w.name, "commitment": w.commitment} for w in witnesses_of(session, draw)],
    }


def store_result(
    session: Session,
    ctx: Context,
    draw: Draw,
    pool: Sequence[drawing.Entry],
    placings: Sequence[drawing.Placing],
) -> StoredFile:
    """Write the result file: valid JSON, one entry a line so that it can be read and compared."""
    data = BytesIO()
    for piece in _result(session, draw, pool, placings):
        data.write(piece.encode())
    data.seek(0)
    return ctx.files.put(data, _LARGEST)


def utc(moment: datetime | None) -> str | None:
    """`moment` in whole seconds, as the format writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _head(draw: Draw) -> dict[str, Any]:
    rules = draw.rules or {}
    return {
        "draw": draw.id,
        "rules": rules,
        "rules_sha256": drawing.digest_of(rules).hex(),
        "pool": {"root": draw.root, "entries": draw.entries, "tickets": draw.tickets},
        "commitment": {
            "published_at": utc(draw.committed_at),
            "beacon": BEACON,
            "round": draw.beacon_round,
            "fallback": None,
            "timestamp": None,
        },
    }


def _result(
    session: Session, draw: Draw, pool: Sequence[drawing.Entry], placings: Sequence[drawing.Placing]
) -> Iterator[str]:
    witnesses = [
        {"name": w.name, "commitment": w.commitment, "revealed": w.revealed}
        for w in witnesses_of(session, draw)
    ]
    randomness = {"beacon": BEACON, "round": draw.beacon_round, "value": draw.value, "witnesses": witnesses}
    yield "{"
    for key, value in {
        "format": drawing.FORMAT,
        **_head(draw),
        "randomness": randomness,
        "seed": draw.seed,
    }.items():
        yield f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},\n "
    yield '"entries": ['
    for place, (entry, placing) in enumerate(zip(pool, placings, strict=True)):
        line = {**entry._asdict(), **placing._asdict()}
        yield ("," if place else "") + "\n  " + json.dumps(line, ensure_ascii=False)
    yield "\n]}\n"
