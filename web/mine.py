"""What a resident's account holds, ready to show: each draft and case read in a session of its own organisation."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import session as cookie

from accounts import companies, holdings, mandates, organisations, residents, roles
from accounts.models import Holding
from applications.models import Application, Draft
from core.context import Context
from core.database import EVERYONE, OfAccount
from core.errors import NotFound
from core.paging import Paging, turned
from procedures import versions
from procedures.definition import Procedure
from procedures.definition.base import Json
from procedures.prefill import APPLICANT, COMPANY, PROFILE
from translations.text import Text
from workflows import status
from workflows.forgetting import KEPT
from workflows.status import StatusView
from workflows.waiting import for_applicant

PAGE = 10
"""Cases on one page."""


@dataclass(frozen=True)
class DraftView:
    """A form that is not sent yet."""

    id: str
    organisation_id: str
    organisation: Text
    procedure: Procedure
    updated_at: datetime
    kept_until: datetime
    mandator: str | None
    """For whom, where it is held by a mandate."""


@dataclass(frozen=True)
class Mine:
    """The drafts, and one page of the cases, newest first. Of many, those that wait for the person come before."""

    drafts: Sequence[DraftView]
    cases: Sequence[StatusView]
    paging: Paging
    mandators: Mapping[str, str]
    """For whom a draft or case is, by its id, where it is held by a mandate."""


def everything(ctx: Context, scope: OfAccount, number: int) -> Mine:
    """What the account holds; `number` is the page of its cases, from 1."""
    with ctx.database.reading(scope) as db:
        held = holdings.all_of_them(db)
    with ctx.database.reading(EVERYONE) as db:
        acts_for = {one.id: one.document.mandator for one in mandates.got(db, ctx, scope.id)}
    held = [one for one in held if one.mandate_id is None or one.mandate_id in acts_for]
    mandators = {one.item_id: acts_for[one.mandate_id] for one in held if one.mandate_id}
    drafts, filed = _drafts(ctx, [one for one in held if one.kind == holdings.DRAFT], mandators)
    cases = {one.item_id: one.organisation for one in held if one.kind == holdings.CASE}
    missed = {id: organisation for id, organisation in filed.items() if id not in cases}
    if missed:  # filed in a request that ended before it could be noted
        with ctx.database.writing(scope) as db:
            for id, organisation in missed.items():
                holdings.add(db, holdings.CASE, organisation, id)
    order = [*missed.items(), *cases.items()]
    paging = turned(number, len(order), PAGE)
    if paging.last > 1:
        order = _waiting_first(ctx, order)
    return Mine(drafts, list(_cases(ctx, paging.of(order))), paging, mandators)


def _drafts(
    ctx: Context, held: list[Holding], mandators: Mapping[str, str]
) -> tuple[list[DraftView], dict[str, str]]:
    """The open ones, the latest first, and the cases that the others became with their organisations."""
    shown: list[DraftView] = []
    filed: dict[str, str] = {}
    by_office: dict[str, list[str]] = defaultdict(list)
    for one in held:
        by_office[one.organisation].append(one.item_id)
    for office, ids in by_office.items():
        with ctx.database.reading(office) as db:
            title = Text(organisations.get(db, office).title)
            columns = (Draft.id, Draft.version_digest, Draft.updated_at, Draft.filed_as)
            for id, digest, updated_at, filed_as in db.execute(sa.select(*columns).where(Draft.id.in_(ids))):
                if filed_as:
                    filed[filed_as] = office
                    continue
                procedure = versions.get(db, digest).procedure
                until = updated_at + KEPT
                shown.append(DraftView(id, office, title, procedure, updated_at, until, mandators.get(id)))
    return sorted(shown, key=lambda one: one.updated_at, reverse=True), filed


def _waiting_first(ctx: Context, held: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """`held` in its order, after the cases in which there is something to do."""
    waiting: set[str] = set()
    for office in {office for _id, office in held}:
        with ctx.database.reading(office) as db:
            waiting |= for_applicant(db, [id for id, owner in held if owner == office])
    return sorted(held, key=lambda one: one[0] not in waiting)


def _cases(ctx: Context, held: Sequence[tuple[str, str]]) -> Iterator[StatusView]:
    for id, office in held:
        with ctx.database.reading(office) as db:
            try:
                yield status.of(db, ctx, id)
            except NotFound:  # the law's term for keeping it is over
                continue


@dataclass(frozen=True)
class Guest:
    """Something that this browser holds without an account."""

    kind: str
    id: str
    organisation_id: str
    procedure: Procedure
    reference: str | None
    since: datetime


def of_guest(ctx: Context) -> list[Guest]:
    """What this browser holds as a guest, the newest first; drafts that were filed are there as their cases."""
    found: list[Guest] = []
    with ctx.database.reading(EVERYONE) as db:
        drafts = sa.select(Draft.id, Draft.organisation_id, Draft.version_digest, Draft.updated_at).where(
            Draft.id.in_(cookie.get("drafts", [])), Draft.filed_as.is_(None)
        )
        rows = [
            (holdings.DRAFT, id, office, digest, None, at) for id, office, digest, at in db.execute(drafts)
        ]
        cases = sa.select(
            Application.id, Application.organisation_id, Application.version_digest, Application.reference,
            Application.filed_at,
        ).where(Application.id.in_(cookie.get("cases", [])))  # fmt: skip
        rows += [(holdings.CASE, *row) for row in db.execute(cases)]  # type: ignore[misc]
    for kind, id, office, digest, reference, at in rows:
        with ctx.database.reading(office) as db:
            found.append(Guest(kind, id, office, versions.get(db, digest).procedure, reference, at))
    return sorted(found, key=lambda one: one.since, reverse=True)


def stored(ctx: Context, scope: OfAccount, acting: Mapping[str, Json]) -> dict[str, Json]:
    """What may be filled in for whoever `acting` says, by source; nothing of a delegate's own for somebody else."""
    with ctx.database.reading(scope) as db:
        document = residents.document(db, ctx)
    if acting.get("as") == roles.DELEGATE:
        return {}
    own = {**({"email": document.email} if document.email else {}), **document.profile}
    found = {f"{PROFILE}.{name}": value for name, value in own.items()}
    applicant = own
    if acting.get("as") == roles.COMPANY:
        company = companies.find(document, acting["company"])
        found |= {f"{COMPANY}.{name}": company[name] for name in companies.ENTRIES if company.get(name)}
        applicant = company
    both = (name for name in ("address", "phone") if applicant.get(name))
    return found | {f"{APPLICANT}.{name}": applicant[name] for name in both}
