"""What the tags of listings are called: the names that pages show, in every language, and what else people say.

Nothing of this is kept with a listing: a word leads to tags, and a tag to its listings.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

import yaml

from core.errors import Message
from procedures.finding.columns import Column
from procedures.finding.folding import KANA, fold, forms, spaced, telling, terms
from procedures.finding.occasions import AUDIENCES, CIRCUMSTANCES, LIFE_EVENTS
from procedures.finding.romaji import sound_of_kana
from translations.languages import LANGUAGES
from translations.messages import translate

ALSO: Final = Path(__file__).with_name("also_called.yaml")
GROUPS: Final[Mapping[str, Mapping[str, Message]]] = {
    "event": LIFE_EVENTS,
    "who": CIRCUMSTANCES,
    "for": AUDIENCES,
}
"""The tags that people may mean by a word, as they begin."""
_ENOUGH: Final = 2
_ENOUGH_KANA: Final = 3
"""So many characters of a name say which one is meant; Latin words are typed whole."""


@dataclass(frozen=True)
class Names:
    """Words and phrases for tags, folded."""

    tags: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    """By tag: what says it in one word."""
    phrases: tuple[tuple[frozenset[str], str], ...]
    """What says a tag in several words, all of which must be typed."""

    @cached_property
    def _lines(self) -> Column:
        return Column(["\n".join(f" {word}" for word in words) for words in self.words])

    @cached_property
    def _sounds(self) -> Column:
        return Column(["\n".join(f" {sound}" for sound in _sounds(words)) for words in self.words])

    @cached_property
    def terms(self) -> Mapping[str, int]:
        """All of the words, which a misspelt one is compared with; the catalogue's own come first."""
        return dict.fromkeys((word for words in self.words for word in words if len(word) > 1), 0)

    @cached_property
    def spoken(self) -> Mapping[str, int]:
        """How they sound."""
        return dict.fromkeys(self._sounds.words(), 0)

    @cached_property
    def _mixed(self) -> list[str]:
        """Those that are cut where kanji and kana meet (亡くなった), the longest first."""
        mixed = (term for term in self.terms if len(list(terms(term))) > 1)
        return sorted(mixed, key=lambda term: (-len(term), term))

    def of(self, word: str, sound: str | None) -> frozenset[str]:
        """The tags that `word` is enough to name."""
        least = _ENOUGH_KANA if KANA.fullmatch(word) else _ENOUGH
        begun = not word.isascii() and len(word) >= least
        found = set(self._lines.holding(f"\n {word}" if begun else f"\n {word}\n"))
        if sound:
            found.update(self._sounds.holding(f"\n {sound}\n"))
        return frozenset(self.tags[number] for number in found)

    def of_phrases(self, typed: Collection[str]) -> Mapping[str, frozenset[str]]:
        """By word of `typed`: the tags with a name of several words, all of which were typed."""
        there, found = frozenset(typed), dict[str, frozenset[str]]()
        for phrase, tag in self.phrases:
            if phrase <= there:
                found.update({word: found.get(word, frozenset()) | {tag} for word in phrase})
        return found

    def within(self, text: str) -> Iterator[str]:
        """The words in kanji and kana that `text` holds, none inside another."""
        for term in self._mixed:
            if term in text:
                yield term
                text = text.replace(term, " ")


@lru_cache(maxsize=1)
def names() -> Names:
    """What tags are called, read once a process."""
    lines = {tag: list(dict.fromkeys(_said(shown, also))) for tag, shown, also in _tags()}
    alone = {tag: tuple(line for line in said if " " not in line) for tag, said in lines.items()}
    phrases = ((frozenset(telling(line.split())), tag) for tag, said in lines.items() for line in said)
    return Names(tuple(lines), tuple(alone.values()), tuple(one for one in phrases if len(one[0]) > 1))


def _tags() -> Iterator[tuple[str, Message, Iterable[str]]]:
    also = yaml.load(ALSO.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for group, members in GROUPS.items():
        for name, shown in members.items():
            tag = f"{group}:{name}"
            yield tag, shown, [word for words in also.get(tag, {}).values() for word in words]


def _said(shown: Message, also: Iterable[str]) -> Iterator[str]:
    for text in (*also, *(translate(shown, language) for language in LANGUAGES)):
        yield from (spaced(form) for form in forms(text))


def _sounds(words: Iterable[str]) -> list[str]:
    heard = (sound_of_kana(fold(word)) for word in words if KANA.fullmatch(word))
    return sorted({sound for sound in heard if len(sound) > _ENOUGH})
