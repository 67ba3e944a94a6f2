"""Filling a demonstration: some months of life at both organisations, told from the same seed each time."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import sqlalchemy as sa

from accounts.models import Clerk
from core import audit, clock, outbox
from core.audit import AuditRow
from core.context import Context
from core.database import EVERYONE
from core.errors import Refused, message
from core.outbox import Claim, OutboxMessage
from forms import page as pages
from procedures import reception, versions
from procedures.models import Publication
from procedures.versions import Version
from web import demonstration, jobs, sweeper
from web.samples import people
from web.samples.rounds import Round, earlier_version
from web.samples.stories import Story
from web.samples.world import World
from workflows.effect import effects

SEED, DAYS = 20261122, 56
"""Cases are filed over so many days before now."""
SHARES = {"certificate": 10, "permit": 6, "lottery": 6, "notification": 6, "grant": 4, "booking": 4}
"""How many cases a kind of procedure has; those of one kind share them, and every procedure has some."""
OTHER_SHARE = 2
POPULAR = {"tax-certificate": 6, "residence-certificate": 3}
"""What is asked for so many times as often as others of its kind: enough to say how long a decision takes."""
LYING = 0.12
"""Share of cases that nobody gets round to."""
DOCUMENTS = 6
_DONE = "demonstration.loaded"


@dataclass(frozen=True)
class Loaded:
    """What was loaded."""

    cases: int
    documents: int
    mails: int


def load(ctx: Context, cases: int, say: Callable[[str], None], documents: int = DOCUMENTS) -> Loaded | None:
    """Tell about `cases` stories; none where this data folder has them already.

    Raises `Refused` outside a demonstration.
    """
    if ctx.settings.environment != "demonstration":
        raise Refused(message("Invented cases are for the demonstration only."))
    demonstration.sign_ins(ctx)
    with sweeper.still(ctx.settings.data_dir):
        return None if _was_loaded(ctx) else _load(ctx, cases, say, documents)


def _load(ctx: Context, cases: int, say: Callable[[str], None], documents: int) -> Loaded:
    world = World(ctx, Random(SEED), clock.now(), _clerks(ctx))  # noqa: S311 - a story, no secret
    planned = _plan(world, cases)
    say(f"{planned} cases over {DAYS} days …")
    world.run()
    say("mails …")
    mails, issued = _perform(ctx, documents)
    jobs.measure(ctx)
    for organisation in world.clerks:
        with ctx.database.writing(organisation) as session:
            audit.append(session, _DONE, "demonstration", "command", cases=planned)
    return Loaded(planned, issued, mails)


def _was_loaded(ctx: Context) -> bool:
    with ctx.database.reading(EVERYONE) as session:
        return (
            session.scalar(sa.select(AuditRow.sequence).where(AuditRow.action == _DONE).limit(1)) is not None
        )


def _clerks(ctx: Context) -> dict[str, dict[str, Clerk]]:
    with ctx.database.reading(EVERYONE) as session:
        found: dict[str, dict[str, Clerk]] = {}
        for clerk in session.scalars(sa.select(Clerk)):
            found.setdefault(clerk.organisation_id, {})[clerk.email.partition("@")[0]] = clerk
        return found


def _plan(world: World, cases: int) -> int:
    current = _current(world)
    kinds: Counter[str] = Counter()
    for one in current:
        kinds[one.procedure.kind] += POPULAR.get(one.procedure.procedure, 1)
    total = sum(SHARES.get(kind, OTHER_SHARE) for kind in kinds)
    number = 0
    for version in current:
        kind = version.procedure.kind
        share = SHARES.get(kind, OTHER_SHARE) * POPULAR.get(version.procedure.procedure, 1) / kinds[kind]
        wanted = max(1, round(cases * share / total))
        if version.procedure.lottery:
            number = _plan_rounds(world, version, wanted, number)
            continue
        opens = reception.of(version.procedure, world.now, "Asia/Tokyo").opens
        for _ in range(wanted):
            number += 1
            moment = world.now - timedelta(days=DAYS * world.random.random() ** 1.3, minutes=30)
            _tell(world, version, number, max(moment, opens) if opens else moment)
    return number


def _plan_rounds(world: World, version: Version, wanted: int, number: int) -> int:
    """Half of them in the round that was drawn, the rest in the one that is frozen and the one that is open."""
    first = world.now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    frozen_month = (first - timedelta(days=1)).replace(day=1)
    drawn_month = (frozen_month - timedelta(days=1)).replace(day=1)
    for month, share, published in ((drawn_month, 0.5, True), (frozen_month, 0.3, False)):
        old = Round(world, earlier_version(world, version, month), month, published)
        for _ in range(round(wanted * share)):
            number += 1
            moment = month + timedelta(days=13.5 * world.random.random(), hours=2)
            old.stories.append(_tell(world, old.version, number, moment))
        old.plan()
    opens = reception.of(version.procedure, world.now, "Asia/Tokyo").opens or world.now - timedelta(days=14)
    for _ in range(wanted - round(wanted * 0.5) - round(wanted * 0.3)):
        number += 1
        _tell(world, version, number, opens + (world.now - opens) * world.random.random())
    return number


def _tell(world: World, version: Version, number: int, moment: datetime) -> Story:
    who = people.applicant(world.random, number)
    story = Story(world, version, who, lying=world.random.random() < LYING)
    world.plan(moment, story.file)
    return story


def _current(world: World) -> list[Version]:
    """The procedures that take applications now, in a fixed order; without those that ask for files on their pages."""
    found = []
    for organisation in sorted(world.clerks):
        with world.ctx.database.reading(organisation) as session:
            ids = session.scalars(
                sa.select(Publication.procedure_id).distinct().order_by(Publication.procedure_id)
            )
            found += [versions.current(session, id) for id in ids.all()]
    return [
        one
        for one in found
        if reception.of(one.procedure, world.now, "Asia/Tokyo").open
        and not pages.takes_files(one.procedure.fields())
    ]


def _perform(ctx: Context, documents: int) -> tuple[int, int]:
    """Send the mails and issue the newest documents, each as of its time; the worker issues the others."""
    issued = 0
    for row in _waiting(ctx, "issue_document")[-documents:] if documents else ():
        with clock.at(row.created_at + timedelta(minutes=1)):
            issued += jobs.perform(ctx, row.id)
    mails = _waiting(ctx, "mail")
    send = effects()["mail"]
    for organisation in {row.organisation_id for row in mails if row.organisation_id}:
        own = [row for row in mails if row.organisation_id == organisation]
        with ctx.database.reading(organisation) as session:
            for row in own:
                with clock.at(row.created_at + timedelta(minutes=1)):
                    send.work(session, ctx, Claim(row.id, organisation, row.entity, "mail", row.payload))
        with ctx.database.writing(organisation) as session:
            for row in own:
                outbox.finish(session, row.id)
    return len(mails), issued


def _waiting(ctx: Context, effect: str) -> list[OutboxMessage]:
    with ctx.database.reading(EVERYONE) as session:
        query = sa.select(OutboxMessage).where(
            OutboxMessage.done_at.is_(None), OutboxMessage.effect == effect
        )
        return list(session.scalars(query.order_by(OutboxMessage.id)))
