"""One searched column of all listings, joined into one text."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate


class Column:
    """The texts of all listings in one string: looking through it is one call for each hit, not one for each listing.

    A listing's text is some lines, each beginning with a space; line breaks stand around it.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._starts = array("I", accumulate((len(text) + 2 for text in texts), initial=0))
        self._text = "\n" + "\n\n".join(texts) + "\n"

    def holding(self, needle: str, most: int | None = None) -> Iterator[int]:
        """The listings that hold `needle`, in order; after `most` of them no further ones."""
        text, starts, at = self._text, self._starts, self._text.find(needle)
        found = 0
        while at >= 0 and (most is None or found < most):
            listing = bisect_right(starts, at) - 1
            yield listing
            found += 1
            at = text.find(needle, starts[listing + 1])

    def holds(self, listing: int, needle: str) -> bool:
        """Whether this listing holds `needle`."""
        return self._text.find(needle, self._starts[listing], self._starts[listing + 1]) >= 0

    def words(self) -> set[str]:
        """Every word there is."""
        return set(self._text.split())
