"""Starting on a data folder: what is missing is made, but never a new key beside what an old one encrypted."""

import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from accounts import clerks
from core.audit import AuditRow
from core.context import Context
from core.database import EVERYONE
from core.errors import Misconfigured
from core.settings import ROOT
from tests.factories.applications import LIVE, TAX, TOKYO, clerk, fill
from web import demonstration
from web.app import create_app
from web.preparing import prepare


def test_a_lost_key_ring_stops_the_start(catalogue: Context) -> None:
    with catalogue.database.writing(TOKYO) as session:
        fill(session, catalogue, TAX)
    ring = catalogue.settings.data_dir / "keys" / "keyring.json"
    ring.unlink()
    with pytest.raises(Misconfigured, match="back-up"):
        prepare(Context(catalogue.settings))
    assert not ring.exists()


class TestDemonstrationEnds:
    """Clerks whose password everybody knows do not outlive the demonstration."""

    EMAIL = f"chief@{TOKYO}.example.invalid"

    @pytest.fixture(autouse=True)
    def _newest(self, catalogue: Context) -> None:
        """The tables of tests are made from the models."""
        with catalogue.database.engine.begin() as connection:
            scripts = ScriptDirectory(str(ROOT / "migrations"))
            MigrationContext.configure(connection).stamp(scripts, "head")

    @pytest.fixture
    def live(self, catalogue: Context) -> Context:
        return Context(catalogue.settings.model_copy(update=LIVE))

    @staticmethod
    def sign_in(app: Flask, password: str = demonstration.PASSWORD) -> tuple[FlaskClient, int]:
        client = app.test_client()
        data = {"email": TestDemonstrationEnds.EMAIL, "password": password}
        return client, client.post("/sign-in", data=data).status_code

    def test_nobody_signs_in_any_more(self, app: Flask, catalogue: Context, live: Context) -> None:
        inside, status = self.sign_in(app)
        assert (status, inside.get("/desk").status_code) == (302, 200)
        real = clerk(catalogue, TOKYO, "someone", ("reviewer", "*"))
        prepare(live)
        assert self.sign_in(app)[1] == 422
        assert "/sign-in" in inside.get("/desk").location
        with catalogue.database.reading(EVERYONE) as session:
            assert [one.email for one in clerks.all_of_them(session) if one.active] == [real.email]
        prepare(live)
        with catalogue.database.reading(TOKYO) as session:
            rows = list(session.scalars(sa.select(AuditRow).where(AuditRow.action == "clerk.deactivated")))
        assert len(rows) == len(demonstration.CLERKS), "a second time changes nothing"
        assert {row.actor for row in rows} == {"system"}

    def test_not_even_before_that(self, live: Context) -> None:
        """Where somebody starts a server of production without preparing."""
        secrets = {"stripe_key": SecretStr("invented"), "stripe_webhook_secret": SecretStr("invented")}
        settings = live.settings.model_copy(update={"payment_providers": ("stripe",), **secrets})
        app = create_app(settings)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        assert self.sign_in(app)[1] == 422
        app.extensions["madoguchi"].database.dispose()

    @pytest.mark.parametrize("command", ["add", "password"])
    def test_its_password_is_refused(self, catalogue: Context, live: Context, command: str) -> None:
        person = clerk(catalogue, TOKYO, "someone", ("reviewer", "*"))
        words = {
            "add": ["x@example.invalid", "--name", "x", "--organisation", TOKYO, "--role", "chief", "--desk", "*"],
            "password": [person.email],
        }[command]  # fmt: skip
        secrets = {"stripe_key": SecretStr("invented"), "stripe_webhook_secret": SecretStr("invented")}
        app = create_app(live.settings.model_copy(update={"payment_providers": ("stripe",), **secrets}))
        done = app.test_cli_runner().invoke(
            args=["users", command, *words, "--password", demonstration.PASSWORD]
        )
        assert done.exit_code == 1
        assert "Everybody knows this password" in done.output
        app.extensions["madoguchi"].database.dispose()

    def test_the_demonstration_keeps_them(self, app: Flask, catalogue: Context) -> None:
        prepare(catalogue)
        assert self.sign_in(app)[1] == 302
