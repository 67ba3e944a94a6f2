"""Publishing where two people are needed: proposing, confirming, and what makes a proposal void."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import Clerk
from applications import drafts, impact, queries
from applications.models import Draft
from core import audit
from core.context import Context
from core.settings import ROOT
from procedures import proposals, versions
from procedures.loader import load
from procedures.models import Proposal, Publication
from tests.factories import applications as people
from tests.factories.applications import MIHON, PASSWORD, SIGNS, TAX, TOKYO
from tests.integration.test_procedure_commands import spoil
from web import preparing
from web.app import create_app

CATALOGUE = ROOT / "procedures" / "catalogue"


@dataclass
class Office:
    """An organisation where two people publish, its catalogue, and two authors and a reviewer of it."""

    ctx: Context
    app: Flask
    file: Path
    one: Clerk
    other: Clerk
    reviewer: Clerk

    def run(self, *words: object, typed: str = "") -> Result:
        arguments = ["procedures", *map(str, words)]
        return self.app.test_cli_runner().invoke(args=arguments, input=typed)

    def propose(self, *words: object) -> Result:
        return self.run("publish", self.file, "--by", self.one.email, "--yes", *words, typed=f"{PASSWORD}\n")

    def confirm(self, who: Clerk, digest: str = "", password: str = PASSWORD) -> Result:
        return self.run("confirm", digest, "--by", who.email, "--yes", typed=f"{password}\n")

    @property
    def minutes(self) -> int:
        with self.ctx.database.reading(TOKYO) as session:
            return versions.current(session, TAX).procedure.minutes

    @property
    def audited(self) -> list[tuple[str, str]]:
        with self.ctx.database.reading(TOKYO) as session:
            rows = session.scalars(sa.select(audit.AuditRow).order_by(audit.AuditRow.sequence))
            return [(row.action, row.actor) for row in rows if row.action.startswith("procedure.")]


@pytest.fixture
def office(ctx: Context, tmp_path: Path) -> Iterator[Office]:
    folder = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, folder)
    organisations = folder / "organisations.yaml"
    text = organisations.read_text()
    organisations.write_text(
        text.replace("  - id: tokyo\n", "  - id: tokyo\n    publishing: {people: 2}\n", 1)
    )
    people.publish(ctx)
    app = create_app(ctx.settings.model_copy(update={"catalogue_dir": folder, "rate_limits": False}))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    one, other = (people.clerk(ctx, TOKYO, name, ("author", "*")) for name in ("ichiro", "jiro"))
    reviewer = people.clerk(ctx, TOKYO, "saburo", ("reviewer", "*"))
    yield Office(ctx, app, folder / "tokyo-taxation" / f"{TAX}.yaml", one, other, reviewer)
    app.extensions["madoguchi"].database.dispose()


def test_one_proposes_and_another_publishes(office: Office) -> None:
    before = office.minutes
    spoil(office.file, "minutes: ", "minutes: 1")
    proposed = office.propose()
    assert proposed.exit_code == 0, proposed.output
    assert "aside         minutes" in proposed.output
    assert "another author publishes it: flask procedures confirm" in proposed.output
    assert office.minutes == before
    listed = office.run("proposals").output
    assert "tax-certificate: " in listed
    assert "tokyo-taxation/tax-certificate.yaml" in listed
    (made,) = json.loads(office.run("proposals", "--format", "json").output)
    assert made["proposed_by"] == f"clerk:{office.one.id}"
    assert made["changes"][0]["text"].startswith("minutes: ")
    done = office.confirm(office.other, made["digest"][:10])
    assert done.exit_code == 0, done.output
    assert office.minutes != before
    assert office.run("proposals").output == "nothing waits\n"
    assert office.audited[-3:] == [
        ("procedure.proposed", f"clerk:{office.one.id}"),
        ("procedure.proposal_confirmed", f"clerk:{office.other.id}"),
        ("procedure.published", f"clerk:{office.other.id}"),
    ]
    with office.ctx.database.reading(TOKYO) as session:
        assert list(audit.verify(session, TOKYO)) == []


def test_who_may_not_confirm(office: Office) -> None:
    before = office.minutes
    spoil(office.file, "minutes: ", "minutes: 1")
    office.propose()
    assert "A second person must confirm what you proposed." in office.confirm(office.one).output
    assert "do not belong together" in office.confirm(office.other, password="something else").output
    assert "Only clerks with the role “author”" in office.confirm(office.reviewer).output
    stranger = people.clerk(office.ctx, MIHON, "shiro", ("author", "*"))
    assert "do not belong together" in office.confirm(stranger).output
    assert office.minutes == before


def test_nobody_publishes_alone(office: Office) -> None:
    before = office.minutes
    spoil(office.file, "minutes: ", "minutes: 1")
    result = office.run("publish", office.file, "--yes")
    assert (result.exit_code, office.minutes) == (2, before)
    assert "tokyo wants two people to publish: say who you are with --by EMAIL" in result.output
    preparing.publish(Context(office.app.extensions["madoguchi"].settings))
    assert office.minutes == before, "nor by starting the platform anew"


def test_the_first_start_publishes_everything(tmp_path: Path, office: Office) -> None:
    folder = office.app.extensions["madoguchi"].settings.catalogue_dir
    settings = office.app.extensions["madoguchi"].settings.model_copy(
        update={"data_dir": tmp_path / "new", "database_url": None}
    )
    empty = Context(settings)
    preparing.prepare(empty)
    with empty.database.reading(TOKYO) as session:
        assert versions.current(session, TAX)
    kept = proposals.published_at_start(empty.database, folder)
    empty.database.dispose()
    assert kept
    assert not [path for path in kept if path.parent.name.startswith("tokyo-")]


def test_a_proposal_whose_file_changed_is_void(office: Office) -> None:
    before = office.minutes
    spoil(office.file, "minutes: ", "minutes: 1")
    office.propose()
    spoil(office.file, "minutes: 1", "minutes: 2")
    result = office.confirm(office.other)
    assert result.exit_code == 1
    assert "the proposal is void: The file has changed since it was proposed." in result.output
    assert office.minutes == before
    assert office.run("proposals").output == "nothing waits\n"
    assert office.audited[-1] == ("procedure.proposal_void", f"clerk:{office.other.id}")


def test_a_proposal_is_void_once_another_version_counts(office: Office) -> None:
    spoil(office.file, "minutes: ", "minutes: 1")
    office.propose()
    text = office.file.read_text().replace("minutes: 1", "minutes: 3", 1)
    with office.ctx.database.writing(TOKYO) as session:
        versions.publish(session, load(text), "command")
    assert "Another version was published since it was proposed" in office.confirm(office.other).output


def test_proposing_again_replaces_the_older_proposal_and_the_same_is_refused(office: Office) -> None:
    spoil(office.file, "minutes: ", "minutes: 1")
    office.propose()
    assert "This version is proposed already." in office.propose().output
    spoil(office.file, "minutes: 1", "minutes: 2")
    assert office.propose().exit_code == 0
    with office.ctx.database.reading(TOKYO) as session:
        states = session.scalars(sa.select(Proposal.state).order_by(Proposal.proposed_at)).all()
    assert states == ["void", "open"]


def test_a_proposal_is_taken_back_or_declined(office: Office) -> None:
    spoil(office.file, "minutes: ", "minutes: 1")
    office.propose()
    done = office.run("reject", "", "--by", office.one.email, typed=f"{PASSWORD}\n")
    assert done.output.endswith("rejected tax-certificate\n")
    assert office.confirm(office.other).exit_code == 1


def test_a_proposal_for_later(office: Office) -> None:
    before = office.minutes
    spoil(office.file, "minutes: ", "minutes: 1")
    office.propose("--at", "2999-01-01T00:00:00+0900")
    assert office.confirm(office.other).exit_code == 0
    assert office.minutes == before
    assert office.propose("--at", "2999-01-01T00:00:00+0900", "--migrate").exit_code == 2


def test_what_is_in_flight_goes_over_when_it_is_confirmed(office: Office) -> None:
    case = people.filed(office.ctx, TAX).application
    spoil(office.file, "single-review", "single-review, states: {received: {deadline: 9 working days}}")
    result = office.propose("--migrate")
    assert "could go over with --migrate: 1" in result.output
    assert office.confirm(office.other).exit_code == 0
    with office.ctx.database.reading(TOKYO) as session:
        current = versions.current(session, TAX).digest
        moved = queries.get(session, case.id)
        assert moved.version_digest == current != case.version_digest
        event = queries.events(session, moved)[-1]
    assert (event.kind, event.actor) == ("migrated", f"clerk:{office.other.id}")
    desk = signed_in(office, office.reviewer).get(f"/desk/cases/{case.id}")
    assert "Continued under a newer version of the procedure" in desk.get_data(as_text=True)
    alone = office.run("migrate", case.version_digest[:12], "--yes")
    assert "here two people decide" in alone.output


def test_changing_a_file_without_publishing_changes_nothing_for_applicants(office: Office) -> None:
    client = office.app.test_client()
    address = f"/tokyo/{TAX}"
    page = client.get(address, follow_redirects=True).get_data(as_text=True)
    case = people.filed(office.ctx, TAX).application
    spoil(office.file, "title: ", "title: まったく別の名前 # ")
    spoil(office.file, "minutes: ", "minutes: 1")
    after = office.app.test_client().get(address, follow_redirects=True).get_data(as_text=True)
    assert "まったく別の名前" not in after
    assert len(after) == len(page)
    with office.ctx.database.writing(TOKYO) as session:
        draft, _ = people.fill(session, office.ctx, TAX)
        assert draft.version_digest == case.version_digest == versions.current(session, TAX).digest


def test_a_draft_goes_over_and_shows_what_changed(office: Office) -> None:
    with office.ctx.database.writing(TOKYO) as session:
        draft, document = people.fill(session, office.ctx, TAX)
    done = document.done
    old = load(office.file).procedure
    page = old.pages[-1]
    spoil(office.file, f"id: {page.id}\n    title: ", f"id: {page.id}\n    title: 新しい")
    assert office.propose("--migrate").exit_code == 0
    assert office.confirm(office.other).exit_code == 0
    with office.ctx.database.reading(TOKYO) as session:
        moved, now = drafts.load(session, office.ctx, draft.id)
        assert moved.version_digest == versions.current(session, TAX).digest
    assert now.answers == document.answers
    assert set(done) - set(now.done) >= {page.id}
    assert now.declared == []


def test_a_draft_that_fails_keeps_its_version(office: Office) -> None:
    with office.ctx.database.writing(TOKYO) as session:
        draft, _ = people.fill(session, office.ctx, TAX)
        first = session.scalars(sa.select(Draft.version_digest)).one()
    spoil(office.file, "type: phone", "type: text, label: 暗証番号")
    office.propose("--migrate")
    assert office.confirm(office.other).exit_code == 0
    with office.ctx.database.reading(TOKYO) as session:
        assert drafts.load(session, office.ctx, draft.id)[0].version_digest == first


@pytest.mark.parametrize(
    ("old", "new", "holds"),
    [
        ("title: ", "title: 見本 ", []),
        ("single-review", "single-review, states: {received: {deadline: 9 working days}}", []),
        ("single-review", "single-review, states: {lapsed: null, awaiting_fee: {on_deadline: received}}",
         ["a state or step that cases may have gone through was removed"]),
        ("type: phone}", "type: phone, help: 日中の番号}", ["what is asked changed"]),
        ("amount: ", "amount: 1 + ", ["the fee changed"]),
    ],
)  # fmt: skip
def test_what_keeps_an_application_at_its_version(
    office: Office, old: str, new: str, holds: list[str]
) -> None:
    case = people.filed(office.ctx, TAX).application
    spoil(office.file, old, new)
    changed = load(office.file).procedure
    with office.ctx.database.reading(TOKYO) as session:
        found = impact.Holds(session, changed).of(queries.get(session, case.id))
        told = impact.impact(session, office.ctx, changed)
    assert found == holds
    assert told.movable.total() == (0 if holds else 1)


def signed_in(office: Office, who: Clerk) -> FlaskClient:
    client = office.app.test_client()
    client.set_cookie("language", "en")
    assert client.post("/sign-in", data={"email": who.email, "password": PASSWORD}).status_code == 302
    return client


def test_the_second_person_sees_it_on_a_page_and_confirms_with_the_password(office: Office) -> None:
    before = office.minutes
    people.filed(office.ctx, TAX)
    spoil(office.file, "type: phone", "type: text, label: 暗証番号")
    spoil(office.file, "minutes: ", "minutes: 1")
    office.propose("--migrate")
    client = signed_in(office, office.other)
    listed = client.get("/authors").get_data(as_text=True)
    assert "by ichiro" in listed
    assert "Changes: 2" in listed
    assert "Published last" in listed
    (made,) = json.loads(office.run("proposals", "--format", "json").output)
    with office.ctx.database.reading(TOKYO) as session:
        id = proposals.beginning_with(session, made["digest"])[0].id
    page = client.get(f"/authors/{id}").get_data(as_text=True)
    assert "asks for text instead of phone" in page
    assert "awaiting_fee" in page
    wrong = client.post(f"/authors/{id}", data={"do": "confirm", "password": "not mine at all"})
    assert (wrong.status_code, office.minutes) == (422, before)
    assert "The password is not right." in wrong.get_data(as_text=True)
    done = client.post(f"/authors/{id}", data={"do": "confirm", "password": PASSWORD}, follow_redirects=True)
    assert "Published" in done.get_data(as_text=True)
    assert office.minutes != before
    again = client.post(f"/authors/{id}", data={"do": "confirm", "password": PASSWORD})
    assert again.status_code == 409
    assert office.audited[-1][0] == "procedure.published"


def test_ones_own_proposal_has_no_button_and_is_refused_all_the_same(office: Office) -> None:
    before = office.minutes
    spoil(office.file, "minutes: ", "minutes: 1")
    office.propose()
    client = signed_in(office, office.one)
    with office.ctx.database.reading(TOKYO) as session:
        id = proposals.all_open(session)[0].id
    page = client.get(f"/authors/{id}").get_data(as_text=True)
    assert "Another author has to confirm what you proposed." in page
    assert 'value="confirm"' not in page
    refused = client.post(f"/authors/{id}", data={"do": "confirm", "password": PASSWORD})
    assert refused.status_code >= 400
    assert office.minutes == before
    assert client.post(f"/authors/{id}", data={"do": "reject"}).status_code == 303
    assert "Nothing is waiting here." in client.get("/authors").get_data(as_text=True)


def test_only_authors_of_the_organisation_see_the_pages(office: Office) -> None:
    spoil(office.file, "minutes: ", "minutes: 1")
    office.propose()
    with office.ctx.database.reading(TOKYO) as session:
        id = proposals.all_open(session)[0].id
    assert signed_in(office, office.reviewer).get("/authors").status_code == 404
    stranger = signed_in(office, people.clerk(office.ctx, MIHON, "goro", ("author", "*")))
    assert stranger.get(f"/authors/{id}").status_code == 404
    assert stranger.post(f"/authors/{id}", data={"do": "reject"}).status_code == 404
    assert "tax-certificate" not in stranger.get("/authors").get_data(as_text=True)


def test_a_void_proposal_says_so_on_the_page(office: Office) -> None:
    spoil(office.file, "minutes: ", "minutes: 1")
    office.propose()
    with office.ctx.database.reading(TOKYO) as session:
        id = proposals.all_open(session)[0].id
    office.file.write_text("broken: [")
    answer = signed_in(office, office.other).post(
        f"/authors/{id}", data={"do": "confirm", "password": PASSWORD}
    )
    assert answer.status_code == 409
    assert "The file has changed since it was proposed." in answer.get_data(as_text=True)


def test_where_one_person_is_enough_the_author_may_still_be_named(office: Office) -> None:
    """And what is in flight goes over later, by `migrate`."""
    file = office.file.parent.parent / "mihon-urban" / f"{SIGNS}.yaml"
    author = people.clerk(office.ctx, MIHON, "rokuro", ("author", "*"))
    case = people.filed(office.ctx, SIGNS).application
    spoil(file, "review-and-approve", "review-and-approve, states: {reviewing: {deadline: 19 working days}}")
    done = office.run("publish", file, "--by", author.email, "--yes", typed=f"{PASSWORD}\n")
    assert done.output.endswith(f"published {SIGNS}\n"), done.output
    with office.ctx.database.reading(MIHON) as session:
        by = session.scalar(sa.select(Publication.published_by).order_by(Publication.id.desc()))
        now = versions.current(session, SIGNS).digest
        assert by == f"clerk:{author.id}"
        assert queries.get(session, case.id).version_digest == case.version_digest != now
    assert "is not the version" in office.run("migrate", case.version_digest[:12], "0123", "--yes").output
    moved = office.run("migrate", case.version_digest[:12], now[:12], "--yes")
    assert f"{SIGNS}: 0 drafts and 1 applications go on under the new version" in moved.output
    with office.ctx.database.reading(MIHON) as session:
        assert queries.get(session, case.id).version_digest == now
        assert list(audit.verify(session, MIHON)) == []
    again = office.run("migrate", case.version_digest[:12], "--yes")
    assert "0 drafts and 0 applications" in again.output
