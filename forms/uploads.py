"""What a file really is: judged by its content, never by its name, and made harmless before it is kept.

Images are written anew, so that neither place and camera (EXIF) nor anything hidden behind the picture stays. A PDF
is kept byte for byte, as it may be signed; one that does more than show pages is refused. Both are read by processes of
their own with little memory and time: here nobody looks at more than a file's first bytes.
"""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from io import SEEK_END, BytesIO
from typing import BinaryIO

from core import confined
from core.errors import Refused, message

PICTURE_MEMORY = 700_000_000
"""Bytes that redrawing a picture may take, libraries with it: the largest that is usual fills 500 MB of them, a HEIC
photo of 50 megapixels without subsampling."""
PICTURE_SECONDS = 20
"""Seconds of computing for it: 2 for a HEIC photo of 48 megapixels."""
PDF_MEMORY = 400_000_000
"""Bytes that looking through a PDF may take: one of 20 MB with as many objects as are looked at takes 300 MB."""
PDF_SECONDS = 15
"""Seconds of computing for it."""
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_NAMES = {"pdf": "PDF", "jpeg": "JPEG", "png": "PNG", "heic": "HEIC"}

EMPTY = message("The file is empty. Choose another one.")
BROKEN_IMAGE = message("The picture cannot be read. Save it again or take a new one, then choose that file.")
TOO_MANY_PIXELS = message("The picture has too many pixels. Choose a smaller one.")
BROKEN_PDF = message("The PDF cannot be read. Save it again, then choose that file.")
LOCKED_PDF = message("The PDF is protected. Save it without a password, then choose that file.")
ACTIVE_PDF = message("The PDF contains a program. Print it into a new PDF, then choose that file.")
FILES_IN_PDF = message("The PDF contains other files. Choose those files one by one instead.")
HUGE_PDF = message("The PDF is too complex. Print it into a new PDF, then choose that file.")


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept: its real type and the bytes to keep."""

    media_type: str
    content: bytes


def inspect(content: bytes, accept: Collection[str]) -> Inspected:
    """The file as it may be kept, where it is of one of the kinds `accept` (pdf, jpeg, png, heic). Raises `Refused`."""
    media_type, stream = examine(BytesIO(content), accept)
    return Inspected(media_type, stream.read())


def examine(stream: BinaryIO, accept: Collection[str]) -> tuple[str, BinaryIO]:
    """The same for a stream: its real type and what to keep of it, from its start. Neither is read into memory.

    Raises `Refused`.
    """
    head = stream.read(16)
    stream.seek(0)
    if not head:
        raise Refused(EMPTY)
    kind = kind_of(head)
    if kind is None or kind not in accept:
        kinds = ", ".join(_NAMES.get(each, each) for each in accept)
        raise Refused(message("Choose a file of one of these kinds: %(kinds)s.", kinds=kinds))
    if kind == "pdf":
        _check_pdf(stream)
        stream.seek(0)
        return "application/pdf", stream
    return _PICTURES[kind], _redrawn(stream, kind)


def kind_of(content: bytes) -> str | None:
    """pdf, jpeg, png or heic by the first bytes; None for anything else."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return "heic" if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS else None


_one_at_a_time = threading.Lock()
"""Held while a picture is redrawn: what that takes is not to be multiplied by the threads."""


def _redrawn(stream: BinaryIO, kind: str) -> BinaryIO:
    """The picture alone, by a process that may take only so much."""
    try:
        with _one_at_a_time:
            picture = confined.run(
                "forms.pictures", stream, kind, memory=PICTURE_MEMORY, seconds=PICTURE_SECONDS
            )
    except confined.Exhausted:
        raise Refused(TOO_MANY_PIXELS) from None
    if not picture.seek(0, SEEK_END):
        raise Refused(BROKEN_IMAGE)
    picture.seek(0)
    return picture


def _check_pdf(stream: BinaryIO) -> None:
    try:
        finding = confined.ask("forms.pdf_safety", stream, memory=PDF_MEMORY, seconds=PDF_SECONDS)
    except confined.Exhausted:
        finding = "huge"
    if finding != "fine":
        raise Refused(_REASONS[finding])


_REASONS = {
    "locked": LOCKED_PDF,
    "broken": BROKEN_PDF,
    "active": ACTIVE_PDF,
    "files": FILES_IN_PDF,
    "huge": HUGE_PDF,
}
_PICTURES = {"jpeg": "image/jpeg", "png": "image/png", "heic": "image/jpeg"}
"""What kinds of pictures are kept as."""
