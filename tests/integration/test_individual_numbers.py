"""Individual numbers are encrypted apart: no ordinary reading holds one, and showing one is a step of its own."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from applications import drafts, queries, vault
from applications.models import Application, Draft
from core.audit import AuditRow
from core.context import Context
from core.errors import NotFound
from core.secrets import Keyring, Undecipherable
from procedures import loader, versions
from tests.factories.applications import PASSWORD, TOKYO, clerk
from workflows import dossier, numbers

NUMBER, OTHER, WRONG = "621498320257", "123456789018", "621498320258"
SOURCE = """\
procedure: numbered
department: tokyo-taxation
kind: notification
language: ja
title: 見本の届出
summary: 見本です。
law: {basis: 見本法 第1条, retention: 1 year}
desk: tax
pages:
  - id: first
    title: 一枚目
    fields:
      - {id: number, type: individual_number}
      - {id: note, type: text, label: 備考}
      - id: family
        type: group
        label: 家族
        repeat: {min: 0, max: 3}
        fields: [{id: theirs, type: individual_number}]
computed: {masked: number}
declarations: [{id: truth, text: 記載内容に相違ありません。}]
signature: {level: none}
workflow: {uses: receipt-only}
"""
TYPED = {"number": "6214 9832 0257", "family-row": "0", "family-0-theirs": OTHER, "do": "next"}


@pytest.fixture
def visitor(both: Flask, ctx: Context, tmp_path: Path) -> FlaskClient:
    path = tmp_path / "tokyo-taxation" / "numbered.yaml"
    path.parent.mkdir()
    path.write_text(SOURCE)
    with ctx.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(path), "command")
    client = both.test_client()
    client.set_cookie("language", "en")
    return client


def holds_one(text: str) -> bool:
    bare = text.replace(" ", "")
    return any(number in bare for number in (NUMBER, OTHER, WRONG))


def kept(ctx: Context) -> str:
    """Everything that reading the draft opens."""
    with ctx.database.reading(TOKYO) as session:
        id = session.scalars(sa.select(Draft.id)).one()
        return json.dumps(vars(drafts.load(session, ctx, id)[1]), ensure_ascii=False)


def handed_in(visitor: FlaskClient, ctx: Context) -> Application:
    page = visitor.post(f"/{TOKYO}/numbered/start").location
    check = visitor.post(page, data=TYPED | {"note": "x"}).location
    seen = visitor.get(check).text
    assert "•••• •••• 0257" in seen
    assert not holds_one(seen)
    assert visitor.post(check, data={"do": "next", "declared": "truth"}).status_code == 303
    with ctx.database.reading(TOKYO) as session:
        return session.scalars(sa.select(Application)).one()


def test_a_draft_keeps_what_was_typed_apart_and_nothing_is_typed_twice(
    visitor: FlaskClient, ctx: Context
) -> None:
    page = visitor.post(f"/{TOKYO}/numbered/start").location
    assert visitor.post(page, data=TYPED | {"note": ""}).status_code == 422
    assert not holds_one(kept(ctx))
    again = visitor.get(page).text
    assert not holds_one(again)
    assert 'value="•••• •••• 0257"' in again
    inputs = dict(re.findall(r'name="([\w-]+)"[^>]* value="([^"]*)"', again))
    assert inputs["family-0-theirs"] == "•••• •••• 9018"
    sent = {name: inputs[name] for name in inputs if name.startswith(("number", "family"))}
    assert visitor.post(page, data=sent | {"note": "x", "do": "next"}).status_code == 303
    assert not holds_one(kept(ctx))
    assert json.loads(kept(ctx))["apart"] == {}
    assert visitor.post(page, data=sent | {"number": WRONG, "note": "x", "do": "next"}).status_code == 422
    assert not holds_one(kept(ctx))


def test_a_number_of_somebody_else_cannot_be_named(visitor: FlaskClient, ctx: Context) -> None:
    page = visitor.post(f"/{TOKYO}/numbered/start").location
    forged = {"number": "•••• •••• 0257", "number-kept": "0" * 32, "note": "x", "do": "next"}
    assert visitor.post(page, data=forged).status_code == 422
    assert "0257" not in json.dumps(json.loads(kept(ctx))["answers"])


def test_reading_a_case_opens_no_number(visitor: FlaskClient, ctx: Context) -> None:
    application = handed_in(visitor, ctx)
    reviewer = clerk(ctx, TOKYO, "reviewer", ("reviewer", "tax"))
    with ctx.database.reading(TOKYO) as session:
        document = queries.document(session, ctx, application)
        assert not holds_one(json.dumps(vars(document), ensure_ascii=False))
        view = dossier.case(session, ctx, application.id, reviewer, "ja")
        assert not holds_one(repr(view.sections))


def test_showing_one_is_for_those_who_decide_and_is_in_the_audit_log(
    visitor: FlaskClient, ctx: Context
) -> None:
    application = handed_in(visitor, ctx)
    reviewer = clerk(ctx, TOKYO, "reviewer", ("reviewer", "tax"))
    others = [
        clerk(ctx, TOKYO, "cashier", ("cashier", "tax")),
        clerk(ctx, TOKYO, "elsewhere", ("reviewer", "other")),
    ]

    def shown(name: str, who: Any) -> str:
        with ctx.database.writing(TOKYO) as session:
            return numbers.show(session, ctx, application.id, name, who, "ja").digits

    assert shown("number", reviewer) == NUMBER
    assert shown("family-0-theirs", reviewer) == OTHER
    for who in others:
        with pytest.raises(NotFound):
            shown("number", who)
    for name in ("note", "family", "family-1-theirs", "nothing"):
        with pytest.raises(NotFound):
            shown(name, reviewer)
    with ctx.database.reading(TOKYO) as session:
        rows = session.scalars(sa.select(AuditRow).where(AuditRow.action == "application.number_shown")).all()
        assert [(row.actor, row.details["field"]) for row in rows] == [
            (f"clerk:{reviewer.id}", "number"),
            (f"clerk:{reviewer.id}", "family-0-theirs"),
        ]


def test_the_desk_has_a_button_for_it(visitor: FlaskClient, ctx: Context, both: Flask) -> None:
    application = handed_in(visitor, ctx)
    desk = both.test_client()
    desk.set_cookie("language", "en")
    person = clerk(ctx, TOKYO, "reviewer", ("reviewer", "tax"))
    desk.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    case = desk.get(f"/desk/cases/{application.id}").text
    assert case.count("Show the number") == 2
    assert not holds_one(case)
    page = desk.post(f"/desk/cases/{application.id}/numbers/number")
    assert "6214 9832 0257" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert desk.get(f"/desk/cases/{application.id}/numbers/number").status_code == 405


def test_rotated_keys_still_open_it_and_an_erased_case_does_not(visitor: FlaskClient, ctx: Context) -> None:
    application = handed_in(visitor, ctx)
    with ctx.database.reading(TOKYO) as session:
        stored = queries.document(session, ctx, application).answers["number"]
    ring = ctx.keyring
    rotated = Keyring({"old": bytes(32), "new": bytes([1]) * 32}, "old", bytes(32))
    old = rotated.new_case_key()
    sealed = rotated.encrypt_apart(old, b"secret", "apart:x")
    fresh = Keyring({"old": bytes(32), "new": bytes([1]) * 32}, "new", bytes(32))
    assert fresh.decrypt_apart(fresh.rewrap(old), sealed, "apart:x") == b"secret"
    with pytest.raises(Undecipherable):
        rotated.decrypt(old, sealed, "apart:x")
    with pytest.raises(Undecipherable):
        rotated.decrypt_apart(old, sealed, "apart:y")
    application.case_key = ring.rewrap(application.case_key)
    assert vault.opened_apart(ctx, application, stored) == NUMBER
    application.case_key = ring.new_case_key()
    with pytest.raises(Undecipherable):
        vault.opened_apart(ctx, application, stored)
