"""The audit log: what is changed, removed, moved or cut off afterwards is found and named."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from core import audit
from core.audit import AuditHead, AuditRow, Break
from core.context import Context
from core.database import EVERYONE


@pytest.fixture
def chain(ctx: Context, organisation: str, other_organisation: str) -> Context:
    """Five rows of the prefecture and two of the city."""
    for owner, count in ((organisation, 5), (other_organisation, 2)):
        with ctx.database.writing(owner) as session:
            for n in range(1, count + 1):
                audit.append(session, "case.moved", f"application:{n}", "system", step=n, to="審査中")
    return ctx


def breaks(ctx: Context, organisation: str) -> list[Break]:
    with ctx.database.reading(EVERYONE) as session:
        return list(audit.verify(session, organisation))


def tamper(ctx: Context, statement: str, **values: object) -> None:
    with ctx.database.engine.begin() as connection:
        connection.execute(sa.text(statement), values)


def test_untouched_chains_hold(chain: Context, organisation: str, other_organisation: str) -> None:
    assert breaks(chain, organisation) == breaks(chain, other_organisation) == []
    with chain.database.reading(EVERYONE) as session:
        assert audit.length(session, organisation) == 5


class Interrupted(Exception):
    """Something went wrong halfway."""


def interrupted(session: Session, entity: str) -> None:
    audit.append(session, "case.moved", entity, "system")
    raise Interrupted


def test_what_is_rolled_back_was_never_done(chain: Context, organisation: str) -> None:
    with pytest.raises(Interrupted), chain.database.writing(organisation) as session:
        interrupted(session, "application:9")
    with chain.database.writing(organisation) as session:
        audit.append(session, "case.kept", "application:10", "system")
        with pytest.raises(Interrupted), session.begin_nested():
            interrupted(session, "application:11")
        with session.begin_nested():
            audit.append(session, "case.kept", "application:12", "system")
    with chain.database.reading(organisation) as session:
        added = session.scalars(
            sa.select(AuditRow.entity).where(AuditRow.sequence > 5).order_by(AuditRow.sequence)
        )
        assert added.all() == ["application:10", "application:12"]
    assert breaks(chain, organisation) == []


def test_a_transaction_waits_for_the_chain_at_its_end_only(chain: Context, organisation: str) -> None:
    """Two that are open at the same time and would lock other things in different orders cannot block each other."""
    with chain.database.reading(organisation) as session:
        if session.get_bind().dialect.name == "sqlite":
            pytest.skip("SQLite has one writer")
    with chain.database.writing(organisation) as first:
        audit.append(first, "case.moved", "application:20", "system")
        with chain.database.writing(organisation) as second:
            audit.append(second, "case.moved", "application:21", "system")
    with chain.database.reading(organisation) as session:
        last = session.scalars(sa.select(AuditRow.entity).order_by(AuditRow.sequence.desc()).limit(2))
        assert last.all() == ["application:20", "application:21"]
    assert breaks(chain, organisation) == []


@pytest.mark.parametrize("column", ["actor", "action", "entity", "at"])
def test_a_changed_row_is_named(
    chain: Context, organisation: str, other_organisation: str, column: str
) -> None:
    with chain.database.writing(organisation) as session:
        session.execute(sa.update(AuditRow).where(AuditRow.sequence == 2).values({column: "x"}))
    assert [(b.organisation, b.sequence) for b in breaks(chain, organisation)] == [(organisation, 2)]
    assert breaks(chain, other_organisation) == []


def test_changed_details_are_named(chain: Context, organisation: str) -> None:
    with chain.database.writing(organisation) as session:
        session.execute(sa.update(AuditRow).where(AuditRow.sequence == 3).values(details={"step": 4}))
    assert [b.sequence for b in breaks(chain, organisation)] == [3]


def test_a_changed_row_with_a_fresh_hash_breaks_the_next(chain: Context, organisation: str) -> None:
    with chain.database.writing(organisation) as session:
        row = session.scalars(sa.select(AuditRow).where(AuditRow.sequence == 3)).one()
        before = session.scalar(sa.select(AuditRow.hash).where(AuditRow.sequence == 2))
        assert before is not None
        row.actor = "clerk:somebody-else"
        row.hash = audit._link(before, vars(row))
    assert [b.sequence for b in breaks(chain, organisation)] == [4]


def test_a_deleted_row_is_missed(chain: Context, organisation: str) -> None:
    tamper(chain, "DELETE FROM audit_log WHERE sequence = 3 AND organisation_id = :o", o=organisation)
    assert breaks(chain, organisation) == [Break(organisation, 3, "rows 3 to 3 are missing")]


def test_the_first_row_is_missed(chain: Context, organisation: str) -> None:
    tamper(chain, "DELETE FROM audit_log WHERE sequence = 1 AND organisation_id = :o", o=organisation)
    assert breaks(chain, organisation) == [Break(organisation, 1, "rows 1 to 1 are missing")]


def test_rows_cut_off_the_end_are_missed(chain: Context, organisation: str) -> None:
    tamper(chain, "DELETE FROM audit_log WHERE sequence >= 4 AND organisation_id = :o", o=organisation)
    assert breaks(chain, organisation) == [Break(organisation, 4, "rows 4 to 5 are missing")]


def test_an_emptied_log_is_missed(chain: Context, organisation: str) -> None:
    tamper(chain, "DELETE FROM audit_log WHERE organisation_id = :o", o=organisation)
    assert breaks(chain, organisation) == [Break(organisation, 1, "rows 1 to 5 are missing")]


def test_a_missing_head_is_named(chain: Context, organisation: str) -> None:
    tamper(chain, "DELETE FROM audit_heads WHERE organisation_id = :o", o=organisation)
    assert [b.sequence for b in breaks(chain, organisation)] == [5]


def test_exchanged_rows_are_named(chain: Context, organisation: str) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        tamper(
            chain,
            "UPDATE audit_log SET sequence = :new WHERE sequence = :old AND organisation_id = :o",
            o=organisation, old=old, new=new,
        )  # fmt: skip
    assert [b.sequence for b in breaks(chain, organisation)] == [2, 3, 4]


def test_a_row_moved_to_another_organisation_is_named(
    chain: Context, organisation: str, other_organisation: str
) -> None:
    tamper(
        chain,
        "UPDATE audit_log SET organisation_id = :other, sequence = 3 WHERE sequence = 5 AND organisation_id = :o",
        o=organisation, other=other_organisation,
    )  # fmt: skip
    assert [b.sequence for b in breaks(chain, other_organisation)] == [3, 3]
    assert breaks(chain, organisation) == [Break(organisation, 5, "rows 5 to 5 are missing")]


def test_a_step_that_is_rolled_back_leaves_no_trace(chain: Context, organisation: str) -> None:
    with chain.database.reading(organisation) as session:
        audit.append(session, "case.moved", "application:9", "system")
    assert breaks(chain, organisation) == []
    with chain.database.reading(organisation) as session:
        assert session.scalar(sa.select(AuditHead.sequence)) == 5


def test_the_command_names_organisation_and_sequence(app: Flask) -> None:
    ctx = app.extensions["madoguchi"]
    command = app.test_cli_runner()
    good = command.invoke(args=["audit", "verify"])
    assert good.exit_code == 0
    assert "OK" in good.output
    assert "rows checked" in good.output
    tamper(ctx, "UPDATE audit_log SET actor = 'clerk:x' WHERE sequence = 1 AND organisation_id = 'mihon'")
    bad = command.invoke(args=["audit", "verify"])
    assert bad.exit_code == 1
    assert "mihon:1: " in bad.output
    assert "tokyo:1: " not in bad.output
