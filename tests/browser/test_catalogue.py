"""Every procedure of the catalogue, from its page to the confirmation: its first eligible example, typed on a phone.

Languages take turns, and every second one goes without JavaScript. What was typed must be what was filed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from applications import queries
from applications.models import Application
from core import clock
from core.database import EVERYONE
from forms import page as form_page
from forms.types import Reading
from lotteries.models import Draw
from procedures import examples, loader, reception, versions
from procedures.definition import Example, FieldDefinition, Procedure
from procedures.definition import Page as FormPage
from procedures.definition.base import Json
from procedures.values import Values
from procedures.visibility import unmet_requirements, visible_fields, visible_pages
from tests.browser.conftest import Look
from tests.browser.filling import Form
from tests.browser.people import Resident
from tests.browser.platform import Platform
from tests.factories.applications import CATALOGUE, owners
from tests.fixtures import run
from translations.languages import LANGUAGES
from workflows import engine

FILES = sorted(CATALOGUE.glob("*/*.yaml"))
TURNS = [
    pytest.param(path, tuple(LANGUAGES)[turn % len(LANGUAGES)], (turn + turn // len(LANGUAGES)) % 2 == 0, id=path.stem)
    for turn, path in enumerate(FILES)
]  # fmt: skip
ZONE = "Asia/Tokyo"
UNSAID = ("drawn", "slot", "file", "image")
"""Answers that are not the example's own: drawn by mouse, the first day that is free, a file."""


@dataclass
class Journey:
    """Somebody's way through a procedure."""

    page: Page
    platform: Platform
    look: Look
    procedure: Procedure
    answers: dict[str, Json]
    scripted: bool
    email: str

    def see(self, name: str) -> None:
        """Check what is shown."""
        self.look(self.page, f"catalogue-{self.procedure.procedure}-{name}")

    @property
    def values(self) -> Values:
        """The answers as expressions see them."""
        return Values(self.procedure, self.answers, clock.today(ZONE))

    @property
    def step(self) -> str:
        """Which step of the form is shown."""
        return self.page.url.partition("?")[0].rpartition("/")[2]

    def fill_in(self) -> None:
        """Page by page to the check of all answers."""
        form = Form(self.page, self.procedure, self.scripted)
        self.page.click("main form .button")
        while self.step not in ("attachments", "check"):
            asked = self.procedure.page(self.step)
            assert asked, self.page.url
            form.fill(asked, visible_fields(asked, self.values), self.answers)
            form.hand_in()
            self.see(asked.id)
            form.next()
        if self.step == "attachments":
            form.hand_in()
            self.see("attachments")
            form.next()
        assert self.step == "check", self.page.url

    def file(self) -> str:
        """Declare, sign, send; the reference number."""
        resident = Resident(self.page, self.platform, self.email)
        form = Form(self.page, self.procedure, self.scripted)
        self.see("check")
        resident.declare_all()
        form.next()
        if self.step == "sign":
            self.see("sign")
            self._sign(resident)
            form.next()
        self.see("filed")
        return resident.reference()

    def _sign(self, resident: Resident) -> None:
        if self.page.locator("#code").count():
            self.page.fill("#code", resident.wait_for_code())
        else:
            self.page.locator("main input[type=text]").first.fill("見本 太郎")

    def pay(self, reference: str) -> None:
        """Pay where a fee is due before the review."""
        self.page.goto(f"/pay/{reference}")
        self.see("pay")
        Resident(self.page, self.platform, self.email).pay()
        self.see("paid")


@pytest.mark.parametrize(("path", "language", "scripted"), TURNS)
def test_its_first_example_goes_through(
    request: pytest.FixtureRequest, platform: Platform, look: Look, path: Path, language: str, scripted: bool
) -> None:
    procedure = loader.load(path).procedure
    home = f"/{owners()[procedure.department]}/{procedure.procedure}/"
    page: Page = request.getfixturevalue("page" if scripted else "scriptless")
    email = f"{procedure.procedure}-{uuid4().hex[:8]}@example.invalid"
    journey = Journey(page, platform, look, procedure, _answers(procedure, email), scripted, email)
    page.goto(f"{home}?lang={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    journey.see("start")
    if not reception.of(procedure, clock.now(), ZONE).open:
        expect(page.locator("main form .button")).to_have_count(0)
        return
    journey.fill_in()
    with _in_time(platform, procedure) as taken:
        if not taken:
            return
        reference = journey.file()
    filed = _filed(platform, reference)
    _compare(procedure, journey.answers, filed.answers)
    if filed.waits_for_fee:
        journey.pay(reference)
        assert not _filed(platform, reference).waits_for_fee, page.url


def _answers(procedure: Procedure, email: str) -> dict[str, Json]:
    """What the first example of somebody who may apply answers today, with an address of their own."""
    example: Example = next(one for one in procedure.examples if one.expect.eligible)
    moved = examples.answers_on(procedure, example, clock.today(ZONE))
    answers = moved if _is_right(procedure, moved) else example.answers  # a round has days of its own
    return answers | {
        field.id: email for field in procedure.fields() if field.type == "email" and field.id in answers
    }


def _is_right(procedure: Procedure, answers: dict[str, Json]) -> bool:
    """Whether somebody with these answers may apply today."""
    values = Values(procedure, answers, clock.today(ZONE))
    return not unmet_requirements(procedure, values) and not any(
        _result(page, answers, values).errors for page in visible_pages(procedure, values)
    )


@contextmanager
def _in_time(platform: Platform, procedure: Procedure) -> Iterator[bool]:
    """Whether an application is still taken: a draw that another test holds takes nobody once it is frozen."""
    if procedure.lottery is None:
        yield True
        return
    organisation = owners()[procedure.department]
    with run.alone("draw"), platform.ctx.database.reading(organisation) as session:
        drawn = session.scalars(sa.select(Draw.state).where(Draw.procedure_id == procedure.procedure)).all()
        yield all(state == "open" for state in drawn)


@dataclass(frozen=True)
class Filed:
    """What was filed, and whether it waits for its fee."""

    answers: dict[str, Json]
    waits_for_fee: bool


def _filed(platform: Platform, reference: str) -> Filed:
    with platform.ctx.database.reading(EVERYONE) as session:
        found = session.scalars(sa.select(Application).where(Application.reference == reference)).one()
        document = queries.document(session, platform.ctx, found)
        workflow = versions.get(session, found.version_digest).procedure.workflow
        return Filed(document.answers, engine.state_of(workflow, found.state).payment is not None)


def _compare(procedure: Procedure, typed: dict[str, Json], filed: dict[str, Json]) -> None:
    """Every answer that the example gives was filed, as the form reads it; nothing else was."""
    values = Values(procedure, typed, clock.today(ZONE))
    for page in procedure.pages:
        for id, answer in _read(page, typed, values).items():
            field = procedure.field(id)
            assert field
            assert _said(field, filed.get(id)) == _said(field, answer), id


def _said(field: FieldDefinition, answer: Json) -> Json:
    """What can be compared of an answer."""
    if field.type in UNSAID:
        return None
    if field.subfields() and answer:
        return [{sub.id: _said(sub, row.get(sub.id)) for sub in field.subfields()} for row in answer]
    return answer


def _read(page: FormPage, answers: dict[str, Json], values: Values) -> dict[str, Json]:
    if page.when is not None and not page.when.holds(values):
        return {}
    return _result(page, answers, values).answers


def _result(page: FormPage, answers: dict[str, Json], values: Values) -> form_page.PageResult:
    reading = Reading(clock.today(ZONE), values)
    return form_page.read(page, form_page.inputs(page, answers), answers, reading)
