"""One page of a form in two windows or on two devices: what both changed is shown beside each other, nothing is wiped."""

import html
import re
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from applications.journey import Journey
from applications.windows import Shown, Window, signer
from core import clock
from core.context import Context
from forms.page import read
from forms.types import Reading
from procedures import loader, versions
from tests.factories.applications import CATALOGUE, OWNER, TAX, TOKYO, owner
from tests.factories.browsers import Browser
from web.views.apply import ELSEWHERE, asked

ALL = sorted(path.stem for path in CATALOGUE.glob("*/*.yaml") if path.stem != "department")
TYPED = {"name-family": "見本", "name-given": "太郎"}
READ = {"name-family_kana": "ミホン", "name-given_kana": "タロウ"}


class Form(HTMLParser):
    """What a browser would send of a page's form where nobody touched anything."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inputs: dict[str, list[str]] = {}
        self._inside = False
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._inside = found.get("id") == "page-form"
        if not self._inside:
            return
        name = found.get("name") or ""
        if tag == "input" and found.get("type") not in ("file", "submit", "button"):
            if found.get("type") not in ("radio", "checkbox") or "checked" in found:
                self._add(name, found.get("value") or "")
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select is not None:
            self._options.append((found.get("value") or "", "selected" in found))
        elif tag == "textarea":
            self._area = name
            self._add(name, "")

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.inputs[self._area][-1] += data.removeprefix("\n").replace("\n", "\r\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select is not None:
            chosen = [value for value, selected in self._options if selected]
            self._add(self._select, (chosen or [value for value, _ in self._options[:1]] or [""])[-1])
            self._select = None
        elif tag == "textarea":
            self._area = None

    def _add(self, name: str, value: str) -> None:
        if name:
            self.inputs.setdefault(name, []).append(value)


class Tab:
    """A window on a page of a draft: it shows what it showed when it was opened, and what was typed since."""

    def __init__(self, browser: Browser, page: str, scripted: bool = True) -> None:
        self.browser, self.page, self.scripted = browser, page, scripted
        self.client: FlaskClient = browser.client
        self.answer = self.client.get(f"{browser.base}/{page}")
        self.inputs = Form(self.answer.text).inputs

    def type(self, **inputs: str) -> "Tab":
        self.inputs |= {name.replace("__", "-"): [value] for name, value in inputs.items()}
        return self

    def send(self, do: str = "next") -> TestResponse:
        headers = {"X-Sent-By": "page"} if self.scripted else {}
        data: dict[str, Any] = {**self.inputs, "do": do}
        self.answer = self.client.post(f"{self.browser.base}/{self.page}", data=data, headers=headers)
        if "page-form" in self.answer.text:
            self.inputs = Form(self.answer.text).inputs
        return self.answer

    def keep(self) -> bool:
        """Whether it is told that another window has entered something else."""
        answer = self.send("keep")
        assert answer.status_code == 204
        return ELSEWHERE in answer.headers

    @property
    def notes(self) -> dict[str, str]:
        """What it says was entered elsewhere, by question."""
        found = re.findall(
            r'<div class="entered-elsewhere" id="(\w+)-elsewhere">(.*?)</div>', self.answer.text, re.S
        )
        said = {id: re.findall(r"<bdi>(.*?)</bdi>", text) for id, text in found}
        return {id: html.unescape(" / ".join(lines)) for id, lines in said.items()}


@pytest.fixture
def browser(app: Flask, catalogue: Context) -> Browser:
    """Somebody on the page for the name, and then on that for the address, with the steps before done."""
    browser = Browser(app, catalogue, fresh=True)
    assert browser.send("applicant", applicant_type="person").status_code == 303
    return browser


def stored(browser: Browser, page: str = "person") -> dict[str, list[str]]:
    return {
        name: values
        for name, values in Tab(browser, page).inputs.items()
        if not name.startswith(("page:", "csrf"))
    }


@pytest.mark.parametrize("procedure", ALL)
@pytest.mark.parametrize("fresh", [True, False], ids=["blank", "filled"])
def test_a_page_that_comes_as_it_was_shown_changes_nothing(
    app: Flask, catalogue: Context, procedure: str, fresh: bool
) -> None:
    OWNER.setdefault(procedure, owner(procedure))
    browser = Browser(app, catalogue, procedure, fresh=fresh)
    with catalogue.database.reading(browser.organisation) as session:
        known = versions.current(session, procedure).procedure
    today = clock.today("Asia/Tokyo")
    for page in known.pages:
        answer = browser.client.get(f"{browser.base}/{page.id}")
        if answer.status_code != 200:
            continue
        sent = Form(answer.text).inputs
        shown = Shown.read(sent["page:shown"][0])
        assert shown
        document = browser.document()
        window = Window(document, page, signer(catalogue, browser.id))
        reading = Reading(today, Journey(known, document, today).values, kept=document.apart)
        met = window.meet(
            asked(page, sent), shown, partial(read, page, answers=document.answers, reading=reading)
        )
        signs = window.signs(met.sent)
        assert not {id: met.sent for id, parts in signs.items() if not shown.signs.issuperset(parts.values())}


class TestKeeping:
    """What pages send by themselves while somebody types."""

    def test_what_one_window_saved_the_other_does_not_wipe(self, browser: Browser) -> None:
        one, other = Tab(browser, "person"), Tab(browser, "person")
        assert not one.type(name__family="見本", name__given="太郎").keep()
        assert not other.type(name__family_kana="みほん", name__given_kana="たろう").keep()
        expected = {"name-family": ["見本"], "name-given": ["太郎"],
                    "name-family_kana": ["みほん"], "name-given_kana": ["たろう"]}  # fmt: skip
        assert stored(browser).items() >= expected.items()
        for tab in (one, other, one):
            tab.keep()
        assert stored(browser).items() >= expected.items()
