"""Sessions belong to one organisation: what they cannot read, change, remove or write, however the query is put."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from accounts.models import Clerk, Organisation
from core.context import Context
from core.database import EVERYONE, Prepared, ScopeError, table_of
from tests.factories.applications import clerk

OWN, FOREIGN = "mihon-to", "mihon-shi"
Query = Callable[[Session], Any]


@pytest.fixture(autouse=True)
def people(ctx: Context, organisation: str, other_organisation: str) -> dict[str, str]:
    """The id of one clerk in each organisation."""
    assert (organisation, other_organisation) == (OWN, FOREIGN)
    return {id: clerk(ctx, id, "somebody", ("reviewer", "*")).id for id in (OWN, FOREIGN)}


def _aliased(session: Session) -> Any:
    other = aliased(Clerk)
    return session.scalars(sa.select(other.organisation_id)).all()


READ: dict[str, Query] = {
    "rows": lambda s: [one.organisation_id for one in s.scalars(sa.select(Clerk))],
    "columns": lambda s: s.scalars(sa.select(Clerk.organisation_id)).all(),
    "several columns": lambda s: [row[1] for row in s.execute(sa.select(Clerk.id, Clerk.organisation_id))],
    "alias": _aliased,
    "join": lambda s: s.scalars(
        sa.select(Organisation.id).join(Clerk, Clerk.organisation_id == Organisation.id)
    ).all(),
    "exists": lambda s: s.scalars(
        sa.select(Organisation.id).where(
            sa.exists(sa.select(Clerk.id).where(Clerk.organisation_id == Organisation.id))
        )
    ).all(),
    "subquery": lambda s: s.scalars(
        sa.select(Organisation.id).where(Organisation.id.in_(sa.select(Clerk.organisation_id)))
    ).all(),
    "group": lambda s: s.scalars(sa.select(Clerk.organisation_id).group_by(Clerk.organisation_id)).all(),
    "union": lambda s: s.scalars(
        sa.select(Clerk.organisation_id).union(sa.select(Clerk.organisation_id))
    ).all(),
}


@pytest.mark.parametrize("name", READ)
def test_reading_is_limited(ctx: Context, name: str) -> None:
    with ctx.database.reading(OWN) as session:
        assert list(READ[name](session)) == [OWN]
    with ctx.database.reading(EVERYONE) as session:
        assert sorted(READ[name](session)) == sorted((OWN, FOREIGN))


def test_counting_is_limited(ctx: Context) -> None:
    with ctx.database.reading(OWN) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Clerk)) == 1
        assert session.scalar(sa.select(sa.func.count(Clerk.id))) == 1


def test_fetching_by_id_is_limited(ctx: Context, people: dict[str, str]) -> None:
    with ctx.database.reading(OWN) as session:
        assert session.get(Clerk, people[FOREIGN]) is None
        assert session.get(Clerk, people[OWN]) is not None


CHANGE: dict[str, Query] = {
    "update": lambda s: s.execute(sa.update(Clerk).values(name="changed")),
    "update by id": lambda s: s.execute(
        sa.update(Clerk).where(Clerk.organisation_id == FOREIGN).values(name="changed")
    ),
    "delete": lambda s: s.execute(sa.delete(Clerk).execution_options(synchronize_session=False)),
}


@pytest.mark.parametrize("name", CHANGE)
def test_changing_is_limited(ctx: Context, people: dict[str, str], name: str) -> None:
    with ctx.database.writing(OWN) as session:
        if name == "delete":
            session.delete(session.get_one(Clerk, people[OWN]))
            session.flush()
        CHANGE[name](session)
    with ctx.database.reading(FOREIGN) as session:
        assert session.get_one(Clerk, people[FOREIGN]).name == "somebody"


WRITE: dict[str, Query] = {
    "a new row": lambda s: s.add(_row()),
    "a statement": lambda s: s.execute(sa.insert(Clerk), _row_values()),
    "a statement with values": lambda s: s.execute(sa.insert(Clerk).values(**_row_values())),
    "many": lambda s: s.execute(sa.insert(Clerk), [_row_values()]),
    "merge": lambda s: s.merge(_row()),
}


def _row_values() -> dict[str, Any]:
    return {
        "id": "new",
        "organisation_id": FOREIGN,
        "email": "new@example.invalid",
        "name": "new",
        "password_hash": "x",
    }


def _row() -> Clerk:
    return Clerk(**_row_values())


@pytest.mark.parametrize("name", WRITE)
def test_foreign_rows_cannot_be_written(ctx: Context, name: str) -> None:
    def write() -> None:
        with ctx.database.writing(OWN) as session:
            WRITE[name](session)

    with pytest.raises(ScopeError):
        write()
    with ctx.database.reading(EVERYONE) as session:
        assert session.get(Clerk, "new") is None


READ_PREPARED = Prepared(sa.select(Clerk.organisation_id))
JOINED = Prepared(
    sa.select(Clerk.organisation_id).join(Organisation, Clerk.organisation_id == Organisation.id)
)
RENAME = Prepared(sa.update(table_of(Clerk)))
REMOVE = Prepared(sa.delete(table_of(Clerk)).where(Clerk.id == sa.bindparam("clerk")))
ADD = Prepared(sa.insert(table_of(Clerk)))


@pytest.mark.parametrize("statement", [READ_PREPARED, JOINED])
def test_prepared_reading_is_limited(ctx: Context, statement: Prepared) -> None:
    with ctx.database.reading(OWN) as session:
        assert statement.run(session).scalars().all() == [OWN]
    with ctx.database.reading(EVERYONE) as session:
        assert sorted(statement.run(session).scalars()) == sorted((OWN, FOREIGN))


def test_prepared_changes_are_limited(ctx: Context, people: dict[str, str]) -> None:
    with ctx.database.writing(OWN) as session:
        assert RENAME.run(session, name="changed").rowcount == 1
        assert REMOVE.run(session, clerk=people[FOREIGN]).rowcount == 0
    with ctx.database.reading(FOREIGN) as session:
        assert session.get_one(Clerk, people[FOREIGN]).name == "somebody"


def test_prepared_rows_belong_to_the_organisation_of_the_session(ctx: Context) -> None:
    own = {name: value for name, value in _row_values().items() if name != "organisation_id"}
    with ctx.database.writing(OWN) as session:
        ADD.run(session, own, {**own, "id": "second", "email": "second@example.invalid"})
        with pytest.raises(ScopeError):
            ADD.run(session, **_row_values())
        with pytest.raises(ScopeError):
            RENAME.run(session, organisation_id=FOREIGN)
    with ctx.database.reading(OWN) as session:
        assert session.get_one(Clerk, "second").organisation_id == OWN


def test_prepared_reading_sees_what_was_not_flushed_yet(ctx: Context, people: dict[str, str]) -> None:
    with ctx.database.writing(OWN) as session:
        session.delete(session.get_one(Clerk, people[OWN]))
        assert READ_PREPARED.run(session).all() == []


def test_prepared_statements_need_a_scope_and_are_flat(ctx: Context) -> None:
    with Session(ctx.database.engine) as session, pytest.raises(ScopeError):
        READ_PREPARED.run(session)
    with pytest.raises(ScopeError, match="flat"):
        Prepared(sa.select(Organisation.id).where(Organisation.id.in_(sa.select(Clerk.organisation_id))))


def test_ones_own_row_cannot_be_given_away(ctx: Context, people: dict[str, str]) -> None:
    def give() -> None:
        with ctx.database.writing(OWN) as session:
            session.get_one(Clerk, people[OWN]).organisation_id = FOREIGN

    with pytest.raises(ScopeError):
        give()


def test_a_new_row_gets_its_organisation_from_the_session(ctx: Context) -> None:
    values = _row_values()
    del values["organisation_id"]
    with ctx.database.writing(OWN) as session:
        session.add(Clerk(**values))
    with ctx.database.reading(OWN) as session:
        assert session.get_one(Clerk, "new").organisation_id == OWN


@pytest.mark.parametrize("query", [*READ.values(), *CHANGE.values(), *WRITE.values()])
def test_without_a_scope_nothing_works(ctx: Context, query: Query) -> None:
    def work() -> None:
        with Session(ctx.database.engine) as session:
            query(session)
            session.flush()

    with pytest.raises(ScopeError):
        work()
