"""Numbers and codes that people read aloud, type and lose."""

import secrets
import unicodedata

UNAMBIGUOUS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs without 0/O and 1/I: five bits each."""


def code(length: int) -> str:
    """A random code of `length` unambiguous signs."""
    return "".join(secrets.choice(UNAMBIGUOUS) for _ in range(length))


def grouped(text: str, size: int = 4) -> str:
    """`text` in groups for reading: ``ABCD-EFGH``."""
    return "-".join(text[i : i + size] for i in range(0, len(text), size))


def normalise_code(typed: str) -> str:
    """What a person typed, as the code: upper case, folded from full width, everything but code signs dropped."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed).upper() if sign in UNAMBIGUOUS)


def secret() -> str:
    """A secret for links: 23 signs of 5 bits, 115 bits (ASVS asks for 112)."""
    return code(23)
