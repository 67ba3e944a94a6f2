"""Hands out again what was not performed: jobs that were lost, retries and deadlines that have become due."""

import threading

import structlog

from core.context import Context
from core.settings import settings
from web import jobs

EVERY = 2.0
"""Seconds between two sweeps."""

log = structlog.get_logger()


def sweep(context: Context, stopping: threading.Event) -> None:
    """Sweep until `stopping` is set."""
    while not stopping.wait(EVERY):
        try:
            jobs.sweep(context)
        except Exception as error:  # noqa: BLE001 - the next sweep tries again
            log.error("sweep_failed", error=type(error).__name__)


if __name__ == "__main__":
    sweep(Context(settings()), threading.Event())
