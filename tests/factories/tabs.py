"""Windows of a browser without JavaScript on the pages of one draft."""

import html
import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.browsers import Browser
from web.views.apply import ELSEWHERE


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
        if not self.scripted and self.answer.location.endswith(self.page):
            self.answer = self.client.get(self.answer.location)
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
            r'<div class="entered-elsewhere" id="(\w+)-elsewhere"[^>]*>(.*?)</div>', self.answer.text, re.S
        )
        said = {id: re.findall(r"<bdi>(.*?)</bdi>", text) for id, text in found}
        return {id: html.unescape(re.sub("<[^>]+>", "", " / ".join(lines))) for id, lines in said.items()}
