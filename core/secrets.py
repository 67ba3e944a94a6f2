"""Keys: a ring of key-encryption keys, a key of its own for every case, and keys derived for one purpose each.

Deleting a case's wrapped key makes its answers and files unreadable for ever, also in copies that lack the key.
"""

import hashlib
import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import MadoguchiError, Misconfigured

_NONCE = 12


class Undecipherable(MadoguchiError):
    """Raised when a blob was altered, belongs to another row, or its key is gone."""


class Keyring:
    """Key-encryption keys by id (AES-256), the newest of which wraps new case keys."""

    def __init__(self, keys: Mapping[str, bytes], current: str, root: bytes) -> None:
        self._wrappers = {name: AESGCM(key) for name, key in keys.items()}
        self.current = current
        self._root = root

    @classmethod
    def load(cls, path: Path) -> "Keyring":
        """Read the ring from a JSON file ``{"current": id, "keys": {id: base64}, "root": base64}``."""
        try:
            data = json.loads(path.read_text())
            keys = {name: b64decode(key) for name, key in data["keys"].items()}
            return cls(keys, data["current"], b64decode(data["root"]))
        except (OSError, ValueError, KeyError) as error:
            raise Misconfigured(f"the key file {path} cannot be read: {error!r}; run `make setup`") from error

    @staticmethod
    def create(path: Path, name: str) -> None:
        """Write a new ring of random keys to `path`, readable by its owner only; keep one that is there."""
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        ring = {
            "current": name,
            "keys": {name: b64encode(secrets.token_bytes(32)).decode()},
            "root": b64encode(secrets.token_bytes(32)).decode(),
        }
        with NamedTemporaryFile("w", dir=path.parent) as file:  # its mode is 0600
            json.dump(ring, file)
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):  # another process was first: its ring counts
                os.link(file.name, path)

    @property
    def mark(self) -> bytes:
        """How case keys under the current key-encryption key begin."""
        name = self.current.encode()
        return bytes([len(name)]) + name

    @property
    def older(self) -> list[str]:
        """Ids of the other keys of the ring."""
        return sorted(name for name in self._wrappers if name != self.current)

    def new_case_key(self) -> bytes:
        """A fresh case key, wrapped: id length, id, nonce, encrypted key (about 70 bytes)."""
        return self._wrap(secrets.token_bytes(32))

    def rewrap(self, wrapped: bytes) -> bytes:
        """The same case key under the current key-encryption key (rotation touches nothing else)."""
        return self._wrap(self._unwrap(wrapped))

    def encrypt(self, wrapped: bytes, plain: bytes, context: str) -> bytes:
        """Encrypt `plain` with the case key; `context` (table and row) is authenticated, so blobs cannot be swapped."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._unwrap(wrapped)).encrypt(nonce, plain, context.encode())

    def decrypt(self, wrapped: bytes, blob: bytes, context: str) -> bytes:
        """The plain bytes of `blob`. Raises `Undecipherable`."""
        try:
            return AESGCM(self._unwrap(wrapped)).decrypt(blob[:_NONCE], blob[_NONCE:], context.encode())
        except InvalidTag as error:
            raise Undecipherable(f"{context} cannot be deciphered") from error

    def encrypt_apart(self, wrapped: bytes, plain: bytes, context: str) -> bytes:
        """As `encrypt`, with a key of its own that follows from the case key: what opens a case does not open this."""
        nonce = os.urandom(_NONCE)
        return nonce + self._apart(wrapped).encrypt(nonce, plain, context.encode())

    def decrypt_apart(self, wrapped: bytes, blob: bytes, context: str) -> bytes:
        """The plain bytes of `encrypt_apart`. Raises `Undecipherable`."""
        try:
            return self._apart(wrapped).decrypt(blob[:_NONCE], blob[_NONCE:], context.encode())
        except InvalidTag as error:
            raise Undecipherable(f"{context} cannot be deciphered") from error

    def for_file(self, wrapped: bytes, id: str) -> AESGCM:
        """The cipher of the file `id` alone, under a key that follows from the case key: see `core.sealed`."""
        return AESGCM(HKDF(SHA256(), 32, None, f"file:{id}".encode()).derive(self._unwrap(wrapped)))

    def _apart(self, wrapped: bytes) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, None, b"apart").derive(self._unwrap(wrapped)))

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (HKDF-SHA-256, RFC 5869), stable as long as the ring's root is."""
        return HKDF(SHA256(), 32, None, purpose.encode()).derive(self._root)

    def blind(self, purpose: str, value: str) -> bytes:
        """HMAC of `value` for equality search without storing it. Not for values that can be guessed by trying all."""
        return hmac.digest(self.derive(purpose), value.encode(), "sha256")

    def _wrap(self, key: bytes) -> bytes:
        nonce, name = os.urandom(_NONCE), self.current.encode()
        return self.mark + nonce + self._wrappers[self.current].encrypt(nonce, key, name)

    def _unwrap(self, wrapped: bytes) -> bytes:
        length = wrapped[0]
        name, rest = wrapped[1 : 1 + length], wrapped[1 + length :]
        try:
            return self._wrappers[name.decode()].decrypt(rest[:_NONCE], rest[_NONCE:], name)
        except (KeyError, InvalidTag) as error:
            raise Undecipherable(f"no key opens this case key ({name!r})") from error


def hash_secret(secret: str) -> bytes:
    """SHA-256 of a random secret of 112 bits or more. Not for passwords or short codes."""
    return hashlib.sha256(secret.encode()).digest()


def same(a: bytes, b: bytes) -> bool:
    """Compare without telling by time where they differ."""
    return hmac.compare_digest(a, b)
