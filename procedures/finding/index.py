"""The current listings in memory, ready to be searched: one way for both databases, rebuilt when publications change.

What is kept for 28,000 procedures in six languages is some dozens of megabytes: four long texts, a number for each
listing and a set of them (the bits of one integer) for each tag.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any, Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.database import Everyone, Prepared
from procedures.finding import spelling
from procedures.finding.called import names
from procedures.finding.columns import Column
from procedures.finding.romaji import sound_about
from procedures.models import Listing, Publication

COMMON: Final = 2_000
"""A word that stands in more titles than this is not looked for in summaries."""
TITLE, BEGINS, IN_TITLE, WORD, IN_WORDS, SOUNDS, IN_SUMMARY, TAGGED = range(8)
"""Where a word was found, the best place first."""
Ranks = dict[int, int]
"""By listing (its number in the index), how well it fits; smaller is better."""


@dataclass(frozen=True)
class Needle:
    """A folded word and how it sounds; `rank` is added where it was guessed and not typed.

    `tags` are those that it names together with the other words that were typed.
    """

    word: str
    sound: str | None = None
    rank: int = 0
    tags: frozenset[str] = frozenset()

    @cached_property
    def written(self) -> str:
        """What to look for: Latin words from their beginning, others anywhere."""
        return f" {self.word}" if self.word.isascii() else self.word

    @cached_property
    def named(self) -> frozenset[str]:
        """The tags that the word names."""
        return self.tags | names().of(self.word, self.sound)


class Index:
    """The listings of a moment, numbered in the order of lists: by organisation, department and title."""

    def __init__(self, rows: Iterable[Any]) -> None:
        ordered = sorted(rows, key=lambda row: (row.organisation_id, row.department, row.sorted_by))
        self.ids = array("q", (row.id for row in ordered))
        self.lengths = array("I", (len(row.sorted_by) for row in ordered))
        self.titles = Column([row.titles for row in ordered])
        self.words = Column([row.words for row in ordered])
        self.summaries = Column([row.summaries for row in ordered])
        self.sounds = Column([row.sounds for row in ordered])
        self.tags = _sets([f"of:{row.organisation_id} {row.tags}" for row in ordered])
        self.terms: Mapping[str, int] = Counter(" ".join([row.terms for row in ordered]).split())
        self.shown: dict[tuple[str, int], Any] = {}
        """What lists have shown of these listings lately, by language and id; a new index begins without."""

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def everything(self) -> int:
        """The set of all listings."""
        return (1 << len(self)) - 1

    @cached_property
    def spoken(self) -> Mapping[str, int]:
        """How words of the listings sound, with how often that matters: not at all."""
        return dict.fromkeys(self.sounds.words(), 1)

    def tagged(self, tag: str) -> int:
        """The set of listings with `tag`."""
        return self.tags.get(tag, 0)

    def _tagged(self, needle: Needle) -> int:
        members = 0
        for tag in needle.named:
            members |= self.tagged(tag)
        return members

    def ranks(self, needle: Needle) -> Ranks:
        """The listings that hold the word somewhere."""
        word, found = needle.written, Ranks()
        self._mark(found, self.titles.holding(f"\n {needle.word}\n"), TITLE + needle.rank)
        self._mark(found, self.titles.holding(f"\n {needle.word}"), BEGINS + needle.rank)
        self._mark(found, self.titles.holding(word), IN_TITLE + needle.rank)
        if len(found) > COMMON:
            return found
        self._mark(found, self.words.holding(f"\n {needle.word}\n"), WORD + needle.rank)
        self._mark(found, self.words.holding(word), IN_WORDS + needle.rank)
        if needle.sound:
            self._mark(found, self.sounds.holding(f" {needle.sound}"), SOUNDS + needle.rank)
        self._mark(found, self.summaries.holding(word), IN_SUMMARY + needle.rank)
        self._mark(found, numbers_of(self._tagged(needle)), TAGGED + needle.rank)
        return found

    @staticmethod
    def _mark(found: Ranks, listings: Iterable[int], rank: int) -> None:
        for listing in listings:
            found.setdefault(listing, rank)

    def common(self, needle: Needle) -> bool:
        """Whether the word stands in very many titles."""
        return sum(1 for _ in self.titles.holding(needle.written, COMMON + 1)) > COMMON

    def rank(self, listing: int, needle: Needle) -> int | None:
        """How well one listing fits the word."""
        places = (
            (self.titles, f"\n {needle.word}", BEGINS),
            (self.titles, needle.written, IN_TITLE),
            (self.words, f"\n {needle.word}\n", WORD),
            (self.words, needle.written, IN_WORDS),
            (self.sounds, f" {needle.sound}", SOUNDS),
            (self.summaries, needle.written, IN_SUMMARY),
        )
        tagged = TAGGED if needle.named and self._tagged(needle) >> listing & 1 else None
        found = next((rank for column, text, rank in places if column.holds(listing, text)), tagged)
        return None if found is None else found + needle.rank

    def knows(self, word: str) -> bool:
        """Whether listings or the names of tags hold it as a word of theirs."""
        return word in self.terms or word in names().terms

    def meant(self, needle: Needle) -> list[str]:
        """The words that somebody may have meant who typed one that there is not."""
        return spelling.nearest(needle.word, self.terms, names().terms)

    def sounding_like(self, needle: Needle) -> list[str]:
        """The sounds that are near to this one; letters that cannot be read have one mistake already."""
        heard = needle.sound or sound_about(needle.word)
        return spelling.nearest(heard, self.spoken, names().spoken, most=None if needle.sound else 1)


def _sets(tags: list[str]) -> dict[str, int]:
    members: dict[str, list[int]] = {}
    for number, text in enumerate(tags):
        for tag in text.split():
            members.setdefault(tag, []).append(number)
    return {tag: set_of(numbers, len(tags)) for tag, numbers in members.items()}


def numbers_of(members: int) -> list[int]:
    """The listings of a set, in order."""
    bits = members.to_bytes((members.bit_length() + 7) // 8, "little")
    return [place * 8 + bit for place, byte in enumerate(bits) if byte for bit in range(8) if byte >> bit & 1]


def set_of(numbers: Iterable[int], size: int) -> int:
    """A set of listings as the bits of an integer."""
    bits = bytearray(size // 8 + 1)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(bits, "little")


@dataclass(frozen=True)
class _Kept:
    """An index with the newest publication it knows and the moments between which it counts."""

    index: Index
    newest: int
    since: datetime
    until: datetime | None

    def counts(self, newest: int, now: datetime) -> bool:
        return newest == self.newest and self.since <= now and (self.until is None or now < self.until)


_NEWEST: Final = Prepared(sa.select(sa.func.max(Publication.id)))
_kept: WeakKeyDictionary[Any, dict[str, _Kept]] = WeakKeyDictionary()
_building = Lock()


def index_of(session: Session) -> Index:
    """The index of what the session may see, made anew where something was published since."""
    scope = session.info.get("scope")
    name = "*" if isinstance(scope, Everyone) else str(scope)
    newest: int = _NEWEST.run(session).scalar() or 0
    now = clock.now()
    own = _kept.setdefault(session.get_bind(), {})
    kept = own.get(name)
    if kept is None or not kept.counts(newest, now):
        with _building:
            kept = own.get(name)
            if kept is None or not kept.counts(newest, now):
                kept = own[name] = _built(session, newest, now)
    return kept.index


def _built(session: Session, newest: int, now: datetime) -> _Kept:
    until = session.scalar(
        sa.select(sa.func.min(Publication.effective_at)).where(Publication.effective_at > now)
    )
    columns = (Listing.id, Listing.organisation_id, Listing.department, Listing.tags, Listing.titles, Listing.words,
               Listing.summaries, Listing.sounds, Listing.terms, Listing.sorted_by)  # fmt: skip
    rows = session.execute(sa.select(*columns).where(current(now))).all()
    return _Kept(Index(rows), newest, now, until)


def current(now: datetime) -> sa.ColumnElement[bool]:
    """The condition on `Listing` that its version is the one that counts at `now`."""
    place = sa.func.row_number().over(
        partition_by=(Publication.organisation_id, Publication.procedure_id),
        order_by=(Publication.effective_at.desc(), Publication.id.desc()),
    )
    ranked = (
        sa.select(Publication.organisation_id, Publication.digest, place.label("place"))
        .where(Publication.effective_at <= now)
        .subquery()
    )
    return sa.tuple_(Listing.organisation_id, Listing.digest).in_(
        sa.select(ranked.c.organisation_id, ranked.c.digest).where(ranked.c.place == 1)
    )
