"""Papers that people hand in: small, real files."""

import io
import random

import pikepdf
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload


def photo(name: str = "案内図.jpg") -> FilePayload:
    """A photo of a map, as a phone takes it: with its place in the EXIF data."""
    image = Image.new("RGB", (320, 240), "#e8efe4")
    pen = ImageDraw.Draw(image)
    chance = random.Random(1)  # noqa: S311 - a drawing
    for _ in range(8):
        pen.line([(chance.randrange(320), 0), (chance.randrange(320), 240)], fill="#9aa79a", width=9)
    pen.ellipse((150, 110, 180, 140), fill="#c62828")
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (35.0, 41.0, 22.0)
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif)
    return {"name": name, "mimeType": "image/jpeg", "buffer": target.getvalue()}


def pdf(name: str = "意匠図.pdf", size: tuple[int, int] = (200, 200)) -> FilePayload:
    """A PDF of one blank page."""
    target = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=size)
        document.save(target)
    return {"name": name, "mimeType": "application/pdf", "buffer": target.getvalue()}


def script(name: str = "意匠図.pdf") -> FilePayload:
    """Something else that calls itself a PDF."""
    return {"name": name, "mimeType": "application/pdf", "buffer": b"<script>alert(1)</script>"}
