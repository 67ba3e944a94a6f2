"""Two organisations side by side: whoever asks, no address gives or changes anything of the other one.

Every route is called with the ids of one organisation by a clerk of the other, by a resident who holds only the
other's cases, and by nobody. A route that is new here has to say how its address and its form are filled.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.context import Context
from core.database import EVERYONE
from tests.factories import draws, organisations
from tests.factories.applications import MIHON, TOKYO, publish
from tests.factories.organisations import DESK, PROCEDURE, Office, office, rows
from tests.fixtures import contexts
from web.app import create_app

OTHER = {TOKYO: MIHON, MIHON: TOKYO}
OTHER_CASES = {"correction": "asked", "pay": "unpaid"}
"""The case that the pages of a blueprint are about; `decided` is that of the others."""
FORMS: dict[str, dict[str, Any]] = {
    "apply.start": {},
    "apply.answer": {"do": "save", "name-family": "x"},
    "attachments.change_files": {"do": "next"},
    "correction.answer": {"do": "next", "phone": "09011112222"},
    "desk.assign": {"clerk": "", "seen": "1"},
    "desk.note": {"note": "x"},
    "desk.request_correction": {"remark-phone": "x", "seen": "1"},
    "desk.step": {"transition": "approve", "seen": "1"},
    "desk.take_next": {},
    "finish.confirm": {"code": "000000"},
    "finish.declare": {"do": "next", "declared": "truth"},
    "lotteries.show": {"number": "1"},
    "pay.begin": {"provider": "demo"},
    "pay.demo_press": {"do": "paid"},
    "pay.notified": {},
    "resume.check_code": {"code": "000000"},
    "resume.request_code": {},
    "resume.send": {"email": "other@example.invalid"},
    "satisfaction.keep": {"score": "1"},
    "sign_in.check": {"email": "nobody@example.invalid", "password": "x"},
    "sign_in.out": {},
    "status.open_case": {"reference": "TC-2222-2222", "code": "x"},
    "status.withdraw": {},
    "status_access.check": {"code": "000000"},
    "status_access.send": {},
    "verify.upload": {},
}
"""What is posted, by endpoint."""
MEANT_FOR_ALL = {
    "apply.start": "anybody begins an application",
    "resume.request_code": "anybody has a code sent, to the address of the draft",
    "pay.demo_press": "whoever holds the checkout's token pays",
}
"""Public forms that do write, each with a test of its own elsewhere."""
PASSED = {200, 303}


@dataclass
class World:
    """The application with both organisations filled."""

    app: Flask
    ctx: Context
    offices: dict[str, Office]


@pytest.fixture(scope="module")
def world(sqlite_template: Path, keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("isolation")
    path = folder / "madoguchi.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    with contexts._context(f"sqlite:///{path}", keys, folder) as ctx:
        publish(ctx)
        offices = {id: office(ctx, id) for id in (TOKYO, MIHON)}
        app = create_app(ctx.settings.model_copy(update={"rate_limits": False}))
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield World(app, ctx, offices)
        app.extensions["madoguchi"].database.dispose()


def address(app: Flask, rule: Rule, of: Office) -> str | None:
    """The rule's address with the ids of an organisation; none where it has no such thing."""
    blueprint = rule.endpoint.partition(".")[0]
    case = getattr(of, OTHER_CASES.get(blueprint, "decided"))
    if rule.endpoint.startswith("lotteries.receipt"):
        case = of.drawn
    values = {
        "application_id": case and case.id,
        "desk_id": DESK[of.id],
        "document_id": "certificate" if of.id == TOKYO else "permit",
        "draft_id": of.draft_id,
        "draw_id": draws.DRAW if of.drawn else None,
        "file_id": of.file_id,
        "filename": "css/base.css",
        "moment": "submission",
        "name": "demo",
        "organisation_id": of.id,
        "page_id": "contact",
        "procedure_id": PROCEDURE[of.id],
        "reference": case and case.reference,
        "token": of.token,
    }
    unknown = rule.arguments - set(values)
    assert not unknown, f"{rule}: say in {__name__} what {unknown} of an organisation are"
    if any(values[name] is None for name in rule.arguments):
        return None
    with app.test_request_context():
        return app.url_map.bind("localhost").build(
            rule.endpoint, {name: values[name] for name in rule.arguments}
        )


def calls(world: World, of: Office) -> Iterator[tuple[Rule, str, str]]:
    """Every route as (rule, method, address)."""
    for rule in world.app.url_map.iter_rules():
        path = address(world.app, rule, of)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            assert method == "GET" or rule.endpoint in FORMS, (
                f"{rule}: say in {__name__} what is posted to it"
            )
            if path is not None:
                yield rule, method, path


def call(client: FlaskClient, endpoint: str, method: str, path: str) -> TestResponse:
    return client.open(path, method=method, data=FORMS[endpoint] if method == "POST" else None)


def access_of(world: World, rule: Rule) -> str:
    return str(getattr(world.app.view_functions[rule.endpoint], "__access__", "public"))


def outsider(world: World, who: str, other: Office) -> FlaskClient:
    if who == "nobody":
        return world.app.test_client()
    return other.desk(world.app) if who == "clerk" else other.resident(world.app)


def turned_away(answer: TestResponse) -> bool:
    away = answer.headers.get("Location", "")
    return answer.status_code == 404 or bool(re.match(r"^/(sign-in\?|status$)", away))


@pytest.mark.parametrize("owner", [TOKYO, MIHON])
@pytest.mark.parametrize("who", ["clerk", "resident", "nobody"])
def test_no_route_crosses_over(world: World, owner: str, who: str) -> None:
    of, before = world.offices[owner], rows(world.ctx, owner)
    for rule, method, path in calls(world, of):
        if rule.endpoint in MEANT_FOR_ALL and method == "POST":
            continue
        client = outsider(world, who, world.offices[OTHER[owner]])
        answer = call(client, rule.endpoint, method, path)
        said, access = f"{method} {path} by {who}: {answer.status_code}", access_of(world, rule)
        assert answer.status_code < 500, said
        if access == "webhook":
            assert answer.status_code == 400, said
        elif access != "public" and "<" in rule.rule:
            assert turned_away(answer), said
        leaked = [name for name, value in of.secrets.items() if value in answer.text]
        assert not leaked, f"{said} shows {leaked}"
        after = rows(world.ctx, owner)
        assert after == before, f"{said} changed {[name for name in after if after[name] != before[name]]}"


@pytest.mark.parametrize("owner", [TOKYO, MIHON])
def test_the_walk_knows_real_addresses(world: World, owner: str) -> None:
    """Those whose things they are do get in: an address that nobody could open would prove nothing."""
    of = world.offices[owner]
    for rule, method, path in calls(world, of):
        access = access_of(world, rule)
        if method == "GET" and access != "webhook":
            client = of.desk(world.app) if access.startswith("clerk") else of.resident(world.app)
            answer = call(client, rule.endpoint, method, path)
            unit = rule.endpoint == "lotteries.listing"  # needs ?unit=
            away = rule.endpoint in ("finish.filed", "apply.not_eligible")  # leads on to the first open step
            assert answer.status_code in PASSED | ({302} if away else set()) or unit, (
                path,
                answer.status_code,
            )


def test_an_address_that_mixes_organisations_leads_nowhere(world: World) -> None:
    """A browser that holds the draft does not reach it through another organisation's or procedure's address."""
    tokyo, mihon = world.offices[TOKYO], world.offices[MIHON]
    client = tokyo.resident(world.app)
    for organisation, procedure in (
        (MIHON, PROCEDURE[MIHON]),
        (MIHON, PROCEDURE[TOKYO]),
        (TOKYO, "public-housing"),
    ):
        for step in ("contact", "check", "sign", "attachments", "save", "filed", "not-eligible"):
            path = f"/{organisation}/{procedure}/apply/{tokyo.draft_id}/{step}"
            assert client.get(path).status_code == 404, path
            assert client.post(path, data={"do": "next"}).status_code in {404, 405}, path
    path = f"/desk/cases/{mihon.decided.id}/files/{mihon.file_id}"
    assert mihon.desk(world.app).get(path).status_code == 200
    assert mihon.desk(world.app).get(path.replace(mihon.decided.id, mihon.asked.id)).status_code == 404


def test_a_session_that_names_another_organisation_is_no_session(world: World) -> None:
    """The cookie is signed; but even with a key stolen, a clerk's id counts in their own organisation only."""
    client = world.app.test_client()
    with client.session_transaction() as kept:
        kept["clerk"] = {"id": world.offices[MIHON].clerk.id, "organisation": TOKYO, "epoch": 0}
    assert "/sign-in" in client.get("/desk").headers["Location"]


@pytest.mark.parametrize("step", ["draw", "confirm", "publish", "promote", "void"])
def test_commands_refuse_to_act_for_others(world: World, step: str) -> None:
    """`lottery … --as` somebody of the other organisation."""
    more = {"promote": ["1", "--reason", "declined"], "void": ["--reason", "x"]}.get(step, [])
    before = rows(world.ctx, TOKYO)
    stranger = world.offices[MIHON].clerk.email
    done = world.app.test_cli_runner().invoke(args=["lottery", step, draws.DRAW, *more, "--as", stranger])
    assert done.exit_code == 1
    assert "no clerk with this address" in done.output
    assert rows(world.ctx, TOKYO) == before


def test_the_other_organisation_is_full_of_things(world: World) -> None:
    """What is looked for is really there."""
    for id, of in world.offices.items():
        page = of.desk(world.app).get(f"/desk/cases/{of.asked.id}").text
        shown = of.resident(world.app).get(f"/status/{of.asked.reference}/correction").text
        for mark in ("family", "email", "street"):
            assert organisations.secrets_of(id)[mark] in page
        assert of.secrets["remark"] in shown
        with world.ctx.database.reading(EVERYONE):
            assert len(rows(world.ctx, id)["audit_log"]) > 10
