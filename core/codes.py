"""One-time codes that are mailed: computed from a random salt and a key that never leaves the keyring.

The database holds only the salt (in the outbox) and a keyed hash (in the row), so neither shows the code; the mail is
written when it is sent, and a retried mail says the same.
"""

import hmac
import secrets
import unicodedata
from datetime import timedelta

from core.context import Context

DIGITS = 6
LIFETIME = timedelta(minutes=10)
ATTEMPTS = 5


def new_salt() -> str:
    """A fresh salt for one code (128 bits, hex)."""
    return secrets.token_hex(16)


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
