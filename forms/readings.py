"""Readings of names: every way to type them as katakana, romaji too, for those whose keyboard has no kana."""

import unicodedata
from typing import Final

import jaconv
import regex

LATIN: Final = regex.compile(r"[' .,-]*+\p{Latin}[\p{Latin}' .,-]*")
"""Signs first, then letters: whatever length it has, a text is gone through once."""
APOSTROPHES: Final = str.maketrans("’‘ʼ", "'''")
"""Phones put a curved one in place of the one that is typed."""
LONGEST: Final = 1_000
"""Characters of romaji that are read: no answer in kana is as long."""
_SYLLABLE: Final = regex.compile(
    r"(?P<doubled>k(?=k)|s(?=s)|p(?=p)|t(?=t|ch)|c(?=ch))"
    r"|(?P<n>n['-]|n(?![aiueoy])|m(?=[bmp]))"
    r"|(?P<plain>[kgnhbpmr]y[auo]|[stz]y[auo]|jy?[auo]|ji|je|(?:sh|ch)[aiueo]|tsu|fu|w[ao]|y[auo]"
    r"|[kstnhmrgzbp]?[aiueo]|d[aeo])"
)
_LONG: Final = {"āâ": "aa", "īî": "ii", "ūû": "uu", "ēê": "ee", "ōô": "ou"}
_LONG_VOWELS: Final = str.maketrans({sign: twice for signs, twice in _LONG.items() for sign in signs})
_LONG_O_FIRST: Final = regex.compile(r"\b(?:[ōô]|oh(?![aiueoy]))")
_LONG_O: Final = regex.compile(r"oh(?![aiueoy])")


def folded(text: str) -> str:
    """Latin letters in half width, with one kind of apostrophe, accents on their letters."""
    return unicodedata.normalize("NFKC", text).translate(APOSTROPHES)


def is_latin(text: str) -> bool:
    """Whether `text` is written in Latin letters."""
    return LATIN.fullmatch(folded(text)) is not None


def katakana(text: str) -> str:
    """Hiragana, half-width kana, kana with their marks apart and romaji as full-width katakana; others as they are."""
    if is_latin(text):
        return katakana_of_romaji(text) or text
    return str(jaconv.hira2kata(jaconv.h2z(unicodedata.normalize("NFC", text))))


def katakana_of_romaji(text: str) -> str | None:
    """Romaji (Hepburn, as in passports too, or Kunrei) as katakana; None where `text` is not plainly such.

    A long o is オオ at the start of a word (大野 Ōno) and オウ elsewhere (佐藤 Satō), as most names have it. Sounds
    that Japanese words have not (``tra``, ``va``, ``ti`` as ティ) are left to those who know them.
    """
    if len(text) > LONGEST:
        return None
    spelt = _LONG_O_FIRST.sub("oo", folded(text).casefold())
    spelt = _LONG_O.sub("ou", spelt).translate(_LONG_VOWELS)
    words = [_word(word) for word in spelt.split()]
    return " ".join(word for word in words if word) if words and all(words) else None


def _word(spelt: str) -> str | None:
    kana, at = [], 0
    while at < len(spelt):
        found = _SYLLABLE.match(spelt, at)
        if found is None or (at == 0 and found.lastgroup != "plain"):
            return None
        kana.append(_KANA.get(found.lastgroup or "") or str(jaconv.alphabet2kata(found[0])))
        at = found.end()
    return "".join(kana)


_KANA: Final = {"doubled": "ッ", "n": "ン"}
