"""Telling residents who want it of procedures that may be for them (プッシュ型): looked through once a day, each
account for itself. Nothing of it is logged; rows and the outbox hold ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import notices, organisations, residents, vault
from accounts.models import Holding, Suggestion
from applications.models import Application, Draft
from core import clock, outbox
from core.context import Context
from core.errors import Message, message
from forms.likely import likely
from procedures import calendar, reception, versions
from procedures.definition import Procedure
from procedures.finding.index import current
from procedures.finding.listings import NOTIFIES
from procedures.models import Listing
from procedures.versions import Version

MOST: Final = 3
"""Mails that one account gets in a day; the rest waits for the next."""
KNOWN: Final[Mapping[str, Message]] = {
    "age": message("your age"),
    "prefecture": message("your address"),
    "city": message("your address"),
    "household": message("the people who live with you"),
    "applied": message("what you applied for with your account"),
}
"""What a mail says that the platform looked at."""


@dataclass(frozen=True)
class Candidate:
    """A procedure that makes itself known, with its organisation's time zone."""

    version: Version
    zone: str

    @property
    def procedure(self) -> Procedure:
        """Its definition."""
        return self.version.procedure

    @property
    def names(self) -> tuple[str, str]:
        """Organisation and procedure."""
        return self.version.organisation_id, self.procedure.procedure


def candidates(session: Session) -> list[Candidate]:
    """Every procedure that makes itself known and takes applications now (a session of `EVERYONE`)."""
    now = clock.now()
    tagged = sa.literal(" ") + Listing.tags + sa.literal(" ")
    rows = session.execute(
        sa.select(Listing.organisation_id, Listing.digest)
        .where(tagged.contains(f" {NOTIFIES} "), current(now))
        .order_by(Listing.organisation_id, Listing.procedure_id)
    ).all()
    zones = {one.id: one.timezone for one in organisations.all_of_them(session)}
    found = [Candidate(versions.get(session, digest), zones[office]) for office, digest in rows]
    return [one for one in found if reception.of(one.procedure, now, one.zone).open]


def look(session: Session, ctx: Context, account_id: str, among: Sequence[Candidate]) -> int:
    """Write to the account's holder about what may be for them, if they want it still; how many mails that makes.

    A session of `EVERYONE`.
    """
    consent = notices.consent_of(session, account_id, lock=True)
    if consent is None:
        return 0
    consent.looked_at = clock.now()
    account = residents.get(session, account_id)
    document = vault.read(ctx, account)
    if document.email is None:
        return 0
    applied, begun = _applied(session, account_id)
    written = 0
    for one in among:
        office, name = one.names
        today = clock.today(one.zone)
        again = one.procedure.notify.again if one.procedure.notify else "1 year"
        last = applied.get((office, name))
        if written == MOST or (office, name) in begun or (last and today < calendar.add(last, again)):
            continue
        own = {id for where, id in applied if where == office}
        if not likely(one.procedure, document.profile, own, today):
            continue
        row = notices.note(session, ctx, account, one.names, today, lambda day: calendar.add(day, again))  # noqa: B023
        if row is not None:
            _enqueue(session, row)
            written += 1
    return written


def _enqueue(session: Session, row: Suggestion) -> None:
    entity = f"suggestion:{row.id}:{row.sent_on.isoformat()}"
    outbox.enqueue_for_platform(session, "mail", entity, {"notice": "suggestion", "suggestion": row.id})


def _applied(session: Session, account_id: str) -> tuple[dict[tuple[str, str], date], set[tuple[str, str]]]:
    """What the holder applied for themselves, with the last day, and what they have begun."""
    held = sa.select(Holding.item_id).where(Holding.account_id == account_id, Holding.mandate_id.is_(None))
    applied: dict[tuple[str, str], date] = {}
    cases = sa.select(Application.organisation_id, Application.procedure_id, Application.filed_at)
    for office, name, at in session.execute(cases.where(Application.id.in_(held))):
        applied[office, name] = max(at.date(), applied.get((office, name), at.date()))
    drafts = sa.select(Draft.organisation_id, Draft.procedure_id).where(Draft.filed_as.is_(None))
    return applied, {(office, name) for office, name in session.execute(drafts.where(Draft.id.in_(held)))}


def looked_at(procedure: Procedure) -> list[Message]:
    """What the rule of a procedure looks at, in words, each once."""
    names = procedure.notify.likely.names if procedure.notify else frozenset[str]()
    found = {said.msgid: said for name, said in KNOWN.items() if name in names}
    return list(found.values())
