"""When a procedure takes applications (受付期間)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from procedures.definition import Procedure


@dataclass(frozen=True)
class Reception:
    """The period in which applications are taken, as moments; none: no limit on that side."""

    now: datetime
    opens: datetime | None
    closes: datetime | None
    grace: timedelta

    @property
    def open(self) -> bool:
        """Whether somebody may start now."""
        return not self.early and not (self.closes and self.now > self.closes)

    @property
    def early(self) -> bool:
        """Whether it has not opened yet."""
        return self.opens is not None and self.now < self.opens

    @property
    def last(self) -> datetime | None:
        """Until when whoever started in time may still finish."""
        return self.closes + self.grace if self.closes else None

    @property
    def in_grace(self) -> bool:
        """Whether it has closed, but who started in time may still finish."""
        return self.closes is not None and self.closes < self.now <= self.closes + self.grace

    @property
    def over(self) -> bool:
        """Whether nobody can file any more."""
        return self.last is not None and self.now > self.last

    def may_file(self, started_at: datetime) -> bool:
        """Whether what was started then may be filed now: in time, or started in time and within the grace."""
        if self.early:
            return False
        if self.closes is None or self.now <= self.closes:
            return True
        return started_at <= self.closes and self.now <= self.closes + self.grace


def of(procedure: Procedure, now: datetime, zone: str) -> Reception:
    """The reception of `procedure` as it stands at `now`; times in the file are in the time zone `zone`."""
    written = procedure.reception
    return Reception(
        now, _local(written.opens, zone), _local(written.closes, zone), timedelta(hours=written.grace_hours)
    )


def _local(moment: datetime | None, zone: str) -> datetime | None:
    if moment is None or moment.tzinfo:
        return moment
    return moment.replace(tzinfo=ZoneInfo(zone))
