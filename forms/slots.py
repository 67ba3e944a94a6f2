"""Dated places that people book: what one is, and how many of them are taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True, slots=True)
class Slot:
    """A time of a day of which `capacity` applications may have a place."""

    resource: str
    """What is booked; one that begins with a dot is the procedure's own."""
    day: date
    time: str
    """``HH:MM`` on the clocks of the organisation."""
    capacity: int = 1

    @property
    def moment(self) -> "Moment":
        """What names it, whatever its capacity."""
        return self.resource, self.day, self.time


Moment = tuple[str, date, str]
"""Resource, day and time."""
Booked = Mapping[Moment, int]
"""How many places others have taken. What is missing has none taken."""
