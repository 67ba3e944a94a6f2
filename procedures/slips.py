"""Slips that YAML notices late, or takes for something else: signs of its own in the middle of a text."""

import re
from typing import Final

from core.told import NOTHING, Told, tell
from translations.languages import LANGUAGES

_QUOTE: Final = tell("put the whole text into quotation marks")
_KEY_BEFORE: Final = re.compile(r":\s+[^:{\[,]*[^:{\[,\s]\s+([a-z_]+)$")
_PLACEHOLDER: Final = re.compile(r"[:-]\s+(\{[a-z_.]+\}|\[[^\[\]:]*\])$")
_GLUED: Final = re.compile(r"([a-z_]+):(?!//)(\S.*)")

Said = tuple[Told, Told]
"""What is wrong, and what to do."""


def in_text(line: str, column: int) -> Said | None:
    """What `line` has in a text where libyaml stopped (`column` from 0): a `{…}`, a `[…]` or a `:`; none: nothing."""
    before, sign = line[:column].rstrip(), line[column : column + 1]
    if sign in ("{", "[") and before and before[-1] not in ",{[:}]\"'":
        part = re.match(r"\{[^{}]*\}|\[[^\[\]]*\]|.", line[column:])
        return _part(part[0] if part else sign)
    if sign == ":" and line[column + 1 : column + 2] in (" ", ""):
        return _colon(before)
    start = _PLACEHOLDER.search(before)
    if start and sign not in ("", "#", ",", "}", "]"):
        return _part(start[1])
    return None


def _part(part: str) -> Said:
    return tell("`%(part)s` stands in a text", part=part), _QUOTE


def _colon(before: str) -> Said:
    key = _KEY_BEFORE.search(before)
    hint = (
        tell("a comma is missing before `%(key)s`; or put the whole text into quotation marks", key=key[1])
        if key
        else _QUOTE
    )
    return tell("a `:` stands in a text"), hint


def glued(key: str) -> tuple[str, str] | None:
    """The key and the value of ``min:1``, which YAML takes for one word."""
    found = _GLUED.fullmatch(key)
    return (found[1], found[2]) if found else None


def without_colon(key: str, siblings: set[str]) -> tuple[str, str] | None:
    """The language and the text of ``en Name``, beside texts of other languages."""
    language, _, text = key.partition(" ")
    return (language, text) if text and language in LANGUAGES and siblings <= set(LANGUAGES) else None


def is_cut(last: str, key: str) -> bool:
    """Whether `key`, which has no colon, rather belongs to the value of `last`: it is no word that could be a key."""
    return last in LANGUAGES or re.fullmatch("[a-z_]+", key) is None


def joined(value: str, rest: str) -> tuple[str, bool]:
    """A value that a comma cut in two, as it was meant, and whether it is a number."""
    number = re.fullmatch(r"\d{1,3}(,?\d{3})*", value) and re.fullmatch(r"\d{3}", rest)
    return (value.replace(",", "") + rest, True) if number else (f"{value}, {rest}", False)


def cut(key: str, value: str, number: bool) -> Said:
    """What is said of it."""
    text = tell("the `,` here cuts a text in two")
    if number:
        return tell("the `,` here cuts a number in two"), tell(
            "write it without commas: %(number)s", number=value
        )
    if '"' in value:
        return text, _QUOTE
    return text, tell('put it into quotation marks: %(key)s: "%(value)s"', key=key, value=value)


def tab(line: str) -> Told:
    """What to say of a line that is indented with a tab; empty where it is not."""
    return (
        tell("there is a tab at the beginning of the line: use spaces")
        if re.match(r" *\t", line)
        else NOTHING
    )
