"""What a file really is: judged by its content, never by its name, and made harmless before it is kept.

Images are written anew, so that neither place and camera (EXIF) nor anything hidden behind the picture stays. A PDF
is kept byte for byte, as it may be signed; one that does more than show pages is refused.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import Message, Refused, message

if TYPE_CHECKING:
    import pikepdf

MOST_PIXELS = 50_000_000
"""Pixels to decode: more than a scanner or phone makes, and 200 MB of memory."""
LONGEST_SIDE = 5_000
"""Pixels an image is reduced to: A3 at 300 dpi."""
MOST_OBJECTS = 50_000
"""Dictionaries and arrays of a PDF that are looked at: about two seconds; a scan of 100 pages has 1,000."""
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


def _redrawn(content: bytes, read_as: str, write_as: str) -> bytes:
    """The picture alone: upright, in RGB or grey, without anything else the file held."""
    try:
        with Image.open(BytesIO(content), formats=(read_as,)) as image:
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded at a smaller size already
            if image.width * image.height > MOST_PIXELS:
                raise Refused(TOO_MANY_PIXELS)
            picture = ImageOps.exif_transpose(image)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            output = BytesIO()
            _plain(picture, write_as).save(output, write_as, **_OPTIONS[write_as])
            return output.getvalue()
    except Image.DecompressionBombError:
        raise Refused(TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError):
        raise Refused(BROKEN_IMAGE) from None


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
    plain = picture.convert(mode)
    plain.info.clear()
    return plain


def _check_pdf(stream: BinaryIO) -> None:
    import pikepdf

    try:
        with pikepdf.open(stream) as pdf:
            if pdf.is_encrypted:
                raise Refused(LOCKED_PDF)
            if not len(pdf.pages):
                raise Refused(BROKEN_PDF)
            for number, found in enumerate(_objects(pdf)):
                if number > MOST_OBJECTS:
                    raise Refused(HUGE_PDF)
                if why := _harm(found):
                    raise Refused(why)
    except pikepdf.PasswordError:
        raise Refused(LOCKED_PDF) from None
    except (pikepdf.PdfError, ValueError, RuntimeError, NotImplementedError):
        raise Refused(BROKEN_PDF) from None


_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/Rendition",
    "/Movie",
    "/Sound",
    "/RichMediaExecute",
}
_ACTIVE_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent"}
_FILE_KEYS = {"/EF", "/EmbeddedFiles"}


def _objects(pdf: "pikepdf.Pdf") -> Iterator["pikepdf.Object"]:
    """Every dictionary and array of the file, also those that stand inside others."""
    import pikepdf

    waiting: list[Any] = list(pdf.objects)
    while waiting:
        found = waiting.pop()
        if isinstance(found, pikepdf.Array):
            inner: list[Any] = list(found)
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            inner = [found.get(key) for key in found.keys()]  # noqa: SIM118 (a stream has no iterator of keys)
        else:
            continue
        yield found
        waiting.extend(each for each in inner if isinstance(each, pikepdf.Object) and not each.is_indirect)


def _harm(found: "pikepdf.Object") -> Message | None:
    """Why an object of a PDF cannot be accepted; None where it can."""
    import pikepdf

    if isinstance(found, pikepdf.Array):
        return None
    keys = found.keys()
    if keys & _ACTIVE_KEYS or str(found.get("/S", "")) in _ACTIONS:
        return ACTIVE_PDF
    if keys & _FILE_KEYS or str(found.get("/Type", "")) == "/EmbeddedFile":
        return FILES_IN_PDF
    return None


_INSPECTORS: dict[str, Callable[[bytes], Inspected]] = {
    "jpeg": _jpeg,
    "png": _png,
    "heic": _heic,
}
