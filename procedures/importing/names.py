"""Names of a foreign form as identifiers of ours: each unique, none a word of expressions."""

import keyword
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from procedures.expressions.compiler import CONSTANTS

LONGEST: Final = 40
"""Shorter than the language allows, so that a number still fits behind."""
RESERVED: Final = frozenset({"today", *CONSTANTS, *keyword.kwlist, *keyword.softkwlist})


def identifier(text: str) -> str:
    """`text` in lower-case letters, digits and underscores; empty where nothing of it can be written so."""
    latin = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", latin.replace("'", ""))
    joined = re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
    if joined and joined[0].isdigit():
        joined = f"q_{joined}"
    if len(joined) > LONGEST:
        joined = joined[:LONGEST].rsplit("_", 1)[0] if "_" in joined[:LONGEST] else joined[:LONGEST]
    return joined.strip("_")


def slug(text: str) -> str:
    """`text` as lower-case words joined by hyphens, or empty."""
    return identifier(text).replace("_", "-")


class Names:
    """Gives each name once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken) | RESERVED

    def give(self, *wishes: str, otherwise: str) -> str:
        """The first of `wishes` that is free as an identifier, else the first that is one, with a number."""
        found = [name for name in map(identifier, wishes) if name] or [otherwise]
        name = next((each for each in found if each not in self._taken), "")
        number = 2
        while not name:
            numbered = f"{found[0]}_{number}"
            name, number = ("" if numbered in self._taken else numbered), number + 1
        self._taken.add(name)
        return name


class Values:
    """Gives each value of an option once, in letters of any script, digits, `_` and `-`."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, value: str, label: str) -> str:
        """`value` as an option's value, or its label where nothing of it can be kept."""
        wish = _kept(value) or _kept(label) or "option"
        name, number = wish, 2
        while name in self._taken:
            name, number = f"{wish}_{number}", number + 1
        self._taken.add(name)
        return name


def _kept(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(sign if sign.isalpha() or sign.isdecimal() or sign in "_-" else "_" for sign in composed)
    return re.sub(r"__+", "_", kept).strip("_-")[:LONGEST].rstrip("_-")
