"""Two organisations side by side: whoever asks, no address gives or changes anything of the other one.

Every route is called with the ids of one organisation by a clerk of the other, by a resident who holds only the
other's cases, and by nobody. A route that is new here has to say how its address and its form are filled.
"""

import re

import click
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.database import EVERYONE
from tests.factories import draws, organisations
from tests.factories.addresses import World, access_of, call, calls
from tests.factories.applications import MIHON, TOKYO
from tests.factories.organisations import PROCEDURE, Office, account_rows, rows
from web.clerk import session_of

OTHER = {TOKYO: MIHON, MIHON: TOKYO}
MEANT_FOR_ALL = {
    "apply.start": "anybody begins an application",
    "leaving.keep": "anybody says why they stopped",
    "resume.request_code": "anybody has a code sent, to the address of the draft",
    "returning.return_to": "anybody has a code sent, to the address of the draft",
    "my_sign_in.send": "anybody asks for a code, whoever's address it is",
    "together.begin": "anybody begins several applications",
    "pay.demo_press": "whoever holds the checkout's token pays",
}
"""Public forms that do write, each with a test of its own elsewhere."""
ONES_OWN = {"my_profile.edit", "my_profile.keep"}
"""Addresses that are everybody's, each with their own things behind it."""
PASSED = {200, 303}


def outsider(world: World, who: str, other: Office) -> FlaskClient:
    if who == "nobody":
        return world.app.test_client()
    if who == "holder":
        return other.holder(world.app)
    return other.desk(world.app) if who == "clerk" else other.resident(world.app)


def turned_away(answer: TestResponse) -> bool:
    away = answer.headers.get("Location", "")
    to_sign_in = answer.status_code == 403 and 'action="/my/sign-in"' in answer.text
    return answer.status_code == 404 or to_sign_in or bool(re.match(r"^/((my/)?sign-in\?|status$)", away))


@pytest.mark.parametrize("owner", [TOKYO, MIHON])
@pytest.mark.parametrize("who", ["clerk", "resident", "holder", "nobody"])
def test_no_route_crosses_over(world: World, owner: str, who: str) -> None:
    of, before = world.offices[owner], rows(world.ctx, owner)
    account = account_rows(world.ctx, of)
    for rule, method, path in calls(world, of):
        if rule.endpoint in MEANT_FOR_ALL and method == "POST":
            continue
        client = outsider(world, who, world.offices[OTHER[owner]])
        answer = call(client, rule.endpoint, method, path)
        said, access = f"{method} {path} by {who}: {answer.status_code}", access_of(world, rule)
        assert answer.status_code < 500, said
        if access == "webhook":
            assert answer.status_code == 400, said
        elif access != "public" and "<" in rule.rule and rule.endpoint not in ONES_OWN:
            assert turned_away(answer), said
        leaked = [name for name, value in of.secrets.items() if value in answer.text]
        assert not leaked, f"{said} shows {leaked}"
        after = rows(world.ctx, owner)
        assert after == before, f"{said} changed {[name for name in after if after[name] != before[name]]}"
        assert account_rows(world.ctx, of) == account, f"{said} changed the account"


LEADS_ON = ("finish.filed", "apply.not_eligible", "my_sign_in.form")
"""Pages that lead on to where their reader stands."""
LEADS_NOWHERE = ("lotteries.listing", "eligibility.show")
"""The first needs ?unit=, the second a procedure that keeps somebody from applying."""


def owners(world: World, of: Office, access: str) -> list[FlaskClient]:
    """Browsers of those who may see a page: a clerk's, a guest's, and one with the account that holds everything."""
    if access.startswith("clerk"):
        return [of.desk(world.app)]
    return [of.holder(world.app), *([] if access == "resident" else [of.resident(world.app)])]


@pytest.mark.parametrize("owner", [TOKYO, MIHON])
def test_the_walk_knows_real_addresses(world: World, owner: str) -> None:
    """Those whose things they are do get in: an address that nobody could open would prove nothing."""
    of = world.offices[owner]
    for rule, method, path in calls(world, of):
        access = access_of(world, rule)
        if method != "GET" or access == "webhook":
            continue
        nowhere = rule.endpoint in LEADS_NOWHERE
        away = rule.endpoint in LEADS_ON
        for client in owners(world, of, access):
            answer = call(client, rule.endpoint, method, path)
            assert answer.status_code in PASSED | ({302} if away else set()) or nowhere, (
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
        kept["clerk"] = session_of(world.offices[MIHON].clerk) | {"organisation": TOKYO}
    assert "/sign-in" in client.get("/desk").headers["Location"]


ACTING = {"draw", "confirm", "publish", "promote", "void"}
"""The commands of `lottery` in which somebody acts by name."""


def test_every_command_that_acts_for_somebody_is_known(world: World) -> None:
    cli, nothing = world.app.cli, click.Context(world.app.cli)
    found = {
        f"{group} {name}"
        for group in cli.list_commands(nothing)
        for name, command in getattr(cli.get_command(nothing, group), "commands", {}).items()
        if any("--as" in option.opts for option in command.params)
    }
    assert found == {f"lottery {step}" for step in ACTING}, f"say in {__name__} that it refuses strangers"


@pytest.mark.parametrize("step", sorted(ACTING))
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
