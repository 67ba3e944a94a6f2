"""Languages nobody speaks, made of English while it is shown, to try out pages before their languages exist.

``en-XA`` has accents and is lengthened: what is clipped, and what never reached a catalogue, shows. ``ar-XB`` reads
from right to left. The tags are those of CLDR's pseudo-locales.
"""

import re
from functools import lru_cache
from typing import Final

from translations.languages import PSEUDO

ACCENTS: Final = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž",
)
KEPT: Final = re.compile(r"%\(\w+\)[a-z]|%%|\{[a-z0-9_]+\}|https?://\S+|[¥]?\d[\d:.,/-]*|\s+")
"""What is filled in, addresses, numbers and blanks stay as they are."""
FILLING: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
LONGER: Final = 0.4
EMBED, END, MARK = "\u202e", "\u202c", "\u200f"


@lru_cache(maxsize=8192)
def disguised(text: str, language: str) -> str:
    """English `text` as a reader of the pseudo language would see it; in any other language unchanged."""
    if language not in PSEUDO or not text:
        return text
    words = "".join(_word(part, language) for part in _parts(text))
    return words if PSEUDO[language].direction == "rtl" else f"[{words}{_filling(text)}]"


def _parts(text: str) -> list[str]:
    at, parts = 0, []
    for kept in KEPT.finditer(text):
        parts += [text[at : kept.start()], kept[0]]
        at = kept.end()
    return [*parts, text[at:]]


def _word(part: str, language: str) -> str:
    if not part or KEPT.fullmatch(part):
        return part
    if PSEUDO[language].direction == "rtl":
        return f"{MARK}{EMBED}{part}{END}{MARK}"
    return part.translate(ACCENTS)


def _filling(text: str) -> str:
    """Words that make it longer by two fifths, as German and Filipino are."""
    wanted, filling = round(len(text) * LONGER), ""
    for number in range(wanted):
        if len(filling) >= wanted:
            break
        filling += f" {FILLING[number % len(FILLING)]}"
    return filling
