"""The desk: queues, assignment, and the case page."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from accounts import clerks
from accounts.models import Clerk
from applications import queries
from core import audit, clock
from core.context import Context
from core.errors import NotFound, Refused, Stale
from tests.factories.applications import MIHON, SIGNS, TAX, TOKYO, clerk, filed, publish
from tests.integration.test_cases import take
from workflows import corrections, desk
from workflows.desk import Filters


@pytest.fixture(autouse=True)
def _catalogue(ctx: Context) -> None:
    publish(ctx)


@pytest.fixture
def reviewer(ctx: Context) -> Clerk:
    return clerk(ctx, MIHON, "reviewer", ("reviewer", "advertising"))


def references(ctx: Context, who: Clerk, **filters: object) -> list[str]:
    with ctx.database.reading(who.organisation_id) as session:
        page = desk.queue(session, ctx, "advertising", Filters(**filters), who)  # type: ignore[arg-type]
    assert page.total == len(page.rows)
    return [row.reference for row in page.rows]


def test_the_queue_is_sorted_by_deadline_and_filtered(ctx: Context, reviewer: Clerk) -> None:
    with clock.shifted(-timedelta(days=10)):
        late = filed(ctx, SIGNS).application
    soon = filed(ctx, SIGNS).application
    gone = filed(ctx, SIGNS).application
    take(ctx, reviewer, soon.id, "take")
    with ctx.database.writing(MIHON) as session:
        from workflows import cases

        cases.withdraw(session, ctx, gone.id)
    assert references(ctx, reviewer) == [late.reference, soon.reference]
    assert references(ctx, reviewer, show="mine") == [soon.reference]
    assert references(ctx, reviewer, show="unassigned") == [late.reference]
    assert references(ctx, reviewer, show="overdue") == [late.reference]
    assert references(ctx, reviewer, show="closed") == [gone.reference]
    assert references(ctx, reviewer, state="reviewing") == [soon.reference]
    assert references(ctx, reviewer, procedure=TAX) == []
    assert references(ctx, reviewer, reference=late.reference.lower().replace("-", " ")) == [late.reference]
    assert references(ctx, reviewer, reference=late.reference[-4:]) == [late.reference]
    with ctx.database.reading(MIHON) as session:
        [load] = desk.overview(session, ["advertising"], reviewer)
        assert (load.open, load.mine, load.overdue) == (2, 1, 1)


def test_a_page_needs_the_same_number_of_queries_whatever_its_length(ctx: Context, reviewer: Clerk) -> None:
    def count() -> int:
        statements: list[str] = []
        listener = lambda *args: statements.append(args[2])  # noqa: E731
        sa.event.listen(ctx.database.engine, "before_cursor_execute", listener)
        with ctx.database.reading(MIHON) as session:
            desk.queue(session, ctx, "advertising", Filters(), reviewer)
        sa.event.remove(ctx.database.engine, "before_cursor_execute", listener)
        return len([one for one in statements if one.startswith("SELECT")])

    filed(ctx, SIGNS)
    count()
    one = count()
    for _ in range(4):
        filed(ctx, SIGNS)
    assert count() == one <= 3


def test_take_next_gives_the_most_urgent_case_the_clerk_can_work_on(ctx: Context, reviewer: Clerk) -> None:
    chief = clerk(ctx, MIHON, "chief", ("chief", "advertising"))
    filed(ctx, SIGNS)
    with clock.shifted(-timedelta(days=3)):
        first = filed(ctx, SIGNS).application.id
    with ctx.database.writing(MIHON) as session:
        assert desk.take_next(session, ctx, "advertising", chief) is None
        assert desk.take_next(session, ctx, "advertising", reviewer) == first
        assert queries.get(session, first).assignee_id == reviewer.id
        assert desk.take_next(session, ctx, "advertising", reviewer) != first
        assert desk.take_next(session, ctx, "advertising", reviewer) is None


def test_two_clerks_who_take_the_next_case_at_once_get_two(ctx: Context) -> None:
    if ctx.database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: the second clerk waits")
    one, other = (clerk(ctx, MIHON, name, ("reviewer", "advertising")) for name in ("one", "other"))
    filed(ctx, SIGNS)
    filed(ctx, SIGNS)
    with ctx.database.writing(MIHON) as first, ctx.database.writing(MIHON) as second:
        taken = [
            desk.take_next(first, ctx, "advertising", one),
            desk.take_next(second, ctx, "advertising", other),
        ]
        assert None not in taken
        assert len(set(taken)) == 2


def test_assigning(ctx: Context, reviewer: Clerk) -> None:
    other = clerk(ctx, MIHON, "other", ("reviewer", "*"))
    stranger = clerk(ctx, TOKYO, "stranger", ("reviewer", "*"))
    tax = clerk(ctx, MIHON, "else", ("reviewer", "parks"))
    id = filed(ctx, SIGNS).application.id
    with ctx.database.writing(MIHON) as session:
        seen = queries.get(session, id).row_version
        desk.assign(session, ctx, id, reviewer, other.id, seen)
        with pytest.raises(Stale):
            desk.assign(session, ctx, id, reviewer, None, seen)
        with pytest.raises(NotFound):
            desk.assign(session, ctx, id, reviewer, stranger.id, seen + 1)
        with pytest.raises(Refused):
            desk.assign(session, ctx, id, reviewer, tax.id, seen + 1)
        with pytest.raises(NotFound):
            desk.assign(session, ctx, id, tax, None, seen + 1)


def test_the_case_page_shows_everything_and_only_allowed_steps(ctx: Context, reviewer: Clerk) -> None:
    id = filed(ctx, SIGNS, 1, language="en").application.id
    with ctx.database.writing(MIHON) as session:
        seen = queries.get(session, id).row_version
        corrections.request_correction(session, ctx, id, reviewer, seen, {"phone": "Bitte prüfen"})
    with ctx.database.writing(MIHON) as session:
        assert corrections.answer_correction(session, ctx, id, {"phone": ["09011112222"]}) == []
        desk.viewed(session, id, reviewer)
    take(ctx, reviewer, id, "take", comment="unter uns")
    with ctx.database.reading(MIHON) as session:
        view = desk.case(session, ctx, id, reviewer, "ja")
        assert view.applicant.name == "見本 花子"
        assert {str(label) for label, _ in view.files} == {
            "案内図",
            "意匠図",
            "所有者の承諾書",
            "管理者の資格を示す書類",
        }
        offered = {offer.id for offer in view.offers}
        assert offered == {"draft_approval", "draft_refusal", "request_correction"}
        [correction] = view.corrections
        assert [text for _, text in correction.remarks] == ["Bitte prüfen"]
        [change] = correction.changes
        assert change.before != change.after
        assert [one.text for one in view.history if one.internal] == ["unter uns"]
        assert view.signature
        assert view.signature["level"] == "email"
        assert view.assignee == "reviewer"
        viewed = session.scalars(
            sa.select(audit.AuditRow.actor).where(audit.AuditRow.action == "application.viewed")
        )
        assert list(viewed) == [f"clerk:{reviewer.id}"]


def test_namesakes_are_told_apart(ctx: Context, reviewer: Clerk) -> None:
    with ctx.database.writing(MIHON) as session:
        for email in ("a@example.invalid", "b@example.invalid"):
            clerks.add(
                session, email, "見本 花子", "a long enough password", [("chief", "advertising")], "command"
            )
    id = filed(ctx, SIGNS).application.id
    with ctx.database.reading(MIHON) as session:
        names = [name for _, name in desk.case(session, ctx, id, reviewer, "ja").colleagues]
    assert names == ["reviewer", "見本 花子 (a@example.invalid)", "見本 花子 (b@example.invalid)"]


def test_another_desk_sees_nothing(ctx: Context) -> None:
    other = clerk(ctx, MIHON, "parks", ("reviewer", "parks"))
    id = filed(ctx, SIGNS, 1).application.id
    with ctx.database.reading(MIHON) as session:
        with pytest.raises(NotFound):
            desk.case(session, ctx, id, other, "ja")
        file = next(iter(queries.files(session, queries.get(session, id))))
        from workflows import dossier

        with pytest.raises(NotFound):
            dossier.file_of(session, ctx, id, file, other)
