"""What travels through a page and comes back with it: readable for the platform alone, and for half a day."""

import json
from base64 import urlsafe_b64encode
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken

from core import clock
from web.request import context

LASTS: Final = 12 * 3600
"""Seconds after which it is opened no more."""


def sealed(purpose: str, content: Any) -> str:
    """`content`, as JSON can hold it, for a hidden input."""
    return _of(purpose).encrypt_at_time(json.dumps(content, ensure_ascii=False).encode(), _now()).decode()


def opened(purpose: str, envelope: str) -> Any | None:
    """What was sealed for the same purpose before; none where it was not, or too long ago."""
    key, sent = _of(purpose), envelope.encode()
    try:
        content = json.loads(key.decrypt(sent))
    except InvalidToken:
        return None
    return content if _now() - key.extract_timestamp(sent) <= LASTS else None


def _of(purpose: str) -> Fernet:
    return Fernet(urlsafe_b64encode(context().keyring.derive(f"web/{purpose}")))


def _now() -> int:
    return int(clock.now().timestamp())
