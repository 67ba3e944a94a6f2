"""Entries: one live one for each household in a draw, numbered by chance, sealed with a secret of its own."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from applications.models import Application
from core import audit, clock
from core.canonical import canonical_json
from core.context import Context
from core.errors import MadoguchiError, NotFound, Refused, message
from core.identifiers import secret as new_secret
from lotteries import log, rounds
from lotteries.draw import salt_of
from lotteries.models import Draw, Entry
from lotteries.numbers import new_number
from lotteries.verify import HEAVIEST
from procedures.definition import LotteryDefinition
from procedures.expressions import UNANSWERED, Value
from procedures.versions import Version

_ATTEMPTS = 200


class BadRules(MadoguchiError):
    """Raised when the expressions of a lottery give a weight or unit that cannot be drawn: a mistake of its author."""


def enter(
    session: Session, ctx: Context, version: Version, application: Application, values: Mapping[str, Value]
) -> Entry:
    """The entry of `application`, made now if it has none. A second one of a household is flagged, not live.

    Raises `Refused` once the pool is frozen, `BadRules` for weights or units that cannot be.
    """
    draw = rounds.ensure(session, version)
    present = of_application(session, application.id)
    if present:
        return present
    lottery = rounds.definition_of(version.procedure)
    session.refresh(draw, ["state"], with_for_update={"read": True})
    if draw.state != "open":
        raise Refused(message("The draw of this round has begun; no application can join it any more."))
    unit, weight = _unit(lottery, values), _weight(lottery, values)
    lists = [f"P{draw.lists.index(entry.id) + 1}" for entry in lottery.lists if entry.when.holds(values)]
    household = _household(ctx, draw, lottery, values)
    secret = new_secret()
    for _ in range(_ATTEMPTS):
        number, holder = new_number(), _holder(session, draw, household)
        entry = Entry(
            organisation_id=draw.organisation_id,
            draw_id=draw.id,
            application_id=application.id,
            number=number,
            weight=weight,
            unit=unit,
            salt=salt_of(secret, number),
            lists=lists,
            secret=ctx.keyring.encrypt(application.case_key, secret.encode(), _context(application.id)),
            state="duplicate" if holder else "live",
            household=None if holder else household,
            duplicate_of=holder,
        )
        try:
            with session.begin_nested():
                session.add(entry)
                session.flush()
        except IntegrityError:  # the number is taken, or another entry of the household came first
            continue
        audit.append(session, "draw.entered", f"application:{application.id}", "system", state=entry.state)
        return entry
    raise Refused(message("No lottery number is left in this draw."))


def withdraw(session: Session, application_id: str) -> None:
    """Take the entry of a withdrawn application out of an open draw; later it keeps its place but is passed over."""
    entry = of_application(session, application_id)
    if entry is None or entry.state == "withdrawn" or entry.skipped_at:
        return
    if rounds.get(session, entry.draw_id, lock=True).state == "open":
        entry.state, entry.household = "withdrawn", None
    else:
        entry.skipped_at = clock.now()
    audit.append(session, "draw.withdrawn", f"application:{application_id}", "applicant")


def settle(session: Session, draw_id: str, number: str, keep: bool, actor: str) -> None:
    """Decide about a flagged second entry: `keep` puts it in the place of the first one."""
    draw = rounds.get(session, draw_id, lock=True)
    entry = by_number(session, draw_id, number)
    if draw.state != "open" or entry.state != "duplicate":
        raise Refused(message("This entry is not one to be decided about now."))
    if keep:
        first = by_number(session, draw_id, entry.duplicate_of or "")
        household, first.household = first.household, None
        first.state, first.duplicate_of = "excluded", number
        session.flush()  # the household must be free before the second entry takes it
        entry.state, entry.household, entry.duplicate_of = "live", household, None
    else:
        entry.state = "excluded"
    log.note(session, draw, "settled", actor, number=number, kept=keep)


def duplicates(session: Session, draw_id: str) -> list[Entry]:
    """Entries flagged as second ones of a household, not yet decided about."""
    query = sa.select(Entry).where(Entry.draw_id == draw_id, Entry.state == "duplicate")
    return list(session.scalars(query.order_by(Entry.number)))


def of_application(session: Session, application_id: str) -> Entry | None:
    """The entry of an application, if it has one."""
    return session.scalar(sa.select(Entry).where(Entry.application_id == application_id))


def by_number(session: Session, draw_id: str, number: str) -> Entry:
    """The entry with `number`. Raises `NotFound`."""
    entry = session.scalar(sa.select(Entry).where(Entry.draw_id == draw_id, Entry.number == number))
    if entry is None:
        raise NotFound("no entry with this number")
    return entry


def secret_of(ctx: Context, application: Application, entry: Entry) -> str:
    """The secret by which its applicant proves whose entry it is."""
    return ctx.keyring.decrypt(application.case_key, entry.secret, _context(application.id)).decode()


def _context(application_id: str) -> str:
    return f"draw_entries:{application_id}"


def _holder(session: Session, draw: Draw, household: bytes | None) -> str | None:
    if household is None:
        return None
    query = sa.select(Entry.number).where(Entry.draw_id == draw.id, Entry.household == household)
    return session.scalar(query)


def _unit(lottery: LotteryDefinition, values: Mapping[str, Value]) -> str:
    unit = lottery.unit.evaluate(values)
    if not isinstance(unit, str) or unit not in lottery.units:
        raise BadRules("the unit of an entry is none of `units`")
    return unit


def _weight(lottery: LotteryDefinition, values: Mapping[str, Value]) -> int:
    weight = lottery.weight.evaluate(values)
    if not isinstance(weight, Decimal) or weight != int(weight) or not 1 <= weight <= HEAVIEST:
        raise BadRules(f"a weight is a whole number from 1 to {HEAVIEST}")
    return int(weight)


def _household(
    ctx: Context, draw: Draw, lottery: LotteryDefinition, values: Mapping[str, Value]
) -> bytes | None:
    value = lottery.household.evaluate(values) if lottery.household else UNANSWERED
    if value is UNANSWERED:
        return None
    return ctx.keyring.blind(f"lottery/{draw.id}", canonical_json(_comparable(value)).decode())


def _comparable(value: object) -> object:
    """`value` as JSON in which two spellings of one text are equal."""
    if isinstance(value, str):
        return "".join(unicodedata.normalize("NFKC", value).casefold().split())
    if isinstance(value, Mapping):
        return {str(key): _comparable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_comparable(part) for part in value]
    if isinstance(value, bool) or value is None:
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
