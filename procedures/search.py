"""Finding procedures in the catalogue, by the words people use and by what their life is about."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.paging import Paging, turned
from procedures.finding.called import names
from procedures.finding.folding import KANA, fold, spaced, telling, terms
from procedures.finding.index import Index, Needle, Ranks, current, index_of, numbers_of, set_of
from procedures.finding.romaji import sound_of_kana, sound_of_letters
from procedures.models import Listing
from translations.text import Phrase, Text

PAGE: Final = 20
_PARTICLES: Final = "のをがにへでとはも"
KEPT: Final = 5_000
"""So many lines of lists are kept in memory."""
MOST_WORDS: Final = 8
_MOST_LOOKS: Final = 20
"""So often all texts are looked through for one search."""
_GUESSED: Final = 8
"""Added to the rank of what was found by a word that was not typed so."""
_FEW: Final = 3_000
"""Up to so many listings, each is looked at for the next word; above, the columns are."""


@dataclass(frozen=True)
class Hit:
    """A procedure of the catalogue, in the reader's language."""

    organisation_id: str
    procedure_id: str
    department: str
    kind: str
    title: Phrase
    summary: Phrase
    minutes: int
    fee: int | None
    """In yen where it is the same for everybody; none where it follows from the answers."""
    processing_period: str | None
    languages: tuple[str, ...]
    """Those in which all of it can be read."""

    @property
    def has_fee(self) -> bool:
        """Whether some applicants pay."""
        return self.fee != 0


@dataclass(frozen=True)
class Found:
    """One page of what was found, how the words were understood, and how many there are of what."""

    hits: list[Hit]
    total: int
    paging: Paging
    corrected: dict[str, str] = field(default_factory=dict)
    """What was looked for in place of words that there are not."""
    left_out: tuple[str, ...] = ()
    """Words for which there was nothing at all; the rest was looked for without them."""
    alone: dict[str, int] = field(default_factory=dict)
    """Where nothing holds all of several words: how many procedures hold each of them."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """By tag (``event:moving``), how many of all that was found have it."""
    partly: bool = False
    """Whether nothing holds all of three words or more, so that what holds most of them is shown."""


def find(
    session: Session,
    language: str,
    words: str = "",
    organisation: str | None = None,
    tags: Collection[str] = (),
    page: int = 1,
) -> Found:
    """The current procedures with every one of `tags` that hold every one of `words`, the best first.

    A word that there is nowhere is taken for the one that is nearest to it; without one it is left out.
    """
    index = index_of(session)
    allowed = index.tagged(f"of:{organisation}") if organisation else index.everything
    for tag in tags:
        allowed &= index.tagged(tag)
    wanted = _needles(telling(spaced(fold(words)).split())[:MOST_WORDS])
    search = _Search(index, allowed)
    found, members = (search.ranked(wanted), search.members) if wanted else (numbers_of(allowed), allowed)
    paging = turned(page, len(found), PAGE)
    shown = [index.ids[listing] for listing in paging.of(found)]
    counts = {tag: (mask & members).bit_count() for tag, mask in index.tags.items()}
    alone = {} if found or len(wanted) < 2 else search.alone(wanted)
    return Found(
        _hits(session, index, language, shown),
        len(found),
        paging,
        search.corrected,
        tuple(search.left_out),
        alone,
        counts,
        search.partly,
    )


def titles(session: Session, language: str, procedure_ids: Iterable[str]) -> list[tuple[str, Phrase]]:
    """The titles of these procedures of the session's organisation, as they are now, in order."""
    rows = session.execute(
        sa.select(Listing.procedure_id, Listing.title)
        .where(current(clock.now()), Listing.procedure_id.in_(list(procedure_ids)))
        .order_by(Listing.sorted_by)
    )
    return [(name, Text(title).phrase(language)) for name, title in rows]


def _needles(words: list[str]) -> list[Needle]:
    """What to look for; a word that is part of a tag's name stands for the tag where all of the name was typed."""
    phrases = names().of_phrases(words)
    return [Needle(word, _sound(word), tags=phrases.get(word, frozenset())) for word in words]


def _sound(word: str) -> str | None:
    """How a word sounds that is written in kana or may be romaji."""
    if KANA.fullmatch(word):
        return sound_of_kana(word)
    return sound_of_letters(word) if word.isalpha() and len(word) > 2 else None


class _Search:
    """Looks for words one after the other, each among what the ones before have left."""

    def __init__(self, index: Index, allowed: int) -> None:
        self._index = index
        self._allowed = allowed.to_bytes(len(index) // 8 + 1, "little")
        self.corrected: dict[str, str] = {}
        self.left_out: list[str] = []
        self.members = 0
        self.partly = False
        self._looks = 0

    def ranked(self, wanted: list[Needle]) -> list[int]:
        """The listings that hold all words, the best first."""
        found: Ranks | None = None
        for needle in self._rare_first(wanted):
            found = self._narrowed(found, needle)
        lengths = self._index.lengths
        ranks = {listing: rank for listing, rank in (found or {}).items() if self._may(listing)}
        if not ranks and len(wanted) > 2:
            ranks = self._most(wanted)
            self.partly = bool(ranks)
        self.members = set_of(ranks, len(self._index))
        return sorted(ranks, key=lambda listing: (ranks[listing], lengths[listing], listing))

    def _most(self, wanted: list[Needle]) -> Ranks:
        """The listings that hold the most of the words, two at least."""
        held: Counter[int] = Counter()
        ranks: Counter[int] = Counter()
        for needle in wanted:
            for listing, rank in self._index.ranks(needle).items():
                if self._may(listing):
                    held[listing] += 1
                    ranks[listing] += rank
        most = max(held.values(), default=0)
        return {listing: ranks[listing] for listing, count in held.items() if count == most > 1}

    def alone(self, wanted: list[Needle]) -> dict[str, int]:
        """How many listings hold each word, as it was typed."""
        return {needle.word: sum(map(self._may, self._index.ranks(needle))) for needle in wanted}

    def _rare_first(self, wanted: list[Needle]) -> list[Needle]:
        if len(wanted) == 1:
            return wanted
        return sorted(wanted, key=lambda needle: (self._index.common(needle), -len(needle.word)))

    def _may(self, listing: int) -> bool:
        return bool(self._allowed[listing >> 3] >> (listing & 7) & 1)

    def _narrowed(self, found: Ranks | None, needle: Needle) -> Ranks | None:
        if found is not None and len(found) <= _FEW:
            ranks = {
                listing: rank for listing in found if (rank := self._index.rank(listing, needle)) is not None
            }
            if ranks:
                return {listing: found[listing] + rank for listing, rank in ranks.items()}
        every = self._look(needle) or self._guessed(needle)
        if not every:
            self.left_out.append(needle.word)
            return found
        if found is None:
            return every
        return {listing: found[listing] + rank for listing, rank in every.items() if listing in found}

    def _look(self, needle: Needle) -> Ranks:
        """What holds the word; nothing more once too much was looked for, so that nobody keeps the server busy."""
        self._looks += 1
        return self._index.ranks(needle) if self._looks <= _MOST_LOOKS else {}

    def _guessed(self, needle: Needle) -> Ranks:
        """What holds the word that was probably meant; else the parts of a word that was written in one."""
        for guess in self._guesses(needle):
            ranks = self._look(guess)
            if ranks:
                self.corrected[needle.word] = guess.word
                return ranks
        return self._by_parts(needle)

    def _guesses(self, needle: Needle) -> Iterable[Needle]:
        yield from (Needle(word, rank=_GUESSED) for word in self._index.meant(needle))
        yield from (Needle(sound, sound, _GUESSED) for sound in self._index.sounding_like(needle))

    def _by_parts(self, needle: Needle) -> Ranks:
        """What holds every known part of a word like 住民表の写し, each part mended where there is no such."""
        found: Ranks | None = None
        kept: list[tuple[int, str]] = []
        for part in self._parts(needle.word):
            guess, ranks = self._part(part, found, part == needle.word or not KANA.fullmatch(part))
            if guess:
                found = ranks
                kept.append((needle.word.find(part), guess))
        if kept:
            self.corrected[needle.word] = " ".join(guess for _, guess in sorted(kept))
        return found or {}

    def _parts(self, word: str) -> Iterator[str]:
        """The word cut where its script changes, and where the longest words end that there are."""
        rest = word
        for phrase in names().within(word):
            yield phrase
            rest = rest.replace(phrase, " ")
        for run in terms(rest):
            at = 0
            while at < len(run) - 1:
                ends = range(len(run) - (at == 0 and run == word), at + 1, -1)
                end = next((end for end in ends if self._index.knows(run[at:end])), None)
                if end is None or self._cuts(run, end):
                    yield run[at:]
                    break
                yield run[at:end]
                at = end

    def _cuts(self, run: str, end: int) -> bool:
        """Whether ending there cuts a word in kana in two: the rest is neither a word nor begins with a particle."""
        rest = run[end:]
        return bool(
            rest and KANA.fullmatch(run) and rest[0] not in _PARTICLES and not self._index.knows(rest)
        )

    def _part(self, part: str, found: Ranks | None, guessing: bool) -> tuple[str, Ranks]:
        """The first of a part and, if `guessing`, of words that may have been meant by it which leaves some of `found`.

        Kana between kanji are mostly endings of verbs; nothing is guessed from them.
        """
        for word in (part, *(self._index.meant(Needle(part)) if guessing else ())):
            ranks = self._look(Needle(word, rank=_GUESSED))
            if found is not None:
                ranks = {one: found[one] + rank for one, rank in ranks.items() if one in found}
            if ranks:
                return word, ranks
        return "", {}


def _hits(session: Session, index: Index, language: str, ids: list[int]) -> list[Hit]:
    """What a list shows of `ids`; what it showed before is kept, because a published version does not change."""
    known = {id: hit for id in ids if (hit := index.shown.get((language, id)))}
    missing = [id for id in ids if id not in known]
    if missing:
        known.update(_read(session, language, missing))
        if len(index.shown) > KEPT:
            index.shown.clear()
        index.shown.update({(language, id): known[id] for id in missing if id in known})
    scope = session.info.get("scope")
    hits = [known[id] for id in ids if id in known]
    return [hit for hit in hits if not isinstance(scope, str) or hit.organisation_id == scope]


def _read(session: Session, language: str, ids: list[int]) -> Iterator[tuple[int, Hit]]:
    rows = session.execute(
        sa.select(
            Listing.id, Listing.organisation_id, Listing.procedure_id, Listing.department, Listing.kind,
            Listing.title, Listing.summary, Listing.minutes, Listing.fee, Listing.processing_period,
            Listing.languages,
        ).where(Listing.id.in_(ids))
    )  # fmt: skip
    for row in rows:
        yield (
            row.id,
            Hit(
                row.organisation_id,
                row.procedure_id,
                row.department,
                row.kind,
                Text(row.title).phrase(language),
                Text(row.summary).phrase(language),
                row.minutes,
                row.fee,
                row.processing_period,
                tuple(row.languages),
            ),
        )
