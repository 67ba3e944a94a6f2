"""Earlier rounds of a lottery: one drawn and published, one frozen and waiting for its witnesses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications.models import Application
from core import clock
from lotteries import ceremony, entries, publication, rounds
from lotteries.models import Entry, Placement, PromotionReason
from procedures import loader, versions
from procedures.models import ProcedureVersion
from procedures.versions import Version
from web import ceremony as edge
from web.samples.stories import Story
from web.samples.world import Later, World
from workflows import cases

TOKYO = ZoneInfo("Asia/Tokyo")
OPEN_DAYS = 14
WAITING = 2
"""A short waiting list, so that some are not drawn."""


@dataclass
class Round:
    """One earlier round: opened on the first of its month, closed two weeks later."""

    world: World
    version: Version
    opens: datetime
    published: bool
    """Whether its draw is held; else it stays frozen."""
    stories: list[Story] = field(default_factory=list)

    @property
    def draw_id(self) -> str:
        """The id of its draw."""
        with self.world.ctx.database.reading(self.version.organisation_id) as session:
            return rounds.ensure(session, self.version).id

    def plan(self) -> None:
        """Put the ceremony into the order of time."""
        closed = self.opens + timedelta(days=OPEN_DAYS, hours=25)
        self.world.plan(closed + timedelta(days=1), self.freeze)

    def freeze(self) -> Iterator[Later]:
        """Close the pool; second entries of a household are left out."""
        ctx, draw_id = self.world.ctx, self.draw_id
        with ctx.database.writing(self.version.organisation_id) as session:
            for entry in entries.duplicates(session, draw_id):
                entries.settle(session, draw_id, entry.number, keep=False, actor="command")
            ceremony.freeze(session, ctx, draw_id, "command")
        if self.published:
            yield clock.now() + timedelta(hours=20), self.commit
        else:
            yield clock.now() + timedelta(hours=20), lambda: self.register(2)

    def register(self, most: int) -> None:
        """The first `most` witnesses hand in their commitments."""
        ctx, draw_id = self.world.ctx, self.draw_id
        with ctx.database.writing(self.version.organisation_id) as session:
            for one in publication.witnesses_of(session, rounds.get(session, draw_id))[:most]:
                sealed = edge.seal_value(ctx, draw_id, one.position, one.name)
                ceremony.register(session, draw_id, one.name, sealed, "command")

    def commit(self) -> Iterator[Later]:
        """All witnesses have committed; the commitment is published."""
        self.register(99)
        with self.world.ctx.database.writing(self.version.organisation_id) as session:
            ceremony.commit(session, self.draw_id, "command")
        yield clock.now() + timedelta(hours=6), self.reveal

    def reveal(self) -> Iterator[Later]:
        """The witnesses open their values; an officer draws, a second one confirms and publishes."""
        ctx, draw_id = self.world.ctx, self.draw_id
        officers = self.world.clerks[self.version.organisation_id]
        with ctx.database.writing(self.version.organisation_id) as session:
            for one in publication.witnesses_of(session, rounds.get(session, draw_id)):
                ceremony.reveal(
                    session, draw_id, one.name, edge.sealed_value(ctx, draw_id, one.position), "command"
                )
            ceremony.draw(session, ctx, draw_id, officers["lottery"])
        with ctx.database.writing(self.version.organisation_id) as session:
            ceremony.confirm(session, ctx, draw_id, officers["lottery2"])
            ceremony.publish(session, ctx, draw_id, officers["lottery2"])
        edge.tell_cases(ctx, draw_id)
        yield clock.now() + timedelta(days=9), self.promote
        for story in self.stories:
            yield from story.goes_on()

    def promote(self) -> Iterator[Later]:
        """A winner's seat that became free goes to the next on the waiting list."""
        ctx, draw_id = self.world.ctx, self.draw_id
        officer = self.world.clerks[self.version.organisation_id]["lottery"]
        with ctx.database.writing(self.version.organisation_id) as session:
            number, outcome = self._free_seat(session, draw_id)
            reason: PromotionReason = "ineligible" if outcome == "refused" else "declined"
            promotion = edge.promote(session, ctx, draw_id, number, reason, officer)
            promoted = entries.by_number(session, draw_id, promotion.promoted) if promotion else None
        for story in self.stories:
            if promoted and story.id == promoted.application_id:
                yield from story.goes_on()

    def _free_seat(self, session: Session, draw_id: str) -> tuple[str, str]:
        """The number and outcome of a winner who is out; where there is none, one withdraws."""
        winners = list(
            session.execute(
                sa.select(Placement.number, Application.id, Application.outcome)
                .join(Entry, Entry.id == Placement.entry_id)
                .join(Application, Application.id == Entry.application_id)
                .where(Placement.draw_id == draw_id, Placement.result == "won")
                .order_by(Placement.number)
            )
        )
        for number, _, outcome in winners:
            if outcome in ("withdrawn", "refused"):
                return number, outcome
        number, id = next((number, id) for number, id, outcome in winners if outcome is None)
        cases.withdraw(session, self.world.ctx, id)
        return number, "withdrawn"


def earlier_version(world: World, current: Version, opens: datetime) -> Version:
    """The procedure as it was published for an earlier round that opened at `opens`."""
    closes = (opens + timedelta(days=OPEN_DAYS)).astimezone(TOKYO)
    begins = opens.astimezone(TOKYO)
    with world.ctx.database.writing(current.organisation_id) as session:
        source = session.scalars(
            sa.select(ProcedureVersion.source).where(ProcedureVersion.digest == current.digest)
        ).one()
        text = re.sub(
            r"(?m)^reception:\n(?: .*\n)+",
            f"reception:\n  opens: {begins:%Y-%m-%dT%H:%M}\n  closes: {closes:%Y-%m-%dT%H:%M}\n",
            source,
        )
        text = re.sub(r"(?m)^  round: .*$", f'  round: "{begins:%Y-%m}"', text)
        text = re.sub(r"(?m)^  waiting: .*$", f"  waiting: {WAITING}", text)
        digest = versions.publish(session, loader.load(text), "command", opens - timedelta(days=5))
        return versions.get(session, digest)
