"""One way to write data as bytes, so that hashes and signatures can be recomputed by anybody (RFC 8785)."""

import hashlib
from typing import Any

import rfc8785


def canonical_json(data: Any) -> bytes:
    """RFC 8785 bytes of `data` (keys sorted, no spaces). Only JSON types; integers below 2**53."""
    return rfc8785.dumps(data)


def sha256_hex(data: bytes) -> str:
    """SHA-256 as lower-case hex."""
    return hashlib.sha256(data).hexdigest()
