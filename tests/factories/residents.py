"""Residents with an account, signed in for real: by the code from the mail."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts import residents, sessions
from core.context import Context
from core.database import EVERYONE, OfAccount
from web import jobs

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
TARO, HANAKO = "taro@example.invalid", "hanako@example.invalid"


def ask(client: FlaskClient, email: str) -> TestResponse:
    """Ask for a code."""
    return client.post("/my/sign-in", data={"email": email})


def type_in(client: FlaskClient, code: str) -> TestResponse:
    """Type a code."""
    return client.post("/my/sign-in/code", data={"code": code})


def mails(ctx: Context, to: str) -> list[EmailMessage]:
    """What was sent to this address, oldest first."""
    jobs.drain(ctx)
    read = (
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(
            (ctx.settings.data_dir / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns
        )
    )
    return [mail for mail in read if isinstance(mail, EmailMessage) and mail["To"] == to]


def mailed(ctx: Context, to: str) -> list[str]:
    """The codes that were sent to this address, oldest first."""
    found = (CODE.search(str(mail["Subject"])) for mail in mails(ctx, to))
    return [match[0] for match in found if match]


def browser(app: Flask, language: str = "en") -> FlaskClient:
    """A browser that reads `language`."""
    client = app.test_client()
    client.set_cookie("language", language)
    return client


def sign_in(app: Flask, ctx: Context, email: str = TARO, client: FlaskClient | None = None) -> FlaskClient:
    """A browser in which the account of `email` is open."""
    client = client or browser(app)
    assert ask(client, email).headers["Location"] == "/my/sign-in/code"
    answer = type_in(client, mailed(ctx, email)[-1])
    assert answer.status_code == 303, answer.text
    return client


def scope_of(ctx: Context, email: str = TARO) -> OfAccount:
    """The scope of the account of `email`; made where there is none."""
    with ctx.database.writing(EVERYONE) as session:
        return OfAccount(residents.of_email(session, ctx, email, "en").account_id)


def signed_in(app: Flask, ctx: Context, email: str = TARO) -> FlaskClient:
    """The same without the mail, where the way in does not matter."""
    scope = scope_of(ctx, email)
    with ctx.database.writing(EVERYONE) as session:
        token = sessions.start(session, scope.id, "email")
    client = browser(app)
    with client.session_transaction() as kept:
        kept["resident"] = token
    return client
