"""A procedure of the less common field types, from the first page to the desk, without JavaScript."""

import logging
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from applications.models import Application
from core.context import Context
from procedures import loader, versions
from procedures.checks import check_file
from procedures.examples import run
from tests.factories.applications import TOKYO, clerk
from translations.text import Text
from workflows import dossier

SOURCE = """\
procedure: every-field
department: tokyo-taxation
kind: notification
language: ja
title: 見本の届出
summary: 見本です。
law: {basis: 見本条例 第1条, retention: 1 year}
desk: tax
pages:
  - id: first
    title: 一枚目
    fields:
      - {id: opens, type: time, label: 開始, min: "09:00"}
      - {id: visit, type: datetime, label: 来庁, latest: "17:00"}
      - {id: site, type: url}
      - {id: account, type: bank_account}
      - {id: my_number, type: individual_number}
      - id: wishes
        type: ranking
        label: 希望
        places: 2
        options: [{value: north, label: 北}, {value: south, label: 南}]
      - {id: car, type: license_plate}
      - {id: sign, type: drawn}
      - {id: place, type: map_point, label: 場所}
      - {id: dwelling, type: lookup, label: 住宅, table: dwellings.csv}
      - {id: early, type: text, label: 早い理由, when: "opens < time('10:00')", required: false}
  - {id: second, title: 二枚目, fields: [{id: note, type: text, label: 備考, required: false}]}
computed: {masked: my_number}
declarations: [{id: truth, text: 記載内容に相違ありません。}]
signature: {level: none}
workflow: {uses: receipt-only}
examples:
  - name: すべて答える
    on: 2026-11-21
    answers:
      opens: "09:30"
      visit: {date: 2026-12-01, time: "14:00"}
      site: https://example.jp
      account: {bank: "0001", branch: "001", kind: ordinary, number: "0012345", holder: ミホン タロウ}
      my_number: "621498320257"
      wishes: [south, north]
      car: {region: 品川, category: "300", kana: さ, number: "1234"}
      sign: {typed: 見本 太郎}
      place: {latitude: "35.689500", longitude: "139.691700"}
      dwelling: A-1
    expect: {fields: {early: true}, pages: [first, second], computed: {masked: •••• •••• 0257}}
"""
TYPED = {
    "opens": "午前9時半",
    "visit-era": "ce", "visit-year": "2026", "visit-month": "12", "visit-day": "1", "visit-time": "14:00",
    "site": "example.jp",
    "account-symbol": "14030", "account-post_number": "12345671", "account-holder": "みほん たろう",
    "my_number": "6214 9832 0257",
    "wishes-1": "south", "wishes-2": "north",
    "car-region": "品川", "car-category": "300", "car-kana": "さ", "car-number": "12-34",
    "sign-path": "M1 2L300 100", "sign-typed": "見本 太郎",
    "place-latitude": "35.6895, 139.6917", "place-longitude": "",
    "dwelling-words": "みほん",
}  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The procedure's file with its table beside it."""
    path = tmp_path / "tokyo-taxation" / "every-field.yaml"
    path.parent.mkdir()
    path.write_text(SOURCE, encoding="utf-8")
    (path.parent / "dwellings.csv").write_text("id,name\nA-1,ミホン住宅\n", encoding="utf-8")
    return path


@pytest.fixture
def visitor(app: Flask, catalogue: Context, source: Path) -> FlaskClient:
    """A browser, with the procedure published."""
    with catalogue.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(source), "command")
    client = app.test_client()
    client.set_cookie("language", "en")
    return client


def test_its_examples_hold(source: Path) -> None:
    assert [each for each in check_file(source) if each.severity == "error"] == []
    assert [example.differences for example in run(loader.load(source).procedure)] == [()]


def test_it_is_filled_in_and_read_at_the_desk(
    visitor: FlaskClient, catalogue: Context, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    first = visitor.post(f"/{TOKYO}/every-field/start").location
    missing = visitor.post(first, data={"do": "next"})
    assert missing.status_code == 422
    found = visitor.post(first, data=TYPED | {"do": "find:dwelling"}, follow_redirects=True)
    assert found.status_code == 200
    assert 'value="A-1"' in found.text
    assert '<span lang="ja" translate="no">A-1 · ミホン住宅</span></label>' in found.text, "read as Japanese"
    assert 'value="M1 2L300 100"' in found.text
    converted = visitor.post(first, data=TYPED | {"do": "convert:account"}, follow_redirects=True)
    assert 'value="1234567"' in converted.text
    unchosen = visitor.post(first, data=TYPED | {"do": "next"})
    assert re.findall(r'<a href="#([\w-]+)">', unchosen.text).count("dwelling-words") == 1
    second = visitor.post(first, data=TYPED | {"do": "next", "dwelling": "A-1"})
    assert second.status_code == 303
    check = visitor.post(second.location, data={"do": "next", "note": ""}).location
    seen = visitor.get(check).text
    _assert_readable(seen)
    sent = visitor.post(check, data={"do": "next", "declared": "truth"})
    assert sent.status_code == 303
    _assert_at_the_desk(catalogue)
    assert "62149832" not in caplog.text.replace(" ", "")


def _assert_readable(page: str) -> None:
    for line in ("09:30", "https://example.jp", "Bank 9900, branch 408", "ミホン タロウ", "1. 南", "2. 北",
                 "品川 300 さ 12-34", "35.689500, 139.691700", "A-1 · ミホン住宅", "•••• •••• 0257"):  # fmt: skip
        assert line in page
    assert '<path class="ink" d="M1 2L300 100">' in page
    assert "62149832" not in page.replace(" ", "")


def _assert_at_the_desk(ctx: Context) -> None:
    someone = clerk(ctx, TOKYO, "reader", ("reviewer", "tax"))
    with ctx.database.reading(TOKYO) as session:
        id = session.scalar(sa.select(Application.id).where(Application.procedure_id == "every-field"))
        assert id
        view = dossier.case(session, ctx, id, someone, "en")
    lines: dict[str, Any] = {row.field: row.lines for section in view.sections for row in section.rows}
    assert lines["my_number"] == ["•••• •••• 0257"]
    assert lines["dwelling"] == [Text({"ja": "A-1 · ミホン住宅"})]
    assert lines["sign"][1].path == "M1 2L300 100"
