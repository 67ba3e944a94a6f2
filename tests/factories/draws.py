"""Draws of the housing procedure brought to any of their steps."""

import json
from copy import deepcopy
from typing import Any

from accounts.models import Clerk
from applications.models import Application
from core import clock
from core.canonical import sha256_hex
from core.context import Context
from core.database import EVERYONE
from lotteries import ceremony, entries, rounds
from lotteries.models import Entry
from procedures import versions
from procedures.values import Values
from tests.factories import applications as people
from tests.factories.applications import HOUSING, TOKYO

DRAW = "public-housing-2026-11"
VALUES = {0: "07" * 32, 1: "0b" * 32, 2: "0d" * 32}
NAMES = ["立会人 見本 一郎", "立会人 見本 二子", "立会人 見本 三郎"]


def enter(ctx: Context, number: int, street: str | None = None, **changes: Any) -> tuple[str, Entry]:
    """An application of the housing procedure, filed by its row alone, and its entry."""
    with ctx.database.writing(TOKYO) as session:
        version = versions.current(session, HOUSING)
        answers = deepcopy(version.procedure.examples[number % 3].answers)
        answers["address"]["street"] = street or f"見本町{number}"
        application = Application(
            id=f"application-{number}",
            organisation_id=TOKYO,
            procedure_id=HOUSING,
            version_digest=version.digest,
            reference=f"R{number}",
            secret_hash=bytes(32),
            language="ja",
            case_key=ctx.keyring.new_case_key(),
            state="numbered",
            desk="housing",
        )
        session.add(application)
        session.flush()
        values = Values(version.procedure, {**answers, **changes}, clock.today("Asia/Tokyo"))
        return application.id, entries.enter(session, ctx, version, application, values)


def file(ctx: Context, count: int) -> list[str]:
    """Real applications for one unit of two dwellings, each of another household."""
    address = {"postcode": "1740099", "prefecture": "東京都", "city": "板橋区"}
    return [
        people.filed(
            ctx, HOUSING, number % 3, address={**address, "street": f"見本町{number}"}, unit="1005"
        ).application.id
        for number in range(count)
    ]


def officer(ctx: Context, name: str) -> Clerk:
    return people.clerk(ctx, TOKYO, name, (ceremony.OFFICER, "*"))


def frozen(ctx: Context) -> None:
    with ctx.database.writing(TOKYO) as session:
        ceremony.freeze(session, ctx, DRAW, "command", now=True)


def committed(ctx: Context) -> None:
    frozen(ctx)
    with ctx.database.writing(TOKYO) as session:
        for position, name in enumerate(NAMES):
            commitment = sha256_hex(bytes.fromhex(VALUES[position]))
            ceremony.register(session, DRAW, name, commitment, "command")
        ceremony.commit(session, DRAW, "command")


def revealed(ctx: Context, *positions: int) -> None:
    committed(ctx)
    with ctx.database.writing(TOKYO) as session:
        for position in positions or range(3):
            ceremony.reveal(session, DRAW, NAMES[position], VALUES[position], "command")


def drawn(ctx: Context) -> tuple[Clerk, Clerk]:
    revealed(ctx)
    first, second = officer(ctx, "first"), officer(ctx, "second")
    with ctx.database.writing(TOKYO) as session:
        ceremony.draw(session, ctx, DRAW, first)
    return first, second


def published(ctx: Context) -> Clerk:
    _, second = drawn(ctx)
    with ctx.database.writing(TOKYO) as session:
        ceremony.confirm(session, ctx, DRAW, second)
        ceremony.publish(session, ctx, DRAW, second)
    return second


def result_of(ctx: Context) -> dict[str, Any]:
    with ctx.database.reading(EVERYONE) as session:
        key = rounds.get(session, DRAW).result_key
    assert key
    with ctx.files.open(key) as file:
        found: dict[str, Any] = json.load(file)
    return found
