"""Browsers of residents, without JavaScript and with a will of their own."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from applications import drafts
from applications.vault import DraftDocument
from core.context import Context
from core.identifiers import secret
from procedures import versions
from tests.factories.applications import (
    OWNER,
    TAX,
    fill,
)

T = TypeVar("T")


class Browser:
    """A browser with a draft."""

    def __init__(self, app: Flask, ctx: Context, procedure: str = TAX, fresh: bool = False) -> None:
        self.ctx, self.organisation, self.client = ctx, OWNER[procedure], app.test_client()
        with ctx.database.writing(self.organisation) as session:
            if fresh:
                self.id = drafts.start(session, ctx, versions.current(session, procedure), "ja").id
            else:
                self.id = fill(session, ctx, procedure)[0].id
        self.base = f"/{self.organisation}/{procedure}/apply/{self.id}"
        with self.client.session_transaction() as kept:
            kept.update(drafts=[self.id], nonce=secret())
        self.client.set_cookie("language", "en")

    def document(self) -> DraftDocument:
        with self.ctx.database.reading(self.organisation) as session:
            return drafts.load(session, self.ctx, self.id)[1]

    def send(self, page: str, **inputs: Any) -> TestResponse:
        return self.client.post(f"{self.base}/{page}", data={"do": "next"} | inputs)


def heading(answer: TestResponse) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.S)
    assert found, answer.text[:500]
    return re.sub(r"<rt>.*?</rt>|<[^>]+>", "", found[1]).strip()


def upload(browser: Browser, **files: list[tuple[str, bytes]]) -> TestResponse:
    sent: list[tuple[str, Any]] = [
        (f"file-{field}", (BytesIO(content), name)) for field, all_ in files.items() for name, content in all_
    ]
    data = MultiDict([("do", "next"), *sent])
    return browser.client.post(f"{browser.base}/attachments", data=data, content_type="multipart/form-data")


def browser_like(app: Flask, browser: Browser) -> FlaskClient:
    """Another window of the same browser: the same cookie."""
    client = app.test_client()
    with browser.client.session_transaction() as old, client.session_transaction() as new:
        new.update(old)
    return client


def at_once(work: Callable[[int], T], times: int = 2) -> list[T]:
    """What `work` answers in threads that start together."""
    gate = Barrier(times)

    def run(number: int) -> T:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))
