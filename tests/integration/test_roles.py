"""Acting for a company or by a mandate: agreed by both, bounded, ended at once, kept with the case, shown, logged."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from accounts import companies, mandates, residents, roles
from accounts.models import Mandate
from applications import queries
from applications.models import Application, Event
from core import clock
from core.audit import AuditRow
from core.context import Context
from core.database import EVERYONE
from core.errors import NotFound, Refused
from procedures import versions
from tests.factories.applications import PASSWORD, SIGNS, TAX, TOKYO, clerk
from tests.factories.residents import HANAKO, TARO, browser, mails, scope_of, sign_in, signed_in
from tests.integration.test_my_page import start

NUMBER = "8000020130001"
FIRM = {"name": "株式会社見本製作所", "number": NUMBER}
NAMED = mandates.MandateDocument("見本 太郎", "見本 花子", HANAKO, language="en")
SOON = timedelta(days=30)


@pytest.fixture(autouse=True)
def _people(both: Flask, ctx: Context) -> None:
    scope_of(ctx, TARO)
    scope_of(ctx, HANAKO)


def firm(ctx: Context, email: str = TARO, **more: Any) -> str:
    with ctx.database.writing(scope_of(ctx, email)) as session:
        companies.declare(session, ctx, {**FIRM, **more})
        return str(residents.document(session, ctx).companies[-1]["id"])


def invited(
    ctx: Context, procedures: tuple[str, ...] = (), departments: tuple[str, ...] = (), **more: Any
) -> str:
    """A mandate from Taro to Hanako."""
    until: date = more.pop("until", clock.today("Asia/Tokyo") + SOON)
    document = mandates.MandateDocument(**{**vars(NAMED), **more})
    taro = scope_of(ctx).id
    with ctx.database.writing(EVERYONE) as session:
        return mandates.invite(session, ctx, taro, document, procedures, departments, until)


def accepted(ctx: Context, *arguments: Any, **more: Any) -> str:
    id, hanako = invited(ctx, *arguments, **more), scope_of(ctx, HANAKO).id
    with ctx.database.writing(EVERYONE) as session:
        mandates.accept(session, hanako, id)
    return id


def begin(client: FlaskClient, role: str) -> str:
    """Start a certificate in `role`; returns the address of the draft."""
    answer = client.post(f"/{TOKYO}/{TAX}/start", data={"for": role})
    found = re.match(rf"/{TOKYO}/{TAX}/apply/[0-9a-f]+", answer.headers.get("Location", ""))
    assert found, answer.status_code
    return found[0]


def fill_in(ctx: Context, client: FlaskClient, base: str, email: str = "office@example.invalid") -> None:
    """Answer everything and declare; the code for signing is asked for."""
    with ctx.database.reading(TOKYO) as session:
        procedure = versions.current(session, TAX).procedure
    assert procedure.declarations
    pages: dict[str, dict[str, str]] = {
        "applicant": {"applicant_type": "person"},
        "person": {"name-family": "見本", "name-given": "太郎", "name-family_kana": "ミホン",
                   "name-given_kana": "タロウ"},
        "contact": {"address-postcode": "1638001", "address-prefecture": "東京都", "address-city": "新宿区",
                    "address-street": "西新宿9-99-9", "email": email, "phone": "0312345678"},
        "certificate": {"kind": "no_arrears"},
        "copies": {"copies": "1"},
        "purpose": {"purpose": "loan"},
    }  # fmt: skip
    for page, inputs in pages.items():
        assert client.post(f"{base}/{page}", data={**inputs, "do": "next"}).status_code == 303, page
    declared = [one.id for one in procedure.declarations]
    answer = client.post(f"{base}/check", data={"declared": declared, "do": "next"})
    assert answer.headers["Location"] == f"{base}/sign", answer.text


def sign(ctx: Context, client: FlaskClient, base: str, to: str) -> Application:
    code = re.search(r"(?<!\d)\d{6}(?!\d)", str(mails(ctx, to)[-1]["Subject"]))
    assert code
    answer = client.post(f"{base}/sign", data={"code": code[0]})
    assert answer.headers["Location"] == f"{base}/filed", answer.text
    assert client.get(f"{base}/filed").status_code == 200
    with ctx.database.reading(TOKYO) as session:
        return session.scalars(sa.select(Application).order_by(Application.filed_at.desc())).first()  # type: ignore[return-value]


def test_whoever_has_no_company_and_no_mandate_is_asked_nothing(both: Flask, ctx: Context) -> None:
    for client in (browser(both), signed_in(both, ctx)):
        assert 'name="for"' not in client.get(f"/{TOKYO}/{TAX}/").text


def test_applying_for_a_company(both: Flask, ctx: Context) -> None:
    id = firm(
        ctx, address={"postcode": "1000001", "prefecture": "東京都", "city": "千代田区", "street": "見本1"}
    )
    client = signed_in(both, ctx)
    page = client.get(f"/{TOKYO}/{TAX}/").text
    assert f'value="company:{id}"' in page
    assert "self-declared" in page
    base = begin(client, f"company:{id}")
    client.post(f"{base}/profile", data={"do": "yes"})
    client.post(f"{base}/applicant", data={"applicant_type": "corporation", "do": "next"})
    form = client.get(f"{base}/corporation").text
    assert FIRM["name"] in form
    assert "8 0000 2013 0001" in form
    client.post(f"{base}/profile", data={"do": "no"})
    fill_in(ctx, client, base)
    assert FIRM["name"] in client.get(f"{base}/check").text
    application = sign(ctx, client, base, "office@example.invalid")
    with ctx.database.reading(TOKYO) as session:
        acting = queries.document(session, ctx, application).acting
        rows = session.scalars(sa.select(AuditRow).where(AuditRow.action == "application.filed")).all()
        event = session.scalars(sa.select(Event).where(Event.kind == "filed")).one()
    assert acting == {"as": "company", "company": id, **FIRM, "source": "declared"}
    assert [row.details["company"] for row in rows] == [id]
    assert event.details == {"acting": "company", "company": id}
    assert "Only your own answers" in client.get(f"/my/cases/{application.reference}/store").text
    client.post(f"/my/cases/{application.reference}/store", data={"store": "address"})
    with ctx.database.reading(scope_of(ctx)) as session:
        assert residents.document(session, ctx).profile == {}
    desk = browser(both)
    person = clerk(ctx, TOKYO, "seer", ("reviewer", "tax"))
    desk.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    shown = desk.get(f"/desk/cases/{application.id}").text
    assert FIRM["name"] in shown
    assert "self-declared" in shown
    assert "Filed for a company" in shown


def test_nobody_acts_for_a_company_of_somebody_else(both: Flask, ctx: Context) -> None:
    id = firm(ctx)
    for client in (signed_in(both, ctx, HANAKO),):
        for role in (f"company:{id}", "company:x", "delegate:x", "x"):
            assert client.post(f"/{TOKYO}/{TAX}/start", data={"for": role}).status_code == 404
        assert client.get(f"/my/companies/{id}").status_code == 404
        assert client.post(f"/my/companies/{id}", data={**FIRM, "do": "next"}).status_code == 404
        assert client.post(f"/my/companies/{id}/remove").status_code == 404
    assert browser(both).post(f"/{TOKYO}/{TAX}/start", data={"for": f"company:{id}"}).status_code == 303


def test_a_company_is_added_changed_and_removed(both: Flask, ctx: Context) -> None:
    client = signed_in(both, ctx)
    wrong = client.post("/my/companies/new", data={"name": "見本", "number": "8000020130002", "do": "next"})
    assert wrong.status_code == 422
    assert client.post("/my/companies/new", data={**FIRM, "do": "next"}).status_code == 303
    assert client.post("/my/companies/new", data={**FIRM, "do": "next"}).status_code == 422
    id = re.findall(r"/my/companies/([0-9a-f]{32})", client.get("/my/companies").text)[0]
    client.post(f"/my/companies/{id}", data={**FIRM, "name": "合同会社見本", "do": "next"})
    assert "合同会社見本" in client.get("/my/companies").text
    client.post(f"/my/companies/{id}/remove")
    assert "合同会社見本" not in client.get("/my/companies").text


def test_what_a_service_confirms_cannot_be_rewritten(both: Flask, ctx: Context) -> None:
    id = firm(ctx)
    with ctx.database.writing(scope_of(ctx)) as session:
        companies.confirm(session, ctx, "gbizid", NUMBER, "株式会社見本製作所")
        companies.declare(session, ctx, {"name": "別の会社", "number": "7000012050002", "phone": None}, id)
        [company] = residents.document(session, ctx).companies
    assert (company["name"], company["number"], company["source"]) == (FIRM["name"], NUMBER, "gbizid")


def test_a_mandate_needs_both(both: Flask, ctx: Context) -> None:
    taro = signed_in(both, ctx)
    until = clock.today("Asia/Tokyo") + SOON
    inputs = {"mandator": "見本 太郎", "delegate": "見本 花子", "email": HANAKO, "until-era": "ce",
              "until-year": until.year, "until-month": until.month, "until-day": until.day, "do": "next"}  # fmt: skip
    assert taro.post("/my/mandates/new", data=inputs).status_code == 422, "it says what it is for"
    assert taro.post("/my/mandates/new", data={**inputs, "departments": "tokyo-taxation"}).status_code == 303
    [mail] = mails(ctx, HANAKO)
    assert "https://madoguchi.example.invalid/my/mandates" in mail.get_content()
    assert "見本 太郎" in mail.get_content()
    with ctx.database.reading(EVERYONE) as session:
        id = session.scalars(sa.select(Mandate.id)).one()
        assert mandates.in_force(session, ctx, scope_of(ctx, HANAKO).id, id) is None
    stranger = signed_in(both, ctx, "stranger@example.invalid")
    assert stranger.post(f"/my/mandates/{id}/accept").status_code == 404
    assert taro.post(f"/my/mandates/{id}/accept").status_code == 404
    assert stranger.post(f"/my/mandates/{id}/end").status_code == 404
    hanako = sign_in(both, ctx, HANAKO)
    assert "見本 太郎" in hanako.get("/my/mandates").text
    assert hanako.post(f"/my/mandates/{id}/accept").status_code == 303
    assert hanako.post(f"/my/mandates/{id}/accept").status_code == 404
    with ctx.database.reading(EVERYONE) as session:
        assert mandates.in_force(session, ctx, scope_of(ctx, HANAKO).id, id)
    assert "In force" in taro.get("/my/mandates").text
    assert f'value="delegate:{id}"' in hanako.get(f"/{TOKYO}/{TAX}/").text
    assert f'value="delegate:{id}"' not in hanako.get(f"/mihon/{SIGNS}/").text, "outside its bounds"


def test_a_procedure_may_want_people_themselves(both: Flask, ctx: Context) -> None:
    id, hanako = accepted(ctx), scope_of(ctx, HANAKO).id
    company = firm(ctx, HANAKO)
    with ctx.database.reading(EVERYONE) as session:
        offered = [one.value for one in roles.roles(session, ctx, hanako, "a", "b")]
        without = [one.value for one in roles.roles(session, ctx, hanako, "a", "b", delegates=False)]
    assert offered == ["self", f"company:{company}", f"delegate:{id}"]
    assert without == ["self", f"company:{company}"]


def test_an_invitation_ends(ctx: Context) -> None:
    id, hanako = invited(ctx), scope_of(ctx, HANAKO).id
    with clock.shifted(timedelta(days=7, minutes=1)):
        assert mails(ctx, HANAKO) == []
        with pytest.raises(NotFound), ctx.database.writing(EVERYONE) as session:
            mandates.accept(session, hanako, id)


@pytest.mark.parametrize("more", [{"email": TARO}, {"until": date(2020, 1, 1)}])
def test_mandates_that_make_no_sense_are_refused(ctx: Context, more: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        invited(ctx, **more)


def test_bounds() -> None:
    view = mandates.View(
        "x", NAMED, [f"tokyo-taxation/{TAX}"], ["mihon-urban"], date.max, True, False, "", date.max
    )
    assert view.covers("tokyo-taxation", TAX)
    assert view.covers("mihon-urban", "anything")
    assert not view.covers("tokyo-taxation", "other")
    assert not view.covers("tokyo-housing", TAX)
    assert mandates.View("x", NAMED, [], [], date.max, True, False, "", date.max).covers("any", "thing")


def test_a_delegate_applies_and_signs_in_their_own_name(both: Flask, ctx: Context) -> None:
    id = accepted(ctx, (f"tokyo-taxation/{TAX}",))
    hanako = signed_in(both, ctx, HANAKO)
    base = begin(hanako, f"delegate:{id}")
    fill_in(ctx, hanako, base)
    assert mails(ctx, "office@example.invalid") == [], "the code goes to whoever signs"
    assert HANAKO in hanako.get(f"{base}/sign").text
    application = sign(ctx, hanako, base, HANAKO)
    with ctx.database.reading(TOKYO) as session:
        acting = queries.document(session, ctx, application).acting
        [row] = session.scalars(sa.select(AuditRow).where(AuditRow.action == "application.filed")).all()
        everything = str(list(session.execute(sa.select(AuditRow.__table__)))) + str(
            list(session.execute(sa.select(Event.__table__)))
        )
    assert (acting["as"], acting["for"], acting["mandate"]) == ("delegate", "見本 太郎", id)
    assert (row.details["acting"], row.details["mandate"]) == ("delegate", id)
    assert "花子" not in everything
    assert HANAKO not in everything
    for email in (TARO, HANAKO):
        client = signed_in(both, ctx, email)
        assert client.get(f"/status/{application.reference}").status_code == 200
        assert application.reference in client.get("/my").text
    assert "As a delegate for" in hanako.get("/my").text
    desk = browser(both)
    person = clerk(ctx, TOKYO, "seer", ("reviewer", "tax"))
    desk.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    shown = desk.get(f"/desk/cases/{application.id}").text
    for words in ("見本 花子", HANAKO, "As a delegate for 見本 太郎", id, "Filed by a delegate"):
        assert words in shown
    assert desk.get(f"/desk/cases/{application.id}?lang=ja").status_code == 200


@pytest.mark.parametrize("how", ["revoked", "resigned", "expired"])
def test_what_has_ended_opens_nothing(both: Flask, ctx: Context, how: str) -> None:
    id = accepted(ctx)
    hanako = signed_in(both, ctx, HANAKO)
    base = begin(hanako, f"delegate:{id}")
    draft = base.rpartition("/")[2]
    fill_in(ctx, hanako, base)
    assert hanako.get(f"{base}/sign").status_code == 200
    code = re.search(r"(?<!\d)\d{6}(?!\d)", str(mails(ctx, HANAKO)[-1]["Subject"]))
    assert code
    if how == "expired":
        with ctx.database.writing(EVERYONE) as session:
            session.get_one(Mandate, id).expires_on = clock.today("Asia/Tokyo") - timedelta(days=1)
    else:
        ender = signed_in(both, ctx, TARO if how == "revoked" else HANAKO)
        assert ender.post(f"/my/mandates/{id}/end").status_code == 303
    assert hanako.post(f"{base}/sign", data={"code": code[0]}).status_code == 404
    assert hanako.get(f"{base}/check").status_code == 404
    assert draft not in hanako.get("/my").text
    assert hanako.post(f"/{TOKYO}/{TAX}/start", data={"for": f"delegate:{id}"}).status_code == 404
    with ctx.database.reading(TOKYO) as session:
        assert session.scalars(sa.select(Application.id)).all() == []


def test_an_ended_mandate_files_nothing_even_in_the_last_step(both: Flask, ctx: Context) -> None:
    """A mandate that ends between opening the draft and filing it."""
    from web import acting

    id = accepted(ctx)
    with both.test_request_context(), pytest.raises(Refused):
        acting.refuse_ended({"as": "delegate", "mandate": id})
    with both.test_request_context():
        acting.refuse_ended({})
        acting.refuse_ended({"as": "company"})


def test_a_delegate_gets_nothing_filled_in_from_their_own_profile(both: Flask, ctx: Context) -> None:
    id = accepted(ctx)
    with ctx.database.writing(scope_of(ctx, HANAKO)) as session:
        residents.change(session, ctx, lambda document: document.profile.update(phone="+819011112222"))
    hanako = signed_in(both, ctx, HANAKO)
    base = begin(hanako, f"delegate:{id}")
    hanako.post(f"{base}/profile", data={"do": "yes"})
    assert "+8190" not in hanako.get(f"{base}/profile").text
    assert "090-1111-2222" not in hanako.get(f"{base}/profile").text


def test_deleting_an_account_ends_its_mandates(both: Flask, ctx: Context) -> None:
    id = accepted(ctx)
    hanako = signed_in(both, ctx, HANAKO)
    base = begin(hanako, f"delegate:{id}")
    signed_in(both, ctx).post("/my/delete", data={"sure": "yes"})
    assert hanako.get(f"{base}/applicant").status_code == 404
    assert "見本 太郎" not in hanako.get("/my/mandates").text
    own = start(hanako)
    assert hanako.get(f"{own}/applicant").status_code == 200
