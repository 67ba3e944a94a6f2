"""Pages sent twice, too late, out of order or at the same moment: each counts once, nothing is lost."""

import re
from typing import cast

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from applications.models import Application, Draft, Event
from core.context import Context
from core.outbox import OutboxMessage
from payments import ledger
from payments.provider import HasOwnPage, provider
from signing import service as signing
from tests.factories.applications import (
    MIHON,
    SIGNS,
    TAX,
    TOKYO,
    clerk,
    filed,
)
from tests.factories.browsers import Browser, at_once, browser_like, heading
from web.clerk import session_of


class TestOrder:
    """Pages opened out of order, twice, or too late."""

    def test_steps_cannot_be_skipped(self, app: Flask, catalogue: Context) -> None:
        browser = Browser(app, catalogue, fresh=True)
        for step in ("contact", "copies", "attachments", "check", "sign", "filed", "not-eligible"):
            answer = browser.client.get(f"{browser.base}/{step}")
            assert answer.status_code == 303
            assert answer.headers["Location"] == f"{browser.base}/applicant"
        for step in ("check", "sign"):
            for data in ({"do": "next", "declared": ["truth", "own"]}, {"do": "sign", "code": "000000"}):
                answer = browser.client.post(f"{browser.base}/{step}", data=data)
                assert answer.headers["Location"] == f"{browser.base}/applicant"
        with catalogue.database.reading(TOKYO) as session:
            assert session.scalar(sa.select(Application.id)) is None
            assert session.scalar(sa.select(OutboxMessage.id)) is None

    def test_two_windows_both_count(self, app: Flask, catalogue: Context) -> None:
        """Both were opened before either was sent."""
        browser = Browser(app, catalogue)
        for page in ("copies", "purpose"):
            assert browser.client.get(f"{browser.base}/{page}").status_code == 200
        browser.send("copies", copies="7", fiscal_year="2025")
        browser.send("purpose", purpose="other", purpose_text="second window")
        answers = browser.document().answers
        assert (answers["copies"], answers["purpose_text"]) == ("7", "second window")

    @pytest.mark.parametrize("late", ["refresh", "keep"])
    def test_an_older_state_that_comes_late_changes_nothing(
        self, app: Flask, catalogue: Context, late: str
    ) -> None:
        """Somebody chooses one thing, then another, and goes on, before the server took the first."""
        browser = Browser(app, catalogue)
        newest = {"kind": "no_arrears", "page:turn": "visit1-3"}
        assert browser.send("certificate", **newest).status_code == 303
        before = browser.document()
        for turn in ("visit1-1", "visit1-2"):
            browser.send("certificate", kind="payment", do=late, **{"page:turn": turn})
        assert browser.document() == before

    @pytest.mark.parametrize("turn", ["", "visit1-4", "visit2-1", "VISIT1-1", "visit1-", "visit1-1" * 99])
    def test_what_is_newer_or_of_another_visit_counts(
        self, app: Flask, catalogue: Context, turn: str
    ) -> None:
        browser = Browser(app, catalogue)
        browser.send("certificate", kind="no_arrears", **{"page:turn": "visit1-3"})
        browser.send("certificate", kind="payment", do="refresh", **{"page:turn": turn})
        assert browser.document().raw["certificate"]["kind"] == ["payment"]

    def test_two_windows_at_the_same_moment(self, both: Flask, ctx: Context) -> None:
        browser = Browser(both, ctx)
        sent = [
            ("copies", {"copies": "7", "fiscal_year": "2025"}),
            ("purpose", {"purpose": "other", "purpose_text": "b"}),
        ]
        codes = at_once(lambda number: browser_like(both, browser).post(
            f"{browser.base}/{sent[number][0]}", data={"do": "next", **sent[number][1]}
        ).status_code)  # fmt: skip
        assert codes == [303, 303]
        answers = browser.document().answers
        assert (answers["copies"], answers["purpose_text"]) == ("7", "b")

    def test_an_old_page_of_a_clerk(self, app: Flask, catalogue: Context) -> None:
        first = clerk(catalogue, MIHON, "hanako", ("reviewer", "*"))
        second = clerk(catalogue, MIHON, "jiro", ("reviewer", "*"))
        case = filed(catalogue, SIGNS).application
        desks = []
        for person in (first, second):
            desks.append(app.test_client())
            with desks[-1].session_transaction() as kept:
                kept["clerk"] = session_of(person)
            desks[-1].set_cookie("language", "en")
        seen = re.findall(r'name="seen" value="(\d+)"', desks[1].get(f"/desk/cases/{case.id}").text)[0]
        step = {"transition": "take", "seen": seen}
        assert desks[0].post(f"/desk/cases/{case.id}/step", data=step).status_code == 303
        for action, data in (("step", step), ("assign", {"seen": seen, "clerk": second.id}),
                             ("correction", {"seen": seen, "remark-phone": "x"})):  # fmt: skip
            late = desks[1].post(f"/desk/cases/{case.id}/{action}", data=data)
            assert late.status_code == 409
            assert re.match(r"hanako changed this case at .*\d", heading(late))
        with catalogue.database.reading(MIHON) as session:
            assert session.get_one(Application, case.id).assignee_id == first.id

    def test_filing_twice_at_once_files_once(self, both: Flask, ctx: Context) -> None:
        browser = Browser(both, ctx)
        declared = {"do": "next", "declared": ["truth", "own"]}
        assert (
            browser.client.post(f"{browser.base}/check", data=declared).headers["Location"].endswith("/sign")
        )
        with ctx.database.reading(TOKYO) as session:
            salt = session.scalars(sa.select(OutboxMessage.payload)).one()["salt"]
        code = signing.mailed_code(ctx, browser.id, salt)
        clients = [browser_like(both, browser) for _ in range(2)]
        answers = at_once(
            lambda number: clients[number].post(f"{browser.base}/sign", data={"do": "sign", "code": code})
        )
        assert [answer.headers.get("Location") for answer in answers] == [f"{browser.base}/filed"] * 2
        again = clients[0].post(f"{browser.base}/sign", data={"do": "sign", "code": code})
        assert again.headers["Location"] == f"{browser.base}/filed"
        with ctx.database.reading(TOKYO) as session:
            [case] = session.scalars(sa.select(Application))
            assert session.scalars(sa.select(Draft.filed_as)).all() == [case.id]
            kinds = session.scalars(sa.select(Event.kind)).all()
            assert kinds.count("filed") == 1
            mails = session.scalars(sa.select(OutboxMessage.payload)).all()
            assert [mail.get("notice") for mail in mails].count("filed") == 1
        assert case.reference in clients[1].get(f"{browser.base}/filed").text

    def test_after_filing_old_pages_lead_to_the_receipt(self, app: Flask, catalogue: Context) -> None:
        filed(catalogue, TAX)
        with catalogue.database.reading(TOKYO) as session:
            id = session.scalars(sa.select(Draft.id)).one()
        client = app.test_client()
        with client.session_transaction() as kept:
            kept["drafts"] = [id]
        for step in ("contact", "attachments", "check", "sign", "save"):
            path = f"/{TOKYO}/{TAX}/apply/{id}/{step}"
            assert client.get(path).status_code in {200, 303}, step
            assert client.post(path, data={"do": "next", "email": "a@example.invalid"}).status_code in {
                303,
                409,
            }, step


class TestWebhooks:
    """Payment notices that come again, too late or from nobody."""

    def test_a_replayed_notice_pays_once(self, both: Flask, ctx: Context) -> None:
        from payments import checkout

        case = filed(ctx, TAX).application
        with ctx.database.writing(TOKYO) as session:
            token = checkout.reserve(session, case.id, "demo", "ja").id
        demo = cast(HasOwnPage, provider("demo"))
        body, headers = demo.press(ctx, token, "paid")
        answers = at_once(
            lambda _: both.test_client().post("/webhooks/demo", data=body, headers=headers).status_code, 3
        )
        assert answers == [204, 204, 204]
        with ctx.database.reading(TOKYO) as session:
            status = ledger.status(session, case.id)
            assert (status.paid, status.overpaid) == (800, 0)
            assert session.scalars(sa.select(Event.kind)).all().count("paid") == 1

    @pytest.mark.parametrize("body", [b"", b"{", b"null", b"\xff", b"[]", b'{"checkout": 1}', b"a=b"])
    def test_notices_from_nobody(self, client: FlaskClient, body: bytes) -> None:
        for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data"):
            for headers in ({}, {"X-Demo-Signature": "é"}, {"Stripe-Signature": "t=1,v1=x"}):
                answer = client.post("/webhooks/demo", data=body, content_type=kind, headers=headers)
                assert answer.status_code == 400


class TestCodes:
    """Codes that are asked for twice at the same moment, as a double click does."""

    def test_asking_for_the_code_to_sign(self, both: Flask, ctx: Context) -> None:
        browser = Browser(both, ctx)
        data = {"do": "next", "declared": ["truth", "own"]}
        clients = [browser_like(both, browser) for _ in range(2)]
        answers = at_once(lambda number: clients[number].post(f"{browser.base}/check", data=data))
        assert [answer.headers.get("Location") for answer in answers] == [f"{browser.base}/sign"] * 2
        with ctx.database.reading(TOKYO) as session:
            mails = session.scalars(sa.select(OutboxMessage.payload)).all()
        assert [mail["notice"] for mail in mails] == ["signing_code"]

    def test_the_browser_has_its_name_before_it_asks(self, app: Flask) -> None:
        for method, path in (
            ("POST", f"/{TOKYO}/{TAX}/start"),
            ("GET", "/status/code"),
            ("GET", "/resume/x"),
        ):
            client = app.test_client()
            assert client.open(path, method=method).status_code in {200, 303}
            with client.session_transaction() as kept:
                assert kept["nonce"], path

    def test_asking_for_another_code_too_soon(self, app: Flask, catalogue: Context) -> None:
        browser = Browser(app, catalogue)
        browser.send("check", declared=["truth", "own"])
        again = browser.send("sign", do="resend")
        assert again.status_code == 422
        assert "Wait a minute" in again.text
        assert 'name="code"' in again.text, "the code that is out can still be typed"

    def test_asking_for_the_code_to_come_back(self, both: Flask, ctx: Context) -> None:
        case = filed(ctx, TAX).application
        sent = {"reference": case.reference}
        codes = at_once(lambda _: both.test_client().post("/status/code", data=sent).status_code, 4)
        assert codes == [303] * 4
        with ctx.database.reading(TOKYO) as session:
            mails = session.scalars(sa.select(OutboxMessage.payload)).all()
        assert [mail["notice"] for mail in mails].count("status_code") == 1
