"""A desk's queue: which cases wait, whose they are, which one is next. A constant number of queries for every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import clerks
from accounts.models import Clerk
from applications import queries, vault
from applications.models import Answers, Application, CaseMessage, Correction
from applications.references import RANDOM as WHOLE
from applications.references import normalise
from core import audit, clock
from core.context import Context
from core.errors import Refused, message
from core.identifiers import normalise_code
from core.paging import Paging, turned
from forms.contact import contact
from procedures import versions
from translations.text import Text
from workflows import case as cases
from workflows import engine, moves, ranking
from workflows.dossier import CaseView, case
from workflows.engine import Label
from workflows.ranking import Standing

__all__ = ["CaseView", "Filters", "assign", "case", "overview", "queue", "take_next", "viewed"]

PAGE = 25
MOST_COUNTED = 10_000
_CANDIDATES = 50
Show = Literal["open", "mine", "unassigned", "overdue", "applicant", "messages", "closed", "all"]
"""`applicant`: the applicant has something to correct; `messages`: they wrote, and nobody answered."""


@dataclass(frozen=True)
class Filters:
    """What of the queue to show."""

    show: Show = "open"
    procedure: str = ""
    state: str = ""
    reference: str = ""
    page: int = 1
    by_score: bool = False
    """Those with most points first; only for one procedure, and where it has a score."""


@dataclass(frozen=True)
class Row:
    """A case in the queue."""

    id: str
    reference: str
    applicant: str
    title: Text
    state: Label
    language: str
    filed_at: datetime
    due_at: datetime | None
    overdue: bool
    correcting: bool
    """Whether it waits for the applicant's correction."""
    unread: bool
    """Whether the applicant wrote and nobody has answered."""
    assignee: str | None
    outcome: str | None
    standing: Standing | None
    """Its points, where its procedure has a score."""


@dataclass(frozen=True)
class Page:
    """One page of the queue; `total` counts to 10,000 and no further."""

    rows: Sequence[Row]
    total: int
    paging: Paging
    has_score: bool = False
    """Whether it can be ordered by points."""


@dataclass(frozen=True)
class Load:
    """How much waits at a desk."""

    desk: str
    open: int
    mine: int
    overdue: int


def overview(session: Session, desks: Sequence[str], clerk: Clerk) -> list[Load]:
    """What waits at each of `desks`, in their order."""
    late = sa.case((Application.due_at < clock.now(), 1), else_=0)
    mine = sa.case((Application.assignee_id == clerk.id, 1), else_=0)
    rows = session.execute(
        sa.select(Application.desk, sa.func.count(), sa.func.sum(mine), sa.func.sum(late))
        .where(Application.outcome.is_(None), Application.desk.in_(desks))
        .group_by(Application.desk)
    )
    found = {desk: Load(desk, *(int(number) for number in numbers)) for desk, *numbers in rows}
    return [found.get(desk, Load(desk, 0, 0, 0)) for desk in desks]


def queue(session: Session, ctx: Context, desk: str, filters: Filters, clerk: Clerk) -> Page:
    """One page of the desk's cases, the most urgent first; closed ones the newest first."""
    conditions = _conditions(desk, filters, clerk)
    counted = sa.select(Application.id).where(*conditions).limit(MOST_COUNTED).subquery()
    total = session.scalar(sa.select(sa.func.count()).select_from(counted)) or 0
    paging = turned(filters.page, total, PAGE)
    correcting = sa.exists().where(
        Correction.application_id == Application.id, Correction.answered_at.is_(None)
    )
    order = (
        (Application.decided_at.desc(), Application.id)
        if filters.show == "closed"
        else (Application.due_at.asc().nulls_last(), Application.filed_at, Application.id)
    )
    query = (
        sa.select(Application, Answers, correcting, _wrote())
        .join(
            Answers,
            (Answers.application_id == Application.id) & (Answers.version == Application.answers_version),
        )
        .where(*conditions)
    )
    names = clerks.names(session)
    has_score = ranking.has_score(session, filters.procedure)
    if has_score and filters.by_score:
        ranked = paging.of(ranking.ordered(session, ctx, query, filters.procedure))
        return Page([_row(session, ctx, names, place, *row) for row, place in ranked], total, paging, True)
    rows = session.execute(query.order_by(*order).limit(PAGE).offset(paging.first)).all()
    return Page([_row(session, ctx, names, None, *row) for row in rows], total, paging, has_score)


def procedures(session: Session, desk: str) -> list[str]:
    """The procedures that the desk has cases of."""
    return list(
        session.scalars(sa.select(Application.procedure_id).where(Application.desk == desk).distinct())
    )


def _conditions(desk: str, filters: Filters, clerk: Clerk) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [Application.desk == desk]
    is_open = Application.outcome.is_(None)
    correcting = sa.exists().where(
        Correction.application_id == Application.id, Correction.answered_at.is_(None)
    )
    shown: dict[Show, tuple[sa.ColumnElement[bool], ...]] = {
        "open": (is_open,),
        "mine": (is_open, Application.assignee_id == clerk.id),
        "unassigned": (is_open, Application.assignee_id.is_(None)),
        "overdue": (is_open, Application.due_at < clock.now()),
        "applicant": (is_open, correcting),
        "messages": (_wrote(),),
        "closed": (Application.outcome.is_not(None),),
        "all": (),
    }
    found += shown.get(filters.show, (is_open,))
    if filters.procedure:
        found.append(Application.procedure_id == filters.procedure)
    if filters.state:
        found.append(Application.state == filters.state)
    if typed := normalise_code(filters.reference):
        found.append(_reference(typed))
    return found


def _wrote() -> sa.ColumnElement[bool]:
    """Whether the applicant wrote something that nobody of the desk has dealt with."""
    return sa.exists().where(
        CaseMessage.application_id == Application.id,
        CaseMessage.read_at.is_(None),
        CaseMessage.author == "applicant",
    )


def _reference(typed: str) -> sa.ColumnElement[bool]:
    """A whole reference number by its index, a part of one by looking."""
    if len(typed) > WHOLE:
        return Application.reference == normalise(typed)
    return sa.func.replace(Application.reference, "-", "").contains(typed, autoescape=True)


def _row(
    session: Session,
    ctx: Context,
    names: dict[str, str],
    standing: Standing | None,
    application: Application,
    answers: Answers,
    correcting: bool,
    unread: bool,
) -> Row:
    procedure = versions.get(session, application.version_digest).procedure
    document = vault.read_answers(ctx, application, answers.version, answers.document)
    return Row(
        id=application.id,
        reference=application.reference,
        applicant=contact(procedure, document.answers).name or "",
        title=procedure.title,
        state=engine.label_of(procedure.workflow, application.state),
        language=application.language,
        filed_at=application.filed_at,
        due_at=application.due_at,
        overdue=bool(not application.outcome and application.due_at and application.due_at < clock.now()),
        correcting=correcting,
        unread=unread,
        assignee=names.get(application.assignee_id or ""),
        outcome=application.outcome,
        standing=standing or ranking.standing(ranking.of(session, ctx, application, answers)),
    )


def assign(
    session: Session,
    ctx: Context,
    application_id: str,
    clerk: Clerk,
    assignee_id: str | None,
    seen_version: int,
) -> None:
    """Give the case to a clerk of its desk, or to nobody. Raises `NotFound`, `Stale`, `Refused`."""
    opened = cases.load(session, ctx, application_id, lock=True)
    application = opened.application
    cases.check_works(opened, clerk)
    moves.check_seen(session, application, seen_version)
    if application.outcome:
        raise Refused(message("This case is closed."))
    if assignee_id is not None:
        assignee = clerks.get(session, assignee_id)
        if not assignee.active or not cases.works(assignee, application.desk):
            raise Refused(message("This clerk does not work at the case's desk."))
    application.assignee_id = assignee_id
    application.row_version += 1
    moves.note(session, ctx, opened, "assigned", f"clerk:{clerk.id}", assignee=assignee_id)


def take_next(session: Session, ctx: Context, desk: str, clerk: Clerk) -> str | None:
    """Assign the most urgent case that is nobody's and that the clerk can work on; its id, or none.

    Only that case is locked, and one that somebody else is taking is passed over.
    """
    actor = cases.acting(clerk, desk)
    free = (Application.desk == desk, Application.outcome.is_(None), Application.assignee_id.is_(None))
    waiting = session.scalars(
        sa.select(Application.id)
        .where(*free)
        .order_by(Application.due_at.asc().nulls_last(), Application.filed_at, Application.id)
        .limit(_CANDIDATES)
    )
    for id in waiting.all():
        opened = cases.load(session, ctx, id)
        offers = engine.allowed(opened.procedure.workflow, cases.facts(session, opened), actor)
        if not any(offer.kind == "step" for offer in offers):
            continue
        still = sa.select(Application).where(Application.id == id, *free).with_for_update(skip_locked=True)
        taken = session.scalar(still.execution_options(populate_existing=True))
        if taken is not None:
            assign(session, ctx, id, clerk, clerk.id, taken.row_version)
            return id
    return None


def viewed(session: Session, application_id: str, clerk: Clerk) -> None:
    """Note that the clerk saw the case's personal data: who could have seen it is one query of the audit log."""
    application = queries.get(session, application_id)
    audit.append(session, "application.viewed", f"application:{application.id}", f"clerk:{clerk.id}")
