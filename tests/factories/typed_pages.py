"""Pages on which residents type, beyond a draft: what is typed there, and what of it their pages show again."""

import html
import re
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from accounts import residents
from accounts.models import Mandate
from applications import queries
from applications.filing import Filed
from applications.models import CaseMessage, Draft
from core.context import Context
from core.database import EVERYONE
from core.outbox import OutboxMessage
from satisfaction.models import Rating
from tests.factories.applications import TAX, TOKYO, clerk, filed
from tests.factories.residents import scope_of
from workflows import corrections

OWN = {"Sec-Fetch-Site": "same-origin"}
STORY = "渡邉髙志の証明書は何通ですか <b>"
SHOWN = html.escape(STORY)
WORDS = {"text": STORY, "once": "1" * 32}


def asked_to_correct(catalogue: Context) -> Filed:
    """A case for which a correction is asked."""
    made = filed(catalogue, TAX, language="en")
    reviewer = clerk(catalogue, TOKYO, "once-more", ("reviewer", "tax"))
    with catalogue.database.writing(TOKYO) as session:
        seen = queries.get(session, made.application.id).row_version
        remarks = {"phone": "?", "email": "?"}
        corrections.request_correction(session, catalogue, made.application.id, reviewer, seen, remarks)
    return made


def holder(app: Flask, made: Filed) -> FlaskClient:
    """A guest's browser that may open the case."""
    client = app.test_client()
    client.set_cookie("language", "en")
    with client.session_transaction() as kept:
        kept["cases"] = [made.application.id]
    return client


def hidden(page: str) -> dict[str, str]:
    """The hidden inputs of the form that a person fills in."""
    form = re.search(r'<form id="page-form".*?</form>', page, re.S)
    assert form, page
    pairs = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?>', form[0])
    return {name: html.unescape(value) for name, value in pairs}


@dataclass(frozen=True)
class Form:
    """A page on which a resident types; `kept` is what of it the page shows."""

    path: str
    typed: dict[str, str]
    kept: tuple[str, ...]


FOR_CASES = [
    Form("/status/{ref}/messages", WORDS, (f">{SHOWN}</textarea>", f'name="once" value="{"1" * 32}"')),
    Form(
        "/status/{ref}/correction",
        {"phone": "０９０ <b>", "email": "x"},
        ('value="０９０ &lt;b&gt;"', 'value="x"'),
    ),
    Form(
        "/rate/{ref}/submission",
        {"score": "2", "reasons": "easy", "comment": STORY},
        (f">{SHOWN}</textarea>", 'value="2" checked'),
    ),
]
FOR_ACCOUNTS = [
    Form("/my/companies/new", {"name": STORY, "number": "12"}, (f'value="{SHOWN}"', 'value="12"')),
    Form(
        "/my/mandates/new",
        {"delegate": STORY, "email": "x", "everything": "yes", "departments": "tokyo-taxation"},
        (f'value="{SHOWN}"', 'name="everything" value="yes" checked', 'value="tokyo-taxation" checked'),
    ),
    Form("/my/profile/phone", {"phone": "０９０ <b>"}, ('value="０９０ &lt;b&gt;"',)),
]
FOR_ALL = [
    Form("/status", {"reference": "TC-1", "code": "AB <b>"}, ('value="TC-1"', 'value="AB &lt;b&gt;"')),
    Form("/status/code", {"reference": "TC-1 <b>"}, ('value="TC-1 &lt;b&gt;"',)),
    Form("/status/TC-1/code", {"code": "12 3"}, ('value="12 3"',)),
    Form("/my/sign-in", {"email": "x <b>"}, ('value="x &lt;b&gt;"',)),
    Form("/resume/abc/code", {"code": "12 3"}, ('value="12 3"',)),
]


def everything(ctx: Context) -> tuple[object, ...]:
    """What a form could have changed: how many rows there are, and mails other than those with a code to come back."""
    tables = (CaseMessage, Rating, Mandate, Draft)
    with ctx.database.reading(EVERYONE) as session:
        mails = [one.payload.get("notice") for one in session.scalars(sa.select(OutboxMessage))]
        counts = [session.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables]
    return (*counts, sorted(str(one) for one in mails if one != "status_code"))


def of_account(ctx: Context) -> object:
    """What the account holds."""
    with ctx.database.reading(scope_of(ctx)) as session:
        return vars(residents.document(session, ctx))


def name(form: Form) -> str:
    return form.path.strip("/").replace("/", "-") or "start"
