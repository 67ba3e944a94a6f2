"""Runs Alembic against the database of the settings, or the connection it is handed."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlalchemy.engine import Connection

from core.database import UtcDateTime
from core.settings import settings
from migrations.tables import metadata


def _render(kind: str, thing: object, _autogen: Any) -> str | Literal[False]:
    """Write our own column types into revisions as what the database sees."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_render,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed: Connection | None = context.config.attributes.get("connection")
if handed is not None:
    _run(handed)
else:
    with sa.create_engine(settings().sqlalchemy_url).connect() as opened:
        _run(opened)
        opened.commit()
