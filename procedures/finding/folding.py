"""How texts are compared: width, case, hiragana or katakana, and readings above kanji make no difference."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from translations import furigana

_KATAKANA_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_BEYOND: Final = re.compile("[\U00010000-\U0010ffff]")
_TERM: Final = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff々〆\ue000-\uf8ff]+|[ァ-ヶー]+|[ぁ-ゖー]+|[a-z0-9\u00e0-\u024f]+|[가-힣]+"
)
KANA: Final = re.compile(r"[ぁ-ゖー]+")
_NOT_A_WORD: Final = re.compile(r"[\W_]+")
_APOSTROPHE: Final = re.compile("['’]")
_SAYING_NOTHING: Final = frozenset({
    "a", "am", "an", "and", "another", "are", "at", "be", "can", "do", "for", "from", "get", "getting", "have",
    "how", "i", "in", "is", "it", "like", "looking", "me", "my", "need", "of", "on", "or", "please", "the", "to",
    "want", "we", "where", "with", "would", "you", "your",
})  # fmt: skip
"""English words that are in every wish and name none."""


def fold(text: str) -> str:
    """`text` as it is compared. Folding twice changes nothing more.

    Characters beyond the first plane (rare kanji, emoji) are put into the private use area: one of them in a text
    would make Python keep all of it with four bytes a character instead of two.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_KATAKANA_TO_HIRAGANA)
    return _BEYOND.sub(_within, unicodedata.normalize("NFKC", folded))


def _within(beyond: re.Match[str]) -> str:
    return chr(0xE000 + ord(beyond[0]) % 0x1900)


def forms(text: str) -> tuple[str, ...]:
    """`text` folded; where it has readings above its kanji, also as it is read: 申請 and しんせい."""
    written = fold(furigana.strip(text))
    if "{" not in text:
        return (written,)
    return (written, fold(furigana.MARK.sub(r"\2", text)))


def spaced(folded: str) -> str:
    """`folded` without apostrophes, with one space in place of all else that is neither letter nor digit."""
    return _NOT_A_WORD.sub(" ", _APOSTROPHE.sub("", folded)).strip()


def telling(words: list[str]) -> list[str]:
    """The words that tell what is wanted, each once; all of them where none does."""
    return list(dict.fromkeys([word for word in words if word not in _SAYING_NOTHING] or words))


def terms(text: str) -> Iterator[str]:
    """The words of a text, folded; Japanese is cut where kanji, katakana, hiragana and letters meet."""
    plain = unicodedata.normalize("NFKC", furigana.strip(text)).casefold()
    return (fold(found) for found in _TERM.findall(_BEYOND.sub(_within, plain)))
