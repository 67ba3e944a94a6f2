"""Filling in any page of any form in a browser, by the names of its inputs: a new procedure needs nothing here."""

import re
from itertools import pairwise

from playwright.sync_api import Locator, Page, expect

from forms import page as form_page
from procedures.definition import FieldDefinition, Procedure
from procedures.definition import Page as FormPage
from procedures.definition.base import Json
from procedures.definition.table import Table
from tests.browser import papers

_KIND = "e => e.type + (e.closest('[data-refresh]') ? ' refresh' : '')"
_POINT = re.compile(r"([ML])(\d+) (\d+)")
SHEET = (600, 200)
"""What the points of a drawing count in."""


class Form:
    """The form of a draft, with or without scripts."""

    def __init__(self, page: Page, procedure: Procedure, scripted: bool) -> None:
        self.page, self.procedure, self.scripted = page, procedure, scripted

    def fill(self, page: FormPage, fields: tuple[FieldDefinition, ...], answers: dict[str, Json]) -> None:
        """Type the answers of `fields`, which `page` shows by then, in their order."""
        chosen = page.model_copy(update={"fields": fields})
        for name, values in form_page.inputs(chosen, answers).items():
            if name.endswith("-row"):
                self._rows(name, len(values))
            elif any(values) and not name.endswith(
                ("-kept", "-looked")
            ):  # handed in or left by a button, not typed
                self._type(name, values)

    def hand_in(self) -> None:
        """A file wherever one is asked for: a PDF where one is taken, else a photo."""
        for place, chooser in enumerate(self.page.locator("input[type=file]").all()):
            takes_pdf = "pdf" in str(chooser.get_attribute("accept"))
            chooser.set_input_files(papers.pdf(f"{place}.pdf") if takes_pdf else papers.photo(f"{place}.jpg"))

    def next(self) -> None:
        """Go on; what the page has against it fails the test."""
        with self.page.expect_navigation():
            self.page.click("#page-form .actions button[value=next], #page-form .actions button[value=sign]")
        summary = self.page.locator(".error-summary")
        assert not summary.count(), f"{self.page.url}: {summary.inner_text()}"

    def _rows(self, name: str, wanted: int) -> None:
        shown = self.page.locator(f"[name='{name}']")
        for number in range(shown.count(), wanted):
            self._press(self.page.locator(f"button[value='add:{name.removesuffix('-row')}']"))
            expect(shown).to_have_count(number + 1)

    def _type(self, name: str, values: list[str]) -> None:
        if table := self._table(name):
            ranked, _, place = name.rpartition("-")
            if place.isdecimal():
                self._rank(ranked, table, place, values[0])
                return
            self._search(name, table, values[0])
        inputs = self._shown(f"[name='{name}']")
        kind, _, refreshes = str(inputs.first.evaluate(_KIND)).partition(" ")
        match kind:
            case "radio" | "checkbox":
                for value in values:
                    self._check(name, value)
            case "select-one":
                self._select(inputs, name, values[0])
            case "hidden":
                self._draw(inputs, name, values[0])
            case _:
                inputs.fill(values[0])
                if refreshes:
                    inputs.blur()
        self._settle()

    def _check(self, name: str, value: str) -> None:
        offered = self.page.locator(f"[name='{name}']")
        wanted = f"[name='{name}'][value='{value}']"
        if self._of_slot(name) and not self.page.locator(wanted).count():
            offered.first.check()  # the time of the example is taken on that day
        else:
            self._shown(wanted).check()
        self._settle()

    def _select(self, select: Locator, name: str, value: str) -> None:
        days = [option.get_attribute("value") for option in select.locator("option").all()]
        if name.endswith("-day") and self._of_slot(name) and value not in days:
            value = next(day for day in days if day)
        select.select_option(value)

    def _draw(self, path: Locator, name: str, drawing: str) -> None:
        """Draw what the example drew; without scripts there is no sheet, and the name is typed."""
        if not self.scripted:
            typed = self.page.locator(f"[name='{name.removesuffix('path')}typed']")
            typed.fill(typed.input_value() or "見本")
            return
        box = path.locator("xpath=..").locator("svg").bounding_box()
        assert box, name
        points = [(sign, int(x), int(y)) for sign, x, y in _POINT.findall(drawing)]
        mouse = self.page.mouse
        for (sign, x, y), following in pairwise([*points, ("M", 0, 0)]):
            mouse.move(box["x"] + x * box["width"] / SHEET[0], box["y"] + y * box["height"] / SHEET[1])
            if sign == "M":
                mouse.down()
            if following[0] == "M":
                mouse.up()

    def _search(self, name: str, table: Table, key: str) -> None:
        """Find a row of a table by all its words."""
        row = table.row(key)
        assert row, f"{name}: the table has no row {key}"
        self._shown(f"[name='{name}-words']").fill(" ".join(row)[:100])
        self._press(self.page.locator(f"button[value='find:{name}']"))

    def _rank(self, name: str, table: Table, place: str, key: str) -> None:
        """Add a row of a table as the next in the order of preference."""
        self._search(name, table, key)
        self._press(self._shown(f"button[value='add:{name}:{key}']"))
        self._shown(f"[name='{name}-{place}'][value='{key}']")
        self._settle()

    def _table(self, name: str) -> Table | None:
        """The table that the input `name` chooses a row of."""
        field, *inner = (part for part in name.split("-") if not part.isdecimal())
        found = self.procedure.field(field)
        for step in inner:
            found = next((sub for sub in found.subfields() if sub.id == step), None) if found else None
        table = getattr(found, "table", None)
        return table if isinstance(table, Table) else None

    def _of_slot(self, name: str) -> bool:
        return self.page.locator(f"[name='{name.rpartition('-')[0]}-day']").count() > 0

    def _shown(self, selector: str) -> Locator:
        """What comes with the answers so far: by itself with scripts, else by the button that updates the page."""
        found = self.page.locator(selector)
        if not found.count() and not self.scripted:
            times = self.page.locator("button[value^='times:']")
            update = self.page.locator("button[value=refresh]")
            self._press((update if update.count() else times).first)
        found.first.wait_for(state="attached")
        return found

    def _press(self, button: Locator) -> None:
        """Press a button inside the page; without scripts the next page is waited for."""
        if self.scripted:
            button.click()
        else:
            with self.page.expect_navigation():
                button.click()

    def _settle(self) -> None:
        if self.scripted:
            expect(self.page.locator(".htmx-request")).to_have_count(0)
