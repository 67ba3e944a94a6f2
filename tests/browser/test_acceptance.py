"""The main journeys and the two longest forms, in every language, with scripts and without, interrupted on every page.

`make acceptance` runs all of them; the usual run takes a few, which meet every kind of interruption.
"""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext

from procedures import loader, versions
from tests.browser import answers as said
from tests.browser.conftest import Look, device, listen
from tests.browser.interruptions import EVERY_KIND
from tests.browser.line import FAIR, SLOW, Speed
from tests.browser.platform import Platform
from tests.browser.travelling import Device, Traveller, pages_of
from tests.factories.applications import CATALOGUE, HOUSING, SIGNS, TAX, owner
from translations.languages import LANGUAGES

LONGEST = ("nursery-admission", "labour-relief")
PROCEDURES = (TAX, SIGNS, HOUSING, *LONGEST)
WAYS = [
    (procedure, language, scripted)
    for procedure in PROCEDURES
    for language in LANGUAGES
    for scripted in (True, False)
]
A_FEW = [(TAX, "ko", True), (TAX, "zh-Hant", False)]
"""What every run of the tests takes."""


def _name(part: object) -> str:
    return {True: "js", False: "plain"}[part] if isinstance(part, bool) else str(part)


@pytest.fixture
def devices(chromium: Browser, platform: Platform, language: str, scripted: bool) -> Iterator[Device]:
    """Fresh devices: one's own phone, then others that are set to Japanese; no script on them may complain."""
    used: list[BrowserContext] = []
    complaints: list[str] = []

    def another() -> BrowserContext:
        used.append(
            device(chromium, platform, "ja" if used or language == "ja-simple" else language, scripted)
        )
        listen(used[-1], complaints)
        return used[-1]

    yield another
    for one in used:
        one.close()
    assert complaints == []


@pytest.mark.acceptance
@pytest.mark.parametrize(("procedure_id", "language", "scripted"), WAYS, ids=_name)
def test_nothing_typed_is_ever_lost(
    platform: Platform, look: Look, devices: Device, procedure_id: str, language: str, scripted: bool
) -> None:
    _go(platform, look, devices, procedure_id, language, scripted, SLOW)


@pytest.mark.parametrize(("procedure_id", "language", "scripted"), A_FEW, ids=_name)
def test_of_a_few_nothing_is_lost(
    platform: Platform, look: Look, devices: Device, procedure_id: str, language: str, scripted: bool
) -> None:
    _go(platform, look, devices, procedure_id, language, scripted, FAIR)


def _go(
    platform: Platform,
    look: Look,
    devices: Device,
    procedure_id: str,
    language: str,
    scripted: bool,
    speed: Speed,
) -> None:
    """The whole way, each page and each kind of interruption; then one case has exactly what was typed."""
    with platform.ctx.database.reading(owner(procedure_id)) as session:
        procedure = versions.current(session, procedure_id).procedure  # with its translations
    email = f"{procedure_id}-{uuid4().hex[:8]}@example.invalid"
    answers = said.answers_today(procedure, said.longest_eligible(procedure), email)
    one = Traveller(
        page=devices().new_page(),
        another=devices,
        platform=platform,
        look=look,
        procedure=procedure,
        organisation=owner(procedure_id),
        answers=answers,
        email=email,
        language=language,
        scripted=scripted,
        speed=speed,
    )
    reference = one.go(EVERY_KIND, first=tuple(LANGUAGES).index(language) + (0 if scripted else 3))
    assert set(pages_of(procedure, answers)) <= one.met.keys()
    assert {kind.__name__ for kind in EVERY_KIND} <= set(one.met.values())
    assert said.references_of(platform, one.organisation, procedure_id, email) == [reference]
    said.compare(procedure, answers, said.filed(platform, reference).answers)


def test_the_longest_are_the_longest() -> None:
    """Of all the others in the catalogue, by the pages and questions of who has to answer most."""
    loaded = [loader.load(path).procedure for path in CATALOGUE.glob("*/*.yaml")]
    others = [one for one in loaded if one.procedure not in (TAX, SIGNS, HOUSING)]
    by_length = sorted(others, key=lambda one: said.length(one, said.longest_eligible(one)), reverse=True)
    assert tuple(one.procedure for one in by_length[:2]) == LONGEST
