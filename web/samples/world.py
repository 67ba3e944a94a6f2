"""Days gone by: what happens is put into one order of time, and each thing happens at its moment."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from accounts.models import Clerk
from core import clock
from core.context import Context

Later = tuple[datetime, "Happens"]
Happens = Callable[[], Iterable[Later] | None]
"""Something that happens; it answers what will follow from it, and when."""


@dataclass
class World:
    """Whom there is, and what is still to come."""

    ctx: Context
    random: Random
    now: datetime
    """Where the story ends: what would come later is still to come for the visitor."""
    clerks: dict[str, dict[str, Clerk]]
    """By organisation and role: ``reviewer``, ``chief``, ``lottery``, ``lottery2``."""
    _coming: list[tuple[datetime, int, Happens]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def plan(self, moment: datetime, happens: Happens) -> None:
        """Let it happen at `moment`, unless that lies in the future."""
        if moment < self.now:
            heapq.heappush(self._coming, (moment, next(self._order), happens))

    def run(self) -> None:
        """Let everything happen, in order."""
        while self._coming:
            moment, _, happens = heapq.heappop(self._coming)
            with clock.at(moment):
                for later in happens() or ():
                    self.plan(*later)

    def after(self, least: float, most: float) -> datetime:
        """A moment between `least` and `most` days from now on."""
        return clock.now() + timedelta(days=self.random.uniform(least, most))
