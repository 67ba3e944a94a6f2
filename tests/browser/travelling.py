"""Somebody's whole way through a form on a phone with a slow line, who is interrupted on every page.

`Traveller.go` types the answers of an example page by page; before each page is sent, the next kind of
`tests.browser.interruptions` happens, and what was typed must still stand there. At the end there is one case with
exactly these answers.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

from core.errors import message
from forms import summary
from procedures.definition import Procedure
from procedures.definition.base import Json
from procedures.visibility import visible_fields, visible_pages
from tests.browser import answers as said
from tests.browser.conftest import Look
from tests.browser.filling import Form
from tests.browser.line import SLOW, Line, Speed
from tests.browser.people import Resident, sent
from tests.browser.platform import Platform
from translations import furigana
from translations.messages import translate

NEXT = "#page-form .actions button[value=next], #page-form .actions button[value=sign]"
ATTACHMENTS, CHECK, SIGN, FILED = "attachments", "check", "sign", "filed"
_TYPED = """() => [...new FormData(document.querySelector('#page-form'))]
  .filter(([name, value]) => typeof value === 'string' && name !== 'csrf_token' && !name.startsWith('page:'))
  .filter(([name]) => !['-kept', '-words', '-looked'].some(aid => name.endsWith(aid)))"""
_READ = """all => all.map(one => {
  const copy = one.cloneNode(true);
  copy.querySelectorAll('rt, rp').forEach(reading => reading.remove());
  copy.querySelectorAll('br').forEach(end => end.replaceWith(' '));
  return copy.textContent.replace(/\\s+/g, ' ').trim();
})"""

Device = Callable[[], BrowserContext]
Interruption = Callable[["Traveller"], None]


@dataclass
class Traveller:
    """Where somebody is on the way, on which device, and what there is to say."""

    page: Page
    another: Device
    """A fresh device: no cookies, the same habits."""
    platform: Platform
    look: Look
    procedure: Procedure
    organisation: str
    answers: dict[str, Json]
    email: str
    language: str
    scripted: bool
    speed: Speed = SLOW
    met: dict[str, str] = field(default_factory=dict)
    """Which interruption came on which page."""
    spent: set[str] = field(default_factory=set)
    """Mailed codes that are good for nothing more."""
    line: Line = field(init=False)

    def __post_init__(self) -> None:
        self.hold(self.page)

    def hold(self, page: Page) -> None:
        """Go on with this page, on whatever device it is."""
        self.page, self.line = page, Line(page, self.speed)

    @property
    def name(self) -> str:
        """What pictures are called by."""
        return f"acceptance-{self.procedure.procedure}-{self.language}-{'js' if self.scripted else 'plain'}"

    @property
    def resident(self) -> Resident:
        """The same person, with the mailbox."""
        return Resident(self.page, self.platform, self.email)

    @property
    def step(self) -> str:
        """Which step of the form is shown."""
        path = urlsplit(self.page.url).path  # without the place on the page, as after a row was added
        return path.removesuffix("/files").rpartition("/")[2]

    def see(self, name: str) -> None:
        """Look at what is shown: width and, with scripts, axe."""
        self.look(self.page, f"{self.name}-{name}")

    def go(self, interruptions: Sequence[Interruption], first: int = 0) -> str:
        """From the procedure's page to the reference number, met by every interruption in turn."""
        self.page.goto(f"/{self.organisation}/{self.procedure.procedure}/?lang={self.language}")
        self.reads()
        self.see("start")
        with self.page.expect_navigation():
            self.page.click("main form .button")
        for interruption in _in_turn(interruptions, first):
            step = self.step
            self.reads()
            self.fill()
            self.see(step)
            self.met[step] = interruption.__name__
            interruption(self)
            if self.step == step:
                self.send()
            assert self.step != step, f"{self.page.url} is still shown after {interruption.__name__}"
            if self.step == FILED:
                break
        self.reads()
        self.see(FILED)
        return self.resident.reference()

    def reads(self) -> None:
        """The page is there whole, in the language that was chosen."""
        sent(self.page)
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)

    def fill(self) -> None:
        """Do what the step asks for, but send nothing."""
        form = Form(self.page, self.procedure, self.scripted)
        if asked := self.procedure.page(self.step):
            values = said.values_of(self.procedure, self.answers)
            form.fill(asked, visible_fields(asked, values), self.answers)
        elif self.step == CHECK:
            self.check()
            self.resident.declare_all()
        elif self.step == SIGN:
            self.page.fill("#code", self.code())
        else:
            assert self.step == ATTACHMENTS, self.page.url
        self.hand_in()

    def hand_in(self) -> None:
        """Choose files where none are listed: a browser lets go of what was chosen and not sent."""
        if not self.page.locator("ul.files").count():
            Form(self.page, self.procedure, self.scripted).hand_in()

    def send(self) -> None:
        """Press the main button; the next step is shown."""
        before = self.step
        self.press(NEXT)
        summary = self.page.locator(".error-summary")
        assert not summary.count(), f"{self.page.url}: {summary.inner_text()}"
        assert self.step != before, self.page.url

    def code(self) -> str:
        """The newest mailed code that was not used yet, as soon as its mail is there."""
        return self.resident.wait_for_code(spent=self.spent)

    def gave_address(self) -> bool:
        """Whether there is an address by now to which a code can be sent."""
        pages = {page.id for page in self.procedure.pages if any(one.type == "email" for one in page.fields)}
        before = self.met.keys() - {self.step}
        return bool(pages & before) or "device_changed" in [self.met[page] for page in before]

    def press(self, button: str) -> None:
        """Press a button of the form and wait for what comes of it."""
        if self.scripted:
            self.page.click(button)
            sent(self.page)
        else:
            with self.page.expect_navigation():
                self.page.click(button)

    def typed(self) -> list[list[str]]:
        """What stands in the form, as it would be sent."""
        self.page.locator("form[inert]").wait_for(state="detached")  # it is being fetched anew
        stands: list[list[str]] = self.page.evaluate(_TYPED)
        return sorted(stands)

    def still_has(self, typed: list[list[str]]) -> None:
        """Nothing of what was typed is gone."""
        there = self.typed()
        gone = [one for one in typed if one not in there]
        assert there == typed, (
            f"{self.page.url}: gone {gone}, come {[one for one in there if one not in typed]}"
        )

    def check(self) -> None:
        """The page of all answers shows each of them exactly."""
        shown = self.page.locator("dl.facts dd").evaluate_all(_READ)
        read = said.as_read(self.procedure, self.answers)
        sections = summary.sections(self.procedure, read, self.language)
        expected = [" ".join(map(self._plain, row.lines)) for section in sections for row in section.rows]
        missing = self._plain(message("Not answered"))
        for place, answer in enumerate(expected):
            assert shown[place] == (answer or missing), f"{shown[place]!r} is not {answer or missing!r}"
        assert all(shown), "a file without a name"

    def _plain(self, line: object) -> str:
        text = line if isinstance(line, str) else translate(line, self.language)  # type: ignore[arg-type]
        return " ".join(furigana.strip(text).split())


def _in_turn(interruptions: Sequence[Interruption], first: int) -> Iterator[Interruption]:
    return islice(cycle(interruptions), first, None)


def pages_of(procedure: Procedure, answers: dict[str, Json]) -> list[str]:
    """The pages that these answers lead through."""
    return [page.id for page in visible_pages(procedure, said.values_of(procedure, answers))]
