"""Names exactly as they were typed, sign by sign: form, check page, desk, mail, receipt, certificate, status page."""

import email
import email.policy
import subprocess
from html import escape
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import Clerk
from applications.models import Application
from core.context import Context
from documents.models import Issued
from tests.factories.applications import TAX, TOKYO, clerk, filed
from tests.factories.browsers import Browser
from tests.integration.test_cases import pay, take
from web import jobs
from web.clerk import session_of

NAMES = {
    "chosen-shapes": ("葛\U000e0100城", "邉\U000e0102", "カツラギ", "ナベ"),
    "extension-b": ("𠮷野", "𩸽子", "ヨシノ", "ホッケコ"),
    "half-width": ("ﾐﾎﾝ", "ﾀﾛｳ", "ミホン", "タロウ"),
    "marks": ("か\u3099さき", "Zoe\u0308", "ガサキ", "ゾエ"),
    "signs": ("<b>&\"'", "{name} %s", "ミホン", "ミホン"),
}


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> dict[str, str]:
    parts = ("family", "given", "family_kana", "given_kana")
    return dict(zip(parts, NAMES[request.param], strict=True))


def shown(page: str, name: dict[str, str]) -> bool:
    """Whether a page has the name, each part whole."""
    return all(escape(name[part]) in page.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
               for part in ("family", "given"))  # fmt: skip


def text_of(pdf: bytes, folder: Path) -> str:
    (folder / "paper.pdf").write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", folder / "paper.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout


def test_from_the_form_to_the_check_page(both: Flask, ctx: Context, name: dict[str, str]) -> None:
    browser = Browser(both, ctx)
    typed = {f"name-{part}": value for part, value in name.items()}
    assert browser.send("person", **typed).status_code == 303
    assert browser.document().answers["name"] == name
    assert shown(browser.client.get(f"{browser.base}/person").text, name), "the form again"
    assert shown(browser.client.get(f"{browser.base}/check").text, name)


def test_from_the_desk_to_the_certificate(
    both: Flask, ctx: Context, name: dict[str, str], tmp_path: Path
) -> None:
    person = clerk(ctx, TOKYO, "names", ("reviewer", "tax"), ("chief", "tax"))
    case = filed(ctx, TAX, name=name).application
    desk = signed_in(both, person)
    assert shown(desk.get(f"/desk/cases/{case.id}").text, name)
    with ctx.database.writing(TOKYO) as session:
        pay(session, ctx, case.id)
    take(ctx, person, case.id, "approve")
    jobs.drain(ctx)
    resident = both.test_client()
    with resident.session_transaction() as kept:
        kept["cases"] = [case.id]
    for document in issued(ctx, case):
        text = text_of(resident.get(f"/status/{case.reference}/papers/{document}").data, tmp_path)
        assert name["family"] in text, [f"U+{ord(sign):04X}" for sign in text[:400]]
        assert name["given"] in text, text
    for mail in (ctx.settings.data_dir / "mail").glob("*.eml"):
        for part in email.message_from_bytes(
            mail.read_bytes(), policy=email.policy.default
        ).iter_attachments():
            assert name["family"] in text_of(part.get_content(), tmp_path)


def issued(ctx: Context, case: Application) -> list[str]:
    with ctx.database.reading(TOKYO) as session:
        rows = session.scalars(sa.select(Issued.id).where(Issued.application_id == case.id))
        return sorted(rows)


def signed_in(app: Flask, person: Clerk) -> FlaskClient:
    client: FlaskClient = app.test_client()
    held: dict[str, Any] = session_of(person)
    with client.session_transaction() as kept:
        kept["clerk"] = held
    return client
