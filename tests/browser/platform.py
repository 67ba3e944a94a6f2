"""The platform as people start it, for browsers: web, jobs, sweeper and Valkey, one for all processes of a test run."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from core.context import Context
from core.settings import ROOT, Settings
from tests.fixtures import openid, run
from tests.fixtures.servers import free_port

T = TypeVar("T")
_SETTINGS = {"MADOGUCHI_RATE_LIMITS": "false", "MADOGUCHI_WEB_WORKERS": "1", "MADOGUCHI_WEB_THREADS": "8"}


@dataclass(frozen=True)
class Platform:
    """A running platform: its address and its data folder."""

    url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """For commands that work on the same data."""
        port = self.url.rpartition(":")[2]
        return {**os.environ, **_SETTINGS, **_services(), "DATA_DIR": str(self.folder), "PORT": port}

    @cached_property
    def ctx(self) -> Context:
        """The tools to look into its database and files."""
        return Context(Settings(data_dir=self.folder, public_url=self.url))

    def mails(self, to: str) -> list[EmailMessage]:
        """What was sent to this address, oldest first."""
        return [mail for mail in map(_read, sorted((self.folder / "mail").glob("*.eml"))) if mail["To"] == to]

    def mail(self, to: str, holds: str = "", timeout: float = 60) -> EmailMessage:
        """The newest mail to this address whose subject or text has `holds` in it; waits for it."""
        try:
            return wait(
                lambda: next((m for m in reversed(self.mails(to)) if holds in text(m)), None), timeout
            )
        except TimeoutError:
            log = self.folder.with_suffix(".log").read_text()[-3000:]
            subjects = [mail["Subject"] for mail in self.mails(to)]
            raise TimeoutError(f"no mail with {holds!r}, only {subjects}\n{log}") from None


def wait(find: Callable[[], T | None], timeout: float = 60) -> T:
    """What `find` finds, asked again and again. Raises `TimeoutError`."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        found = find()
        if found is not None:
            return found
        time.sleep(0.1)
    raise TimeoutError


def text(mail: EmailMessage) -> str:
    """Subject and text of a mail."""
    body = mail.get_body(("plain",))
    return f"{mail['Subject']}\n{body.get_content() if body else ''}"


def running() -> Platform:
    """The run's platform; started by whoever asks first."""
    note = run.folder() / "platform.url"
    folder = run.folder() / "platform"
    with run.alone("platform"):
        if not note.exists():
            note.write_text(_start(folder))
    return Platform(note.read_text(), folder)


def _services() -> dict[str, str]:
    """The settings that name the provider to sign in with, once it runs."""
    note = run.folder() / "openid.url"
    if not note.exists():
        return {}
    common = {"ISSUER": note.read_text(), "CLIENT_ID": "madoguchi", "CLIENT_SECRET": openid.SECRET}
    idcard = {
        **common,
        "LABEL": '{"ja": "見本の本人確認", "en": "Sample identity card"}',
        "ACR_VALUES": '["loa2"]',
    }
    company = {"CORPORATE_NUMBER_CLAIM": "corporate_number", "COMPANY_NAME_CLAIM": "company_name"}
    gbizid = {**common, **company, "LABEL": "見本gBizID", "SCOPE": "openid email business"}
    blocks = {"IDCARD": idcard, "GBIZID": gbizid}
    return {
        f"MADOGUCHI_OIDC__{name}__{key}": text for name, one in blocks.items() for key, text in one.items()
    }


def _start(folder: Path) -> str:
    port = free_port()
    platform = Platform(f"http://127.0.0.1:{port}", folder)
    ways = [f"{platform.url}/my/sign-in/with/{name}/back" for name in ("idcard", "gbizid")]
    provider, beside = openid.start(ways)
    run.note("openid", beside.pid)
    (run.folder() / "openid.url").write_text(provider.issuer)
    log = run.folder() / "platform.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "web.serving"], cwd=ROOT, env=platform.environment, stdout=out, stderr=out
        )
    run.note("platform", process.pid)
    for _ in range(600):
        if "Ctrl-C" in log.read_text():
            return platform.url
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("the platform does not start:\n" + log.read_text()[-4000:])


@cache
def _read(path: Path) -> EmailMessage:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail
