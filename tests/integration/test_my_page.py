"""My page: what an account holds, what is taken over from a guest, and what goes and stays when it is deleted."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from accounts import holdings, residents, vault
from accounts.models import Account, Holding
from applications.models import Application, Draft, UploadedFile
from core import clock
from core.context import Context
from core.database import EVERYONE, Prepared, ScopeError, kept, table_of
from core.errors import NotFound
from core.secrets import Undecipherable
from tests.factories.applications import MIHON, SIGNS, TAX, TOKYO, filed
from tests.factories.browsers import Browser, at_once
from tests.factories.residents import HANAKO, TARO, browser, mailed, scope_of, sign_in, signed_in, type_in


def hold(ctx: Context, email: str, kind: str, organisation: str, id: str) -> None:
    with ctx.database.writing(scope_of(ctx, email)) as session:
        holdings.add(session, kind, organisation, id)


def start(client: FlaskClient, organisation: str = TOKYO, procedure: str = TAX) -> str:
    """Start a form; returns the address of its draft."""
    answer = client.post(f"/{organisation}/{procedure}/start")
    found = re.match(rf"/{organisation}/{procedure}/apply/[0-9a-f]+", answer.headers["Location"])
    assert found
    return found[0]


def test_what_is_started_while_signed_in_belongs_to_the_account(both: Flask, ctx: Context) -> None:
    client = signed_in(both, ctx)
    base = start(client)
    with client.session_transaction() as kept:
        assert "drafts" not in kept
    assert client.get(f"{base}/applicant").status_code == 200
    elsewhere = signed_in(both, ctx)
    id = base.rpartition("/")[2]
    assert f"/my/drafts/{id}" in elsewhere.get("/my").text
    assert elsewhere.get(f"/my/drafts/{id}").headers["Location"] == f"{base}/applicant"
    assert elsewhere.get(f"{base}/applicant").status_code == 200
    for stranger in (signed_in(both, ctx, HANAKO), browser(both)):
        assert stranger.get(f"{base}/applicant").status_code == 404
        assert stranger.get(f"/my/drafts/{id}").status_code in {302, 404}
        assert id not in stranger.get("/my", follow_redirects=True).text
    client.post("/my/sign-in/out")
    assert client.get(f"{base}/applicant").status_code == 404


def test_guests_are_asked_before_anything_is_taken_over(both: Flask, ctx: Context) -> None:
    guest = Browser(both, ctx, fresh=True)
    other = Browser(both, ctx, SIGNS, fresh=True)
    case = filed(ctx, TAX).application
    with guest.client.session_transaction() as kept:
        kept["drafts"] = [guest.id, other.id]
        kept["cases"] = [case.id]
    guest.client.post("/my/sign-in", data={"email": TARO})
    answer = type_in(guest.client, mailed(ctx, TARO)[-1])
    assert answer.headers["Location"] == "/my/take-over"
    page = guest.client.get("/my/take-over").text
    assert case.reference in page
    assert page.count('name="take"') == 3
    assert "checked" not in page
    with ctx.database.reading(scope_of(ctx)) as session:
        assert holdings.all_of_them(session) == []
    taken = guest.client.post("/my/take-over", data={"take": [guest.id, case.id, "f" * 32]})
    assert taken.headers["Location"] == "/my"
    with guest.client.session_transaction() as kept:
        assert (kept["drafts"], kept["cases"]) == ([other.id], [])
    elsewhere = signed_in(both, ctx)
    assert elsewhere.get(f"/status/{case.reference}").status_code == 200
    assert elsewhere.get(f"{guest.base}/applicant").status_code == 200
    assert elsewhere.get(f"{other.base}/applicant").status_code == 404
    guest.client.post("/my/sign-in/out")
    assert guest.client.get(f"{guest.base}/applicant").status_code == 404
    assert guest.client.get(f"{other.base}/applicant").status_code != 404, "what was left stays a guest's"


def test_nothing_that_is_not_this_browsers_can_be_taken_over(both: Flask, ctx: Context) -> None:
    victim, thief = Browser(both, ctx, fresh=True), Browser(both, ctx, SIGNS, fresh=True)
    sign_in(both, ctx, HANAKO, thief.client)
    thief.client.post("/my/take-over", data={"take": [victim.id]})
    with ctx.database.reading(scope_of(ctx, HANAKO)) as session:
        assert holdings.of(session, holdings.DRAFT, victim.id) is None


def test_my_page_says_how_each_application_stands_and_what_is_next(both: Flask, ctx: Context) -> None:
    case = filed(ctx, TAX, language="en").application
    permit = filed(ctx, SIGNS).application
    hold(ctx, TARO, holdings.CASE, TOKYO, case.id)
    hold(ctx, TARO, holdings.CASE, MIHON, permit.id)
    page = signed_in(both, ctx).get("/my").text
    assert f"/pay/{case.reference}" in page
    assert f"/status/{permit.reference}" in page
    assert "Please pay" in page


def test_many_applications_come_page_by_page(both: Flask, ctx: Context) -> None:
    case = filed(ctx, SIGNS).application  # nothing is to be paid yet: it does not wait for the applicant
    scope = scope_of(ctx)
    with ctx.database.writing(scope) as session:
        holdings.add(session, holdings.CASE, MIHON, case.id)
    for number in range(11):
        with clock.shifted(timedelta(seconds=number + 1)), ctx.database.writing(scope) as session:
            holdings.add(session, holdings.CASE, TOKYO, f"{number:032d}")  # the law's term is over
    client = signed_in(both, ctx)
    assert case.reference not in client.get("/my").text
    assert case.reference in client.get("/my?page=2").text
    for odd in ("0", "-1", "99", "x", "²", "9" * 30):
        assert client.get("/my", query_string={"page": odd}).status_code == 200


def test_a_filed_draft_shows_as_its_application(both: Flask, ctx: Context) -> None:
    """Even where the request that filed it ended before the account was told."""
    case = filed(ctx, TAX).application
    with ctx.database.reading(TOKYO) as session:
        draft = session.scalars(sa.select(Draft.id).where(Draft.filed_as == case.id)).one()
    hold(ctx, TARO, holdings.DRAFT, TOKYO, draft)
    client = signed_in(both, ctx)
    assert case.reference in client.get("/my").text
    assert client.get(f"/status/{case.reference}").status_code == 200


def test_what_is_typed_while_the_session_ends_is_kept(both: Flask, ctx: Context) -> None:
    client = sign_in(both, ctx)
    base = start(client)
    with clock.shifted(timedelta(minutes=45)):
        assert client.get(f"{base}/applicant").headers["Location"].startswith("/my/sign-in?next=")
        sent = client.post(f"{base}/applicant", data={"applicant_type": "corporation", "do": "next"})
        assert sent.headers["Location"] == f"/my/sign-in?next={base}/applicant"
        client.get(sent.headers["Location"])
        client.post("/my/sign-in", data={"email": TARO})
        back = type_in(client, mailed(ctx, TARO)[-1])
        assert back.headers["Location"] == f"{base}/applicant"
        assert re.search(r'value="corporation" checked', client.get(f"{base}/applicant").text)


def test_an_ended_session_keeps_nothing_for_strangers(both: Flask, ctx: Context) -> None:
    theirs = Browser(both, ctx, fresh=True)
    client = sign_in(both, ctx)
    with clock.shifted(timedelta(minutes=45)):
        client.post(f"{theirs.base}/applicant", data={"applicant_type": "corporation", "do": "next"})
    assert theirs.document().raw == {}


def test_deleting_the_account(both: Flask, ctx: Context) -> None:
    guest = Browser(both, ctx, SIGNS)
    case = filed(ctx, TAX).application
    hold(ctx, TARO, holdings.DRAFT, MIHON, guest.id)
    hold(ctx, TARO, holdings.CASE, TOKYO, case.id)
    client = signed_in(both, ctx)
    assert "stay" in client.get("/my/delete").text
    assert client.post("/my/delete").status_code == 422
    scope = scope_of(ctx)
    with ctx.database.reading(EVERYONE) as session:
        files = list(
            session.scalars(sa.select(UploadedFile.storage_key).where(UploadedFile.draft_id == guest.id))
        )
    assert files
    answer = client.post("/my/delete", data={"sure": "yes"})
    assert answer.headers["Location"] == "/my/deleted"
    assert client.get("/my/deleted").status_code == 200
    assert client.get("/my").status_code == 302
    with ctx.database.reading(EVERYONE) as session:
        assert session.get(Account, scope.id) is None
        assert session.scalars(sa.select(Holding.item_id)).all() == []
        assert session.get(Draft, guest.id) is None
        assert session.get(Application, case.id) is not None
    for key in files:
        with pytest.raises(NotFound):
            ctx.files.open(key)
    assert scope_of(ctx) != scope


def test_sessions_of_accounts_reach_their_own_rows_only(ctx: Context, organisation: str) -> None:
    mine, theirs = scope_of(ctx, TARO), scope_of(ctx, HANAKO)
    with ctx.database.writing(theirs) as session:
        holdings.add(session, holdings.DRAFT, organisation, "a" * 32)
    with ctx.database.reading(mine) as session:
        assert [one.account_id for one in session.scalars(sa.select(Account))] == [mine.id]
        assert session.get(Account, theirs.id) is None
        assert session.scalars(sa.select(Holding.item_id)).all() == []
        assert session.execute(sa.select(Holding.item_id).join(Account)).all() == []
    with ctx.database.writing(mine) as session:
        session.execute(sa.delete(Holding).execution_options(synchronize_session=False))
        session.execute(sa.update(Account).values(language="xx").execution_options(synchronize_session=False))
    with ctx.database.reading(theirs) as session:
        assert holdings.of(session, holdings.DRAFT, "a" * 32)
        assert residents.own(session).language == "en"
    foreign = Holding(account_id=theirs.id, kind="x", item_id="x", organisation=organisation)
    with pytest.raises(ScopeError), ctx.database.writing(mine) as session:
        session.add(foreign)
    with pytest.raises(ScopeError), ctx.database.writing(mine) as session:
        session.execute(sa.insert(Holding), {"account_id": theirs.id})


def test_accounts_and_offices_do_not_reach_each_other(ctx: Context, organisation: str) -> None:
    mine = scope_of(ctx)
    with ctx.database.reading(mine) as session, pytest.raises(ScopeError):
        session.scalars(sa.select(Draft.id)).all()
    with ctx.database.reading(mine) as session:
        joined = sa.select(Account.account_id, Draft.id).outerjoin(Draft, sa.true())
        assert [str(tuple(row)) for row in session.execute(joined)] == [str((mine.id, None))]
    with ctx.database.reading(organisation) as session, pytest.raises(ScopeError):
        session.scalars(sa.select(Account.account_id)).all()
    with ctx.database.reading(organisation) as session, pytest.raises(ScopeError):
        session.get(Account, mine.id)


def test_prepared_statements_reach_no_account(ctx: Context, organisation: str) -> None:
    """What is built once and limited by column is for organisations' tables and sessions only."""
    mine = scope_of(ctx)
    accounts_ = Prepared(sa.select(Account.account_id))
    adding = Prepared(sa.insert(table_of(Holding)))
    cases = Prepared(sa.select(Draft.id))
    for scope in (organisation, mine):
        with ctx.database.writing(scope) as session:
            with pytest.raises(ScopeError):
                accounts_.run(session)
            with pytest.raises(ScopeError):
                adding.run(session, account_id=mine.id, kind="x", item_id="x", organisation=organisation)
    with ctx.database.reading(mine) as session, pytest.raises(ScopeError):
        cases.run(session)
    with ctx.database.reading(mine) as session, pytest.raises(ScopeError):
        session.scalars(kept(sa.select(Draft.id))).all()
    with ctx.database.reading(EVERYONE) as session:
        assert [row.account_id for row in accounts_.run(session)] == [mine.id]


def test_an_account_opens_with_its_own_key_and_row_only(ctx: Context, organisation: str) -> None:
    mine, theirs = scope_of(ctx, TARO), scope_of(ctx, HANAKO)
    with ctx.database.reading(EVERYONE) as session:
        one, other = session.get_one(Account, mine.id), session.get_one(Account, theirs.id)
        other.account_key, other.document = one.account_key, one.document
        with pytest.raises(Undecipherable):
            vault.read(ctx, other)
        session.expunge_all()


def test_changes_at_once_are_both_kept(ctx: Context, organisation: str) -> None:
    scope = scope_of(ctx)

    def change(number: int) -> None:
        with ctx.database.writing(scope) as session:
            residents.own(session)
            residents.change(session, ctx, lambda document: document.profile.update({str(number): "x"}))

    at_once(change, 4)
    with ctx.database.reading(scope) as session:
        assert set(residents.document(session, ctx).profile) == {"0", "1", "2", "3"}


def test_guests_pay_no_query_for_accounts(both: Flask, ctx: Context) -> None:
    guest = Browser(both, ctx, fresh=True)
    statements: list[str] = []
    engine = both.extensions["madoguchi"].database.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    assert guest.client.get(f"{guest.base}/applicant").status_code == 200
    assert guest.client.get("/").status_code == 200
    assert statements
    assert not [one for one in statements if "account" in one or "holdings" in one]


def test_an_account_of_nobody_is_nobody(both: Flask) -> None:
    client = browser(both)
    with client.session_transaction() as kept:
        kept["resident"] = "invented"
    assert client.get("/my").status_code == 302
    assert client.get("/").status_code == 200
