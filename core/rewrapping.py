"""Putting every wrapped key under the key-encryption key that is current, so that an older one can be retired.

Only the wrapping changes: what the keys encrypt stays as it is, byte for byte.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.database import Base
from core.secrets import Keyring, Undecipherable

BATCH = 500


@dataclass(frozen=True)
class Column:
    """A column of wrapped keys, and the key of its table."""

    table: sa.Table
    key: sa.Column[Any]
    wrapped: sa.Column[Any]


@dataclass(frozen=True)
class Batch:
    """What came of some rows."""

    rewrapped: int
    lost: int
    """Keys that no key of the ring opens: what they encrypt cannot be read any more."""
    last: Any
    """The key of the last row that was looked at; none where there was none."""


def columns() -> Iterator[Column]:
    """Every column of wrapped keys: bytes whose name ends in ``_key``."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, sa.LargeBinary) and column.name.endswith("_key"):
                [key] = table.primary_key
                yield Column(table, key, column)


def rewrap(session: Session, keyring: Keyring, column: Column, after: Any = None) -> Batch:
    """Rewrap the next rows behind `after` that need it (a session of `EVERYONE`).

    A key that is changed or erased meanwhile is left alone. Nothing is skipped for good: what is left is found again.
    """
    mark = keyring.mark
    under = sa.func.substr(column.wrapped, 1, len(mark), type_=sa.LargeBinary)
    query = sa.select(column.key, column.wrapped).where(sa.func.length(column.wrapped) > 0, under != mark)
    if after is not None:
        query = query.where(column.key > after)
    connection = session.connection()
    rows = connection.execute(query.order_by(column.key).limit(BATCH)).all()
    fresh, lost = [], 0
    for id, wrapped in rows:
        try:
            fresh.append({"id_": id, "old": wrapped, "new": keyring.rewrap(wrapped)})
        except Undecipherable:
            lost += 1
    if fresh:
        connection.execute(
            sa.update(column.table)
            .where(column.key == sa.bindparam("id_"), column.wrapped == sa.bindparam("old"))
            .values({column.wrapped.name: sa.bindparam("new")}),
            fresh,
        )
    return Batch(len(fresh), lost, rows[-1][0] if rows else None)
