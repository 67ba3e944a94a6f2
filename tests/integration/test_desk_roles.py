"""Who reads a case, who works on it, and that reading leaves a trace."""

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import Clerk
from applications import contents
from applications.models import Application, UploadedFile
from core.audit import AuditRow
from core.context import Context
from core.errors import NotFound, Refused
from tests.factories.applications import MIHON, PASSWORD, SIGNS, clerk, filed
from tests.factories.papers import photo
from workflows import cases, desk, messages
from workflows.desk import Filters
from workflows.messages import Words

DESK = "advertising"


@pytest.fixture
def case(both: Flask, ctx: Context) -> Application:
    return filed(ctx, SIGNS, 1).application


@pytest.fixture
def office(both: Flask, ctx: Context) -> Callable[..., FlaskClient]:
    """A browser in which a clerk of one role is signed in."""

    def sign_in(role: str, desk_id: str = DESK) -> FlaskClient:
        browser = both.test_client()
        person = clerk(ctx, MIHON, f"{role}-{len(desk_id)}", (role, desk_id))
        browser.post("/sign-in", data={"email": person.email, "password": PASSWORD})
        return browser

    return sign_in


@pytest.fixture
def places(ctx: Context, case: Application) -> dict[str, str]:
    """What addresses of the case are made of: a file, a message's file, a document."""
    with ctx.database.writing(MIHON) as session:
        file = session.scalars(sa.select(UploadedFile).where(UploadedFile.attachment != "message")).first()
        assert file is not None
        stored = contents.keep(ctx, case.case_key, "f" * 32, io.BytesIO(photo()), 100_000)
        sent = UploadedFile(
            id="f" * 32,
            attachment="message",
            storage_key=stored.key,
            media_type="image/jpeg",
            size=stored.size,
            sha256=stored.sha256,
            application_id=case.id,
        )
        messages.by_applicant(session, ctx, case.id, Words("見本", "once", [(sent, "見本.jpg")]))
        return {"application_id": case.id, "file_id": file.id, "message_file_id": sent.id}


def pages(app: Flask, places: dict[str, str]) -> dict[str, str]:
    """Address of every page of a case, by its endpoint; without those of documents, of which there are none yet."""
    found = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.rule.startswith("/desk/cases/") and "GET" in (rule.methods or ()):
                values = {name: places.get(name, "-receipt") for name in rule.arguments}
                found[rule.endpoint] = app.url_for(rule.endpoint, _external=False, **values)
    return found


def views(ctx: Context, id: str) -> int:
    with ctx.database.reading(MIHON) as session:
        seen = sa.select(sa.func.count()).where(
            AuditRow.action == "application.viewed", AuditRow.entity == f"application:{id}"
        )
        return session.scalar(seen) or 0


def test_every_page_of_a_case_leaves_a_trace(
    both: Flask, ctx: Context, case: Application, places: dict[str, str], office: Callable[..., FlaskClient]
) -> None:
    reviewer, found = office("reviewer"), pages(both, places)
    assert len(found) >= 5
    for endpoint, address in found.items():
        before = views(ctx, case.id)
        status = reviewer.get(address).status_code
        assert (status, views(ctx, case.id)) in {(200, before + 1), (404, before)}, endpoint
        assert status == 200 or endpoint == "desk.document"


@pytest.mark.parametrize(
    ("role", "desk_id"), [("author", DESK), ("author", "*"), ("reviewer", "parks"), ("auditor", "parks")]
)
def test_who_does_not_work_with_cases_sees_none(
    both: Flask,
    ctx: Context,
    places: dict[str, str],
    office: Callable[..., FlaskClient],
    role: str,
    desk_id: str,
) -> None:
    browser = office(role, desk_id)
    for endpoint, address in pages(both, places).items():
        assert browser.get(address).status_code == 404, endpoint
    assert browser.get(f"/desk/{DESK}").status_code == 404
    mine = browser.get("/desk")
    assert f"/desk/{DESK}" not in mine.text
    assert (mine.location == "/authors") is (role == "author"), "authors are led to their procedures"
    assert views(ctx, places["application_id"]) == 0


def written(ctx: Context, id: str, who: Clerk) -> list[str]:
    """Which of the things that change a case `who` may do."""
    tries: dict[str, Callable[..., object]] = {
        "note": lambda session: cases.comment(session, ctx, id, who, "x"),
        "message": lambda session: messages.by_clerk(session, ctx, id, who, Words("x", who.id)),
        "seen": lambda session: messages.seen_by_clerk(session, ctx, id, who),
        "assign": lambda session: desk.assign(session, ctx, id, who, None, _version(session, id)),
    }
    done = []
    for name, act in tries.items():
        try:
            with ctx.database.writing(MIHON) as session:
                act(session)
            done.append(name)
        except NotFound:
            pass
    return done


def _version(session: sa.orm.Session, id: str) -> int:
    return session.scalars(sa.select(Application.row_version).where(Application.id == id)).one()


@pytest.mark.parametrize("role", ["reviewer", "chief", "cashier", "lottery_officer"])
def test_who_can_be_given_a_step_works_on_cases(ctx: Context, case: Application, role: str) -> None:
    who = clerk(ctx, MIHON, role, (role, DESK))
    assert written(ctx, case.id, who) == ["note", "message", "seen", "assign"]


def test_an_auditor_reads_and_changes_nothing(
    ctx: Context, case: Application, places: dict[str, str], office: Callable[..., FlaskClient]
) -> None:
    auditor = clerk(ctx, MIHON, "auditor", ("auditor", DESK))
    assert written(ctx, case.id, auditor) == []
    with ctx.database.reading(MIHON) as session:
        assert desk.queue(session, ctx, DESK, Filters(), auditor).total == 1
    page = office("auditor").get(f"/desk/cases/{case.id}")
    assert page.status_code == 200
    for forbidden in ('/messages"', '/note"', '/assign"'):
        assert f"/desk/cases/{case.id}{forbidden}" not in page.text


def test_a_role_counts_where_the_case_is_now(ctx: Context, case: Application) -> None:
    reviewer = clerk(ctx, MIHON, "reviewer", ("reviewer", DESK))
    with ctx.database.writing(MIHON) as session:
        session.execute(sa.update(Application).where(Application.id == case.id).values(desk="parks"))
    assert written(ctx, case.id, reviewer) == []
    with ctx.database.reading(MIHON) as session:
        assert desk.case(session, ctx, case.id, reviewer, "ja").works is False


def test_a_case_is_given_only_to_who_works_on_cases(ctx: Context, case: Application) -> None:
    reviewer = clerk(ctx, MIHON, "reviewer", ("reviewer", DESK))
    others = [clerk(ctx, MIHON, role, (role, "*")) for role in ("auditor", "author")]
    with ctx.database.writing(MIHON) as session:
        view = desk.case(session, ctx, case.id, reviewer, "ja")
        assert [id for id, _ in view.colleagues] == [reviewer.id]
        for other in others:
            with pytest.raises(Refused):
                desk.assign(session, ctx, case.id, reviewer, other.id, _version(session, case.id))
