"""What an account knows of its holder: JSON encrypted under the account's own key and bound to its row.

Removing the row with its key makes everything in it unreadable for ever.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from accounts.models import Account
from core.context import Context

Json = Any


@dataclass
class AccountDocument:
    """Everything personal in an account."""

    email: str | None = None
    """The address that was proved, as typed."""
    profile: dict[str, Json] = field(default_factory=dict)
    """Entries for once-only forms, by name, as the field types of `forms` store them."""
    companies: list[dict[str, Json]] = field(default_factory=list)
    """Companies the holder acts for: see `accounts.companies`."""


def read(ctx: Context, account: Account) -> AccountDocument:
    """The document of `account`."""
    plain = ctx.keyring.decrypt(account.account_key, account.document, _context(account.account_id))
    return AccountDocument(**json.loads(plain))


def seal(ctx: Context, account: Account, document: AccountDocument) -> bytes:
    """`document` encrypted for the row of `account`."""
    plain = json.dumps(asdict(document), ensure_ascii=False, separators=(",", ":")).encode()
    return ctx.keyring.encrypt(account.account_key, plain, _context(account.account_id))


def _context(account_id: str) -> str:
    return f"accounts:{account_id}"
