"""One-time codes that are mailed: computed from a random salt and a key that never leaves the keyring.

The database holds only the salt (in the outbox) and a keyed hash (in the row), so neither shows the code; the mail is
written when it is sent, and a retried mail says the same.
"""

import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core import clock
from core.context import Context

DIGITS = 6
LIFETIME = timedelta(minutes=10)
ATTEMPTS = 5
PAUSE = timedelta(minutes=1)
"""Between one code and the next, while the one that is out can be typed."""
WINDOW = timedelta(hours=1)
MOST_IN_WINDOW = 5
"""For one thing, or for one browser."""
MOST_FOR_ADDRESS = 10
"""In as long a time, whatever they are for: nobody's letterbox is flooded."""


def new_salt() -> str:
    """A fresh salt for one code (128 bits, hex)."""
    return secrets.token_hex(16)


class Sent(Protocol):
    """What is known of the last code that was sent for something."""

    @property
    def sent_at(self) -> datetime:
        """When."""

    @property
    def sent_count(self) -> int:
        """How many since `counted_from`, that one included."""

    @property
    def counted_from(self) -> datetime:
        """When counting began."""


@dataclass(frozen=True)
class LastSent:
    """The same where a row calls it something else."""

    sent_at: datetime
    sent_count: int
    counted_from: datetime


def one_more(
    before: Sent | None, pause: bool = True, most: int = MOST_IN_WINDOW
) -> tuple[datetime, int] | None:
    """From when and how many codes count, the next one included; none where it is one more than `most` in an hour.

    `pause`: the one that is out can be typed, so that there is no hurry.
    """
    now = clock.now()
    if before is None or now - before.counted_from >= WINDOW:
        return now, 1
    if before.sent_count >= most or (pause and now - before.sent_at < PAUSE):
        return None
    return before.counted_from, before.sent_count + 1


def code_of(ctx: Context, purpose: str, subject: str, salt: str) -> str:
    """The code of six digits for `subject` (a row's id) and `salt`; the same each time."""
    digest = hmac.digest(ctx.keyring.derive(f"codes/{purpose}"), f"{subject}|{salt}".encode(), "sha256")
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"


def digits(typed: str) -> str:
    """The digits of what was typed, folded from full width; blanks and hyphens do not matter."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign.isdecimal())


def hash_of(ctx: Context, purpose: str, subject: str, nonce: str, code: str) -> bytes:
    """What the row keeps of `code`: bound to `subject` and to the browser that holds `nonce`."""
    key = ctx.keyring.derive(f"code-hashes/{purpose}")
    return hmac.digest(key, f"{subject}|{nonce}|{code}".encode(), "sha256")
