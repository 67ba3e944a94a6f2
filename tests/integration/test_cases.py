"""Cases from filing to their end: steps, corrections, payment, draw, deadlines, and who may do what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import Clerk
from applications import queries, vault
from applications.filing import Filed
from applications.models import Application
from core import audit, clock
from core.context import Context
from core.errors import NotFound, Refused, Stale
from lotteries import entries
from payments import ledger
from payments.models import Entry
from tests.factories.applications import HOUSING, MIHON, SIGNS, TAX, TOKYO, clerk, filed, publish, waiting
from workflows import cases, correction_page, corrections
from workflows.engine import NotAllowed


@pytest.fixture(autouse=True)
def _catalogue(ctx: Context) -> None:
    publish(ctx)


@pytest.fixture
def reviewer(ctx: Context) -> Clerk:
    return clerk(ctx, MIHON, "reviewer", ("reviewer", "advertising"))


@pytest.fixture
def chief(ctx: Context) -> Clerk:
    return clerk(ctx, MIHON, "chief", ("chief", "*"), ("reviewer", "*"))


def pay(session: Session, ctx: Context, id: str, event: str = "one") -> None:
    due = ledger.status(session, id).due
    ledger.record(
        session,
        Entry(
            application_id=id, kind="paid", amount=due, provider="demo", event_id=event, purpose="fee",
            occurred_at=clock.now(),
        ),
    )  # fmt: skip
    cases.paid(session, ctx, id)


def state(ctx: Context, organisation: str, id: str) -> Application:
    with ctx.database.reading(organisation) as session:
        return queries.get(session, id)


def take(ctx: Context, who: Clerk, id: str, transition: str, **texts: str) -> None:
    with ctx.database.writing(who.organisation_id) as session:
        seen = queries.get(session, id).row_version
        cases.take(session, ctx, id, transition, who, seen, **texts)


def notices(session: Session) -> list[str]:
    return [mail["notice"] for mail in waiting(session, "mail")]


def test_a_certificate_is_paid_checked_and_issued(ctx: Context) -> None:
    id = filed(ctx, TAX).application.id
    reviewer = clerk(ctx, TOKYO, "reviewer", ("reviewer", "tax"))
    with pytest.raises(NotAllowed):
        take(ctx, reviewer, id, "approve")
    with ctx.database.writing(TOKYO) as session:
        assert ledger.status(session, id).due == 800
        pay(session, ctx, id)
    assert state(ctx, TOKYO, id).state == "received"
    take(ctx, reviewer, id, "approve")
    done = state(ctx, TOKYO, id)
    assert (done.state, done.outcome, done.assignee_id) == ("approved", "approved", None)
    with ctx.database.reading(TOKYO) as session:
        assert {"payment_received", "approved"} <= set(notices(session))
        [document] = waiting(session, "issue_document")
        assert document["document"] == "certificate"
        assert [row.reason for row in audit.verify(session, TOKYO)] == []
        kinds = [event.kind for event in queries.events(session, done)]
        assert kinds == ["filed", "state", "paid", "state", "step", "state"]
    with pytest.raises(NotAllowed, match="closed"):
        take(ctx, reviewer, id, "refuse", reason="zu spät")


def test_a_waived_fee_is_passed_by(ctx: Context) -> None:
    id = filed(ctx, TAX, 2).application.id
    assert state(ctx, TOKYO, id).state == "received"
    with ctx.database.reading(TOKYO) as session:
        assert ledger.status(session, id).state == "waived"
        assert "payment_due" not in notices(session)


def test_paying_twice_goes_on_once(ctx: Context) -> None:
    id = filed(ctx, TAX).application.id
    for _ in range(2):
        with ctx.database.writing(TOKYO) as session:
            pay(session, ctx, id)
    with ctx.database.reading(TOKYO) as session:
        assert notices(session).count("payment_received") == 1
        assert state(ctx, TOKYO, id).state == "received"


def test_two_people_decide_about_a_permit(ctx: Context, reviewer: Clerk, chief: Clerk) -> None:
    id = filed(ctx, SIGNS).application.id
    take(ctx, chief, id, "take")
    assert state(ctx, MIHON, id).assignee_id == chief.id
    take(ctx, chief, id, "draft_approval")
    with pytest.raises(NotAllowed, match="second person"):
        take(ctx, chief, id, "approve")
    take(ctx, chief, id, "send_back", comment="Bitte prüfen")
    take(ctx, reviewer, id, "draft_approval")
    with pytest.raises(NotAllowed, match="second person"):
        take(ctx, chief, id, "approve")
    third = clerk(ctx, MIHON, "third", ("chief", "advertising"))
    take(ctx, third, id, "approve")
    assert state(ctx, MIHON, id).state == "awaiting_fee"
    with ctx.database.writing(MIHON) as session:
        assert ledger.status(session, id).due == 6440
        pay(session, ctx, id)
    assert state(ctx, MIHON, id).outcome == "approved"


def test_what_clerks_write_is_encrypted_and_told_apart(ctx: Context, reviewer: Clerk) -> None:
    id = filed(ctx, SIGNS).application.id
    take(ctx, reviewer, id, "take", comment="nur für uns")
    take(ctx, reviewer, id, "draft_refusal", reason="Die Fläche ist zu groß.")
    with ctx.database.reading(MIHON) as session:
        application = queries.get(session, id)
        texts = {
            event.kind: vault.read_event(ctx, application, event)
            for event in queries.events(session, application)
            if event.text
        }
        assert texts == {"comment": "nur für uns", "step": "Die Fläche ist zu groß."}
        assert all("Fläche" not in str(event.text) for event in queries.events(session, application))


def test_a_stale_page_says_who_was_faster(ctx: Context, reviewer: Clerk, chief: Clerk) -> None:
    id = filed(ctx, SIGNS).application.id
    seen = state(ctx, MIHON, id).row_version
    take(ctx, chief, id, "take")
    with ctx.database.writing(MIHON) as session, pytest.raises(Stale) as refusal:
        cases.take(session, ctx, id, "draft_approval", reviewer, seen)
    assert refusal.value.reason.params["who"] == "chief"
    assert state(ctx, MIHON, id).state == "reviewing"


def test_two_clerks_at_once_take_one_step(ctx: Context, reviewer: Clerk, chief: Clerk) -> None:
    id = filed(ctx, SIGNS).application.id
    seen = state(ctx, MIHON, id).row_version

    def press(who: Clerk) -> bool:
        try:
            with ctx.database.writing(MIHON) as session:
                cases.take(session, ctx, id, "take", who, seen)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(press, [reviewer, chief] * 3)).count(True) == 1


class TestCorrection:
    """Asking for a correction and answering it."""

    def _ask(self, ctx: Context, who: Clerk, id: str, remarks: dict[str, str]) -> None:
        with ctx.database.writing(who.organisation_id) as session:
            seen = queries.get(session, id).row_version
            corrections.request_correction(session, ctx, id, who, seen, remarks)

    def test_only_named_fields_change_and_the_clock_stands(self, ctx: Context, reviewer: Clerk) -> None:
        id = filed(ctx, SIGNS).application.id
        due = state(ctx, MIHON, id).due_at
        assert due is not None
        self._ask(ctx, reviewer, id, {"phone": "Die Nummer ist unvollständig.", "address": ""})
        assert state(ctx, MIHON, id).due_at is None
        with pytest.raises(NotAllowed):
            take(ctx, reviewer, id, "take")
        with ctx.database.reading(MIHON) as session:
            asked = correction_page.form(session, ctx, id)
            assert asked is not None
            assert [field.id for part in asked.parts for field in part.fields] == ["phone"]
        typed = {"phone": ["09012345678"], "email": ["other@example.invalid"], "company": ["neu"]}
        with clock.shifted(timedelta(days=7)), ctx.database.writing(MIHON) as session:
            assert corrections.answer_correction(session, ctx, id, typed) == []
        with ctx.database.reading(MIHON) as session:
            application = queries.get(session, id)
            before = queries.document(session, ctx, application, 1).answers
            after = queries.document(session, ctx, application).answers
        assert application.answers_version == 2
        assert {key for key in after if after[key] != before.get(key)} == {"phone"}
        assert application.due_at is not None
        assert application.due_at > due
        assert application.state == "received"

    def test_a_wrong_answer_is_kept_but_not_handed_in(self, ctx: Context, reviewer: Clerk) -> None:
        id = filed(ctx, SIGNS).application.id
        self._ask(ctx, reviewer, id, {"phone": "?"})
        with ctx.database.writing(MIHON) as session:
            errors = corrections.answer_correction(session, ctx, id, {"phone": ["12"]})
        assert [error.input for error in errors] == ["phone"]
        with ctx.database.reading(MIHON) as session:
            asked = correction_page.form(session, ctx, id)
            assert asked is not None
            assert asked.raw["phone"] == ["12"]
            assert queries.get(session, id).answers_version == 1

    def test_what_the_change_newly_asks_is_asked(self, ctx: Context, reviewer: Clerk) -> None:
        id = filed(ctx, SIGNS).application.id
        self._ask(ctx, reviewer, id, {"applicant_type": "Ist es eine Firma?"})
        with ctx.database.writing(MIHON) as session:
            errors = corrections.answer_correction(session, ctx, id, {"applicant_type": ["corporation"]})
        assert {error.input.partition("-")[0] for error in errors} >= {"company", "corporate_number"}

    def test_an_attachment_is_replaced(self, ctx: Context, reviewer: Clerk) -> None:
        id = filed(ctx, SIGNS).application.id
        self._ask(ctx, reviewer, id, {"design": "unleserlich"})
        with ctx.database.writing(MIHON) as session:
            assert [error.input for error in corrections.answer_correction(session, ctx, id, {})] == [
                "file-design"
            ]
        new = {"design": [{"id": "f" * 32, "name": "neu.pdf", "size": 1, "sha256": "0"}]}
        with ctx.database.writing(MIHON) as session:
            assert corrections.answer_correction(session, ctx, id, {}, new) == []
        with ctx.database.reading(MIHON) as session:
            files = queries.document(session, ctx, queries.get(session, id)).files
        assert files["design"] == new["design"]
        assert files["location_map"]

    def test_a_charged_fee_cannot_change(self, ctx: Context) -> None:
        reviewer = clerk(ctx, TOKYO, "reviewer", ("reviewer", "tax"))
        id = filed(ctx, TAX).application.id
        with ctx.database.writing(TOKYO) as session:
            pay(session, ctx, id)
        self._ask(ctx, reviewer, id, {"copies": "?"})
        with ctx.database.writing(TOKYO) as session:
            errors = corrections.answer_correction(session, ctx, id, {"copies": ["3"]})
        assert [str(error.message) for error in errors] == [str(corrections.ANOTHER_FEE)]
        assert state(ctx, TOKYO, id).answers_version == 1, "nothing was handed in"

    def test_the_office_may_go_on_without_it(self, ctx: Context, reviewer: Clerk) -> None:
        id = filed(ctx, SIGNS).application.id
        self._ask(ctx, reviewer, id, {"phone": "?"})
        take(ctx, reviewer, id, "resume")
        assert state(ctx, MIHON, id).due_at is not None
        with ctx.database.writing(MIHON) as session, pytest.raises(Refused, match="nothing to correct"):
            corrections.answer_correction(session, ctx, id, {"phone": ["09012345678"]})

    def test_what_arrives_meanwhile_does_not_start_the_clock(self, ctx: Context) -> None:
        reviewer = clerk(ctx, TOKYO, "reviewer", ("reviewer", "tax"))
        id = filed(ctx, TAX).application.id
        self._ask(ctx, reviewer, id, {"phone": "?"})
        with ctx.database.writing(TOKYO) as session:
            pay(session, ctx, id)
        waits = state(ctx, TOKYO, id)
        assert (waits.state, waits.due_at) == ("received", None)
        with clock.shifted(timedelta(days=4)):
            with ctx.database.writing(TOKYO) as session:
                assert corrections.answer_correction(session, ctx, id, {"phone": ["09012345678"]}) == []
            due = state(ctx, TOKYO, id).due_at
            assert due is not None
            assert timedelta(days=2) < due - clock.now() < timedelta(days=9)

    def test_it_needs_something_to_correct(self, ctx: Context, reviewer: Clerk) -> None:
        id = filed(ctx, SIGNS).application.id
        for remarks in ({}, {"phone": " "}, {"company": "hidden"}, {"nothing": "unknown"}):
            with pytest.raises(Refused, match="remark"):
                self._ask(ctx, reviewer, id, remarks)


def test_withdrawing_closes_once(ctx: Context, reviewer: Clerk) -> None:
    id = filed(ctx, SIGNS).application.id
    for _ in range(2):
        with ctx.database.writing(MIHON) as session:
            cases.withdraw(session, ctx, id)
    assert state(ctx, MIHON, id).outcome == "withdrawn"
    with ctx.database.reading(MIHON) as session:
        assert notices(session).count("withdrawn") == 1
    with pytest.raises(NotAllowed):
        take(ctx, reviewer, id, "take")


def test_an_unpaid_case_lapses_by_itself(ctx: Context) -> None:
    id = filed(ctx, TAX).application.id
    with ctx.database.reading("tokyo") as session:
        assert cases.overdue(session) == []
    with clock.shifted(timedelta(days=17)):
        with ctx.database.reading(TOKYO) as session:
            assert [one.application_id for one in cases.overdue(session)] == [id]
        for _ in range(2):
            with ctx.database.writing(TOKYO) as session:
                cases.expire(session, ctx, id)
        assert state(ctx, TOKYO, id).outcome == "lapsed"
        with ctx.database.reading(TOKYO) as session:
            assert cases.overdue(session) == []


def _household(ctx: Context, example: int) -> Filed:
    return filed(ctx, HOUSING, example)


def test_a_lottery_application_is_numbered_and_gets_its_result_once(ctx: Context) -> None:
    id = _household(ctx, 0).application.id
    with ctx.database.reading(TOKYO) as session:
        entry = entries.of_application(session, id)
        assert entry is not None
        assert entry.weight == 7
        assert "lottery_numbered" in notices(session)
    for _ in range(2):
        with ctx.database.writing(TOKYO) as session:
            cases.drawn(session, ctx, id, "waiting", 3)
    assert state(ctx, TOKYO, id).state == "waiting_list"
    with ctx.database.reading(TOKYO) as session:
        assert notices(session).count("lottery_result") == 1


def test_withdrawing_takes_the_entry_out_of_the_draw(ctx: Context) -> None:
    id = _household(ctx, 1).application.id
    with ctx.database.writing(TOKYO) as session:
        cases.withdraw(session, ctx, id)
    with ctx.database.reading(TOKYO) as session:
        entry = entries.of_application(session, id)
        assert entry is not None
        assert entry.state == "withdrawn"


def test_a_clerk_of_another_desk_has_no_say(ctx: Context) -> None:
    other = clerk(ctx, TOKYO, "housing", ("reviewer", "housing"))
    id = filed(ctx, TAX, 2).application.id
    with pytest.raises(NotFound):
        take(ctx, other, id, "approve")
    with ctx.database.writing(TOKYO) as session:
        for act in (
            lambda: cases.take(session, ctx, id, "approve", other, 0),
            lambda: cases.comment(session, ctx, id, other, "?"),
            lambda: corrections.request_correction(session, ctx, id, other, 0, {"copies": "?"}),
        ):
            with pytest.raises(NotFound):  # and not who changed it when, though 0 is no version that was seen
                act()


def test_every_step_is_in_the_audit_log_without_personal_data(ctx: Context, reviewer: Clerk) -> None:
    id = filed(ctx, SIGNS).application.id
    take(ctx, reviewer, id, "take", comment="見本 太郎さんに電話した")
    with ctx.database.reading(MIHON) as session:
        rows = session.scalars(sa.select(audit.AuditRow)).all()
        assert {"application.filed", "application.step", "application.comment"} <= {
            row.action for row in rows
        }
        assert "太郎" not in "".join(str(row.details) for row in rows)
        assert list(audit.verify(session, MIHON)) == []


def test_a_lock_reads_anew_what_was_read_before_it(ctx: Context, reviewer: Clerk) -> None:
    """Between a look and the lock another clerk may have decided; that decision must not be overwritten."""
    id = filed(ctx, SIGNS).application.id
    with ctx.database.writing(MIHON) as session:
        looked_at = queries.get(session, id)
        seen = looked_at.row_version
        session.connection().exec_driver_sql("UPDATE applications SET row_version = row_version + 1")
        with pytest.raises(Stale):
            cases.take(session, ctx, id, "take", reviewer, seen)


@pytest.mark.parametrize(("procedure", "late"), [("facility-booking", 75), ("licence-renewal-booking", 75)])
def test_a_booking_that_is_over_sends_no_mail(ctx: Context, procedure: str, late: int) -> None:
    application = filed(ctx, procedure).application
    office = application.organisation_id
    with ctx.database.writing(office) as session:
        if ledger.status(session, application.id).due:
            pay(session, ctx, application.id)
        before = notices(session)
    with clock.shifted(timedelta(days=late)), ctx.database.writing(office) as session:
        cases.expire(session, ctx, application.id)
    assert state(ctx, office, application.id).outcome == "approved"
    with clock.shifted(timedelta(days=late)), ctx.database.reading(office) as session:
        assert notices(session) == before
