"""Files that people hand in, made on the spot."""

from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image


@cache
def pdf(pages: int = 1) -> bytes:
    """A PDF of empty pages, the same each time."""
    output = BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        made.save(output)
    return output.getvalue()


def photo(**options: Any) -> bytes:
    """A photo that lies on its side and tells where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    output = BytesIO()
    Image.new("RGB", (40, 20), "navy").save(output, "JPEG", exif=exif, **options)
    return output.getvalue()


def sample(kinds: tuple[str, ...]) -> tuple[BytesIO, str]:
    """A file of one of `kinds` as a test client sends it."""
    return (BytesIO(photo()), "photo.jpg") if "jpeg" in kinds else (BytesIO(pdf()), "paper.pdf")
