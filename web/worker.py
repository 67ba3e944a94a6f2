"""The job worker: performs the outbox's effects, each in a process of its own that RQ forks off.

What effects import is imported here once, so that a fork costs milliseconds. Defaults of RQ would leave a killed job
"started" for over 520 s; with the times below it is found within a minute, and the sweeper hands its effect out anew.
"""

import logging

import redis
from rq import Worker
from rq.serializers import JSONSerializer

import documents.engine  # noqa: F401 - takes half a second: once here, not in each fork
from core.context import Context
from core.settings import settings
from forms.types import field_types
from signing import seal
from web import jobs
from workflows.effect import effects

TTL, MAINTENANCE, RECYCLE_AFTER = 30, 10, 1_000


def work() -> None:
    """Work until told to stop, or until it is time for a fresh process."""
    address = settings().redis_url
    if address is None:
        raise SystemExit("MADOGUCHI_REDIS_URL is not set: where are the jobs?")
    _warm()
    worker = Worker(
        jobs.QUEUES,
        connection=redis.Redis.from_url(address),
        serializer=JSONSerializer,
        worker_ttl=TTL,
        maintenance_interval=MAINTENANCE,
        log_job_description=False,
    )
    worker.work(logging_level="WARNING", max_jobs=RECYCLE_AFTER)


def _warm() -> None:
    """Load what every fork would load again: effects, field types, the seal's key (half a second each)."""
    effects()
    field_types()
    seal.current(Context(settings()))


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    work()
