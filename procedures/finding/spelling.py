"""The word somebody meant who typed one that there is not."""

from collections.abc import Iterator, Mapping
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST: Final = 4
_SHORTEST_KANJI: Final = 3
_TWO_FROM: Final = 8
_KANJI: Final = ("一", "鿿")


def mistakes_in(word: str) -> int:
    """How many letters of `word` may be wrong, missing, too many or swapped."""
    if len(word) >= _TWO_FROM:
        return 2
    shortest = _SHORTEST_KANJI if any(_KANJI[0] <= sign <= _KANJI[1] for sign in word) else _SHORTEST
    return 1 if len(word) >= shortest else 0


def nearest(word: str, *known: Mapping[str, int], most: int | None = None) -> list[str]:
    """The words of all `known` that are as near to `word` as any, at most three; the most frequent ones first.

    They differ in at most `most` letters, and in no more than a word of this length may.
    """
    allowed = mistakes_in(word) if most is None else min(most, mistakes_in(word))
    if not allowed:
        return []
    found = [one for words in known for one in _near(word, words, allowed)]
    best = min((distance for _, distance, _ in found), default=0)
    near = {term: often for term, distance, often in reversed(found) if distance == best}
    return sorted(near, key=lambda term: (term[0] != word[0], -near[term], term))[:3]


def _near(word: str, known: Mapping[str, int], most: int) -> Iterator[tuple[str, float, int]]:
    """Words, how many letters differ, how often there are."""
    found = process.extract(
        word, known.keys(), scorer=OSA.distance, score_cutoff=most, limit=12, processor=None
    )
    return ((str(term), distance, known[term]) for term, distance, _ in found)
