"""Filing: once, whole, and only what is complete."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from applications import drafts, filing, queries
from applications.filing import Incomplete
from applications.models import Answers, Application, Draft, Event, UploadedFile
from applications.references import normalise
from core import audit, clock
from core.context import Context
from core.errors import NotFound, Refused, Stale
from core.secrets import hash_secret
from procedures import loader, versions
from tests.factories.applications import (
    CATALOGUE,
    MIHON,
    SIGNS,
    TAX,
    TOKYO,
    filed,
    fill,
    publish,
    sign,
    waiting,
)
from workflows import cases


@pytest.fixture(autouse=True)
def _catalogue(ctx: Context) -> None:
    publish(ctx)


def test_filing_keeps_everything_in_one_transaction(ctx: Context) -> None:
    done = filed(ctx, TAX)
    assert done.secret is not None
    assert len(done.secret) == 23
    with ctx.database.reading(TOKYO) as session:
        application = queries.by_secret(session, done.application.reference.lower(), done.secret)
        assert application.secret_hash == hash_secret(done.secret)
        assert application.reference.startswith("TC-")
        assert (application.state, application.desk) == ("awaiting_fee", "tax")
        assert application.due_at is not None
        document = queries.document(session, ctx, application)
        assert document.answers["name"]["family"] == "見本"
        assert document.signature is not None
        assert document.signature["level"] == "email"
        assert [event.kind for event in queries.events(session, application)] == ["filed", "state"]
        assert {mail["notice"] for mail in waiting(session, "mail")} >= {"filed", "payment_due"}
        draft = session.scalars(sa.select(Draft)).one()
        assert (draft.document, draft.case_key) == (b"", b"")
        assert list(audit.verify(session, TOKYO)) == []


def test_a_second_filing_gives_the_first_application(ctx: Context) -> None:
    done = filed(ctx, TAX)
    with ctx.database.writing(TOKYO) as session:
        id = session.scalars(sa.select(Draft.id)).one()
        again = cases.file_application(session, ctx, id)
    assert again.already
    assert again.application.id == done.application.id
    assert again.secret == done.secret, "whoever clicked twice still sees the key"
    with ctx.database.reading(TOKYO) as session:
        for table in (Application, Answers):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(Event)) == 2


def test_nothing_is_kept_of_a_filing_that_fails(ctx: Context) -> None:
    with ctx.database.writing(TOKYO) as session:
        draft, document = fill(session, ctx, TAX)
        sign(session, ctx, draft, document)

    def fail() -> None:
        with ctx.database.writing(TOKYO) as session:
            cases.file_application(session, ctx, draft.id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with ctx.database.reading(TOKYO) as session:
        assert drafts.load(session, ctx, draft.id)[1].answers
        assert session.scalar(sa.select(Application.id)) is None


def test_files_go_over_with_the_application(ctx: Context) -> None:
    done = filed(ctx, SIGNS, 1)
    with ctx.database.reading(MIHON) as session:
        document = queries.document(session, ctx, done.application)
        files = queries.files(session, done.application)
        assert set(document.files) == {"location_map", "design", "consent", "manager_certificate"}
        assert {entry["id"] for one in document.files.values() for entry in one} == set(files)
        assert session.scalar(sa.select(UploadedFile.id).where(UploadedFile.draft_id.is_not(None))) is None


def test_a_file_that_is_gone_is_asked_for_again(ctx: Context) -> None:
    with ctx.database.writing(MIHON) as session:
        draft, document = fill(session, ctx, SIGNS)
        sign(session, ctx, draft, document)
        session.execute(sa.delete(UploadedFile))
    with ctx.database.writing(MIHON) as session, pytest.raises(Incomplete, match="attach it again"):
        filing.file(session, ctx, *drafts.load(session, ctx, draft.id, lock=True), None)


def test_what_is_hidden_is_not_filed(ctx: Context) -> None:
    done = filed(ctx, TAX, 0, company="株式会社見本", purpose_text="秘密")
    with ctx.database.reading(TOKYO) as session:
        answers = queries.document(session, ctx, done.application).answers
    assert "company" not in answers
    assert "purpose_text" not in answers


@pytest.mark.parametrize(
    ("change", "page"),
    [({"copies": "11"}, "copies"), ({"email": "no address"}, "contact"), ({"kind": None}, "certificate")],
)
def test_refused_names_the_page(ctx: Context, change: dict[str, Any], page: str) -> None:
    with ctx.database.writing(TOKYO) as session:
        draft, _ = fill(session, ctx, TAX, 0, **change)
        with pytest.raises(Incomplete) as refusal:
            filing.file(session, ctx, *drafts.load(session, ctx, draft.id, lock=True), {"level": "email"})
    assert refusal.value.page == page


def test_a_page_that_was_never_opened_is_not_complete(ctx: Context) -> None:
    with ctx.database.writing(TOKYO) as session:
        draft, document = fill(session, ctx, TAX)
        document.done.remove("contact")
        drafts.save(session, ctx, draft, document, draft.row_version)
        with pytest.raises(Incomplete) as refusal:
            filing.file(session, ctx, *drafts.load(session, ctx, draft.id, lock=True), None)
    assert refusal.value.page == "contact"


def test_unsigned_undeclared_and_not_eligible_are_refused(ctx: Context) -> None:
    with ctx.database.writing(TOKYO) as session:
        draft, document = fill(session, ctx, TAX)
        with pytest.raises(Refused, match="sign"):
            cases.file_application(session, ctx, draft.id)
        document.declared = ["truth"]
        drafts.save(session, ctx, draft, document, draft.row_version)
        with pytest.raises(Refused, match="declarations"):
            filing.file(session, ctx, *drafts.load(session, ctx, draft.id, lock=True), None)
    with ctx.database.writing(MIHON) as session:
        draft, _ = fill(session, ctx, SIGNS, 0, zone="prohibited")
        with pytest.raises(Refused, match="禁止区域"):
            filing.file(session, ctx, *drafts.load(session, ctx, draft.id, lock=True), None)


def test_a_signature_counts_only_for_what_was_signed(ctx: Context) -> None:
    with ctx.database.writing(TOKYO) as session:
        draft, document = fill(session, ctx, TAX)
        sign(session, ctx, draft, document)
        document.answers["copies"] = "3"
        drafts.save(session, ctx, draft, document, draft.row_version)
        with pytest.raises(Refused, match="sign"):
            cases.file_application(session, ctx, draft.id)


def test_two_windows_cannot_overwrite_each_other(ctx: Context) -> None:
    with ctx.database.writing(TOKYO) as session:
        draft, document = fill(session, ctx, TAX)
        seen = draft.row_version
        drafts.save(session, ctx, draft, document, seen)
        with pytest.raises(Stale):
            drafts.save(session, ctx, draft, document, seen)


def test_many_clicks_at_once_file_once(ctx: Context) -> None:
    with ctx.database.writing(TOKYO) as session:
        draft, document = fill(session, ctx, TAX)
        sign(session, ctx, draft, document)

    def click(_: int) -> tuple[str, bool]:
        with ctx.database.writing(TOKYO) as session:
            done = cases.file_application(session, ctx, draft.id)
        return done.application.reference, done.already

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(click, range(12)))
    assert len({reference for reference, _ in answers}) == 1
    assert [already for _, already in answers].count(False) == 1


def test_who_started_in_time_has_a_day_of_grace(ctx: Context) -> None:
    closes = clock.now().replace(microsecond=0) + timedelta(hours=1)
    local = closes.astimezone(ZoneInfo("Asia/Tokyo"))
    text = (CATALOGUE / "tokyo-taxation" / f"{TAX}.yaml").read_text()
    loaded = loader.load(f"{text}\nreception: {{closes: {local:%Y-%m-%dT%H:%M:%S}}}\n")
    with ctx.database.writing(TOKYO) as session:
        versions.publish(session, loaded, "command")
        in_time = [fill(session, ctx, TAX)[0].id for _ in range(2)]
    with clock.shifted(timedelta(hours=2)), ctx.database.writing(TOKYO) as session:
        too_late = fill(session, ctx, TAX)[0].id
        assert not filing.file(session, ctx, *drafts.load(session, ctx, in_time[0], lock=True), None).already
        with pytest.raises(Refused, match="were taken until"):
            filing.file(session, ctx, *drafts.load(session, ctx, too_late, lock=True), None)
    late = pytest.raises(Refused, match="were taken until")
    with clock.shifted(timedelta(hours=26)), ctx.database.writing(TOKYO) as session, late:
        filing.file(session, ctx, *drafts.load(session, ctx, in_time[1], lock=True), None)


def test_nobody_files_before_the_opening(ctx: Context) -> None:
    text = (CATALOGUE / "tokyo-taxation" / f"{TAX}.yaml").read_text()
    loaded = loader.load(f"{text}\nreception: {{opens: 2099-01-01T09:00}}\n")
    with ctx.database.writing(TOKYO) as session:
        versions.publish(session, loaded, "command")
        draft, _ = fill(session, ctx, TAX)
        with pytest.raises(Refused, match="taken from"):
            filing.file(session, ctx, *drafts.load(session, ctx, draft.id, lock=True), None)


def test_the_wrong_key_opens_nothing(ctx: Context) -> None:
    done = filed(ctx, TAX)
    with ctx.database.reading(TOKYO) as session:
        for reference, secret in (
            (done.application.reference, "A" * 23),
            ("TC-2222-2222", done.secret or ""),
            ("", ""),
        ):
            with pytest.raises(NotFound):
                queries.by_secret(session, reference, secret)


def test_reference_numbers_are_read_as_people_type_them() -> None:
    assert normalise("ｔｃ ８f3k 29qd") == "TC-8F3K-29QD"
    assert normalise("TC8F3K29QD") == "TC-8F3K-29QD"
    assert normalise("?") == "-"


class TestResumeCode:
    """Coming back to a draft with a code."""

    def _draft(self, ctx: Context) -> str:
        with ctx.database.writing(TOKYO) as session:
            draft, document = fill(session, ctx, TAX)
            document.contact["email"] = "taro@example.invalid"
            drafts.save(session, ctx, draft, document, draft.row_version)
        return draft.id

    def _code(self, ctx: Context, id: str) -> str:
        with ctx.database.writing(TOKYO) as session:
            drafts.issue_code(session, ctx, id, "my browser")
            session.flush()
            mail = waiting(session, "mail")[-1]
        assert mail["notice"] == "draft_code"
        code = drafts.mailed_code(ctx, id, mail["salt"])
        assert code not in str(mail)
        return code

    def _try(self, ctx: Context, id: str, code: str, nonce: str = "my browser") -> bool:
        with ctx.database.writing(TOKYO) as session:
            return drafts.check_code(session, ctx, id, nonce, code) is not None

    def test_it_works_once_in_its_browser(self, ctx: Context) -> None:
        id = self._draft(ctx)
        code = self._code(ctx, id)
        assert not self._try(ctx, id, code, "another browser")
        assert self._try(ctx, id, code)
        assert not self._try(ctx, id, code)

    def test_it_ends_after_five_wrong_tries_and_after_ten_minutes(self, ctx: Context) -> None:
        id = self._draft(ctx)
        code = self._code(ctx, id)
        for _ in range(5):
            assert not self._try(ctx, id, "000000" if code != "000000" else "111111")
        assert not self._try(ctx, id, code)
        fresh = self._code(ctx, id)
        with clock.shifted(timedelta(minutes=10, seconds=1)):
            assert not self._try(ctx, id, fresh)
        assert self._try(ctx, id, fresh)

    def test_a_draft_that_is_not_there_looks_the_same(self, ctx: Context) -> None:
        with ctx.database.writing(TOKYO) as session:
            drafts.issue_code(session, ctx, "no such draft", "my browser")
            assert waiting(session, "mail") == []
        assert not self._try(ctx, "no such draft", "123456")
