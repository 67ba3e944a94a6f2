"""Files at rest: AES-256-GCM in pieces, under a key that only one file has.

A piece is bound to its file by the key, to its place and to whether it is the last by the nonce: pieces cannot be
changed, exchanged, left out or cut off, and none is handed on before it was proved (STREAM: Hoang, Reyhanitabar,
Rogaway, Vizár 2015).
"""

import hashlib
import io
from collections.abc import Iterator
from typing import BinaryIO, Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.secrets import Undecipherable

HEAD: Final = b"MADOGUCHI-SEALED-1\n"
"""How a sealed file begins."""
_PIECE: Final = 1 << 18
_TAG: Final = 16


class Sealing(io.RawIOBase):
    """What to store of `stream`, sealed while it is read. `size` and `sha256` are those of the plain file, at its end.

    `cipher` must have been made for this file alone, and is used once.
    """

    def __init__(self, cipher: AESGCM, stream: BinaryIO) -> None:
        self.size, self._digest = 0, hashlib.sha256()
        self._left = memoryview(HEAD)
        self._pieces = self._sealed(cipher, stream)

    @property
    def sha256(self) -> str:
        """In hex."""
        return self._digest.hexdigest()

    def _sealed(self, cipher: AESGCM, stream: BinaryIO) -> Iterator[bytes]:
        for number, (piece, last) in enumerate(_pieces(stream, _PIECE)):
            self.size += len(piece)
            self._digest.update(piece)
            yield cipher.encrypt(_nonce(number, last), piece, None)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._left = self._left or memoryview(next(self._pieces, b""))
        return _fill(buffer, self)


class _Opening(io.RawIOBase):
    """The plain bytes of a sealed stream, whose head was read already."""

    def __init__(self, cipher: AESGCM, stream: BinaryIO, name: str) -> None:
        self._stream, self._left = stream, memoryview(b"")
        self._pieces = _opened(cipher, stream, name)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._left = self._left or memoryview(next(self._pieces, b""))
        return _fill(buffer, self)

    def close(self) -> None:
        self._stream.close()
        super().close()


def opening(cipher: AESGCM, stream: BinaryIO, name: str) -> BinaryIO:
    """The plain bytes of what `Sealing` made. It and reading raise `Undecipherable` with `name` if altered."""
    if stream.read(len(HEAD)) != HEAD:
        stream.close()
        raise Undecipherable(f"{name} is not sealed")
    return cast(BinaryIO, io.BufferedReader(_Opening(cipher, stream, name), _PIECE))


def _opened(cipher: AESGCM, stream: BinaryIO, name: str) -> Iterator[bytes]:
    for number, (piece, last) in enumerate(_pieces(stream, _PIECE + _TAG)):
        try:
            yield cipher.decrypt(_nonce(number, last), piece, None)
        except InvalidTag as error:
            raise Undecipherable(f"{name} cannot be deciphered") from error


def _fill(buffer: memoryview, source: "Sealing | _Opening") -> int:
    taken = min(len(buffer), len(source._left))
    buffer[:taken] = source._left[:taken]
    source._left = source._left[taken:]
    return taken


def _pieces(stream: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """The stream in pieces of `size`, each with whether it is the last; an empty stream is one empty piece."""
    piece, last = _whole(stream, size), False
    while not last:
        following = _whole(stream, size)
        last = not following
        yield piece, last
        piece = following


def _whole(stream: BinaryIO, size: int) -> bytes:
    """`size` bytes, fewer only at the end."""
    read = b""
    while len(read) < size and (more := stream.read(size - len(read))):
        read += more
    return read


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
