"""What happened to an application, in order; append-only."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications import vault
from applications.models import Application, Event
from core import clock
from core.context import Context
from core.database import Prepared, table_of


def append(
    session: Session,
    ctx: Context,
    application: Application,
    kind: str,
    actor: str,
    text: str | None = None,
    **details: Any,
) -> int:
    """Append an event and return its number, 1, 2, … within the application.

    `details` are JSON and never personal; `text` is what a person wrote, and is encrypted. The caller holds the
    application's row, so that numbers cannot collide.
    """
    sequence = _next(session, application)
    _APPEND.run(
        session,
        organisation_id=application.organisation_id,
        application_id=application.id,
        sequence=sequence,
        at=clock.now(),
        actor=actor,
        kind=kind,
        details=details,
        text=vault.seal_event(ctx, application, sequence, text) if text else None,
    )
    return sequence


_APPEND = Prepared(sa.insert(table_of(Event)))


def first(session: Session, application: Application) -> None:
    """Say that `application` is new in this transaction, so that its first event needs no look-up."""
    _numbers(session)[application.id] = 0


def _next(session: Session, application: Application) -> int:
    numbers = _numbers(session)
    if application.id not in numbers:
        numbers[application.id] = (
            session.scalar(
                sa.select(sa.func.max(Event.sequence)).where(Event.application_id == application.id)
            )
            or 0
        )
    numbers[application.id] += 1
    return numbers[application.id]


def _numbers(session: Session) -> dict[str, int]:
    """Last numbers given in this transaction; its row locks keep them true until it ends."""
    transaction = session.get_transaction()
    kept = session.info.get("event_numbers")
    if kept is None or kept[0] is not transaction:
        kept = session.info["event_numbers"] = (transaction, {})
    numbers: dict[str, int] = kept[1]
    return numbers
