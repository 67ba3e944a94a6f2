"""Where uploaded and issued files lie: by key, hashed while they stream in, durable before they are acknowledged."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from core.errors import MadoguchiError, NotFound

_CHUNK = 1 << 18


class TooLarge(MadoguchiError):
    """Raised when a stream is longer than allowed; nothing of it is kept."""


@dataclass(frozen=True)
class StoredFile:
    """What was stored: its key, its size in bytes, its SHA-256 in hex."""

    key: str
    size: int
    sha256: str


class FileStore(Protocol):
    """A place for files. Keys are made by the store and say nothing about the content."""

    def put(self, stream: BinaryIO, limit: int) -> StoredFile:
        """Read `stream` to its end and keep it durably. Raises `TooLarge` beyond `limit` bytes."""

    def open(self, key: str) -> BinaryIO:
        """A readable stream. Raises `NotFound`."""

    def delete(self, key: str) -> None:
        """Remove a file; one that is not there is fine."""


class DiskStore:
    """Files in a folder of this machine, two levels deep, readable by the owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, stream: BinaryIO, limit: int) -> StoredFile:
        key = uuid4().hex
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest, size = hashlib.sha256(), 0
        partial = path.with_suffix(".partial")
        try:
            with open(partial, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge(f"more than {limit} bytes")
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(path)
        finally:
            partial.unlink(missing_ok=True)
        self._sync(path.parent)
        return StoredFile(key, size, digest.hexdigest())

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except FileNotFoundError as error:
            raise NotFound(f"no file {key}") from error

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not (len(key) == 32 and key.isalnum()):
            raise NotFound("no such file")
        return self._folder / key[:2] / key

    @staticmethod
    def _sync(folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
