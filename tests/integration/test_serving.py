"""`make run`: starts everything, keeps it running, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from core.settings import ROOT
from tests.fixtures.servers import free_port


class Running:
    """A platform of one's own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        environment = {**os.environ, "DATA_DIR": str(folder), "PORT": str(self.port), "TMPDIR": str(folder)}
        environment["MADOGUCHI_WEB_WORKERS"] = "1"
        self.log = folder / "platform.log"
        started = time.monotonic()
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "web.serving"], cwd=ROOT, env=environment, stdout=out, stderr=out
            )
        while "Ctrl-C" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < started + 60, self.log.read_text()
            time.sleep(0.02)
        self.took = time.monotonic() - started

    def answers(self) -> bool:
        """Whether the first page is there."""
        with urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
            return bool(answer.status == 200)

    def ends(self, how: signal.Signals) -> None:
        """Ask it to end: it does, and no process of its is left."""
        pids = _descendants(self.process.pid)
        self.process.send_signal(how)
        assert self.process.wait(20) == 0, self.log.read_text()
        assert [pid for pid in pids if _alive(pid)] == []

    def children(self) -> dict[str, int]:
        """Its processes by what they run."""
        found = {}
        for pid in _children(self.process.pid):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
            for name in ("granian", "web.worker", "valkey-server"):
                if name in command:
                    found[name] = pid
        return found


@contextmanager
def _running(folder: Path) -> Iterator[Running]:
    platform = Running(folder)
    try:
        yield platform
    finally:
        platform.process.kill()
        platform.process.wait()


def test_it_starts_quickly_and_leaves_nothing(tmp_path: Path) -> None:
    with _running(tmp_path) as first:
        assert first.answers()
        assert set(first.children()) == {"granian", "web.worker", "valkey-server"}
        first.ends(signal.SIGINT)
    assert [path.name for path in tmp_path.glob("madoguchi-*")] == []
    with _running(tmp_path) as second:
        assert second.took < 5 * _slowness()
        pids = _descendants(second.process.pid)
        second.process.kill()
        _until(lambda: not any(_alive(pid) for pid in pids))


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    with _running(tmp_path) as platform:
        for name in ("valkey-server", "web.worker", "granian"):
            before = platform.children()[name]
            family = _descendants(before)
            os.kill(before, signal.SIGKILL)
            _until(lambda name=name, before=before: platform.children().get(name, before) != before)
            _until(lambda family=family: not any(_alive(pid) for pid in family))
        _until(platform.answers)
        platform.ends(signal.SIGTERM)


def _slowness() -> float:
    """How much more than two programs want this machine's processors."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _descendants(pid: int) -> list[int]:
    return [found for child in _children(pid) for found in (child, *_descendants(child))]


def _alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def _until(condition: object, seconds: float = 30) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError
