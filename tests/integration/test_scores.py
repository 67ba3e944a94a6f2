"""Scores at the desk and for the applicant: the order of the list, the lines of a case, the explanation afterwards."""

from decimal import Decimal

import pytest
from flask import Flask

from accounts.models import Clerk
from applications import drafts
from applications.vault import DraftDocument
from core.context import Context
from procedures import loader, versions
from tests.factories.applications import TOKYO, clerk
from web.clerk import session_of
from workflows import cases, desk, status
from workflows.case import load
from workflows.desk import Filters

SOURCE = """\
procedure: nursery-place
department: tokyo-taxation
kind: permit
language: ja
title: 保育園の入園（見本）
summary: 見本です。
law: {basis: 見本条例 第1条, retention: 1 year}
desk: tax
pages:
  - id: first
    title: ご家庭
    fields:
      - {id: days, type: number, label: 就労日数}
      - {id: single, type: yes_no, label: ひとり親}
      - {id: income, type: money, label: 所得, required: false}
score:
  items:
    - {label: 就労, points: "days * 4"}
    - {label: ひとり親, points: "1.5", when: single}
  tie_breaks: ["-income"]
  cut_off: 8
  capacity: 2
signature: {level: none}
workflow: {uses: single-review}
issue: [{id: certificate, title: 見本, body: 見本}]
examples:
  - name: 週5日
    answers: {days: 5, single: yes, income: 100}
    expect: {score: 21.5, final: [approve]}
"""


@pytest.fixture
def office(app: Flask, catalogue: Context) -> Flask:
    """The platform with a procedure that has a score."""
    with catalogue.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(SOURCE), "command")
    return app


@pytest.fixture
def reviewer(office: Flask, catalogue: Context) -> Clerk:
    """Who decides."""
    return clerk(catalogue, TOKYO, "nursery", ("reviewer", "tax"))


def _filed(ctx: Context, days: int, income: int | None = None, single: bool = False) -> tuple[str, str]:
    """Id and reference number of a case."""
    answers = {"days": str(days), "single": single} | ({} if income is None else {"income": income})
    with ctx.database.writing(TOKYO) as session:
        version = versions.current(session, "nursery-place")
        draft = drafts.start(session, ctx, version, "ja", DraftDocument(answers=answers, done=["first"]))
        application = cases.file_application(session, ctx, draft.id).application
        return application.id, application.reference


def test_the_desk_lists_those_with_most_points_first(catalogue: Context, reviewer: Clerk) -> None:
    few, rich, poor, most = (
        _filed(catalogue, *each)[1] for each in ((1, 0), (3, 900), (3, 100), (5, 0, True))
    )
    with catalogue.database.reading(TOKYO) as session:
        filters = Filters(procedure="nursery-place", by_score=True)
        page = desk.queue(session, catalogue, "tax", filters, reviewer)
        urgent = desk.queue(session, catalogue, "tax", Filters(procedure="nursery-place"), reviewer)
        elsewhere = desk.queue(session, catalogue, "tax", Filters(by_score=True), reviewer)
    assert [row.reference for row in page.rows] == [most, poor, rich, few]
    standings = [row.standing for row in page.rows if row.standing]
    assert [one.points for one in standings] == [Decimal("21.5"), 12, 12, 4]
    assert [one.place for one in standings] == [1, 2, 3, 4]
    assert [one.within for one in standings] == [True, True, False, False]
    assert [one.enough for one in standings] == [True, True, True, False]
    assert [row.reference for row in urgent.rows] == [few, rich, poor, most]
    assert (page.has_score, urgent.has_score, elsewhere.has_score) == (True, True, False)


def test_the_case_shows_the_points_and_the_applicant_reads_them_once_it_is_decided(
    office: Flask, catalogue: Context, reviewer: Clerk
) -> None:
    id, reference = _filed(catalogue, 3, 100, True)
    client = office.test_client()
    client.set_cookie("language", "en")
    with client.session_transaction() as kept:
        kept["clerk"] = session_of(reviewer)
    page = client.get(f"/desk/cases/{id}").text
    assert "<dt>就労</dt><dd>12</dd>" in page.replace('<span lang="ja">', "").replace("</span>", "")
    assert "<strong>13.5</strong>" in page
    listed = client.get("/desk/tax?procedure=nursery-place&sort=score").text
    assert "<strong>13.5</strong>" in listed
    assert "Within the places" in listed
    with catalogue.database.reading(TOKYO) as session:
        assert status.of(session, catalogue, id).score is None
    with catalogue.database.writing(TOKYO) as session:
        seen = load(session, catalogue, id).application.row_version
        cases.take(session, catalogue, id, "refuse", reviewer, seen, reason="定員に達しました。")
    with catalogue.database.reading(TOKYO) as session:
        told = status.of(session, catalogue, id).score
    assert told
    assert told.total == Decimal("13.5")
    resident = office.test_client()
    resident.set_cookie("language", "en")
    with resident.session_transaction() as kept:
        kept["cases"] = [id]
    assert "Applications were compared by points" in resident.get(f"/status/{reference}").text
