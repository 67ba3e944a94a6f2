"""Long lists, a page at a time: counted from 1, never none, and whoever asks for one too far gets the last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of how many is shown."""

    number: int
    last: int
    size: int
    """How many items a full page has."""

    @property
    def first(self) -> int:
        """The place of the page's first item in the whole list, from 0."""
        return (self.number - 1) * self.size

    def of(self, items: Sequence[T]) -> Sequence[T]:
        """Those of all `items` that are on the page."""
        return items[self.first : self.first + self.size]


def turned(to: int, total: int, size: int) -> Paging:
    """Page `to` of a list of `total` items, or the nearest page that there is."""
    last = max(1, -(-total // size))
    return Paging(min(max(1, to), last), last, size)
