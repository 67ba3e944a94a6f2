"""How long a clerk is signed in, what ends it everywhere, and that what was typed meanwhile comes back."""

import html
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import Clerk
from core import clock
from core.audit import AuditRow
from core.context import Context
from tests.factories.applications import PASSWORD, TAX, TOKYO, clerk, filed
from web.clerk import session_of

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
TYPED = "A long reason 見本\nof several lines <b>"


@pytest.fixture
def person(catalogue: Context) -> Clerk:
    return clerk(catalogue, TOKYO, "someone", ("reviewer", "*"))


@pytest.fixture
def desk(client: FlaskClient, person: Clerk) -> FlaskClient:
    """A browser in which the clerk has just signed in."""
    client.set_cookie("language", "en")
    assert client.post("/sign-in", data={"email": person.email, "password": PASSWORD}).status_code == 302
    return client


def copy_of(client: FlaskClient, app: Flask) -> FlaskClient:
    """Another browser with the same cookie."""
    other = app.test_client()
    with client.session_transaction() as kept:
        held = dict(kept)
    with other.session_transaction() as kept:
        kept.update(held)
    return other


def is_open(client: FlaskClient) -> bool:
    return client.get("/desk").status_code == 200


def hidden(page: str) -> dict[str, str]:
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in pairs}


def actions(ctx: Context, person: Clerk) -> list[str]:
    with ctx.database.reading(TOKYO) as session:
        query = sa.select(AuditRow.action).where(AuditRow.entity == f"clerk:{person.id}")
        return list(session.scalars(query.order_by(AuditRow.sequence)))


def test_whoever_does_nothing_is_signed_out(desk: FlaskClient) -> None:
    with clock.shifted(IDLE - timedelta(seconds=1)):
        assert is_open(desk)
    with clock.shifted(2 * IDLE - timedelta(minutes=1)):
        assert is_open(desk), "what was done meanwhile counts"
    with clock.shifted(3 * IDLE):
        away = desk.get("/desk/tax?show=mine")
        assert away.location == "/sign-in?next=/desk/tax?show%3Dmine"


def test_nobody_stays_signed_in_for_ever(desk: FlaskClient) -> None:
    step = timedelta(minutes=20)
    for number in range(1, 36):
        with clock.shifted(step * number):
            assert is_open(desk), step * number
    with clock.shifted(LONGEST):
        assert not is_open(desk)


def test_use_is_noted_at_most_once_a_minute(desk: FlaskClient) -> None:
    desk.get("/desk")
    assert "Set-Cookie" not in desk.get("/desk").headers
    with clock.shifted(timedelta(seconds=61)):
        assert "session=" in desk.get("/desk").headers["Set-Cookie"]
        assert "Set-Cookie" not in desk.get("/desk").headers


def test_it_costs_one_query_as_before(desk: FlaskClient, app: Flask, person: Clerk) -> None:
    statements: list[str] = []
    engine = app.extensions["madoguchi"].database.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    desk.get("/sign-in")
    assert [one for one in statements if "session_epoch" in one] == [
        one for one in statements if one.startswith("SELECT") and "clerks" in one
    ]
    assert len([one for one in statements if one.startswith("SELECT")]) == 2, "the clerk with their duties"


@pytest.mark.parametrize("missing", ["since", "seen"])
def test_a_cookie_without_times_opens_nothing(app: Flask, person: Clerk, missing: str) -> None:
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["clerk"] = session_of(person)
    assert is_open(client)
    with client.session_transaction() as kept:
        kept["clerk"] = {name: value for name, value in session_of(person).items() if name != missing}
    assert not is_open(client)


def test_signing_out_ends_every_copy(
    desk: FlaskClient, app: Flask, catalogue: Context, person: Clerk
) -> None:
    copy = copy_of(desk, app)
    assert is_open(copy)
    desk.post("/sign-in/out")
    assert not is_open(copy)
    assert actions(catalogue, person)[-2:] == ["clerk.signed_in", "clerk.signed_out"]
    desk.post("/sign-in/out")
    assert actions(catalogue, person)[-1] == "clerk.signed_out", "nobody was signed in any more"
    assert actions(catalogue, person).count("clerk.signed_out") == 1


def test_an_old_copy_signs_nobody_out(desk: FlaskClient, app: Flask, person: Clerk) -> None:
    copy = copy_of(desk, app)
    desk.post("/sign-in/out")
    desk.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    copy.post("/sign-in/out")
    assert is_open(desk)


class TestWhatWasTyped:
    """A form that is sent after the session ended."""

    @pytest.fixture
    def where(self, catalogue: Context) -> str:
        return f"/desk/cases/{filed(catalogue, TAX).application.id}"

    @pytest.fixture
    def guarded(self, app: Flask, desk: FlaskClient) -> Iterator[None]:  # noqa: ARG002 - signed in before
        """Forms need their token."""
        app.config["WTF_CSRF_ENABLED"] = True
        yield
        app.config["WTF_CSRF_ENABLED"] = False

    def sent(self, desk: FlaskClient, path: str, **typed: str) -> str:
        with clock.shifted(IDLE):
            answer = desk.post(path, data=typed)
        assert answer.status_code == 403
        assert "Sign in for clerks" in answer.text
        assert "kept" in answer.text
        return answer.text

    @pytest.mark.usefixtures("guarded")
    def test_it_comes_back_and_is_sent_with_one_press(
        self, desk: FlaskClient, where: str, person: Clerk
    ) -> None:
        page = self.sent(
            desk, f"{where}/note", note=TYPED, csrf_token=hidden(desk.get(where).text)["csrf_token"]
        )
        form = hidden(page)
        assert form["next"] == where
        assert b"A long reason" not in urlsafe_b64decode(form["kept"]), (
            "for nobody who looks at the desk meanwhile"
        )
        wrong = desk.post("/sign-in", data=form | {"email": person.email, "password": "wrong"})
        assert wrong.status_code == 422
        again = desk.post("/sign-in", data=hidden(wrong.text) | {"email": person.email, "password": PASSWORD})
        assert again.status_code == 200
        assert html.escape(TYPED, quote=False) in again.text.replace("&#34;", '"')
        assert f'action="{where}/note"' in again.text
        assert f'href="{where}"' in again.text
        assert "has not been sent" in again.text
        assert TYPED.partition("\n")[0] not in desk.get(where).text
        assert desk.post(f"{where}/note", data=hidden(again.text)).status_code == 303
        assert TYPED.partition("\n")[0] in desk.get(where).text

    def test_also_where_another_window_noticed_first(
        self, desk: FlaskClient, where: str, person: Clerk
    ) -> None:
        with clock.shifted(IDLE):
            assert not is_open(desk)
        page = self.sent(desk, f"{where}/note", note=TYPED)
        again = desk.post("/sign-in", data=hidden(page) | {"email": person.email, "password": PASSWORD})
        assert "A long reason" in again.text

    @pytest.mark.usefixtures("guarded")
    def test_also_where_another_window_signed_in(self, desk: FlaskClient, where: str) -> None:
        """The token of the page is of the session before."""
        data = {"note": TYPED, "csrf_token": "of before"}
        foreign = desk.post(f"{where}/note", data=data, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 400
        assert "A long reason" not in foreign.text
        again = desk.post(f"{where}/note", data=data, headers={"Sec-Fetch-Site": "same-origin"})
        assert again.status_code == 422
        assert "A long reason" in again.text
        assert desk.post(f"{where}/note", data=hidden(again.text)).status_code == 303
        assert "A long reason" in desk.get(where).text

    def test_not_the_next_day(self, desk: FlaskClient, where: str, person: Clerk) -> None:
        page = self.sent(desk, f"{where}/note", note=TYPED)
        with clock.shifted(timedelta(days=1)):
            answer = desk.post("/sign-in", data=hidden(page) | {"email": person.email, "password": PASSWORD})
        assert (answer.status_code, answer.location) == (302, where)

    def test_not_to_somebody_else(self, desk: FlaskClient, where: str, catalogue: Context) -> None:
        other = clerk(catalogue, TOKYO, "other", ("reviewer", "*"))
        page = self.sent(desk, f"{where}/note", note=TYPED)
        answer = desk.post("/sign-in", data=hidden(page) | {"email": other.email, "password": PASSWORD})
        assert (answer.status_code, answer.location) == (302, where)

    @pytest.mark.parametrize("kept", ["x", "", "eyJ4IjoxfQ.x.y"])
    def test_only_what_this_site_kept(self, desk: FlaskClient, person: Clerk, kept: str) -> None:
        data = {"email": person.email, "password": PASSWORD, "kept": kept, "next": "/desk/tax"}
        answer = desk.post("/sign-in", data=data)
        assert (answer.status_code, answer.location) == (302, "/desk/tax")

    def test_files_have_to_be_chosen_once_more(self, desk: FlaskClient, where: str, person: Clerk) -> None:
        with clock.shifted(IDLE):
            data = {"text": TYPED, "once": "1", "files": (BytesIO(b"%PDF"), "a.pdf")}
            page = desk.post(f"{where}/messages", data=data).text
        again = desk.post("/sign-in", data=hidden(page) | {"email": person.email, "password": PASSWORD})
        assert "A long reason" in again.text
        assert "choose your files once more" in again.text
        assert f'action="{where}/messages"' not in again.text

    def test_a_stranger_is_led_to_the_sign_in(self, client: FlaskClient, where: str) -> None:
        answer = client.post(f"{where}/note", data={"note": "x"})
        assert (answer.status_code, answer.location) == (302, f"/sign-in?next={where}")

    def test_a_page_that_no_form_leads_to(self, client: FlaskClient) -> None:
        assert client.post("/desk/tax/next").location == "/sign-in?next=/desk/tax"


class TestPassword:
    """A clerk changes it; a forgotten one is set from the command line."""

    NEW = "another long password"

    def change(self, desk: FlaskClient, **changes: str) -> tuple[int, str]:
        data = {"password": PASSWORD, "new": self.NEW, "again": self.NEW} | changes
        answer = desk.post("/sign-in/password", data=data)
        return answer.status_code, answer.text

    def test_it_is_changed_and_ends_other_sessions(
        self, desk: FlaskClient, app: Flask, catalogue: Context, person: Clerk
    ) -> None:
        copy = copy_of(desk, app)
        assert desk.get("/sign-in/password").status_code == 200
        assert self.change(desk)[0] == 303
        assert is_open(desk)
        assert not is_open(copy)
        assert actions(catalogue, person)[-1] == "clerk.password_changed"
        assert copy.post("/sign-in", data={"email": person.email, "password": PASSWORD}).status_code == 422
        assert copy.post("/sign-in", data={"email": person.email, "password": self.NEW}).status_code == 302

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"password": "wrong"}, "not your present password"),
            ({"new": "short", "again": "short"}, "at least 12 characters"),
            ({"again": "something quite else"}, "not the same"),
        ],
    )
    def test_mistakes_change_nothing(
        self, desk: FlaskClient, person: Clerk, changes: dict[str, str], said: str
    ) -> None:
        status, page = self.change(desk, **changes)
        assert status == 422
        assert said in page
        assert self.NEW not in page
        assert desk.post("/sign-in", data={"email": person.email, "password": PASSWORD}).status_code == 302

    def test_what_was_typed_is_not_carried_about(self, desk: FlaskClient) -> None:
        with clock.shifted(IDLE):
            answer = desk.post("/sign-in/password", data={"password": PASSWORD, "new": self.NEW})
        assert (answer.status_code, answer.location) == (302, "/sign-in?next=/sign-in/password")

    def test_a_forgotten_one(self, app: Flask, desk: FlaskClient, person: Clerk) -> None:
        run = app.test_cli_runner().invoke
        done = run(args=["users", "password", person.email], input=f"{self.NEW}\n{self.NEW}\n")
        assert done.exit_code == 0, done.output
        assert self.NEW not in done.output
        assert not is_open(desk)
        assert desk.post("/sign-in", data={"email": person.email, "password": self.NEW}).status_code == 302
        assert run(args=["users", "password", "nobody@example.invalid"]).exit_code == 1
