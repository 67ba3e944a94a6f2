"""Signing by e-mail: one code, one browser, one content, few tries; and the signed bytes are kept as they were."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from applications import drafts
from core import audit, clock
from core.canonical import canonical_json, sha256_hex
from core.context import Context
from core.database import EVERYONE
from core.errors import Refused
from core.outbox import OutboxMessage
from core.secrets import Undecipherable
from signing import level, service
from signing.models import Signature, SigningCode
from signing.service import Confirmation
from tests.factories import applications
from tests.factories.applications import NONCE, TAX, TOKYO
from tests.factories.browsers import Browser


@pytest.fixture
def catalogue(ctx: Context) -> Context:
    applications.publish(ctx)
    return ctx


@pytest.fixture
def draft_id(catalogue: Context) -> str:
    with catalogue.database.writing(TOKYO) as session:
        draft, _ = applications.fill(session, catalogue, TAX)
        return draft.id


def ask(ctx: Context, draft_id: str, nonce: str = NONCE) -> str:
    """Ask for a code; what the mail will say."""
    with ctx.database.writing(TOKYO) as session:
        draft, document = drafts.load(session, ctx, draft_id)
        service.request_code(session, ctx, draft, document, nonce)
        session.flush()
        payload = session.scalars(
            sa.select(OutboxMessage.payload).where(OutboxMessage.entity.like(f"draft:{draft_id}:signing:%"))
            .order_by(OutboxMessage.id.desc()).limit(1)
        ).one()  # fmt: skip
        assert payload == {"notice": "signing_code", "draft": draft_id, "salt": payload["salt"]}
        return service.mailed_code(ctx, draft_id, payload["salt"])


def attempt(ctx: Context, draft_id: str, typed: str, nonce: str = NONCE, **changes: object) -> Confirmation:
    with ctx.database.writing(TOKYO) as session:
        draft, document = drafts.load(session, ctx, draft_id)
        document.answers.update(changes)
        return service.confirm(session, ctx, draft, document, nonce, typed, "192.0.2.7")


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_right_code_signs_once(catalogue: Context, draft_id: str) -> None:
    code = ask(catalogue, draft_id)
    assert len(code) == 6
    record = attempt(catalogue, draft_id, code).record
    assert record is not None
    assert record.level == "email"
    again = attempt(catalogue, draft_id, code)
    assert again.record is None
    assert "no longer valid" in str(again.problem)


def test_codes_may_be_typed_with_spaces_and_in_full_width(catalogue: Context, draft_id: str) -> None:
    code = ask(catalogue, draft_id)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert attempt(catalogue, draft_id, f" {wide[:3]} {wide[3:]} ").record


def test_the_code_is_nowhere_in_the_database(catalogue: Context, draft_id: str) -> None:
    code = ask(catalogue, draft_id)
    with catalogue.database.reading(EVERYONE) as session:
        row = session.scalars(sa.select(SigningCode)).one()
        messages = list(session.scalars(sa.select(OutboxMessage.payload)))
    assert code.encode() not in row.code_hash
    assert all(code not in json.dumps(payload) for payload in messages)


def test_wrong_codes_are_counted_and_end_it(catalogue: Context, draft_id: str) -> None:
    code = ask(catalogue, draft_id)
    said = [str(attempt(catalogue, draft_id, other_than(code)).problem) for _ in range(6)]
    assert ["4 tries" in said[0], "3 tries" in said[1], "2 tries" in said[2], "1 try" in said[3]] == [
        True
    ] * 4
    assert "too often" in said[4]
    assert "no longer valid" in said[5]
    assert attempt(catalogue, draft_id, code).record is None


@pytest.mark.parametrize("typed", ["", "abc", "0" * 400, "１２", "\x00"])
def test_nonsense_is_a_wrong_code(catalogue: Context, draft_id: str, typed: str) -> None:
    ask(catalogue, draft_id)
    assert attempt(catalogue, draft_id, typed).problem


def test_no_code_was_asked_for(catalogue: Context, draft_id: str) -> None:
    assert attempt(catalogue, draft_id, "123456").record is None


def test_it_belongs_to_the_browser_that_asked(catalogue: Context, draft_id: str) -> None:
    code = ask(catalogue, draft_id)
    elsewhere = attempt(catalogue, draft_id, code, nonce="another")
    assert elsewhere.record is None
    assert "no longer valid" in str(elsewhere.problem)
    assert attempt(catalogue, draft_id, code).record


def test_it_ends_after_ten_minutes(catalogue: Context, draft_id: str) -> None:
    code = ask(catalogue, draft_id)
    with clock.shifted(timedelta(minutes=10, seconds=1)):
        assert attempt(catalogue, draft_id, code).record is None


def test_it_does_not_sign_other_answers(catalogue: Context, draft_id: str) -> None:
    code = ask(catalogue, draft_id)
    refused = attempt(catalogue, draft_id, code, copies="9")
    assert "answers have changed" in str(refused.problem)


def test_a_new_code_ends_the_one_before(catalogue: Context, draft_id: str) -> None:
    first = ask(catalogue, draft_id)
    with clock.shifted(timedelta(minutes=2)):
        second = ask(catalogue, draft_id)
        assert first != second
        assert attempt(catalogue, draft_id, first).record is None
        assert attempt(catalogue, draft_id, second).record


def test_codes_are_sent_once_a_minute_and_five_times_an_hour(catalogue: Context, draft_id: str) -> None:
    ask(catalogue, draft_id)
    with pytest.raises(Refused, match="Wait a minute"):
        ask(catalogue, draft_id)
    for minutes in (2, 4, 6, 8):
        with clock.shifted(timedelta(minutes=minutes)):
            ask(catalogue, draft_id)
    with clock.shifted(timedelta(minutes=10)), pytest.raises(Refused, match="in an hour"):
        ask(catalogue, draft_id)
    with clock.shifted(timedelta(minutes=61)):
        assert ask(catalogue, draft_id)


def test_nobody_is_sent_to_wait_for_a_sixth_code_that_does_not_come(both: Flask, ctx: Context) -> None:
    """Where the fifth cannot be typed any more, the page before says so, instead of one that asks for a code."""
    browser = Browser(both, ctx)
    for minutes in (0, 2, 4, 6, 8):
        with clock.shifted(timedelta(minutes=minutes)):
            assert browser.send("check", declared=["truth", "own"]).status_code == 303
    with clock.shifted(timedelta(minutes=17)):
        assert browser.send("check", declared=["truth", "own"]).status_code == 303, "the fifth is still good"
    with clock.shifted(timedelta(minutes=19)):
        refused = browser.send("check", declared=["truth", "own"])
    assert refused.status_code == 422
    assert "several codes already" in refused.text


def test_the_page_for_the_code_leads_to_the_address_and_says_how_often(both: Flask, ctx: Context) -> None:
    browser = Browser(both, ctx)
    browser.send("check", declared=["truth", "own"])
    page = browser.client.get(f"{browser.base}/sign").text
    assert "5 times in an hour" in page
    assert "contact?change=1" in page


def test_nobody_waits_beside_a_code_that_is_not_good_here(catalogue: Context, draft_id: str) -> None:
    ask(catalogue, draft_id)
    code = ask(catalogue, draft_id, nonce="another")
    with pytest.raises(Refused, match="Wait a minute"):
        ask(catalogue, draft_id, nonce="another")
    assert attempt(catalogue, draft_id, code, nonce="another").record


def test_nor_beside_one_for_other_answers(catalogue: Context, draft_id: str) -> None:
    ask(catalogue, draft_id)
    with catalogue.database.writing(TOKYO) as session:
        draft, document = drafts.load(session, catalogue, draft_id)
        document.answers["copies"] = "9"
        service.request_code(session, catalogue, draft, document, NONCE)
        with pytest.raises(Refused, match="Wait a minute"):
            service.request_code(session, catalogue, draft, document, NONCE)


def test_without_an_address_nothing_can_be_sent(catalogue: Context) -> None:
    with catalogue.database.writing(TOKYO) as session:
        draft, document = applications.fill(session, catalogue, TAX)
        document.answers.pop("email")
        with pytest.raises(Refused, match="e-mail address"):
            service.request_code(session, catalogue, draft, document, NONCE)


def test_the_signed_bytes_are_kept_byte_for_byte_and_encrypted(catalogue: Context) -> None:
    filed = applications.filed(catalogue, TAX)
    with catalogue.database.reading(TOKYO) as session:
        row = session.scalars(sa.select(Signature)).one()
        assert row.application_id == filed.application.id
        assert "見本".encode() not in row.signed
        assert b"example.invalid" not in row.evidence
        signed = service.signed_bytes(session, catalogue, filed.application, row.id)
    assert sha256_hex(signed) == row.digest
    said = json.loads(signed)
    assert canonical_json(said) == signed
    assert said["format"] == "madoguchi-application/1"
    assert (said["organisation"], said["procedure"], said["language"]) == (TOKYO, TAX, "ja")
    assert said["version"] == filed.application.version_digest
    assert said["answers"]["copies"] == "2"
    assert set(said) == {
        "format",
        "organisation",
        "procedure",
        "version",
        "language",
        "answers",
        "files",
        "declarations",
    }


def test_a_signature_counts_only_for_what_it_stands_for(catalogue: Context, draft_id: str) -> None:
    assert attempt(catalogue, draft_id, ask(catalogue, draft_id)).record
    with catalogue.database.reading(TOKYO) as session:
        draft, document = drafts.load(session, catalogue, draft_id)
        assert service.current(session, draft, document)
        document.answers["copies"] = "9"
        assert service.current(session, draft, document) is None


def test_signatures_are_bound_to_their_row(catalogue: Context) -> None:
    filed = applications.filed(catalogue, TAX)
    with catalogue.database.writing(TOKYO) as session:
        row = session.scalars(sa.select(Signature)).one()
        row.signed, row.evidence = row.evidence, row.signed
    with catalogue.database.reading(TOKYO) as session, pytest.raises(Undecipherable):
        service.signed_bytes(session, catalogue, filed.application, row.id)


def test_nothing_personal_stands_in_the_audit_log(catalogue: Context, draft_id: str) -> None:
    attempt(catalogue, draft_id, ask(catalogue, draft_id))
    with catalogue.database.reading(TOKYO) as session:
        rows = list(session.scalars(sa.select(audit.AuditRow)))
    assert any(row.action == "signature.made" for row in rows)
    text = " ".join(str(vars(row)) for row in rows)
    assert "taro@" not in text
    assert "192.0.2.7" not in text


@pytest.mark.parametrize("name", sorted(level.levels()))
def test_every_level_keeps_the_contract(name: str) -> None:
    found = level.level(name)
    assert isinstance(found, level.SignatureLevel)
    assert found.name == name
    assert str(found.label)
    assert isinstance(found.asks_code, bool)


def test_an_address_gets_ten_codes_an_hour(both: Flask, ctx: Context) -> None:
    """Whoever types somebody else's address floods no letterbox with many drafts."""
    answers, browsers = [], [Browser(both, ctx) for _ in range(11)]
    for browser in browsers:
        answers.append(browser.send("check", declared=["truth", "own"]))
    assert [answer.status_code for answer in answers] == [303] * 10 + [422]
    assert "many codes to this address" in answers[-1].text
    assert "in an hour" in answers[-1].text
    with ctx.database.reading(TOKYO) as session:
        payloads = session.scalars(sa.select(OutboxMessage.payload))
        assert len([one for one in payloads if one.get("notice") == "signing_code"]) == 10
    assert browsers[-1].document().declared == ["truth", "own"], "what was ticked is kept"
    resent = browsers[-1].send("sign", do="resend")
    assert resent.status_code == 422
    assert "many codes to this address" in resent.text
    with clock.shifted(timedelta(hours=1)):
        assert browsers[-1].send("check", declared=["truth", "own"]).status_code == 303


CONTACT = {
    "address-postcode": "163-8001",
    "address-prefecture": "東京都",
    "address-city": "新宿区",
    "address-street": "西新宿9-99-9",
    "phone": "03-1234-5678",
}


def test_capitals_make_no_other_address(both: Flask, ctx: Context) -> None:
    for number in range(11):
        browser = Browser(both, ctx)
        email = f"{'T' if number % 2 else 't'}aro@example.invalid"
        assert browser.send("contact", **CONTACT, email=email).status_code == 303
        answer = browser.send("check", declared=["truth", "own"])
    assert answer.status_code == 422


def test_codes_that_were_typed_do_not_count(catalogue: Context) -> None:
    """Whoever files a dozen applications in an hour reads those mails."""
    for _ in range(12):
        with catalogue.database.writing(TOKYO) as session:
            draft, _ = applications.fill(session, catalogue, TAX)
        assert attempt(catalogue, draft.id, ask(catalogue, draft.id)).record
