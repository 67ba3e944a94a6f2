"""Two organisations side by side, each with people, drafts, cases, files, documents and payments of its own."""

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from accounts import companies, holdings, mandates, residents, sessions
from accounts.models import Clerk
from applications import contents, queries
from applications.filing import Filed
from applications.models import Application, UploadedFile
from core import clock
from core.context import Context
from core.database import EVERYONE, OfAccount
from documents.models import RECEIPT, Issued
from migrations.tables import metadata
from payments import checkout
from procedures import proposals, versions
from procedures.definition.workflow import ROLES
from tests.factories import draws
from tests.factories.applications import HOUSING, MIHON, OWNER, SIGNS, TAX, TOKYO, clerk, filed, fill
from tests.factories.papers import pdf
from tests.factories.residents import scope_of
from tests.integration.test_cases import pay, take
from web import ceremony, jobs
from web.clerk import session_of
from workflows import corrections, messages
from workflows.messages import Words

PROCEDURE = {TOKYO: TAX, MIHON: SIGNS}
DESK = {TOKYO: "tax", MIHON: "advertising"}
STEPS = {TOKYO: ("approve",), MIHON: ("take", "draft_approval")}


@dataclass
class Office:
    """One organisation with everything that an address could name."""

    id: str
    clerk: Clerk
    draft_id: str
    decided: Application
    """Paid, decided, its document issued."""
    asked: Application
    """Its applicant is asked to correct something."""
    unpaid: Application
    token: str
    """Of the demonstration payment of `unpaid`."""
    secrets: dict[str, str]
    """What people typed or got, and nobody else may read."""
    message_file: str
    """Of a message about `decided`."""
    proposal_id: str
    """A version that a colleague proposes to publish."""
    issued_id: str = ""
    """The document that was issued for `decided`."""
    file_id: str | None = None
    drawn: Application | None = None
    account: OfAccount = field(default=OfAccount(""))
    """A resident's account that holds the draft and the cases."""
    company_id: str = ""
    mandate_id: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def cases(self) -> list[str]:
        """Ids of the cases."""
        return [one.id for one in (self.decided, self.asked, self.unpaid, self.drawn) if one]

    def resident(self, app: Flask) -> FlaskClient:
        """A browser that holds the organisation's draft and cases."""
        client = app.test_client()
        with client.session_transaction() as kept:
            kept.update(cases=self.cases, drafts=[self.draft_id], nonce="browser")
            kept["together"] = [[self.id, PROCEDURE[self.id], self.draft_id]]
        return client

    def holder(self, app: Flask) -> FlaskClient:
        """A browser that holds nothing itself, in which the account is open that holds the draft and cases."""
        ctx: Context = app.extensions["madoguchi"]
        with ctx.database.writing(EVERYONE) as session:
            token = sessions.start(session, self.account.id, "email")
        client = app.test_client()
        with client.session_transaction() as kept:
            kept.update(resident=token, nonce="browser")
            kept["together"] = [[self.id, PROCEDURE[self.id], self.draft_id]]
        return client

    def desk(self, app: Flask) -> FlaskClient:
        """A browser in which the organisation's clerk is signed in, also after they signed out in another."""
        ctx: Context = app.extensions["madoguchi"]
        with ctx.database.reading(self.id) as session:
            person = session.get_one(Clerk, self.clerk.id)
        client = app.test_client()
        with client.session_transaction() as kept:
            kept["clerk"] = session_of(person)
        return client


def typed(organisation: str) -> dict[str, Any]:
    """Answers that only this organisation's applicants give."""
    marks = secrets_of(organisation)
    return {
        "name": {"family": marks["family"], "given": "秘一", "family_kana": "ミホン", "given_kana": "イチ"},
        "email": marks["email"],
        "address": {
            "postcode": "1740099",
            "prefecture": "東京都",
            "city": "板橋区",
            "street": marks["street"],
        },
    }


def secrets_of(organisation: str) -> dict[str, str]:
    """Values to look for where they must not be."""
    return {
        "family": f"秘密{organisation}",
        "email": f"secret-{organisation}@example.invalid",
        "street": f"秘密町{organisation}",
        "remark": f"remark for {organisation} only",
        "company": f"株式会社秘密{organisation}",
        "delegate": f"代理秘密{organisation}",
    }


def office(ctx: Context, organisation: str) -> Office:
    """Fill the published organisation."""
    procedure = PROCEDURE[organisation]
    person = clerk(ctx, organisation, "everything", *((role, "*") for role in ROLES))
    decided, asked, unpaid = (_filed(ctx, procedure) for _ in range(3))
    _decide(ctx, organisation, person, decided)
    _ask(ctx, organisation, person, asked)
    if organisation == MIHON:  # its fee is due after the decision
        _decide(ctx, organisation, person, unpaid, pays=False)
    with ctx.database.writing(organisation) as session:
        draft, _document = fill(session, ctx, procedure, **typed(organisation))
        token = checkout.reserve(session, unpaid.application.id, "demo", "ja").id
        files = list(queries.files(session, decided.application))
        now = versions.current(session, procedure).digest
        proposed = proposals.propose(session, procedure, "f" * 64, now, "sample.yaml", "clerk:colleague")
    made = Office(
        organisation,
        person,
        draft.id,
        decided.application,
        asked.application,
        unpaid.application,
        token,
        secrets_of(organisation) | {"code": _issued(ctx, organisation).code},
        _write(ctx, organisation, decided.application.id),
        proposed.id,
        issued_id=_issued(ctx, organisation).id,
        file_id=files[0] if files else None,
    )
    if organisation == TOKYO:
        made.drawn = _draw(ctx)
    made.account = _account(ctx, made)
    return made


def _write(ctx: Context, organisation: str, application_id: str) -> str:
    """A message of the applicant with a file; the file's id."""
    id = uuid4().hex
    with ctx.database.writing(organisation) as session:
        key = session.get_one(Application, application_id).case_key
        stored = contents.keep(ctx, key, id, BytesIO(pdf()), 100_000)
        row = UploadedFile(
            id=id, application_id=application_id, attachment="message", storage_key=stored.key,
            media_type="application/pdf", size=stored.size, sha256=stored.sha256,
        )  # fmt: skip
        words = Words(secrets_of(organisation)["remark"], "once", [(row, "message.pdf")])
        messages.by_applicant(session, ctx, application_id, words)
    return id


def _account(ctx: Context, of: Office) -> OfAccount:
    """An account that holds everything of the office, and a profile that nobody else may see."""
    scope = scope_of(ctx, f"holder-{of.id}@example.invalid")
    with ctx.database.writing(scope) as session:
        holdings.add(session, holdings.DRAFT, of.id, of.draft_id)
        for id in of.cases:
            holdings.add(session, holdings.CASE, of.id, id)
        stored = {name: value for name, value in typed(of.id).items() if name != "email"}
        residents.change(session, ctx, lambda document: document.profile.update(stored))
        company = {"name": of.secrets["company"], "number": "8000020130001"}
        companies.declare(session, ctx, company)
        of.company_id = residents.document(session, ctx).companies[0]["id"]
    document = mandates.MandateDocument(
        of.secrets["family"], of.secrets["delegate"], f"delegate-{of.id}@example.invalid"
    )
    with ctx.database.writing(EVERYONE) as session:
        until = clock.today("Asia/Tokyo") + timedelta(days=30)
        of.mandate_id = mandates.invite(session, ctx, scope.id, document, [], [], until)
    return scope


def account_rows(ctx: Context, of: Office) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the office's resident, by table, but for the browsers they are signed in with."""
    with ctx.database.reading(EVERYONE) as session:
        return {
            name: sorted(
                map(tuple, session.execute(sa.select(table).where(table.c.account_id == of.account.id))),
                key=repr,
            )
            for name, table in metadata().tables.items()
            if "account_id" in table.c and name != "account_sessions"
        }


def _filed(ctx: Context, procedure: str) -> Filed:
    return filed(ctx, procedure, **typed(OWNER[procedure]))


def _decide(ctx: Context, organisation: str, person: Clerk, case: Filed, pays: bool = True) -> None:
    id = case.application.id
    if organisation == TOKYO:
        _pay(ctx, organisation, id)
    for step in STEPS[organisation]:
        take(ctx, person, id, step)
    if organisation == MIHON:
        take(ctx, clerk(ctx, organisation, f"chief-{id[:6]}", ("chief", "*")), id, "approve")
        if pays:
            _pay(ctx, organisation, id)
    jobs.drain(ctx)


def _pay(ctx: Context, organisation: str, id: str) -> None:
    with ctx.database.writing(organisation) as session:
        pay(session, ctx, id, f"event-{id}")


def _ask(ctx: Context, organisation: str, person: Clerk, case: Filed) -> None:
    id = case.application.id
    if organisation == TOKYO:
        _pay(ctx, organisation, id)
    with ctx.database.writing(organisation) as session:
        seen = queries.get(session, id).row_version
        remark = {"phone": secrets_of(organisation)["remark"]}
        corrections.request_correction(session, ctx, id, person, seen, remark)


def _issued(ctx: Context, organisation: str) -> Issued:
    with ctx.database.reading(organisation) as session:
        return session.scalars(sa.select(Issued).where(Issued.document_id != RECEIPT)).one()


def _draw(ctx: Context) -> Application:
    """Two households of a published draw; one of them."""
    marks = typed(TOKYO)
    own = {name: marks[name] for name in ("name", "email", "address")}
    first = filed(ctx, HOUSING, 0, **own).application
    filed(ctx, HOUSING, 1)
    draws.published(ctx)
    ceremony.tell_cases(ctx, draws.DRAW)
    return first


def rows(ctx: Context, organisation: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the organisation, by table."""
    with ctx.database.reading(EVERYONE) as session:
        return {
            name: sorted(
                map(tuple, session.execute(sa.select(table).where(table.c.organisation_id == organisation))),
                key=repr,
            )
            for name, table in metadata().tables.items()
            if "organisation_id" in table.c
        }
