"""Retiring a key-encryption key: every wrapped key goes under the new one, and what they encrypt stays readable."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from accounts import residents
from accounts.models import Account
from applications import drafts, queries
from applications.models import Application, Draft
from core import rewrapping
from core.context import Context
from core.database import EVERYONE
from core.secrets import Undecipherable
from tests.factories.applications import TAX, TOKYO, filed, fill, publish
from tests.factories.residents import scope_of
from web.app import create_app


def ring(ctx: Context, current: str, without: str = "") -> None:
    """Write a ring with the keys it had, a second one, and `current` in use."""
    path = ctx.settings.data_dir / "keys" / "keyring.json"
    data = json.loads(path.read_text())
    data["keys"].setdefault("second", b64encode(bytes(range(32))).decode())
    data["keys"].pop(without, None)
    path.write_text(json.dumps(data | {"current": current}))


@contextmanager
def opened(ctx: Context) -> Iterator[tuple[Flask, Context]]:
    """The application with the ring as it is now."""
    app = create_app(ctx.settings)
    yield app, app.extensions["madoguchi"]
    app.extensions["madoguchi"].database.dispose()


def rewrap(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["keys", "rewrap"])


@pytest.fixture
def first(ctx: Context) -> str:
    """The id of the first key, under which there are drafts, a case and an account."""
    publish(ctx)
    with ctx.database.writing(TOKYO) as session:
        for _ in range(7):
            fill(session, ctx, TAX)
    filed(ctx, TAX)
    scope_of(ctx)
    return ctx.keyring.current


def keys(ctx: Context) -> list[bytes]:
    with ctx.database.reading(EVERYONE) as session:
        found = [
            session.scalars(sa.select(one)).all()
            for one in (Draft.case_key, Application.case_key, Account.account_key)
        ]
    assert all(found)
    return [key for some in found for key in some if key]


def everything(ctx: Context) -> list[object]:
    """What the keys open."""
    with ctx.database.reading(TOKYO) as session:
        ids = session.scalars(sa.select(Draft.id).where(Draft.filed_as.is_(None)).order_by(Draft.id))
        read: list[object] = [drafts.load(session, ctx, id)[1] for id in ids]
        read += [queries.document(session, ctx, one) for one in session.scalars(sa.select(Application))]
    with ctx.database.reading(scope_of(ctx)) as session:
        read.append(residents.document(session, ctx))
    return read


def test_an_old_key_can_be_taken_out(ctx: Context, first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrapping, "BATCH", 3)
    before, read = keys(ctx), everything(ctx)
    ring(ctx, "second")
    with opened(ctx) as (app, now):
        assert everything(now) == read
        done = rewrap(app)
        assert done.exit_code == 0, done.output
        assert "drafts.case_key: 7 rewrapped" in done.output
        assert f"nothing is under {first} any more" in done.output
        after = keys(now)
        assert len(after) == len(before) > 8
        assert all(key.startswith(now.keyring.mark) for key in after)
        again = rewrap(app)
        assert (again.exit_code, "drafts.case_key: 0 rewrapped" in again.output) == (0, True)
        assert keys(now) == after, "a second time changes nothing"
    ring(ctx, "second", without=first)
    with opened(ctx) as (_app, now):
        assert everything(now) == read


def test_a_stop_in_the_middle_loses_nothing(
    ctx: Context, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewrapping, "BATCH", 2)
    read = everything(ctx)
    ring(ctx, "second")
    with opened(ctx) as (app, now):
        [column] = [one for one in rewrapping.columns() if one.table.name == "drafts"]
        with now.database.writing(EVERYONE) as session:
            rewrapping.rewrap(session, now.keyring, column)
        with suppress(KeyboardInterrupt), now.database.writing(EVERYONE) as session:
            rewrapping.rewrap(session, now.keyring, column)
            raise KeyboardInterrupt
        assert everything(now) == read
        assert "drafts.case_key: 5 rewrapped" in rewrap(app).output
        assert everything(now) == read


def test_what_no_key_opens_is_said_and_left(ctx: Context, first: str) -> None:
    ring(ctx, "second", without=first)
    before = keys(ctx)
    with opened(ctx) as (app, now):
        done = rewrap(app)
        assert done.exit_code == 1
        assert "put back the key that was taken out" in done.output
        assert keys(ctx) == before
        with pytest.raises(Undecipherable):
            everything(now)
    ring(ctx, "second")


def test_every_column_of_wrapped_keys_is_known() -> None:
    assert {f"{one.table.name}.{one.wrapped.name}" for one in rewrapping.columns()} == {
        "accounts.account_key",
        "applications.case_key",
        "drafts.case_key",
        "leavings.comment_key",
        "mandates.mandate_key",
        "sign_in_codes.code_key",
    }
