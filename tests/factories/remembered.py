"""What many tests begin with is made once in a process, for real, and its rows are put into the others' databases."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from core.database import Database
from migrations.tables import metadata

_kept: dict[str, list[tuple[sa.Table, list[dict[str, Any]]]]] = {}


def remembered(name: str, database: Database, make: Callable[[], None]) -> None:
    """Let `make` fill the empty `database`, or fill it with the rows that it made the first time."""
    if name in _kept:
        with database.engine.begin() as connection:
            for table, rows in _kept[name]:
                connection.execute(table.insert(), rows)
        return
    make()
    with database.engine.connect() as connection:
        _kept[name] = [
            (table, rows)
            for table in metadata().sorted_tables
            if (rows := [_row(table, row._mapping) for row in connection.execute(table.select())])
        ]


def _row(table: sa.Table, row: Any) -> dict[str, Any]:
    """The row without the number that the database gives by itself, which the sequence would not know of."""
    counted = table.autoincrement_column
    return {key: value for key, value in row.items() if counted is None or key != counted.name}
