"""Lottery numbers: eight digits, drawn by chance, the last one a check digit (Damm, 2004).

By chance and not in sequence, so that a number tells neither when nor after whom somebody applied, nor how many have.
The check digit catches every single wrong digit and every swap of neighbours: nobody reads somebody else's result by a
slip of the finger.
"""

import secrets
import unicodedata

DIGITS = 8
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def new_number() -> str:
    """A number by chance; the database says whether it is taken."""
    digits = f"{secrets.randbelow(10 ** (DIGITS - 1)):0{DIGITS - 1}d}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """The digit that makes the check of ``digits + digit`` come out as 0."""
    interim = "0"
    for digit in digits:
        interim = _DAMM[int(interim)][int(digit)]
    return interim


def typed(text: str) -> str | None:
    """The number a person typed (full width, spaces and hyphens are fine); none where it cannot be one."""
    digits = "".join(
        sign for sign in unicodedata.normalize("NFKC", text) if sign.isascii() and sign.isdigit()
    )
    return digits if len(digits) == DIGITS and check_digit(digits) == "0" else None
