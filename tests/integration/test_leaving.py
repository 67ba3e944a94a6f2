"""Giving up: one tap says why, from every place where people stop, and nothing leads back to them."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from accounts import holdings
from applications import drafts
from applications.models import Draft, UploadedFile
from core import clock
from core.context import Context
from core.database import EVERYONE
from core.errors import NotFound
from core.outbox import OutboxMessage
from migrations.tables import metadata
from satisfaction import leaving
from satisfaction.models import Leaving
from tests.factories.applications import MIHON, SIGNS, TAX, TOKYO, clerk
from tests.factories.browsers import Browser, heading
from tests.factories.residents import TARO, mails, scope_of, sign_in
from web import jobs
from web.clerk import session_of

WHY = f"/{TOKYO}/{TAX}/leaving"


@pytest.fixture
def browser(both: Flask, ctx: Context) -> Browser:
    """A browser with a filled-in draft."""
    return Browser(both, ctx)


def kept(ctx: Context) -> list[Leaving]:
    with ctx.database.reading(EVERYONE) as session:
        return list(session.scalars(sa.select(Leaving)))


def tap(browser: Browser, reason: str, page: str = "contact", place: str = "save") -> str:
    answer = browser.client.post(WHY, data={"reason": reason, "page": page, "from": place})
    assert answer.status_code == 303
    return str(answer.location)


def test_saving_offers_it_and_one_tap_keeps_it(browser: Browser, ctx: Context) -> None:
    page = browser.client.get(f"{browser.base}/save").text
    assert all(f'value="{name}"' in page for name in leaving.REASONS)
    assert f'action="{WHY}"' in page
    thanks = browser.client.get(tap(browser, "papers"))
    assert heading(thanks) == "Thank you for your answer"
    [row] = kept(ctx)
    assert (row.procedure_id, row.page, row.place, row.reason) == (TAX, "contact", "save", "papers")
    assert browser.document().answers, "the draft is as it was"


def test_nothing_leads_back(browser: Browser, ctx: Context) -> None:
    with browser.client.session_transaction() as cookie:
        cookie["drafts"] = [browser.id]
    tap(browser, "private")
    [row] = kept(ctx)
    values = [value for name, value in vars(row).items() if not name.startswith("_")]
    assert browser.id not in map(str, values)
    columns = metadata().tables["leavings"].columns
    assert not [one for one in columns if isinstance(one.type, sa.DateTime) or "application" in one.name]
    with ctx.database.reading(EVERYONE) as session:
        assert not session.scalars(
            sa.select(OutboxMessage).where(OutboxMessage.entity.contains(row.id))
        ).all()


def test_a_second_tap_changes_the_first(browser: Browser, ctx: Context) -> None:
    for reason in ("long", "words"):
        tap(browser, reason)
    assert [row.reason for row in kept(ctx)] == ["words"]
    tap(browser, "words", page="sign")
    assert len(kept(ctx)) == 2


def test_a_comment_is_encrypted_and_without_numbers(browser: Browser, ctx: Context) -> None:
    thanks = tap(browser, "trouble")
    assert "<textarea" in browser.client.get(thanks).text
    said = browser.client.post(thanks, data={"comment": "送信できない。090-1234-5678 taro@example.invalid"})
    assert "<textarea" not in browser.client.get(said.location).text
    browser.client.post(thanks, data={"comment": "again"})
    [row] = kept(ctx)
    assert row.comment
    assert "送信".encode() not in row.comment
    with ctx.database.reading(TOKYO) as session:
        [(procedure, read)] = leaving.comments(session, ctx, [TAX])
    assert (procedure, read.text, read.reason) == (TAX, "送信できない。… …", "trouble")


def test_a_stranger_comments_on_nothing(both: Flask, browser: Browser, ctx: Context) -> None:
    tap(browser, "trouble")
    assert both.test_client().post(f"{WHY}/thanks", data={"comment": "x"}).status_code == 303
    assert kept(ctx)[0].comment is None


@pytest.mark.parametrize("data", [{}, {"reason": "none"}, {"reason": "long", "page": "x" * 200, "from": "y"}])
def test_only_what_is_known_is_kept(browser: Browser, ctx: Context, data: dict[str, str]) -> None:
    answer = browser.client.post(WHY, data=data)
    if data.get("reason") != "long":
        assert (answer.status_code, kept(ctx)) == (400, [])
        return
    assert [(row.page, row.place) for row in kept(ctx)] == [("", "mail")]


def test_an_unmet_requirement_offers_it(both: Flask, ctx: Context) -> None:
    browser = Browser(both, ctx, SIGNS, fresh=True)
    browser.send("place", in_city="no", zone="permitted")
    page = browser.client.get(f"{browser.base}/not-eligible").text
    assert re.search(rf'action="/{MIHON}/{SIGNS}/leaving".*name="page" value="place"', page, re.S)


def test_discarding_deletes_and_asks(browser: Browser, ctx: Context) -> None:
    address = f"{browser.base}/discard"
    assert heading(browser.client.get(address)) == "Delete the draft?"
    answer = browser.client.post(address)
    assert answer.location == f"{WHY}?page=check&from=discard"
    assert heading(browser.client.get(answer.location)) == "Your draft is deleted"
    with ctx.database.reading(TOKYO) as session:
        assert session.get(Draft, browser.id) is None
        assert session.scalars(sa.select(UploadedFile)).all() == []
        with pytest.raises(NotFound):
            drafts.load(session, ctx, browser.id)
    assert browser.client.get(address).status_code == 404


def test_nobody_else_discards(both: Flask, browser: Browser) -> None:
    assert both.test_client().post(f"{browser.base}/discard").status_code == 404
    assert browser.document().answers


def test_discarding_from_an_account(both: Flask, browser: Browser, ctx: Context) -> None:
    client, scope = sign_in(both, ctx), scope_of(ctx, TARO)
    with ctx.database.writing(scope) as session:
        holdings.add(session, holdings.DRAFT, TOKYO, browser.id)
    assert f"{browser.base}/discard" in client.get("/my").text
    assert client.post(f"{browser.base}/discard").status_code == 303
    with ctx.database.reading(scope) as session:
        assert holdings.of(session, holdings.DRAFT, browser.id) is None


def said(ctx: Context, count: int, **changes: str) -> None:
    """So many other people tap."""
    with ctx.database.writing(TOKYO) as session:
        for _ in range(count):
            asked = {"page": "contact", "place": "save", "reason": "words", "language": "ja", **changes}
            leaving.keep(session, TAX, **asked)


def test_the_desk_sees_every_answer_and_everybody_those_that_are_many(both: Flask, ctx: Context) -> None:
    said(ctx, leaving.LEAST)
    said(ctx, leaving.LEAST - 1, page="person")
    with ctx.database.reading(EVERYONE) as session:
        assert [(one.page, one.count) for one in leaving.summary(session)] == [("contact", 5), ("person", 4)]
        assert [one.page for one in leaving.summary(session, leaving.LEAST)] == ["contact"]


def test_answers_are_counted_without_reading_the_table(ctx: Context) -> None:
    asked: list[str] = []
    listener = lambda *args: asked.append(args[2])  # noqa: E731
    sa.event.listen(ctx.database.engine, "before_cursor_execute", listener)
    with ctx.database.reading(EVERYONE) as session:
        leaving.summary(session, leaving.LEAST)
        sa.event.remove(ctx.database.engine, "before_cursor_execute", listener)
        [statement] = [one for one in asked if "leavings" in one]
        if ctx.database.engine.dialect.name == "sqlite":
            plan = session.execute(sa.text(f"EXPLAIN QUERY PLAN {statement}"), {}).all()
            assert any("COVERING INDEX ix_leavings_summary" in row[-1] for row in plan), plan
    assert "count(*)" in statement


def test_answers_are_forgotten(both: Flask, ctx: Context) -> None:
    said(ctx, 2)
    with clock.shifted(leaving.KEPT - timedelta(days=1)):
        said(ctx, 1)
        jobs.forget(ctx)
        assert len(kept(ctx)) == 3
    with clock.shifted(leaving.KEPT + timedelta(days=1)):
        jobs.forget(ctx)
        assert len(kept(ctx)) == 1


def test_everybody_sees_where_and_the_desk_what_was_written(
    both: Flask, browser: Browser, ctx: Context
) -> None:
    tap(browser, "words")
    browser.client.post(f"{WHY}/thanks", data={"comment": "課税証明とは何ですか"})
    assert "I did not understand something" not in browser.client.get("/satisfaction").text
    assert browser.client.get("/satisfaction.json").get_json()["given_up"] == [], "one is too few to be shown"
    said(ctx, leaving.LEAST - 1)
    public = browser.client.get("/satisfaction").text
    assert "I did not understand something: 5" in public
    assert "from 5 answers on" in public
    assert "課税証明とは何ですか" not in public
    [entry] = browser.client.get("/satisfaction.json").get_json()["given_up"]
    assert entry == {
        "organisation": TOKYO, "procedure": TAX, "page": "contact", "count": 5, "reasons": {"words": 5},
    }  # fmt: skip
    person = clerk(ctx, TOKYO, "reviewer", ("reviewer", "tax"))
    with browser.client.session_transaction() as cookie:
        cookie["clerk"] = session_of(person)
    assert "課税証明とは何ですか" in browser.client.get("/desk/tax/leaving").text
    assert browser.client.get("/desk/housing/leaving").status_code == 404


def _reminded(
    ctx: Context, browser: Browser, days: float, email: str | None = "jiro@example.invalid"
) -> list[str]:
    document = browser.document()
    document.contact = {"email": email} if email else {}
    with ctx.database.writing(TOKYO) as session:
        draft, _ = drafts.load(session, ctx, browser.id)
        drafts.save(session, ctx, draft, document, draft.row_version, "en")
    with clock.shifted(timedelta(days=days)):
        for _ in range(2):
            jobs.remind(ctx)
        found = mails(ctx, "jiro@example.invalid")
    return [str(one.get_content()) for one in found if one["Subject"].startswith("Your saved application")]


def test_the_mail_before_a_draft_is_deleted(browser: Browser, ctx: Context) -> None:
    assert _reminded(ctx, browser, 21) == []
    [body] = _reminded(ctx, browser, 23)
    assert f"/resume/{browser.id}" in body
    assert f"{WHY}?page=check&from=mail" in body
    assert _reminded(ctx, browser, 24) == [body], "once"


def test_no_mail_to_whoever_did_not_ask_for_one(browser: Browser, ctx: Context) -> None:
    assert _reminded(ctx, browser, 23, email=None) == []


def test_no_mail_about_a_draft_that_is_gone(browser: Browser, ctx: Context) -> None:
    browser.client.post(f"{browser.base}/discard")
    with clock.shifted(timedelta(days=23)):
        assert jobs.remind(ctx) == 0
