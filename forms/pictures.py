"""A picture drawn anew: upright, in RGB or grey, reduced, without anything else its file held (EXIF, place, camera).

Run by `core.confined`, so that no library for pictures ever reads a stranger's file in the process that serves pages.
A picture of more pixels than may be ends as one that takes too much memory; one that cannot be read becomes nothing.
"""

import struct
import sys
from io import BytesIO
from typing import Any, BinaryIO, Final

from PIL import Image, ImageOps

from core import confined

MOST_PIXELS: Final = {"jpeg": 51_000_000, "png": 25_000_000, "heic": 51_000_000}
"""Pixels of a picture, by its kind: a phone's photo of 48 or "50" megapixels (8192 × 6144), A3 at 400 dpi as a PNG.

Measured: a photo of 12 megapixels takes 120 MB and 0.2 s (HEIC: 0.5 s), one of 48 as a JPEG 120 MB and 0.3 s
(progressive 220 MB, with four colours 460 MB), as a HEIC 440 MB and 2 s; a PNG of 25 megapixels takes 170 MB.
"""
LONGEST_SIDE: Final = 5_000
"""Pixels an image is reduced to: A3 at 300 dpi."""
_FORMATS: Final = {"jpeg": ("JPEG", "JPEG"), "png": ("PNG", "PNG"), "heic": ("HEIF", "JPEG")}
"""As what a kind is read and written: browsers at the desk do not show HEIC."""
_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {"compress_level": 6},
}
_BROKEN: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    KeyError,
    IndexError,
    RuntimeError,
    struct.error,
    TypeError,
    AttributeError,
    ArithmeticError,
)
"""What the libraries raise where a file is not what it says; Pillow's `UnidentifiedImageError` is an `OSError`."""
_WRITTEN_ANEW: Final = ("exif", "Raw profile type exif", "XML:com.adobe.xmp", "xmp")
"""What Pillow writes anew where it turns a picture, and stumbles over where a camera wrote something odd."""

_NO_ROOM: Final = "Memory allocation error"
"""How libheif says that it got no memory: with a `RuntimeError`."""


def redrawn(stream: BinaryIO, kind: str) -> bytes:
    """The picture alone; nothing where it cannot be read. Raises `MemoryError` where it has too many pixels."""
    read_as, write_as = _FORMATS[kind]
    if read_as == "HEIF":
        _take_heic()
    try:
        with Image.open(stream, formats=(read_as,)) as image:
            if image.width * image.height > MOST_PIXELS[kind]:
                raise MemoryError
            _decode_small(image)
            return _drawn(image, write_as)
    except Image.DecompressionBombError:
        raise MemoryError from None
    except _BROKEN as error:
        if str(error).startswith(_NO_ROOM):
            raise MemoryError from None
        return b""


def _take_heic() -> None:
    """The picture alone, and by one thread: each further one reserves room of its own."""
    import pillow_heif

    pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)


def _decode_small(image: Image.Image) -> None:
    """Have a large JPEG unpacked at half its size; other kinds know no such thing."""
    large = image.width * image.height > MOST_PIXELS["png"]
    image.draft("RGB", (image.width // 2, image.height // 2) if large else image.size)


def _drawn(image: Image.Image, write_as: str) -> bytes:
    """Every step works in place or lets go of what it began with."""
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image.getexif()  # from here on it is known without those
    for name in _WRITTEN_ANEW:
        image.info.pop(name, None)
    ImageOps.exif_transpose(image, in_place=True)
    output = BytesIO()
    _plain(image, write_as).save(output, write_as, **_OPTIONS[write_as])
    return output.getvalue()


def _plain(picture: Image.Image, write_as: str) -> Image.Image:
    """A copy of the pixels without metadata, in a mode that `write_as` can hold."""
    transparent = picture.has_transparency_data
    mode = "L" if picture.mode in ("1", "L") and not transparent else "RGB"
    if transparent and write_as == "PNG":
        mode = "RGBA"
    plain = picture if picture.mode == mode else picture.convert(mode)
    plain.info.clear()
    return plain


if __name__ == "__main__":
    (kind,) = confined.confine()
    sys.stdout.buffer.write(redrawn(sys.stdin.buffer, kind))
