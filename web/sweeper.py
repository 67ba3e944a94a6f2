"""Hands out again what was not performed: jobs that were lost, retries and deadlines that have become due."""

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from core.context import Context
from core.settings import settings
from web import jobs

EVERY = 2.0
"""Seconds between two sweeps."""
FORGET_EVERY = 600.0
"""Seconds between two looks for drafts whose time is over, and for decisions that say how long they take."""

log = structlog.get_logger()


def sweep(context: Context, stopping: threading.Event) -> None:
    """Sweep until `stopping` is set; leave out the sweeps while somebody holds the data folder `still`."""
    forgets_at = time.monotonic()
    while not stopping.wait(EVERY):
        try:
            with _turn(context.settings.data_dir, fcntl.LOCK_SH | fcntl.LOCK_NB):
                jobs.sweep(context)
                if time.monotonic() >= forgets_at:
                    forgets_at = time.monotonic() + FORGET_EVERY
                    jobs.forget(context)
                    jobs.measure(context)
                    jobs.remind(context)
                    jobs.suggest(context)
        except BlockingIOError:
            continue
        except Exception as error:  # noqa: BLE001 - the next sweep tries again
            log.error("sweep_failed", error=type(error).__name__)


@contextmanager
def still(data_dir: Path) -> Iterator[None]:
    """No sweep on this machine inside the block: its clock may stand in the past, where deadlines are not due yet."""
    with _turn(data_dir, fcntl.LOCK_EX):
        yield


@contextmanager
def _turn(data_dir: Path, kind: int) -> Iterator[None]:
    with (data_dir / "sweeper.lock").open("w") as file:
        fcntl.flock(file, kind)
        yield


if __name__ == "__main__":
    sweep(Context(settings()), threading.Event())
