"""Tables, sessions, and the one place where queries are scoped to an organisation or to a resident's account.

Every session belongs to one organisation, to one account (`OfAccount`) or, said aloud, to `EVERYONE`. Rows of
`OrganisationOwned` tables of other organisations, and of `AccountOwned` tables of other accounts, can neither be read,
changed nor written in it; a session without a scope refuses to work at all.

Accounts are the whole platform's, for people move and apply to several offices with one account; cases are one
office's. So neither kind of session reaches what is the other's: an account's list names cases by id, and each is then
read in a session of its own organisation.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import event, orm
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.sql import util as sql_util
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import ExecutableOption

from core.errors import MadoguchiError


class ScopeError(MadoguchiError):
    """Raised when code reaches for rows without a scope or outside it: a mistake in the code, never of a user."""


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so it is taken off and put back; naive values are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = sa.JSON()
"""Kept as written on both engines: JSONB would sort keys, and the first language of a text is its source."""
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Base(DeclarativeBase):
    """The root of all tables; names of constraints are fixed so that migrations can name them on both engines."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: Json, list[Any]: Json}


def table_of(model: type[Base]) -> sa.Table:
    """The table of `model`, for statements over columns; see `Prepared`."""
    return cast(sa.Table, model.__table__)


class OrganisationOwned:
    """Mix into every table whose rows belong to one organisation; the column fills itself from the session's scope."""

    organisation_id: Mapped[str] = mapped_column(sa.String(40), sa.ForeignKey("organisations.id"), index=True)


class AccountOwned:
    """Mix into every table whose rows belong to one resident's account; the account's own table has it as its key."""

    account_id: Mapped[str] = mapped_column(
        sa.String(32), sa.ForeignKey("accounts.account_id", ondelete="CASCADE"), index=True
    )


class Everyone:
    """The scope of what is public or runs for all organisations: the catalogue, verification, the job worker."""


@dataclass(frozen=True)
class OfAccount:
    """The scope of one resident's account: its own rows, and no organisation's."""

    id: str


EVERYONE: Final = Everyone()
Scope = str | Everyone | OfAccount


def organisation_of(session: Session) -> str:
    """The organisation that `session` is scoped to. Raises `ScopeError` where it is `EVERYONE` or unset."""
    scope = session.info.get("scope")
    if not isinstance(scope, str):
        raise ScopeError("this needs a session of one organisation")
    return scope


@event.listens_for(Session, "do_orm_execute")
def _only_own_rows(state: orm.ORMExecuteState) -> None:
    scope = state.session.info.get("scope")
    if isinstance(scope, Everyone) or state.is_relationship_load or state.is_column_load:
        return
    if scope is None:
        raise ScopeError("a session needs a scope: an organisation, an account, or EVERYONE")
    if isinstance(scope, OfAccount):
        _only_own_account(state, scope.id)
        return
    mapper = state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, AccountOwned):
        raise ScopeError(f"{mapper.class_.__name__} belongs to an account, not to an organisation")
    if isinstance(state.statement, sa.Insert):
        _only_own_inserts(state, state.statement, scope)
        return
    limited = state.execution_options.get(_LIMITED)
    if limited is None:
        state.statement = state.statement.options(_own(scope))
        return
    if scope not in limited:
        limited[scope] = state.statement.options(_own(scope))
    state.statement = limited[scope]


_LIMITED: Final = "limited"
S = TypeVar("S", bound=sa.Executable)


def kept(statement: S) -> S:
    """`statement` for running again and again with parameters: what limits it is added once for each organisation.

    Building a statement, limiting it and looking it up costs about as much as running it. Its rows may be objects of
    the session; where tuples do, `Prepared` costs still less.
    """
    return statement.execution_options(**{_LIMITED: {}})


def _only_own_inserts(state: orm.ORMExecuteState, statement: sa.Insert, scope: str) -> None:
    """Insert statements do not pass the flush: each row has to name the session's organisation."""
    mapper = state.bind_mapper
    if mapper is None or not issubclass(mapper.class_, OrganisationOwned):
        return
    given = state.parameters or statement.compile().params
    for row in given if isinstance(given, Sequence) else (given,):
        if row.get("organisation_id") != scope:
            raise ScopeError(f"{mapper.class_.__name__} belongs to another organisation")


@lru_cache(maxsize=4096)
def _own(organisation: str) -> ExecutableOption:
    return orm.with_loader_criteria(
        OrganisationOwned,
        lambda cls: cls.organisation_id == organisation,
        include_aliases=True,
        propagate_to_loaders=True,
    )


def _only_own_account(state: orm.ORMExecuteState, account: str) -> None:
    mapper = state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, OrganisationOwned):
        raise ScopeError(f"{mapper.class_.__name__} belongs to an organisation, not to an account")
    if isinstance(state.statement, sa.Insert):
        raise ScopeError("a session of an account adds objects: statements do not pass the flush")
    state.statement = state.statement.options(*_own_account(account))


@lru_cache(maxsize=4096)
def _own_account(account: str) -> tuple[ExecutableOption, ...]:
    return (
        orm.with_loader_criteria(
            AccountOwned,
            lambda cls: cls.account_id == account,
            include_aliases=True,
            propagate_to_loaders=True,
        ),
        orm.with_loader_criteria(
            OrganisationOwned,
            lambda cls: cls.organisation_id.is_(None),
            include_aliases=True,
            propagate_to_loaders=True,
        ),
    )


@event.listens_for(Session, "before_flush")
def _only_own_writes(session: Session, _context: object, _instances: object) -> None:
    scope = session.info.get("scope")
    for thing in session.new:
        if isinstance(thing, OrganisationOwned) and isinstance(scope, str):
            thing.organisation_id = thing.__dict__.get("organisation_id") or scope
        elif isinstance(thing, AccountOwned) and isinstance(scope, OfAccount):
            thing.account_id = thing.__dict__.get("account_id") or scope.id
    if isinstance(scope, Everyone):
        return
    for thing in (*session.new, *session.dirty, *session.deleted):
        if isinstance(thing, OrganisationOwned) and thing.organisation_id != scope:
            raise ScopeError(f"{type(thing).__name__} belongs to another organisation")
        if isinstance(thing, AccountOwned) and scope != OfAccount(thing.account_id):
            raise ScopeError(f"{type(thing).__name__} belongs to another account")


class Prepared:
    """A statement that is built once and run with parameters, each time limited to its session's organisation.

    It is for what runs on every request: building a statement, limiting it and looking it up costs more than running
    it. Rows are tuples, no objects that a session watches; what it changes, objects in the session do not notice. It is
    flat, ``sa.select(Draft.id).where(Draft.id == sa.bindparam("id"))``, or an insert into a table, which does not wait
    for objects of the session that are not flushed yet.
    """

    def __init__(self, statement: sa.Executable) -> None:
        self._everywhere: sa.Executable = statement
        self._within: sa.Executable = statement
        self._fills = isinstance(statement, sa.Insert)
        self._personal = isinstance(statement, sa.Insert) and _HOLDER in statement.table.c
        if isinstance(statement, sa.Select | sa.Update | sa.Delete):
            parts = [part for part in visitors.iterate(statement) if part is not statement]
            if any(isinstance(part, sa.SelectBase) for part in parts):
                raise ScopeError("a prepared statement is flat")
            named = sql_util.find_tables(statement, check_columns=True)
            tables = dict.fromkeys(table for table in named if table is not None)  # count(*) is of none
            self._personal = any(_HOLDER in table.c for table in tables)
            owned = [table.c[_OWNER] for table in tables if _OWNER in table.c]
            self._within = statement.where(*(owner == sa.bindparam(_SCOPE) for owner in owned))

    def run(self, session: Session, *rows: Mapping[str, Any], **parameters: Any) -> sa.CursorResult[Any]:
        """Run it, once for each of `rows` where there are any. Raises `ScopeError`."""
        scope = session.info.get("scope")
        if not self._fills:
            session.flush()
        if isinstance(scope, Everyone):
            return session.connection().execute(self._everywhere, list(rows) or parameters)
        if scope is None:
            raise ScopeError("a session needs a scope: an organisation, or EVERYONE")
        if self._personal or not isinstance(scope, str):
            raise ScopeError("prepared statements are an organisation's, and reach no account")
        each = [self._owned(row, scope) for row in rows or (parameters,)]
        return session.connection().execute(self._within, each if rows else each[0])

    def _owned(self, row: Mapping[str, Any], scope: str) -> dict[str, Any]:
        if row.get(_OWNER, scope) != scope:
            raise ScopeError("a row of another organisation")
        return {**row, _OWNER if self._fills else _SCOPE: scope}


def insert_if_new(table: sa.Table, *returning: Any) -> dict[str, Prepared]:
    """By dialect: an insert that does nothing, and returns no row, where a unique value is there already."""
    return {
        dialect.__name__.rpartition(".")[2]: Prepared(
            dialect.insert(table).on_conflict_do_nothing().returning(*returning)
        )
        for dialect in (sqlite, postgresql)
    }


_OWNER: Final = "organisation_id"
_HOLDER: Final = "account_id"
_SCOPE: Final = "scope"
"""The parameter that stands for the session's organisation in conditions; an update's own are named as its columns."""


class Database:
    """An engine and the two ways to use it. Commit happens here, when a `writing` block ends well."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._sessions = orm.sessionmaker(self.engine, expire_on_commit=False, autoflush=True)

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Session]:
        """A session that is never committed."""
        with self._sessions(info={"scope": scope}) as session:
            yield session

    @contextmanager
    def writing(self, scope: Scope) -> Iterator[Session]:
        """A session that is committed when the block ends, rolled back when it raises.

        On SQLite the transaction takes the writer's place at once (BEGIN IMMEDIATE): a reader that turns writer
        could not be granted what it has read.
        """
        with self._sessions(info={"scope": scope}) as session, session.begin():
            session.connection(execution_options={"writing": True})
            yield session

    def dispose(self) -> None:
        """Close every pooled connection (before forking, at the end of tests)."""
        self.engine.dispose()


_OPTIONS: dict[str, Any] = {"pool_size": 8, "max_overflow": 8, "hide_parameters": True}
"""Errors of the database name no values: they are people's."""


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, **_OPTIONS)
    engine = sa.create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}, **_OPTIONS)

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("writing")
        raw: Any = connection.connection.dbapi_connection
        raw.execute("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
