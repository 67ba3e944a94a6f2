"""How kana and Latin letters sound, so that じゅうみんひょう, juminhyo, zyûminhyô and jūminhyō find each other.

Both are brought to one spelling: Hepburn without long vowels and without doubled consonants. Kunrei and the spellings
that input methods take (``si``, ``tya``, ``xtu``) are read too. What it drops (long vowels, っ) is what people write
differently most often; two words that differ only in it are taken for one.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_ROWS: Final = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ",
    "m": "まみむめも", "y": "や ゆ よ", "r": "らりるれろ", "w": "わゐ ゑを", "g": "がぎぐげご", "z": "ざじずぜぞ",
    "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ", "v": "  ゔ  ",
}  # fmt: skip
_SMALL: Final = {
    "ゃ": "a",
    "ゅ": "u",
    "ょ": "o",
    "ぁ": "a",
    "ぃ": "i",
    "ぅ": "u",
    "ぇ": "e",
    "ぉ": "o",
    "ゎ": "a",
}
_HEPBURN: Final = {
    "si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu", "dzu": "zu", "wo": "o",
    "wi": "i", "we": "e", "vu": "bu", "li": "ri", "la": "ra", "lu": "ru", "le": "re", "lo": "ro", "yi": "i", "ca": "ka",
    "cu": "ku", "co": "ko", "dji": "ji",
}  # fmt: skip
_GLIDES: Final = {
    "sy": "sh", "ty": "ch", "cy": "ch", "zy": "j", "jy": "j", "dy": "j", "shy": "sh", "chy": "ch", "tsy": "ch",
    "ly": "ry",
}  # fmt: skip
_SYLLABLE: Final = re.compile(
    r"(?P<glide>(?:sh|ch|ts|dj|[kgsztdcnhfbpmrljv])y)(?P<after>[auoe])"
    r"|(?P<head>dz|dj|sh|ch|ts|[kgsztdcnhfbpmyrwljv]|)(?P<vowel>[aiueo])"
    r"|(?P<n>n'?|m(?=[bpm]))"
)
_DOUBLED: Final = re.compile(r"([kgsztdcjhfbpmrl])(?=\1)|t(?=ch)")
_SMALL_TSU: Final = re.compile(r"[xl]ts?u")
_OH: Final = re.compile(r"oh(?![aiueoy])")
_LONG: Final = ((re.compile(r"ou|oo"), "o"), (re.compile(r"uu"), "u"), (re.compile(r"([aie])\1"), r"\1"))
_SYLLABIC_N: Final = "n'"


def _kana() -> dict[str, str]:
    table = {"ん": _SYLLABIC_N, "っ": "", "ー": ""}
    for head, row in _ROWS.items():
        for vowel, kana in zip("aiueo", row.ljust(5), strict=False):
            if kana.strip():
                table[kana] = head + vowel
    return {**table, "ふ": "fu"}


_KANA: Final = _kana()


@lru_cache(maxsize=8192)
def sound_of_kana(text: str) -> str:
    """How hiragana sound. Characters that are none are left out."""
    parts: list[str] = []
    for sign in text:
        vowel = _SMALL.get(sign)
        if vowel and parts and parts[-1][-1:] in "iueao" and parts[-1]:
            head = parts[-1][:-1]
            parts[-1] = (
                (f"{head}y{vowel}" if sign in "ゃゅょ" else f"{head}{vowel}") if head else parts[-1] + vowel
            )
        elif _KANA.get(sign):
            parts.append(_KANA[sign])
        elif vowel:
            parts.append(vowel)
    return sound_of_letters("".join(parts)) or ""


@lru_cache(maxsize=8192)
def sound_of_letters(text: str) -> str | None:
    """How Latin letters sound when they are read as Japanese; none where they cannot be."""
    return _sound_of(text, whole=True)


@lru_cache(maxsize=1024)
def sound_about(text: str) -> str:
    """How Latin letters sound that cannot all be read: those that cannot be stay as they are."""
    return _sound_of(text, whole=False) or ""


def _sound_of(text: str, whole: bool) -> str | None:
    plain = unicodedata.normalize("NFD", text.casefold()).replace("\u2019", "'")
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("-", "")
    plain = _SMALL_TSU.sub("", plain)
    plain = _OH.sub("o", _DOUBLED.sub("", plain))
    found, at = [], 0
    while at < len(plain):
        syllable = _SYLLABLE.match(plain, at)
        if syllable is not None and syllable.end() > at:
            found.append(_heard(syllable))
            at = syllable.end()
        elif whole:
            return None
        else:
            found.append(plain[at])
            at += 1
    heard = "".join(found)
    for long, short in _LONG:
        heard = long.sub(short, heard)
    return heard.replace("'", "")


def _heard(syllable: re.Match[str]) -> str:
    if syllable["n"]:
        return _SYLLABIC_N
    if syllable["glide"]:
        return _GLIDES.get(syllable["glide"], syllable["glide"]) + syllable["after"]
    spelt = syllable["head"] + syllable["vowel"]
    return _HEPBURN.get(spelt, spelt)
