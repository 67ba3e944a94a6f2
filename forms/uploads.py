"""What a file really is: judged by its content, never by its name, and made harmless before it is kept.

Images are written anew, so that neither place and camera (EXIF) nor anything hidden behind the picture stays. A PDF
is kept byte for byte, as it may be signed; one that does more than show pages is refused.
"""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from core import confined
from core.errors import Refused, message

MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "HEIF": 25_000_000}
"""Pixels of a picture, by how it is read: a phone's photo of 48 megapixels as a JPEG, which can be unpacked at half its
size, or A3 at 400 dpi. Redrawing takes 120 MB for most, 280 MB for a photo of 24
megapixels, 460 MB for the worst JPEG (progressive, four colours)."""
LONGEST_SIDE = 5_000
"""Pixels an image is reduced to: A3 at 300 dpi."""
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
    """The same for a stream: its real type and what to keep of it, from its start. A PDF is not read into memory.

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
    inspected = _INSPECTORS[kind](stream.read())
    return inspected.media_type, BytesIO(inspected.content)


def kind_of(content: bytes) -> str | None:
    """pdf, jpeg, png or heic by the first bytes; None for anything else."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return "heic" if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS else None


def _jpeg(content: bytes) -> Inspected:
    return Inspected("image/jpeg", _redrawn(content, "JPEG", "JPEG"))


def _png(content: bytes) -> Inspected:
    return Inspected("image/png", _redrawn(content, "PNG", "PNG"))


def _heic(content: bytes) -> Inspected:
    """As JPEG: browsers at the desk do not show HEIC."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    return Inspected("image/jpeg", _redrawn(content, "HEIF", "JPEG"))


_one_at_a_time = threading.Lock()
"""Held while a picture is unpacked: what that takes is not to be multiplied by the threads."""


def _redrawn(content: bytes, read_as: str, write_as: str) -> bytes:
    """The picture alone: upright, in RGB or grey, without anything else the file held."""
    try:
        with Image.open(BytesIO(content), formats=(read_as,)) as image:
            if image.width * image.height > MOST_PIXELS[read_as]:
                raise Refused(TOO_MANY_PIXELS)
            _decode_small(image)
            with _one_at_a_time:
                return _drawn(image, write_as)
    except (Image.DecompressionBombError, MemoryError):
        raise Refused(TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError):
        raise Refused(BROKEN_IMAGE) from None


def _decode_small(image: Image.Image) -> None:
    """Have a large JPEG unpacked at half its size; other kinds know no such thing."""
    large = image.width * image.height > MOST_PIXELS["PNG"]
    image.draft("RGB", (image.width // 2, image.height // 2) if large else image.size)


def _drawn(image: Image.Image, write_as: str) -> bytes:
    """Every step works in place or lets go of what it began with."""
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    ImageOps.exif_transpose(image, in_place=True)
    output = BytesIO()
    _plain(image, write_as).save(output, write_as, **_OPTIONS[write_as])
    return output.getvalue()


_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {"compress_level": 6},
}


def _plain(picture: Image.Image, write_as: str) -> Image.Image:
    """A copy of the pixels without metadata, in a mode that `write_as` can hold."""
    transparent = picture.has_transparency_data
    mode = "L" if picture.mode in ("1", "L") and not transparent else "RGB"
    if transparent and write_as == "PNG":
        mode = "RGBA"
    plain = picture if picture.mode == mode else picture.convert(mode)
    plain.info.clear()
    return plain


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
_INSPECTORS: dict[str, Callable[[bytes], Inspected]] = {
    "jpeg": _jpeg,
    "png": _png,
    "heic": _heic,
}
