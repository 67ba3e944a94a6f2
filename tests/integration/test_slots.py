"""Booked slots on both engines: never more than there are places, held while filling in, freed when a case ends."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from applications import drafts, slots
from applications.filing import Incomplete
from applications.models import SlotPlace
from applications.slots import HOLD, Owner
from applications.vault import DraftDocument
from core import clock
from core.context import Context
from procedures import loader, versions
from tests.factories.applications import TOKYO, clerk, publish
from workflows import cases, corrections, forgetting
from workflows.case import load

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
PLACES = 3
SOURCE = f"""\
procedure: fire-visit
department: tokyo-taxation
kind: booking
language: ja
title: 相談の予約（見本）
summary: 見本です。
law: {{basis: 見本条例 第1条, retention: 1 year}}
desk: tax
pages:
  - id: first
    title: 来庁
    fields:
      - id: visit
        type: slot
        label: 来庁日時
        resource: fire-office
        times: ["09:00", "09:30"]
        capacity: {PLACES}
        from: 3 days
        until: 60 days
  - id: second
    title: 備考
    fields: [{{id: note, type: text, label: 備考, required: false}}]
computed: {{early: "visit.time < time('09:30') and visit.date > today"}}
signature: {{level: none}}
workflow: {{uses: single-review}}
issue: [{{id: certificate, title: 見本, body: 見本}}]
"""
VISIT = {"date": "2026-12-01", "time": "09:00"}
TYPED = {"visit-day": VISIT["date"], "visit-time": VISIT["time"]}


@pytest.fixture
def office(ctx: Context) -> Context:
    """The platform with a procedure that books, its clock standing at `NOW`."""
    publish(ctx)
    with clock.at(NOW - timedelta(days=1)), ctx.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(SOURCE), "command")
    return ctx


def _draft(ctx: Context, visit: dict[str, str] | None = VISIT) -> str:
    """A complete draft; it holds its place as the form would."""
    with ctx.database.writing(TOKYO) as session:
        version = versions.current(session, "fire-visit")
        answers: dict[str, Any] = {"visit": visit} if visit else {}
        document = DraftDocument(answers=answers, done=["first", "second"])
        draft = drafts.start(session, ctx, version, "ja", document)
        slots.hold(session, version.procedure, draft.id, answers)
        return draft.id


def _file(ctx: Context, draft_id: str) -> str:
    with ctx.database.writing(TOKYO) as session:
        return cases.file_application(session, ctx, draft_id).application.id


def _taken(ctx: Context) -> int:
    """How many places of the slot others would find taken."""
    with ctx.database.reading(TOKYO) as session:
        procedure = versions.current(session, "fire-visit").procedure
        found = slots.booked(session, procedure, procedure.fields(), Owner(draft_id="nobody"))
    return found.get(("fire-office", date(2026, 12, 1), "09:00"), 0)


def test_a_draft_holds_its_place_and_changes_it(office: Context) -> None:
    with clock.at(NOW):
        draft = _draft(office)
        assert _taken(office) == 1
        with office.database.writing(TOKYO) as session:
            procedure = versions.current(session, "fire-visit").procedure
            assert slots.booked(session, procedure, procedure.fields(), Owner(draft)) == {}
            slots.hold(session, procedure, draft, {"visit": {**VISIT, "time": "09:30"}})
        assert _taken(office) == 0


def test_a_hold_is_renewed_and_runs_out(office: Context) -> None:
    with clock.at(NOW):
        draft = _draft(office)
    with clock.at(NOW + HOLD / 2), office.database.writing(TOKYO) as session:
        slots.hold(session, versions.current(session, "fire-visit").procedure, draft, {"visit": VISIT})
    with clock.at(NOW + HOLD + HOLD / 4):
        assert _taken(office) == 1
    with clock.at(NOW + HOLD * 2):
        assert _taken(office) == 0


def test_a_slot_that_is_full_is_refused_and_a_hold_that_ran_out_gives_way(office: Context) -> None:
    with clock.at(NOW):
        for _ in range(PLACES):
            _draft(office)
        with pytest.raises(slots.Taken, match="taken by somebody else"):
            _draft(office)
    with clock.at(NOW + HOLD):
        for _ in range(PLACES):
            _file(office, _draft(office))
        assert _taken(office) == PLACES


def test_who_is_slow_files_while_nobody_wants_the_place_and_is_sent_back_otherwise(office: Context) -> None:
    with clock.at(NOW):
        lucky, unlucky = _draft(office), _draft(office)
    with clock.at(NOW + HOLD * 2):
        _file(office, lucky)
        for _ in range(PLACES - 1):
            _file(office, _draft(office))
        with pytest.raises(Incomplete, match="taken by somebody else") as refused:
            _file(office, unlucky)
        assert refused.value.page == "first"
        assert _taken(office) == PLACES


def test_many_at_once_never_get_more_than_there_are(office: Context) -> None:
    """Real threads, each with a connection and transactions of its own."""
    with clock.at(NOW - HOLD * 2):
        waiting = [_draft(office, None) for _ in range(12)]
    start = threading.Barrier(len(waiting))
    won: list[str] = []
    lost: list[str] = []

    def run(draft_id: str) -> None:
        start.wait()
        with clock.at(NOW):
            try:
                with office.database.writing(TOKYO) as session:
                    draft, document = drafts.load(session, office, draft_id)
                    procedure = versions.get(session, draft.version_digest).procedure
                    document.answers["visit"] = VISIT
                    drafts.save(session, office, draft, document, draft.row_version)
                    slots.hold(session, procedure, draft_id, document.answers)
                won.append(_file(office, draft_id))
            except slots.Taken:
                lost.append(draft_id)

    threads = [threading.Thread(target=run, args=(draft_id,)) for draft_id in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (PLACES, len(waiting) - PLACES)
    with office.database.reading(TOKYO) as session:
        rows = session.scalars(sa.select(SlotPlace)).all()
    assert sorted(row.place for row in rows) == list(range(1, PLACES + 1))
    assert {row.application_id for row in rows} == set(won)


def test_the_database_itself_refuses_a_place_that_is_taken(office: Context) -> None:
    with clock.at(NOW):
        _draft(office)
    with office.database.reading(TOKYO) as session:
        row = session.scalars(sa.select(SlotPlace)).one()
        copied = {name: getattr(row, name) for name in ("resource", "day", "time", "place")}
        session.add(SlotPlace(**copied, draft_id="another"))
        with pytest.raises(sa.exc.IntegrityError):
            session.flush()


def test_withdrawal_and_refusal_free_the_place_and_approval_keeps_it(office: Context) -> None:
    who = clerk(office, TOKYO, "reviewer", ("reviewer", "tax"))
    with clock.at(NOW):
        withdrawn, refused, approved = (_file(office, _draft(office)) for _ in range(3))
        assert _taken(office) == 3
        with office.database.writing(TOKYO) as session:
            cases.withdraw(session, office, withdrawn)
        for id, step in ((refused, "refuse"), (approved, "approve")):
            with office.database.writing(TOKYO) as session:
                seen = load(session, office, id).application.row_version
                cases.take(session, office, id, step, who, seen, reason="見本")
        assert _taken(office) == 1


def test_a_forgotten_draft_leaves_no_hold(office: Context) -> None:
    with clock.at(NOW):
        _draft(office)
    with clock.at(NOW + forgetting.KEPT * 2), office.database.writing(TOKYO) as session:
        assert forgetting.forget_drafts(session, office) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(SlotPlace)) == 0


def test_a_corrected_time_takes_the_new_place_and_frees_the_old_one(office: Context) -> None:
    who = clerk(office, TOKYO, "reviewer", ("reviewer", "tax"))
    with clock.at(NOW):
        id = _file(office, _draft(office))
        with office.database.writing(TOKYO) as session:
            seen = load(session, office, id).application.row_version
            corrections.request_correction(session, office, id, who, seen, {"visit": "別の時間に"})
        with office.database.writing(TOKYO) as session:
            raw = {"visit-day": [VISIT["date"]], "visit-time": ["09:30"]}
            assert corrections.answer_correction(session, office, id, raw) == []
        assert _taken(office) == 0
        with office.database.reading(TOKYO) as session:
            row = session.scalars(sa.select(SlotPlace)).one()
            assert (row.time, row.application_id, row.held_until) == ("09:30", id, None)


@pytest.fixture
def visitor(app: Flask, catalogue: Context) -> FlaskClient:
    """A browser, with the procedure published."""
    with clock.at(NOW - timedelta(days=1)), catalogue.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(SOURCE), "command")
    client = app.test_client()
    client.set_cookie("language", "en")
    return client


def test_it_is_booked_without_javascript(visitor: FlaskClient, catalogue: Context) -> None:
    with clock.at(NOW):
        first = visitor.post(f"/{TOKYO}/fire-visit/start").location
        assert 'name="visit-time"' not in visitor.get(first).text
        shown = visitor.post(
            first, data={"visit-day": VISIT["date"], "do": "times:visit"}, follow_redirects=True
        )
        assert 'name="visit-time" type="radio" value="09:30"' in shown.text
        assert "Tuesday, December 1, 2026" in shown.text
        second = visitor.post(first, data={**TYPED, "do": "next"})
        assert (second.status_code, _taken(catalogue)) == (303, 1)
        check = visitor.post(second.location, data={"note": "", "do": "next"}).location
        assert "Tuesday, December 1, 2026 09:00" in visitor.get(check).text
        assert visitor.post(check, data={"do": "next"}).location.endswith("/filed")
    assert _taken(catalogue) == 1


def test_who_comes_too_late_is_told_beside_the_field_and_keeps_the_rest(
    visitor: FlaskClient, catalogue: Context
) -> None:
    with clock.at(NOW):
        first = visitor.post(f"/{TOKYO}/fire-visit/start").location
        second = visitor.post(first, data={**TYPED, "do": "next"}).location
        check = visitor.post(second, data={"note": "梅の間", "do": "next"}).location
    with clock.at(NOW + HOLD * 2):
        for _ in range(PLACES):
            _file(catalogue, _draft(catalogue))
        back = visitor.post(check, data={"do": "next"})
        assert back.status_code == 303
        page = visitor.get(back.location)
        assert "was taken by somebody else" in page.text
        assert '<a href="#visit-time">' in page.text
        again = visitor.post(first, data={**TYPED, "do": "next"})
        assert (again.status_code, "was taken by somebody else" in again.text) == (422, True)
        other = visitor.post(first, data={**TYPED, "visit-time": "09:30", "do": "next"})
        assert "梅の間" in visitor.get(other.location).text


def test_a_page_without_slots_asks_nothing_about_them(visitor: FlaskClient) -> None:
    asked: list[str] = []

    @sa.event.listens_for(
        visitor.application.extensions["madoguchi"].database.engine, "before_cursor_execute"
    )
    def _note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    start = visitor.post(f"/{TOKYO}/tax-certificate/start").location
    visitor.get(start)
    visitor.post(start, data={"do": "next"})
    assert asked
    assert not any("slot_places" in statement for statement in asked)


def test_a_place_that_another_question_took_is_not_there_for_this_one(office: Context) -> None:
    source = SOURCE.replace(
        "fields: [{id: note,",
        'fields: [{id: again, type: slot, label: 二, resource: fire-office, times: ["09:00"], capacity: 1}, {id: note,',
    )
    procedure = loader.load(source).procedure
    answers = {"visit": VISIT, "again": VISIT}
    with clock.at(NOW):
        draft_id = _draft(office)
        with office.database.reading(TOKYO) as session:
            found = slots.booked(session, procedure, procedure.pages[1].fields, Owner(draft_id), answers)
    assert found == {("fire-office", date(2026, 12, 1), "09:00"): 1}
