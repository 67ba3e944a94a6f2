"""Before the deadline, in the time of grace, and too late: what each page says, and that nothing typed is lost."""

import email
import email.policy
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from applications import drafts
from applications.models import Draft
from core import clock
from core.context import Context
from procedures import loader, versions
from tests.factories.applications import CATALOGUE, TAX, TOKYO
from web import jobs

TOKYO_TIME = ZoneInfo("Asia/Tokyo")
NAME = {
    "name-family": "見本",
    "name-given": "太郎",
    "name-family_kana": "ミホン",
    "name-given_kana": "タロウ",
}
IN_GRACE, LATE = timedelta(hours=3), timedelta(hours=26)


class Applicant:
    """Somebody who starts an hour before the deadline."""

    def __init__(self, app: Flask, ctx: Context) -> None:
        self.ctx, self.client = ctx, app.test_client()
        self.client.set_cookie("language", "en")
        self.closes = (clock.now() + timedelta(hours=1)).replace(microsecond=0).astimezone(TOKYO_TIME)
        text = (CATALOGUE / "tokyo-taxation" / f"{TAX}.yaml").read_text()
        loaded = loader.load(f"{text}\nreception: {{closes: {self.closes:%Y-%m-%dT%H:%M:%S}}}\n")
        with ctx.database.writing(TOKYO) as session:
            versions.publish(session, loaded, "command")
        self.url = self.client.post(f"/{TOKYO}/{TAX}/start").location.rpartition("/")[0]
        assert self.send("applicant", applicant_type="person").status_code == 303

    def send(self, page: str, **inputs: str) -> TestResponse:
        return self.client.post(f"{self.url}/{page}", data={"do": "next", **inputs})

    def read(self, page: str) -> str:
        return self.client.get(f"{self.url}/{page}", follow_redirects=True).text

    @property
    def draft(self) -> Draft:
        with self.ctx.database.reading(TOKYO) as session:
            return drafts.load(session, self.ctx, self.url.rpartition("/")[2])[0]


@pytest.fixture
def applicant(both: Flask, ctx: Context) -> Applicant:
    return Applicant(both, ctx)


def on(applicant: Applicant, hours: int = 0) -> str:
    """The deadline so many hours later, as pages write it."""
    return f"{applicant.closes + timedelta(hours=hours):%H:%M}"


def test_every_page_says_until_when(applicant: Applicant) -> None:
    assert f"{on(applicant)}." in applicant.read("person").partition("<h1")[0]
    with clock.shifted(IN_GRACE):
        page = applicant.read("person")
        assert "you can still send yours until" in page
        assert on(applicant, 24) in page
        assert "Enter" not in page.partition("<h1")[2].partition("<form")[0]


def test_who_started_in_time_finishes_in_the_time_of_grace(applicant: Applicant) -> None:
    with clock.shifted(IN_GRACE):
        assert applicant.send("person", **NAME).location.endswith("/contact")
        start = applicant.client.get(f"/{TOKYO}/{TAX}/").text
        assert "you can still send yours until" in start
        assert "/start" not in start
        refused = applicant.client.post(f"/{TOKYO}/{TAX}/start")
        assert refused.status_code != 303


def test_too_late_nothing_typed_is_lost(applicant: Applicant) -> None:
    with clock.shifted(LATE):
        answer = applicant.send("person", **NAME)
        assert answer.location.endswith("/late")
        page = applicant.client.get(answer.location).text
        assert "This application was not sent" in page
        assert on(applicant, 24) in page
        assert "見本 太郎" in page, "what was sent too late is kept, too"
        assert "tokyo@example.invalid" in page
        for step in ("applicant", "contact", "check", "sign", "overview", "attachments"):
            assert "This application was not sent" in applicant.read(step), step
        for step in ("check", "sign"):
            assert applicant.send(step, declared="truth", code="123456").location.endswith("/late")
        assert "Ask the desk when they are taken again" in applicant.client.get(f"/{TOKYO}/{TAX}/").text
    assert applicant.draft.filed_as is None


def test_unfinished_pages_are_shown_too(applicant: Applicant) -> None:
    applicant.send("person", **{**NAME, "name-given_kana": "", "do": "keep"})
    applicant.send("person", **NAME, do="keep")
    with clock.shifted(LATE):
        assert "見本 太郎" in applicant.read("late")


def test_in_time_there_is_no_late_page(applicant: Applicant) -> None:
    assert applicant.client.get(f"{applicant.url}/late").location.endswith("/person")


def test_the_mail_with_the_link_says_until_when(applicant: Applicant, ctx: Context) -> None:
    applicant.client.post(f"{applicant.url}/save", data={"email": "taro@example.invalid"})
    jobs.drain(ctx)
    (mail,) = [path.read_bytes() for path in (ctx.settings.data_dir / "mail").glob("*.eml")]
    body = email.message_from_bytes(mail, policy=email.policy.default).get_body(("plain",))
    assert body is not None
    assert on(applicant) in body.get_content()


def test_another_browser_reads_nothing(applicant: Applicant, both: Flask) -> None:
    stranger: FlaskClient = both.test_client()
    with clock.shifted(LATE):
        assert stranger.get(f"{applicant.url}/late").status_code != 200
