"""Which draw an application belongs to: one for each round of a lottery procedure, opened when it is first needed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import organisations
from core import clock
from core.database import organisation_of
from core.errors import NotFound
from lotteries import log
from lotteries.models import Draw
from procedures import reception, versions
from procedures.definition import LotteryDefinition, Procedure
from procedures.versions import Version


def definition_of(procedure: Procedure) -> LotteryDefinition:
    """The lottery of `procedure`. Raises `NotFound` where it has none."""
    if procedure.lottery is None:
        raise NotFound(f"{procedure.procedure} is not drawn by lot")
    return procedure.lottery


def round_of(procedure: Procedure) -> str:
    """The name of the round: as declared, else year and month in which reception closes."""
    closes = procedure.reception.closes
    return definition_of(procedure).round or (f"{closes:%Y-%m}" if closes else "1")


def ensure(session: Session, version: Version) -> Draw:
    """The draw of the round that `version` declares, opened now if it is not there yet."""
    procedure, round = version.procedure, round_of(version.procedure)
    found = _find(session, procedure.procedure, round)
    if found:
        return found
    name = f"{procedure.procedure}-{round}"
    for id in (name, f"{organisation_of(session)}-{name}"):  # two organisations may name procedures alike
        try:
            with session.begin_nested():
                session.add(draw := _opened(session, version, id, round))
                session.flush()
        except IntegrityError:
            if found := _find(session, procedure.procedure, round):
                return found
        else:
            log.note(session, draw, "opened", "system", version=version.digest)
            return draw
    raise NotFound(f"no draw can be named {name}")


def get(session: Session, draw_id: str, lock: bool = False) -> Draw:
    """The draw `draw_id`; with `lock`, nobody else changes it meanwhile. Raises `NotFound`."""
    query = sa.select(Draw).where(Draw.id == draw_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    draw = session.scalar(query)
    if draw is None:
        raise NotFound(f"no draw {draw_id}")
    return draw


def version_of(session: Session, draw: Draw) -> Version:
    """The version whose rules count: the current one while it is of the same round, else the one that opened it."""
    current = versions.current(session, draw.procedure_id)
    if current.procedure.lottery and round_of(current.procedure) == draw.round:
        return current
    return versions.get(session, draw.version_digest)


def receives_until(session: Session, procedure: Procedure) -> datetime | None:
    """When the last application can come in: closing, and the grace of who had started. None: it never closes."""
    found = reception.of(procedure, clock.now(), organisations.timezone(session))
    return found.closes + found.grace if found.closes else None


def _find(session: Session, procedure_id: str, round: str) -> Draw | None:
    return session.scalar(sa.select(Draw).where(Draw.procedure_id == procedure_id, Draw.round == round))


def _opened(session: Session, version: Version, id: str, round: str) -> Draw:
    lottery = definition_of(version.procedure)
    return Draw(
        id=id,
        organisation_id=organisation_of(session),
        procedure_id=version.procedure.procedure,
        round=round,
        version_digest=version.digest,
        title=version.procedure.title.as_dict(),
        state="open",
        lists=[entry.id for entry in lottery.lists],
    )
