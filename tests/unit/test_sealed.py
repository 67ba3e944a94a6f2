"""Files at rest: what was sealed can be read again, and nothing else can."""

import hashlib
import io
import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from core import sealed
from core.secrets import Undecipherable

PIECE = 1 << 18
CIPHER, OTHER = AESGCM(bytes(32)), AESGCM(b"1" * 32)
SIZES = st.sampled_from([0, 1, 1000, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7])


def seal(content: bytes) -> bytes:
    return sealed.Sealing(CIPHER, io.BytesIO(content)).read()


def read(content: bytes, cipher: AESGCM = CIPHER) -> bytes:
    return sealed.opening(cipher, io.BytesIO(content), "sample").read()


@settings(deadline=None, max_examples=30)
@given(SIZES, st.integers(1, 1 << 20))
def test_what_was_sealed_is_read_again_in_steps_of_any_size(size: int, step: int) -> None:
    content = os.urandom(size)
    sealing, stored = sealed.Sealing(CIPHER, io.BytesIO(content)), b""
    while piece := sealing.read(step):
        stored += piece
    assert (sealing.size, sealing.sha256) == (size, hashlib.sha256(content).hexdigest())
    opened, plain = sealed.opening(CIPHER, io.BytesIO(stored), "sample"), b""
    while piece := opened.read(step):
        plain += piece
    assert plain == content


def test_nothing_of_it_lies_there() -> None:
    assert b"x" * 16 not in seal(b"x" * 1000)


HEAD, WHOLE = len(sealed.HEAD), PIECE + 16


@pytest.mark.parametrize(
    "altered",
    [
        pytest.param(lambda stored: stored[:-1], id="cut off"),
        pytest.param(lambda stored: stored[: HEAD + WHOLE], id="the last piece left out"),
        pytest.param(lambda stored: stored[: HEAD + 1] + b"\0" + stored[HEAD + 2 :], id="a byte changed"),
        pytest.param(lambda stored: stored[:HEAD] + stored[HEAD + WHOLE :], id="the first piece left out"),
        pytest.param(
            lambda stored: stored[:HEAD] + stored[HEAD + WHOLE : HEAD + 2 * WHOLE] * 2,
            id="a piece in another's place",
        ),
        pytest.param(lambda stored: stored + stored[HEAD : HEAD + WHOLE], id="a piece more"),
        pytest.param(lambda stored: stored[:HEAD], id="nothing left"),
        pytest.param(lambda _stored: b"", id="empty"),
        pytest.param(lambda _stored: b"%PDF-1.7 in its place", id="another file"),
    ],
)
def test_what_was_altered_is_not_read(altered: object) -> None:
    stored = seal(os.urandom(2 * PIECE + 7))
    assert callable(altered)
    with pytest.raises(Undecipherable):
        read(altered(stored))


def test_another_files_key_does_not_open_it() -> None:
    with pytest.raises(Undecipherable):
        read(seal(b"sample"), OTHER)
