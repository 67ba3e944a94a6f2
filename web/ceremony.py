"""What the commands and pages of a draw share: finding it, telling the cases, and the demonstration's witnesses."""

import json
import secrets
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from accounts.models import Clerk
from applications.models import Application
from core import clock
from core.canonical import sha256_hex
from core.context import Context
from core.database import EVERYONE
from core.errors import Misconfigured, NotFound, Refused, message
from lotteries import entries, promotions, queries, rounds
from lotteries.models import Promotion, PromotionReason
from workflows import cases, engine

log = structlog.get_logger()
_BATCH = 50


def organisation_of(ctx: Context, draw_id: str) -> str:
    """The organisation that holds the draw. Raises `NotFound`."""
    with ctx.database.reading(EVERYONE) as session:
        return rounds.get(session, draw_id).organisation_id


def clerk(ctx: Context, organisation: str, email: str) -> Clerk:
    """The active clerk of `organisation` with this address. Raises `Refused`."""
    with ctx.database.reading(organisation) as session:
        found = session.scalar(sa.select(Clerk).where(Clerk.email == email.strip().casefold()))
    if found is None or not found.active:
        raise Refused(message("This organisation has no clerk with this address."))
    return found


def tell_cases(ctx: Context, draw_id: str) -> int:
    """Give every case its published result, some in one transaction; how many were told now.

    What was told before is not told again. A case that cannot be told stays for the next time and holds nobody up.
    """
    organisation, told = organisation_of(ctx, draw_id), 0
    failed: set[str] = set()
    while True:
        with ctx.database.writing(organisation) as session:
            batch = queries.to_announce(session, draw_id, _BATCH, failed)
            _lock(session, [application_id for application_id, _result, _waiting in batch])
            failed.update(one[0] for one in batch if not _tell(session, ctx, *one))
        told += len(batch)
        if len(batch) < _BATCH:
            return told - len(failed)


def _tell(
    session: Session, ctx: Context, application_id: str, result: engine.Result, waiting: int | None
) -> bool:
    try:
        with session.begin_nested():
            cases.drawn(session, ctx, application_id, result, waiting)
            queries.mark_announced(session, application_id, clock.now())
    except Exception as error:  # noqa: BLE001
        log.error("result_not_told", application=application_id, error=type(error).__name__)
        return False
    return True


def untold(ctx: Context, draw_id: str) -> bool:
    """Whether a case of the published draw has still to be told."""
    with ctx.database.reading(organisation_of(ctx, draw_id)) as session:
        return bool(queries.to_announce(session, draw_id, 1))


def _lock(session: Session, application_ids: list[str]) -> None:
    """Hold all cases before the first audit row: who holds a case may be waiting for the audit log."""
    wanted = sa.select(Application.id).where(Application.id.in_(application_ids))
    session.execute(wanted.order_by(Application.id).with_for_update())


def promote(
    session: Session, ctx: Context, draw_id: str, vacated: str, reason: PromotionReason, officer: Clerk
) -> Promotion | None:
    """Give a seat on and take the case of whoever moves up on its way; none where nobody is left.

    That case is locked before the draw, as by whoever withdraws it: otherwise each would wait for the other.
    """
    held = None
    while (coming := promotions.coming(session, draw_id, vacated)) not in (None, held):
        _lock(session, [entries.by_number(session, draw_id, coming).application_id])
        held = coming
    done = promotions.promote(session, draw_id, vacated, reason, officer)
    if done:
        cases.promoted(session, ctx, entries.by_number(session, draw_id, done.promoted).application_id)
    return done


def seal_value(ctx: Context, draw_id: str, position: int, name: str) -> str:
    """A demonstration witness thinks of 32 bytes and keeps them in a file of their own; answers the commitment."""
    path = _envelope(ctx, draw_id, position)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        value = secrets.token_bytes(32)
        content = {"witness": name, "value": value.hex(), "commitment": sha256_hex(value)}
        path.touch(mode=0o600)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1))
    return str(_opened(path)["commitment"])


def sealed_value(ctx: Context, draw_id: str, position: int) -> str:
    """The value in the demonstration witness's file. Raises `NotFound`."""
    return str(_opened(_envelope(ctx, draw_id, position))["value"])


def _envelope(ctx: Context, draw_id: str, position: int) -> Path:
    if ctx.settings.environment != "demonstration":
        raise Misconfigured("witnesses keep their own values; only a demonstration has made-up ones")
    return ctx.settings.data_dir / "witnesses" / draw_id / f"{position + 1}.json"


def _opened(path: Path) -> dict[str, str]:
    try:
        content: dict[str, str] = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise NotFound("this witness has no file; give the value itself") from error
    return content
