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
from tests.browser.platform import Platform
from tests.browser.travelling import Device, Traveller, pages_of
from tests.factories.applications import CATALOGUE, HOUSING, SIGNS, TAX, owner
from translations.languages import LANGUAGES

LONGEST = ("nursery-admission", "labour-relief")
PROCEDURES = (TAX, SIGNS, HOUSING, *LONGEST)
USUAL = {(TAX, "ko", False), (TAX, "zh-Hant", True), (SIGNS, "ja-simple", True)}
"""What every run of the tests takes."""


def _ways() -> Iterator[object]:
    for procedure in PROCEDURES:
        for language in LANGUAGES:
            for scripted in (True, False):
                marks = () if (procedure, language, scripted) in USUAL else pytest.mark.acceptance
                name = f"{procedure}-{language}-{'js' if scripted else 'plain'}"
                yield pytest.param(procedure, language, scripted, id=name, marks=marks)


@pytest.fixture
def devices(chromium: Browser, platform: Platform, language: str, scripted: bool) -> Iterator[Device]:
    """Fresh devices of somebody with these habits; no script on them may complain."""
    used: list[BrowserContext] = []
    complaints: list[str] = []

    def another() -> BrowserContext:
        used.append(device(chromium, platform, language, scripted))
        listen(used[-1], complaints)
        return used[-1]

    yield another
    for one in used:
        one.close()
    assert complaints == []


@pytest.mark.parametrize(("procedure_id", "language", "scripted"), list(_ways()))
def test_nothing_typed_is_ever_lost(
    platform: Platform, look: Look, devices: Device, procedure_id: str, language: str, scripted: bool
) -> None:
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
