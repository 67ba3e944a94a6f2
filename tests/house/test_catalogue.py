"""Every file of the catalogue loads, passes its checks and its own examples, and is filled in in every language."""

import re
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from accounts import organisations
from core import clock
from core.paging import turned
from core.settings import ROOT
from forms import page as form_page
from forms.types import Raw, Reading, type_of
from forms.whose import told
from procedures import checks, examples, loader
from procedures.definition import Example, Page, Procedure
from procedures.search import PAGE
from procedures.values import Values
from tests.factories.papers import sample
from translations import extraction
from translations.languages import LANGUAGES
from translations.messages import translate
from translations.procedures import texts

CATALOGUE = ROOT / "procedures" / "catalogue"
FILES = sorted(CATALOGUE.glob("*/*.yaml"))
NAMES = [path.stem for path in FILES]
OWNERS = {
    department: organisation.id
    for organisation in organisations.read(CATALOGUE)
    for department in organisation.departments
}
FOREIGN = re.compile(r'lang="ja"(?! translate="no")')
"""Text that nobody translated. Rows of a table are data in the file's own language, and say so."""


def test_the_catalogue_is_not_empty_and_names_are_unique() -> None:
    assert FILES
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_file_has_no_problem(path: Path) -> None:
    assert [str(problem) for problem in checks.check_file(path)] == []


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_file_lies_with_the_department_that_owns_it(path: Path) -> None:
    procedure = loader.load(path).procedure
    assert path.parent.name == procedure.department
    assert procedure.department in OWNERS


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_its_examples_come_out_as_expected(path: Path) -> None:
    results = examples.run(loader.load(path).procedure)
    assert len(results) >= 3
    assert {result.name: result.differences for result in results if not result.passed} == {}


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_mistake_of_a_blank_page_has_a_line_of_its_own(path: Path) -> None:
    """With two rows in each list that are begun: who reads only the summary knows what is meant."""
    procedure = loader.load(path).procedure
    today = clock.today("Asia/Tokyo")
    for page in procedure.pages:
        raw: Raw = form_page.inputs(page, {})
        for group in (field for field in page.fields if field.subfields()):
            for button in [f"add:{group.id}"] * 2:
                raw, _ = form_page.act(page, raw, button)
            raw = {**raw, **{f"{group.id}-{number}-begun": ["x"] for number in range(2)}}
        errors = form_page.read(page, raw, {}, Reading(today, Values(procedure, {}, today))).errors
        for language in LANGUAGES:
            said = [translate(error.message, language) for error in told(page.fields, raw, errors)]
            assert len(set(said)) == len(said), said


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_it_is_translated_whole(path: Path) -> None:
    procedure = loader.load(path).procedure
    shares = extraction.procedure_shares(procedure.department, procedure.procedure, texts(procedure))
    assert {share.language: share.missing for share in shares if share.missing} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_its_examples_can_be_filled_in(path: Path, language: str, client: FlaskClient) -> None:
    procedure = loader.load(path).procedure
    home = f"/{OWNERS[procedure.department]}/{procedure.procedure}/"
    _read(client.get(f"{home}?lang={language}"), language)
    for example in procedure.examples:
        with clock.at(_noon(example)):
            step = _to_the_end(client, home, procedure, example, language)
        assert bool(step) == bool(example.expect.eligible), example.name


def _noon(example: Example) -> datetime:
    """The middle of the day an example happens on: its dates are meant for that day."""
    return datetime.combine(example.on or clock.today("Asia/Tokyo"), time(12), ZoneInfo("Asia/Tokyo"))


def _to_the_end(client: FlaskClient, home: str, procedure: Procedure, example: Example, language: str) -> str:
    """Fill in every page; the address after the last question, empty where the person may not apply."""
    step = client.post(f"{home}start").location
    while step and not step.endswith(("/attachments", "/check")):
        _read(client.get(step), language)
        page = procedure.page(step.rpartition("/")[2])
        assert page is not None
        step = _answer(client, step, page, example)
    if step:
        _read(client.get(step), language)
    return str(step)


def _answer(client: FlaskClient, address: str, page: Page, example: Example) -> str:
    """Type what the example says; the address of the next step, empty where the person may not apply."""
    typed = {**form_page.inputs(page, example.answers), **_bookable(page)}
    if form_page.takes_files(page.fields):
        address = f"{address}/files"
        typed = {name: sent for name, sent in typed.items() if not name.endswith("-kept")}  # named only
    answered = client.post(address, data={**typed, **_photos(page, typed), "do": "next"})
    assert answered.status_code == 303, f"{example.name}: {page.id}"
    return "" if answered.location.endswith("/not-eligible") else answered.location


def _photos(page: Page, typed: Raw) -> dict[str, tuple[BytesIO, str]]:
    """A file for each question that asks for some."""
    files = {}
    for field in page.fields:
        for name, question in type_of(field).questions(field, typed, field.id).items():
            files[f"{name}-file"] = sample(question.kinds)
    return files


def _bookable(page: Page) -> dict[str, list[str]]:
    """The first free time of each booking: an example's own day passes."""
    reading, typed = Reading(clock.today("Asia/Tokyo")), {}
    for field in page.fields:
        if type_of(field).resources(field) and not field.subfields():
            kind, day = type_of(field), f"{field.id}-day"
            typed[day] = [kind.content(field, {}, field.id, reading, {}).days[0].isoformat()]
            times = kind.content(field, {day: typed[day]}, field.id, reading, {}).times
            typed[f"{field.id}-time"] = [times[0][0]]
    return typed


def _read(answered: object, language: str) -> None:
    """The page is there, in the language, and nothing on it is still in the source language."""
    text = answered.get_data(as_text=True)  # type: ignore[attr-defined]
    assert answered.status_code == 200, text[:2000]  # type: ignore[attr-defined]
    assert f'<html lang="{language}"' in text
    main = text.partition("<main")[2].partition("</main>")[0]
    assert main
    if not language.startswith("ja"):
        assert not FOREIGN.search(main), main[:3000]


def test_every_procedure_of_the_catalogue_is_on_the_list(client: FlaskClient) -> None:
    last = turned(1, len(FILES), PAGE).last
    pages = "".join(client.get(f"/?page={number}").get_data(as_text=True) for number in range(1, last + 1))
    for path in FILES:
        assert f"/{path.stem}/" in pages
