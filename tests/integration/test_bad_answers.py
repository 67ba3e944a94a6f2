"""Nonsense in every input of every page: an answer or a message beside the field, never a failure."""

import pytest
from flask import Flask

from core.context import Context
from forms import page as pages
from procedures import versions
from procedures.definition import Page
from tests.factories.applications import HOUSING, OWNER, SIGNS, TAX
from tests.factories.browsers import Browser

NONSENSE = (
    "", " ", "　", "0", "-0", "9" * 400, "-1", "1e999", "1e-999", "NaN", "Infinity", "∞", "٣", "①", "½", "0x10",
    "1_000", "１２３", "三", "2026-02-30", "99999", "0000", "-2026", "a" * 3000, "<script>alert(1)</script>",
    "{{ 7 * 7 }}", "%(x)s %s {0}", "'; DROP TABLE drafts; --", "\u202e\u2066x", "a\u0300" * 400,
    "👨‍👩‍👧‍👦", "\ufeff", "{漢|か", "null", "true", "[]",
)  # fmt: skip
BUTTONS = (
    "next", "refresh", "save", "add:signs", "add:household", "remove:signs:0", "remove:signs:99999999999999999999",
    "remove:household:x", "lookup:address", "lookup:", "add:", "remove:::", "lang:", "nothing", ":",
)  # fmt: skip
BODIES = (
    "multipart/form-data", "multipart/form-data; boundary=", "text/plain", "application/json",
    "application/x-www-form-urlencoded; charset=nonsense", "é", "",
)  # fmt: skip


def every_page(ctx: Context, procedure_id: str) -> list[Page]:
    with ctx.database.reading(OWNER[procedure_id]) as session:
        return list(versions.current(session, procedure_id).procedure.pages)


@pytest.mark.parametrize("procedure_id", [SIGNS, HOUSING])
def test_nonsense_in_every_input(app: Flask, catalogue: Context, procedure_id: str) -> None:
    browser = Browser(app, catalogue, procedure_id)
    for page in every_page(catalogue, procedure_id):
        names = list(pages.inputs(page, browser.document().answers))
        for nonsense in NONSENSE:
            kept = {name: value for name in names for value in [nonsense] if not name.endswith("-row")}
            rows = {name: ["0", nonsense] for name in names if name.endswith("-row")}
            answer = browser.send(page.id, **kept, **rows)
            assert answer.status_code in {303, 404, 422}, (page.id, nonsense, answer.status)
            assert "<script>alert" not in answer.text
        assert browser.client.get(f"{browser.base}/check", follow_redirects=True).status_code == 200


@pytest.mark.parametrize("procedure_id", [TAX, SIGNS, HOUSING])
def test_every_button_on_every_page(app: Flask, catalogue: Context, procedure_id: str) -> None:
    browser = Browser(app, catalogue, procedure_id)
    for pressed in BUTTONS:
        for page in every_page(catalogue, procedure_id):
            for inputs in ({}, pages.inputs(page, browser.document().answers)):
                answer = browser.send(page.id, **inputs, do=pressed)
                assert answer.status_code in {200, 303, 404, 422}, (page.id, pressed, answer.status)
        for step in ("attachments", "check"):
            assert browser.send(step, do=pressed).status_code in {200, 303, 422}, (step, pressed)


def test_strange_bodies(app: Flask, catalogue: Context) -> None:
    browser = Browser(app, catalogue)
    before, body = browser.document().answers, b"\xff\xfe--x\r\n\x00"
    for kind in BODIES:
        for step in ("contact", "attachments", "check"):
            answer = browser.client.post(f"{browser.base}/{step}", data=body, content_type=kind)
            assert answer.status_code in {303, 400, 422}, (step, kind, answer.status)
    assert browser.document().answers == before
