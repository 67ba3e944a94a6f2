"""Reading what a browser sent: the text of an input, folded and measured."""

import unicodedata

import regex

from core.errors import Message, message
from forms.types import Raw
from procedures.definition.fields import FieldDefinition

_CLUSTER = regex.compile(r"\X")
_UNWANTED = regex.compile(r"[\p{Cc}\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of other people's text around."""
_UNWANTED_IN_LINES = regex.compile(r"[\p{Cc}\u202a-\u202e\u2066-\u2069--[\n]]", regex.V1)
_IN_THREES = regex.compile(r"[-+]? ?(?:\d{1,3}(?:[, ] ?\d{3})+|\d+)(?:\.\d*)?")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー－ｰ", "-"))


def first(raw: Raw, name: str) -> str:
    """The text of the input `name` in one line, without what cannot be seen; ``""`` where it was not sent."""
    sent = raw.get(name)
    if not sent:
        return ""
    text = sent[0].strip()
    return text if text.isprintable() else _UNWANTED.sub("", text).strip()


def lines(raw: Raw, name: str) -> str:
    """The text of the input `name` with its line breaks as ``\\n``."""
    sent = raw.get(name)
    if not sent:
        return ""
    text = sent[0].replace("\r\n", "\n").replace("\r", "\n")
    return _UNWANTED_IN_LINES.sub("", text).strip()


def fold(text: str) -> str:
    """Full-width letters and digits as half-width ones, every dash as ``-`` (for types that mean numbers or codes)."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text.translate(_DASHES)).strip()


def digits(text: str) -> str:
    """`text` folded and without the spaces, dashes, dots and brackets people write between digits."""
    return fold(text).translate({ord(sign): None for sign in " -.()/・〒"})


def joined(number: str) -> str:
    """A folded number without what parts its digits in threes; any other text as it is.

    In many languages a comma is the point of a number: 45,5 is not 455.
    """
    return number.replace(",", "").replace(" ", "") if _IN_THREES.fullmatch(number) else number


def length(text: str) -> int:
    """The number of characters as people count them (grapheme clusters, UAX #29)."""
    return len(text) if text.isascii() else len(_CLUSTER.findall(text))


def longer_than(text: str, limit: int) -> bool:
    """Whether `text` has more than `limit` characters as people count them."""
    return len(text) > limit and length(text) > limit


def enter(field: FieldDefinition) -> Message:
    """What to do where a typed answer is missing."""
    return message("Enter “%(label)s”.", label=field.own_label())


def choose(field: FieldDefinition) -> Message:
    """What to do where a choice is missing."""
    return message("Choose an answer to “%(label)s”.", label=field.own_label())


def too_long(field: FieldDefinition, limit: int, text: str) -> Message:
    """What to do about a text that is too long."""
    return message(
        "Shorten “%(label)s” to %(limit)s characters. It has %(length)s now.",
        label=field.own_label(),
        limit=limit,
        length=length(text),
    )


def too_short(field: FieldDefinition, limit: int) -> Message:
    """What to do about a text that is too short."""
    return message(
        "Enter “%(label)s” in at least %(limit)s characters.", label=field.own_label(), limit=limit
    )
