"""Counts and means of ratings, for the public. The city's own aim: every service at 3 or above of 5."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from satisfaction.models import Rating

TARGET: Final = 3
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True)
class Summary:
    """The ratings of one procedure at one moment; `counts` by score from 1 to 5."""

    organisation_id: str
    procedure_id: str
    moment: str
    counts: tuple[int, int, int, int, int]

    @property
    def count(self) -> int:
        """How many people answered."""
        return sum(self.counts)

    @property
    def mean(self) -> Decimal:
        """Two places, rounded down: no mean is shown as reaching the target that does not."""
        return (Decimal(self._points) / self.count).quantize(_CENT, ROUND_FLOOR)

    @property
    def below(self) -> bool:
        """Whether the mean misses the target."""
        return self._points < TARGET * self.count

    @property
    def _points(self) -> int:
        return sum(score * count for score, count in enumerate(self.counts, 1))

    def as_json(self) -> dict[str, Any]:
        """The summary as open data."""
        return {
            "organisation": self.organisation_id,
            "procedure": self.procedure_id,
            "moment": self.moment,
            "count": self.count,
            "mean": str(self.mean),
            "below_target": self.below,
            "scores": {str(score): count for score, count in enumerate(self.counts, 1)},
        }


def summary(session: Session) -> list[Summary]:
    """Every procedure that was rated, in the session's scope, the least satisfying first."""
    rows = session.execute(
        sa.select(
            Rating.organisation_id, Rating.procedure_id, Rating.moment, Rating.score, sa.func.count(Rating.id)
        ).group_by(Rating.organisation_id, Rating.procedure_id, Rating.moment, Rating.score)
    )
    return sorted(_collect(rows), key=_order)


def _collect(rows: Iterable[sa.Row[str, str, str, int, int]]) -> list[Summary]:
    counts: dict[tuple[str, str, str], list[int]] = {}
    for organisation, procedure, moment, score, count in rows:
        counts.setdefault((organisation, procedure, moment), [0] * 5)[score - 1] = count
    return [Summary(*key, counts=(c[0], c[1], c[2], c[3], c[4])) for key, c in counts.items()]


def _order(each: Summary) -> tuple[Decimal, str, str, str]:
    return each.mean, each.organisation_id, each.procedure_id, each.moment
