"""`flask users`: clerks from the command line."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import Clerk
from core.audit import AuditRow
from core.context import Context
from core.database import EVERYONE
from tests.factories.applications import MIHON, TOKYO

EMAIL, PASSWORD = "sample@example.invalid", "a long sample password"
GOOD = {"--name": "見本 五郎", "--organisation": TOKYO, "--role": "reviewer", "--desk": "tax"}


@dataclass
class Shell:
    """Runs `flask users …`."""

    app: Flask

    def __call__(self, *words: str, typed: str = "") -> Result:
        return self.app.test_cli_runner().invoke(args=["users", *words], input=typed)

    def add(self, email: str = EMAIL, password: str | None = PASSWORD, **changes: str) -> Result:
        """`users add` with good options, some of them changed."""
        options = GOOD | {f"--{name}": value for name, value in changes.items()}
        words = [word for option in options.items() for word in option]
        return self("add", email, *words, *(("--password", password) if password else ()))


@pytest.fixture
def users(app: Flask) -> Shell:
    return Shell(app)


def stored(ctx: Context, email: str = EMAIL) -> Clerk | None:
    with ctx.database.reading(EVERYONE) as session:
        return session.scalar(sa.select(Clerk).where(Clerk.email == email))


def sign_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD) -> int:
    return client.post("/sign-in", data={"email": email, "password": password}).status_code


def test_a_clerk_is_added_and_signs_in(users: Shell, catalogue: Context, client: FlaskClient) -> None:
    done = users.add("Sample@EXAMPLE.invalid")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    clerk = stored(catalogue)
    assert clerk
    assert (clerk.organisation_id, clerk.name) == (TOKYO, "見本 五郎")
    assert clerk.may("reviewer", "tax")
    assert not clerk.may("reviewer", "housing")
    assert sign_in(client) == 302
    with catalogue.database.reading(TOKYO) as session:
        row = session.scalars(sa.select(AuditRow).where(AuditRow.entity == f"clerk:{clerk.id}")).first()
    assert row
    assert (row.action, row.actor, row.details) == ("clerk.added", "command", {"duties": ["reviewer@tax"]})


def test_the_password_is_asked_for_twice_and_not_shown(users: Shell, catalogue: Context) -> None:
    done = users("add", EMAIL, *[w for pair in GOOD.items() for w in pair], typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    assert stored(catalogue)
    again = users(
        "add", "other@example.invalid", *[w for pair in GOOD.items() for w in pair], typed="one\ntwo\n"
    )
    assert again.exit_code != 0
    assert stored(catalogue, "other@example.invalid") is None


def test_several_duties(users: Shell, catalogue: Context) -> None:
    words = ("--role", "chief", "--desk", "*")
    done = users("add", EMAIL, *[w for pair in GOOD.items() for w in pair], *words, "--password", PASSWORD)
    assert done.exit_code == 0, done.output
    clerk = stored(catalogue)
    assert clerk
    assert clerk.may("chief", "housing")
    assert users("add", EMAIL, *[w for pair in GOOD.items() for w in pair], "--role", "chief").exit_code == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"organisation": "tokio"}, "no organisation named 'tokio'; did you mean 'tokyo'?"),
        ({"role": "reviwer"}, "no role named 'reviwer'; did you mean 'reviewer'?"),
        ({"desk": "taxes"}, "no desk named 'taxes'; did you mean 'tax'?"),
        ({"desk": "advertising"}, "no desk named 'advertising'"),
        ({"email": "no address"}, "EMAIL is not an e-mail address"),
        ({"name": "two\nlines"}, "--name is"),
        ({"password": "short"}, "at least 12 characters"),
    ],
)
def test_mistakes_are_named_and_add_nobody(
    users: Shell, catalogue: Context, changes: dict[str, str], said: str
) -> None:
    done = users.add(**changes)
    assert done.exit_code != 0
    assert said in done.output
    assert "Traceback" not in done.output
    assert stored(catalogue) is None


def test_an_address_is_taken_once_on_the_whole_platform(users: Shell) -> None:
    assert users.add().exit_code == 0
    done = users.add(organisation=MIHON, desk="advertising")
    assert done.exit_code == 1
    assert "exists already" in done.output


def test_deactivating_ends_every_session(users: Shell, catalogue: Context, client: FlaskClient) -> None:
    users.add()
    assert sign_in(client) == 302
    assert client.get("/desk").status_code == 200
    assert users("deactivate", EMAIL.upper()).exit_code == 0
    assert "/sign-in" in client.get("/desk").headers["Location"]
    assert sign_in(client) == 422
    clerk = stored(catalogue)
    assert clerk
    assert not clerk.active
    assert users("deactivate", EMAIL).exit_code == 0, "a second time changes nothing"
    with catalogue.database.reading(TOKYO) as session:
        rows = session.scalars(sa.select(AuditRow.action).where(AuditRow.action == "clerk.deactivated"))
        assert len(list(rows)) == 1
    assert users("deactivate", "nobody@example.invalid").exit_code == 1


def test_listing(users: Shell) -> None:
    users.add()
    users("deactivate", EMAIL)
    assert f"{EMAIL:40} {TOKYO:12} reviewer@tax  (deactivated)" in users("list").output
    assert EMAIL not in users("list", "--organisation", MIHON).output
    assert "did you mean 'mihon'" in users("list", "--organisation", "mihn").output
