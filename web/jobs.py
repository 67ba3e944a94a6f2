"""The outbox at work: effects handed to RQ, or performed on the spot; deadlines that have passed.

The outbox is the truth, Redis only a bell: it may be empty, late or gone, and nothing is lost. A request rings it after
its commit (`notify`), the sweeper rings it every few seconds, and an effect that is claimed already is left alone.
"""

import time
from collections.abc import Sequence
from functools import cache

import redis
import structlog
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from accounts import email as sign_in_codes
from accounts import notices, sessions
from core import outbox
from core.context import Context
from core.database import EVERYONE
from core.settings import settings
from satisfaction import leaving
from workflows import cases, forgetting, pace, reminders, suggestions
from workflows.effect import by_urgency, effects
from workflows.suggestions import Candidate

URGENT, LATER = "madoguchi-urgent", "madoguchi"
QUEUES = (URGENT, LATER)
"""In the order in which a worker empties them: a code by mail must not wait behind a hundred documents."""
TIMEOUT = 110
"""Seconds one effect may take: less than the outbox's lease."""
_BELL, _BELL_SECONDS = "madoguchi:bell", 30
_PAUSE = 5.0
"""Seconds for which a Redis that did not answer is left alone."""
_WAITING = (JobStatus.QUEUED, JobStatus.STARTED)

log = structlog.get_logger()


def run_effect(id: int) -> None:
    """Perform one effect (entry point of RQ; `id` is the outbox row's)."""
    perform(_own_context(), id)


def run_sweep() -> None:
    """Hand out everything that is due (entry point of RQ)."""
    context = _own_context()
    if context.settings.redis_url:
        _connection(context.settings.redis_url).delete(_BELL)
    sweep(context)


@cache
def _own_context() -> Context:
    return Context(settings())


def perform(ctx: Context, id: int) -> bool:
    """Claim and perform the effect `id`; a failure is noted and tried again later. Whether it was performed now."""
    with ctx.database.writing(EVERYONE) as session:
        claim = outbox.claim(session, id)
    if claim is None:
        return False
    try:
        effect = effects()[claim.effect]
        with ctx.database.reading(claim.scope) as session:
            made = effect.work(session, ctx, claim)
        with ctx.database.writing(claim.scope) as session:
            effect.record(session, ctx, claim, made)
            outbox.finish(session, id)
    except Exception as error:  # noqa: BLE001 - whatever it is, the outbox tries again
        log.warning("effect_failed", id=id, effect=claim.effect, error=type(error).__name__)
        with ctx.database.writing(EVERYONE) as session:
            outbox.fail(session, id, error)
        return False
    return True


def drain(ctx: Context) -> int:
    """Perform everything that is due, here and now, and what follows from it; how many effects that were."""
    expire_due(ctx)
    performed = 0
    while ids := [id for waiting in _due(ctx).values() for id in waiting]:
        performed += sum(perform(ctx, id) for id in ids)
    return performed


def sweep(ctx: Context) -> int:
    """Let passed deadlines take effect and hand out what is due: to RQ, or where there is no Redis, perform it."""
    if ctx.settings.redis_url is None:
        return drain(ctx)
    expire_due(ctx)
    url = ctx.settings.redis_url
    return sum(_hand_out(url, queue, id) for queue, waiting in _due(ctx).items() for id in waiting)


def notify(ctx: Context) -> None:
    """Tell the workers, after a commit, that something may be due. Never fails: the sweeper finds it otherwise."""
    url = ctx.settings.redis_url
    if url is None or not _answers(url):
        return
    try:
        if _connection(url).set(_BELL, 1, nx=True, ex=_BELL_SECONDS):
            _queue(url, URGENT).enqueue(run_sweep, result_ttl=0, failure_ttl=0, job_timeout=TIMEOUT)
    except redis.RedisError as error:
        _silent[url] = time.monotonic() + _PAUSE
        log.warning("redis_silent", error=type(error).__name__)


def expire_due(ctx: Context) -> int:
    """Let every passed deadline with a consequence take effect, each in a transaction of its own."""
    with ctx.database.reading(EVERYONE) as session:
        late = cases.overdue(session)
    return sum(_expire(ctx, one) for one in late)


def _expire(ctx: Context, late: cases.Overdue) -> bool:
    """One case that cannot go on must not hold up the others."""
    try:
        with ctx.database.writing(late.organisation_id) as session:
            cases.expire(session, ctx, late.application_id)
    except Exception as error:  # noqa: BLE001
        log.error("deadline_failed", application=late.application_id, error=type(error).__name__)
        return False
    return True


def forget(ctx: Context) -> int:
    """Forget drafts, codes, sessions and reasons for giving up whose time is over; how many drafts those were."""
    with ctx.database.reading(EVERYONE) as session:
        offices = forgetting.offices(session)
    forgotten = 0
    for office in offices:
        with ctx.database.writing(office) as session:
            forgotten += forgetting.forget_drafts(session, ctx)
    with ctx.database.writing(EVERYONE) as session:
        sign_in_codes.forget(session)
        sessions.forget(session, ctx.settings)
        leaving.forget(session)
    return forgotten


def measure(ctx: Context) -> int:
    """Measure how long decisions took where there are new ones; how many procedures that were."""
    with ctx.database.reading(EVERYONE) as session:
        stale = pace.stale(session)
    for one in stale:
        with ctx.database.writing(one.organisation_id) as session:
            pace.measure(session, one.procedure_id)
    return len(stale)


def remind(ctx: Context) -> int:
    """Put the reminders that are due into the outbox, each in a transaction of its own; how many those were."""
    with ctx.database.reading(EVERYONE) as session:
        found = reminders.due(session)
    return sum(_remind(ctx, one) for one in found)


def _remind(ctx: Context, reminder: reminders.Due) -> bool:
    """One that cannot be sent must not hold up the others."""
    try:
        with ctx.database.writing(reminder.organisation_id) as session:
            return reminders.send(session, ctx, reminder)
    except Exception as error:  # noqa: BLE001
        log.error("reminder_failed", application=reminder.application_id, error=type(error).__name__)
        return False


def suggest(ctx: Context) -> int:
    """Write to residents who want it about procedures that may be for them; how many mails that makes."""
    with ctx.database.reading(EVERYONE) as session:
        accounts = notices.due(session)
        among = suggestions.candidates(session) if accounts else []
    return sum(_suggest(ctx, account_id, among) for account_id in accounts)


def _suggest(ctx: Context, account_id: str, among: Sequence[Candidate]) -> int:
    """One account, in a transaction of its own. Whose it is, the log does not learn."""
    try:
        with ctx.database.writing(EVERYONE) as session:
            return suggestions.look(session, ctx, account_id, among)
    except Exception as error:  # noqa: BLE001
        log.error("suggestions_failed", error=type(error).__name__)
        return 0


def _due(ctx: Context) -> dict[str, list[int]]:
    """What is due, by the queue it goes to."""
    with ctx.database.reading(EVERYONE) as session:
        return {queue: outbox.due(session, names) for queue, names in zip(QUEUES, by_urgency(), strict=True)}


def _hand_out(url: str, queue: str, id: int) -> bool:
    """Give the effect to RQ unless it waits there already."""
    name = f"effect-{id}"
    try:
        if Job.fetch(name, _connection(url), JSONSerializer).get_status() in _WAITING:
            return False
    except NoSuchJobError:
        pass
    _queue(url, queue).enqueue(run_effect, id, job_id=name, result_ttl=0, failure_ttl=0, job_timeout=TIMEOUT)
    return True


_silent: dict[str, float] = {}
"""Until when a Redis is left alone."""


def _answers(url: str) -> bool:
    return _silent.get(url, 0.0) <= time.monotonic()


@cache
def _connection(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=0.3, socket_timeout=1.0)


def _queue(url: str, name: str) -> Queue:
    return Queue(name, connection=_connection(url), serializer=JSONSerializer)
