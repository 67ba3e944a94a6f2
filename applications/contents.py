"""What is in files of a case, handed in or issued: sealed under the case's key, so that erasing the key erases them."""

from typing import BinaryIO, Protocol

from core import sealed
from core.context import Context
from core.files import StoredFile


class Kept(Protocol):
    """A row that names a stored file."""

    id: str
    storage_key: str


def keep(ctx: Context, case_key: bytes, id: str, stream: BinaryIO, limit: int) -> StoredFile:
    """Store `stream` for the row `id`: its key, and size and digest of what was handed over. Raises `TooLarge`."""
    sealing = sealed.Sealing(ctx.keyring.for_file(case_key, id), stream)
    stored = ctx.files.put(sealing, limit)  # type: ignore[arg-type]
    return StoredFile(stored.key, sealing.size, sealing.sha256)


def opened(ctx: Context, case_key: bytes, row: Kept) -> BinaryIO:
    """The file that `row` names, to be read once. Raises `NotFound`; reading raises `core.secrets.Undecipherable`."""
    cipher = ctx.keyring.for_file(case_key, row.id)
    return sealed.opening(cipher, ctx.files.open(row.storage_key), f"the file {row.id}")
