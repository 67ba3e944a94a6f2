"""Two organisations side by side: no service reaches over, whatever id it is given."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import Clerk
from applications import drafts, queries
from applications.models import Answers, Application, Correction, Draft, Event, UploadedFile
from core import audit
from core.context import Context
from core.database import EVERYONE, OrganisationOwned, ScopeError
from core.errors import NotFound
from core.outbox import OutboxMessage
from migrations.tables import metadata
from tests.factories.applications import MIHON, SIGNS, TAX, TOKYO, clerk, filed, fill, publish
from workflows import case as cases_
from workflows import cases, correction_page, desk, dossier, messages, status
from workflows.desk import Filters


@pytest.fixture(autouse=True)
def _catalogue(ctx: Context) -> None:
    publish(ctx)


@pytest.fixture
def theirs(ctx: Context) -> str:
    """A case of the other organisation."""
    return filed(ctx, SIGNS).application.id


@pytest.fixture
def powerful(ctx: Context) -> Clerk:
    """A clerk of Tokyo who may do everything there."""
    roles = ("reviewer", "chief", "cashier", "auditor", "lottery_officer")
    return clerk(ctx, TOKYO, "powerful", *((role, "*") for role in roles))


Service = Callable[[Session, Context, str, Clerk], Any]
SERVICES: dict[str, Service] = {
    "load": lambda s, c, id, _: cases_.load(s, c, id),
    "take": lambda s, c, id, who: cases.take(s, c, id, "take", who, 1),
    "applicant_takes": lambda s, c, id, _: cases.applicant_takes(s, c, id, "withdraw"),
    "withdraw": lambda s, c, id, _: cases.withdraw(s, c, id),
    "comment": lambda s, c, id, who: cases.comment(s, c, id, who, "x"),
    "paid": lambda s, c, id, _: cases.paid(s, c, id),
    "drawn": lambda s, c, id, _: cases.drawn(s, c, id, "won"),
    "expire": lambda s, c, id, _: cases.expire(s, c, id),
    "request_correction": lambda s, c, id, who: cases.request_correction(s, c, id, who, 1, {"phone": "x"}),
    "answer_correction": lambda s, c, id, _: cases.answer_correction(s, c, id, {}),
    "correction_form": lambda s, c, id, _: correction_page.form(s, c, id),
    "assign": lambda s, c, id, who: desk.assign(s, c, id, who, who.id, 1),
    "case": lambda s, c, id, who: desk.case(s, c, id, who, "ja"),
    "viewed": lambda s, _, id, who: desk.viewed(s, id, who),
    "file_of": lambda s, c, id, who: dossier.file_of(s, c, id, "x", who),
    "status": lambda s, c, id, _: status.of(s, c, id),
    "message_by_applicant": lambda s, c, id, _: messages.by_applicant(s, c, id, messages.Words("x", "1")),
    "message_by_clerk": lambda s, c, id, who: messages.by_clerk(s, c, id, who, messages.Words("x", "1")),
    "thread": lambda s, c, id, _: messages.thread(s, c, id),
    "message_file": lambda s, c, id, _: messages.file_of(s, c, id, "x"),
    "messages_seen": messages.seen_by_clerk,
    "get": lambda s, _, id, __: queries.get(s, id),
}


@pytest.mark.parametrize("name", SERVICES)
def test_a_foreign_case_is_not_there(ctx: Context, theirs: str, powerful: Clerk, name: str) -> None:
    with ctx.database.reading(MIHON) as session:
        before = queries.get(session, theirs).row_version
    with pytest.raises(NotFound), ctx.database.writing(TOKYO) as session:
        SERVICES[name](session, ctx, theirs, powerful)
    with ctx.database.reading(MIHON) as session:
        assert queries.get(session, theirs).row_version == before


def test_a_foreign_draft_is_not_there(ctx: Context) -> None:
    with ctx.database.writing(MIHON) as session:
        id = fill(session, ctx, SIGNS)[0].id
    for attempt in (drafts.load, cases.file_application):
        with pytest.raises(NotFound), ctx.database.writing(TOKYO) as session:
            attempt(session, ctx, id)
    with ctx.database.writing(TOKYO) as session:
        drafts.issue_code(session, ctx, id, "browser")
        assert drafts.check_code(session, ctx, id, "browser", "000000") is None
        assert session.scalar(sa.select(OutboxMessage.id)) is None


def test_queues_show_only_ones_own(ctx: Context, theirs: str, powerful: Clerk) -> None:
    own = filed(ctx, TAX).application.id
    with ctx.database.writing(TOKYO) as session:
        assert [row.id for row in desk.queue(session, ctx, "tax", Filters(), powerful).rows] == [own]
        assert desk.queue(session, ctx, "advertising", Filters(), powerful).rows == []
        assert desk.take_next(session, ctx, "advertising", powerful) is None
        assert [load.open for load in desk.overview(session, ["advertising"], powerful)] == [0]


@pytest.mark.parametrize(
    "table", [Application, Answers, Draft, Event, Correction, UploadedFile, OutboxMessage]
)
def test_rows_of_others_cannot_be_read_or_changed(
    ctx: Context, theirs: str, table: type[OrganisationOwned]
) -> None:
    del theirs
    with ctx.database.writing(TOKYO) as session:
        assert session.scalars(sa.select(table)).all() == []
        changed: Any = session.execute(sa.delete(table).execution_options(synchronize_session=False))
        assert changed.rowcount == 0
    with ctx.database.reading(MIHON) as session:
        assert session.scalars(sa.select(table)).first() is not None or table is Correction


def test_a_row_for_another_organisation_cannot_be_written(ctx: Context, theirs: str) -> None:
    def smuggle() -> None:
        with ctx.database.writing(TOKYO) as session:
            session.add(
                Event(
                    organisation_id=MIHON,
                    application_id=theirs,
                    sequence=99,
                    actor="system",
                    kind="x",
                    details={},
                )
            )

    with pytest.raises(ScopeError):
        smuggle()


def test_without_a_scope_nothing_is_read(ctx: Context) -> None:
    with Session(ctx.database.engine) as session, pytest.raises(ScopeError):
        session.scalars(sa.select(Application)).all()


def test_each_organisation_has_an_audit_chain_of_its_own(ctx: Context, theirs: str) -> None:
    del theirs
    filed(ctx, TAX)
    with ctx.database.reading(EVERYONE) as session:
        for organisation in (TOKYO, MIHON):
            assert audit.length(session, organisation) > 2
            assert list(audit.verify(session, organisation)) == []


def test_every_table_with_a_case_belongs_to_an_organisation() -> None:
    """A new table that names an application must be scoped as well."""
    for table in metadata().tables.values():
        names = {column.name for column in table.columns}
        if names & {"application_id", "draft_id", "procedure_id"}:
            assert "organisation_id" in names, f"{table.name} is not scoped to an organisation"
