"""Residents sign in by a code that is mailed, whether they have an account or not; sessions begin, rotate and end."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import Account, SignedIn, SignInCode
from core import clock, codes
from core.context import Context
from core.database import EVERYONE
from core.outbox import OutboxMessage
from tests.factories.browsers import at_once
from tests.factories.residents import HANAKO, TARO, ask, browser, mailed, mails, scope_of, sign_in, type_in
from web import jobs
from web.app import create_app


def accounts(ctx: Context) -> int:
    with ctx.database.reading(EVERYONE) as session:
        return session.scalar(sa.select(sa.func.count(Account.account_id))) or 0


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_first_code_makes_the_account_and_the_next_finds_it(both: Flask, ctx: Context) -> None:
    client = sign_in(both, ctx)
    assert client.get("/my").status_code == 200
    assert TARO in client.get("/my").text
    sign_in(both, ctx, TARO.upper().replace("EXAMPLE.INVALID", "example.invalid"))
    assert accounts(ctx) == 1
    sign_in(both, ctx, HANAKO)
    assert accounts(ctx) == 2


def test_the_address_stands_nowhere_in_the_clear(both: Flask, ctx: Context) -> None:
    client = sign_in(both, ctx)
    client.get("/my")
    with ctx.database.reading(EVERYONE) as session:
        for table in (Account, SignInCode, SignedIn, OutboxMessage):
            for row in session.execute(sa.select(table.__table__)):
                assert "taro" not in str(tuple(row)), table


def test_a_code_works_once_in_its_browser_and_for_ten_minutes(both: Flask, ctx: Context) -> None:
    client, other = browser(both), browser(both)
    ask(client, TARO)
    [code] = mailed(ctx, TARO)
    with client.session_transaction() as mine, other.session_transaction() as theirs:
        theirs["sign_in"] = mine["sign_in"]
        again = dict(mine)
    assert type_in(other, code).status_code == 422
    assert type_in(client, wrong(code)).status_code == 422
    with clock.shifted(timedelta(minutes=10, seconds=1)):
        assert type_in(client, code).status_code == 422
    assert type_in(client, f"{code[:3]} {code[3:]}").status_code == 303
    replay = browser(both)
    with replay.session_transaction() as kept:
        kept.update(again)
    assert type_in(replay, code).status_code == 422


def test_five_tries_end_a_code(both: Flask, ctx: Context) -> None:
    client = browser(both)
    ask(client, TARO)
    [code] = mailed(ctx, TARO)
    for _ in range(5):
        assert type_in(client, wrong(code)).status_code == 422
    assert type_in(client, code).status_code == 422


def test_codes_are_counted_by_browser_and_by_address(both: Flask, ctx: Context) -> None:
    """Five an hour for a browser, ten for an address; what is asked beyond looks the same."""
    client = browser(both)
    for minute in range(0, 14, 2):
        with clock.shifted(timedelta(minutes=minute)):
            assert ask(client, TARO).headers["Location"] == "/my/sign-in/code"
            assert ask(client, TARO).headers["Location"] == "/my/sign-in/code"
            jobs.drain(ctx)
    with clock.shifted(timedelta(minutes=15)):
        assert len(mailed(ctx, TARO)) == codes.MOST_IN_WINDOW
        strangers = [browser(both) for _ in range(8)]
        assert {ask(one, TARO).headers["Location"] for one in strangers} == {"/my/sign-in/code"}
        assert len(mailed(ctx, TARO)) == codes.MOST_FOR_ADDRESS
        assert type_in(strangers[-1], "123456").status_code == 422
        assert len(mailed(ctx, HANAKO)) == 0
        sign_in(both, ctx, HANAKO)
    with clock.shifted(timedelta(hours=2)):
        sign_in(both, ctx, TARO)


def test_nothing_tells_who_has_an_account(both: Flask, ctx: Context) -> None:
    """Asking takes the same questions to the database, gives the same page, and never looks at the accounts."""
    scope_of(ctx, TARO)
    asked: list[list[str]] = []
    pages = []
    for email in (TARO, "nobody@example.invalid"):
        client = browser(both)
        client.get("/my/sign-in")
        statements: list[str] = []
        engine = both.extensions["madoguchi"].database.engine

        def note(*arguments: object, told: list[str] = statements) -> None:
            told.append(re.sub(r"\s+", " ", str(arguments[2])))

        sa.event.listen(engine, "before_cursor_execute", note)
        answer = ask(client, email)
        sa.event.remove(engine, "before_cursor_execute", note)
        asked.append(statements)
        pages.append((answer.status_code, answer.headers["Location"], client.get("/my/sign-in/code").text))
    assert asked[0] == asked[1]
    assert asked[0], "nothing was seen"
    assert not any("accounts" in statement for statement in asked[0])
    clean = [(status, to, re.sub(r'value="[^"]*"', "", page)) for status, to, page in pages]
    assert clean[0] == clean[1]
    assert TARO not in pages[0][2]


def test_a_double_click_sends_one_code(both: Flask, ctx: Context) -> None:
    client = browser(both)
    client.get("/my/sign-in")
    with client.session_transaction() as kept:
        held = dict(kept)

    def press(_number: int) -> int:
        twin = both.test_client()
        with twin.session_transaction() as new:
            new.update(held)
        return ask(twin, TARO).status_code

    assert at_once(press) == [303, 303]
    assert len(mailed(ctx, TARO)) == 1


def test_the_mail_says_who_writes_in_the_readers_language(both: Flask, ctx: Context) -> None:
    client = browser(both, "ja")
    ask(client, TARO)
    [mail] = mails(ctx, TARO)
    assert mail["Content-Language"] == "ja"
    assert "10" in mail.get_content()


def session_of(client: FlaskClient) -> dict[str, object]:
    with client.session_transaction() as kept:
        return dict(kept)


def test_the_session_is_a_new_one_after_signing_in(both: Flask, ctx: Context) -> None:
    client = browser(both)
    client.get("/my/sign-in")
    before = session_of(client)
    sign_in(both, ctx, client=client)
    after = session_of(client)
    assert set(after) == {"resident"}
    assert not set(map(str, before.values())) & set(map(str, after.values()))


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(both: Flask, ctx: Context) -> None:
    client = sign_in(both, ctx)
    stolen = browser(both)
    with stolen.session_transaction() as kept:
        kept.update(session_of(client))
    assert stolen.get("/my").status_code == 200
    assert client.post("/my/sign-in/out").status_code == 303
    for one in (client, stolen):
        assert one.get("/my").headers["Location"].startswith("/my/sign-in?next=")


def test_signing_out_elsewhere(both: Flask, ctx: Context) -> None:
    first, second = sign_in(both, ctx), sign_in(both, ctx)
    assert second.post("/my/sign-out-elsewhere").status_code == 303
    assert second.get("/my").status_code == 200
    assert first.get("/my").status_code == 302


def test_idle_and_long_sessions_end_and_lead_back(both: Flask, ctx: Context) -> None:
    client = sign_in(both, ctx)
    for minutes in (20, 40, 60):
        with clock.shifted(timedelta(minutes=minutes)):
            assert client.get("/my/profile").status_code == 200
    with clock.shifted(timedelta(minutes=91)):
        assert client.get("/my/profile").headers["Location"] == "/my/sign-in?next=/my/profile"
        client.get("/my/sign-in?next=/my/profile")
        sign = ask(client, TARO)
        assert sign.status_code == 303
        assert type_in(client, mailed(ctx, TARO)[-1]).headers["Location"] == "/my/profile"
    for hours in range(13):
        with clock.shifted(timedelta(hours=1.5 + hours / 3)):
            client.get("/my")
    with clock.shifted(timedelta(hours=1.5 + 12, minutes=2)):
        assert client.get("/my").status_code == 302
        jobs.forget(ctx)
    with ctx.database.reading(EVERYONE) as session, clock.shifted(timedelta(hours=14)):
        assert session.scalars(sa.select(SignInCode.id)).all() == []


def test_a_clerk_and_a_resident_are_never_in_one_session(app: Flask, catalogue: Context) -> None:
    client = sign_in(app, catalogue)
    held = session_of(client)
    clerk = {"email": "reviewer@tokyo.example.invalid", "password": "madoguchi-demo"}
    assert client.post("/sign-in", data=clerk).status_code == 302
    assert set(session_of(client)) == {"clerk"}
    assert client.get("/my").status_code == 302
    again = browser(app)
    with again.session_transaction() as kept:
        kept.update(held)
    assert again.get("/my").status_code == 302, "the account's session ended with it"
    sign_in(app, catalogue, HANAKO, client)
    assert set(session_of(client)) == {"resident"}
    assert "/sign-in" in client.get("/desk").headers["Location"]


@pytest.mark.parametrize("email", ["", "x", "a@b", "x" * 300, "a@b.c\r\nBcc: d@e.f"])
def test_no_address_no_code(both: Flask, ctx: Context, email: str) -> None:
    assert ask(browser(both), email).status_code == 422
    with ctx.database.reading(EVERYONE) as session:
        assert session.scalars(sa.select(SignInCode.id)).all() == []


def test_guesses_are_limited(catalogue: Context) -> None:
    app = create_app(catalogue.settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    answers = [app.test_client().post("/my/sign-in/code", data={"code": "1"}).status_code for _ in range(25)]
    assert answers[0] == 422
    assert answers[-1] == 429
    app.extensions["madoguchi"].database.dispose()
