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

from core import clock
from lotteries.models import Draw
from procedures import loader, reception
from procedures.definition import Procedure
from procedures.definition.base import Json
from procedures.values import Values
from procedures.visibility import visible_fields
from tests.browser.answers import ZONE, answers_today, compare, filed, first_eligible, values_of
from tests.browser.conftest import Look
from tests.browser.filling import Form
from tests.browser.people import Resident
from tests.browser.platform import Platform
from tests.factories.applications import CATALOGUE, owners
from tests.fixtures import run
from translations.languages import LANGUAGES

FILES = sorted(CATALOGUE.glob("*/*.yaml"))
TURNS = [
    pytest.param(path, tuple(LANGUAGES)[turn % len(LANGUAGES)], (turn + turn // len(LANGUAGES)) % 2 == 0, id=path.stem)
    for turn, path in enumerate(FILES)
]  # fmt: skip


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
        return values_of(self.procedure, self.answers)

    @property
    def step(self) -> str:
        """Which step of the form is shown."""
        return self.page.url.partition("?")[0].rpartition("/")[2]

    def fill_in(self) -> None:
        """Page by page to the check of all answers."""
        form = Form(self.page, self.procedure, self.scripted)
        with self.page.expect_navigation():
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
    answers = answers_today(procedure, first_eligible(procedure), email)
    journey = Journey(page, platform, look, procedure, answers, scripted, email)
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
    case = filed(platform, reference)
    compare(procedure, journey.answers, case.answers)
    if case.waits_for_fee:
        journey.pay(reference)
        assert not filed(platform, reference).waits_for_fee, page.url


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
