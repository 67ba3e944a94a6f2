"""Renewing what was granted (更新): which documents may be, by which procedure, and a draft with the earlier answers.

Whoever calls `begin` has made sure that the earlier case is open to the person in front of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.roles import Record
from applications import drafts
from applications.models import Application, Draft
from applications.vault import DraftDocument
from core import clock
from core.context import Context
from core.errors import NotFound, Refused, message
from documents.models import RECEIPT, Issued
from forms import renewing
from forms.renewing import TakenOver
from procedures import calendar, reception, versions
from procedures.definition import Procedure
from procedures.finding.listings import RENEWS
from procedures.models import Listing
from procedures.versions import Version
from workflows.case import Case

SOURCE = "renewal"
"""How a draft's `prefill` says where its answers come from."""
_IN_VAIN = ("withdrawn", "lapsed", "void")
"""Outcomes of a renewal after which the person may want to be reminded again."""


@dataclass(frozen=True)
class Renewable:
    """A document and the procedure that renews it."""

    issued: Issued
    version: Version
    opens_on: date
    """From when on renewals are taken."""
    today: date
    by: Application | None = None
    """The application that renews it already."""

    @property
    def procedure(self) -> Procedure:
        """The procedure that renews it."""
        return self.version.procedure

    @property
    def early(self) -> bool:
        """Whether it is too early."""
        return self.today < self.opens_on

    @property
    def late(self) -> bool:
        """Whether it has ended."""
        return self.issued.valid_until is not None and self.today > self.issued.valid_until

    @property
    def open(self) -> bool:
        """Whether it may be renewed now."""
        return not (self.early or self.late or self.by)


def of(session: Session, case: Case, issued: Issued) -> Renewable | None:
    """What may be done about `issued`, a document of `case`; none where nothing renews it."""
    if issued.valid_until is None or issued.withdrawn_at is not None or issued.document_id == RECEIPT:
        return None
    version = renewing_procedure(session, case.application.procedure_id, issued.document_id)
    if version is None or version.procedure.renew is None:
        return None
    today = clock.today(case.zone)
    opens_on = calendar.before(issued.valid_until, version.procedure.renew.opens)
    return Renewable(issued, version, opens_on, today, renewed_by(session, issued.id))


def renewing_procedure(session: Session, procedure_id: str, document_id: str) -> Version | None:
    """The procedure whose present version renews the document: its own, else the first by name of those that do."""
    name = f"{procedure_id}/{document_id}"
    for id in chain((procedure_id,), _others(session, name)):
        try:
            version = versions.current(session, id)
        except NotFound:  # published for later, or not any more
            continue
        renew = version.procedure.renew
        if renew and name in renew.names(id):
            return version
    return None


def _others(session: Session, name: str) -> Iterator[str]:
    """The procedures of which some version renews the document; not asked for where its own procedure does."""
    tagged = sa.literal(" ") + Listing.tags + sa.literal(" ")
    yield from session.scalars(
        sa.select(Listing.procedure_id)
        .where(tagged.contains(f" {RENEWS}{name} ", autoescape=True))
        .distinct()
        .order_by(Listing.procedure_id)
    )


def renewed_by(session: Session, issued_id: str) -> Application | None:
    """The application by which the document is renewed: one that is not decided yet, or was granted."""
    return session.scalars(
        sa.select(Application)
        .where(
            Application.renews == issued_id,
            sa.or_(Application.outcome.is_(None), Application.outcome == "approved"),
        )
        .order_by(Application.filed_at)
        .limit(1)
    ).first()


def is_renewed() -> sa.ColumnElement[bool]:
    """The condition on `Issued` that nobody needs to be reminded of its end: a renewal was sent, and not in vain."""
    return sa.exists().where(
        Application.renews == Issued.id,
        sa.or_(Application.outcome.is_(None), Application.outcome.not_in(_IN_VAIN)),
    )


def answers(case: Case, renewable: Renewable) -> TakenOver:
    """What the renewal is filled in with from the answers of `case`."""
    return renewing.take_over(
        renewable.procedure,
        case.procedure,
        case.document.answers,
        renewable.today,
        case.application.reference,
    )


def check_open(renewable: Renewable, now: datetime, zone: str) -> None:
    """Raise `Refused` where the document cannot be renewed now."""
    if renewable.by:
        raise Refused(message("You have renewed it already."))
    if not renewable.open or not reception.of(renewable.procedure, now, zone).open:
        raise Refused(message("It cannot be renewed at the moment."))


def begin(
    session: Session, ctx: Context, case: Case, renewable: Renewable, language: str, acting: Record
) -> Draft:
    """A draft of the renewal with the answers of `case`. Raises `Refused` where it is not the time for it."""
    now = clock.now()
    check_open(renewable, now, case.zone)
    document = DraftDocument(
        acting=acting,
        prefill={
            "consent": "yes",
            "at": now.isoformat(timespec="seconds"),
            "source": SOURCE,
            "reference": case.application.reference,
            "filed_on": case.application.filed_at.astimezone(ZoneInfo(case.zone)).date().isoformat(),
            "values": dict(answers(case, renewable).values),
        },
    )
    return drafts.start(session, ctx, renewable.version, language, document, renewable.issued.id)


def begun(session: Session, ids: list[str], issued_id: str) -> Draft | None:
    """The open draft among `ids` that renews the document, if somebody has begun."""
    return session.scalars(
        sa.select(Draft)
        .where(Draft.id.in_(ids), Draft.renews == issued_id, Draft.filed_as.is_(None))
        .order_by(Draft.started_at)
        .limit(1)
    ).first()


def issued_to(session: Session, case: Case, issued_id: str) -> Issued:
    """The document `issued_id` of `case`. Raises `NotFound`."""
    issued = session.get(Issued, issued_id)
    if issued is None or issued.application_id != case.application.id:
        raise NotFound("no such document of this case")
    return issued
