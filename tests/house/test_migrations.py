"""The revisions: one head, the same tables as the models, up and down, on both engines."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.database import Database
from core.settings import ROOT
from migrations.tables import metadata
from tests.fixtures import postgres
from tests.fixtures.databases import ENGINES
from web import schema


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: object) -> Iterator[Database]:
    """A database without tables."""
    on_postgres = request.param == "postgresql"
    url = postgres.empty_database() if on_postgres else f"sqlite:///{tmp_path}/empty.sqlite"
    database = Database(url)
    yield database
    database.dispose()
    if on_postgres:
        postgres.drop_database(url)


def _config() -> Config:
    return Config(toml_file=ROOT / "pyproject.toml")


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(_config()).get_heads()) == 1


def test_revisions_make_the_models_tables(empty: Database) -> None:
    schema.upgrade(empty)
    assert schema.at_head(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []


def test_revisions_go_down_again(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert set(sa.inspect(empty.engine).get_table_names()) <= {"alembic_version"}
