"""Small files that unpack to a lot: refused with a reason, and without taking the web process's memory.

Each is handed to a process that may have little memory at all (RLIMIT_AS), as a container may.
"""

import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO

import pillow_heif
import pytest
from PIL import Image

from core.errors import Refused
from forms import uploads

MEMORY = 600_000_000
"""Bytes of address space, also of the processes that it starts."""
Payload = Callable[[int], tuple[bytes, bytes]]
_JUDGE = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
from core.errors import Refused
from forms import uploads
try:
    kept = uploads.inspect(sys.stdin.buffer.read(), ("pdf", "jpeg", "png", "heic"))
    print(kept.media_type, end="")
except Refused as refusal:
    print(refusal.reason.msgid, end="")
assert not {{"PIL", "pillow_heif", "pikepdf"}} & set(sys.modules), "strangers' files are read elsewhere"
"""


def judged(content: bytes) -> str:
    """The media type of what is kept, or why it is refused, in such a process."""
    done = subprocess.run([sys.executable, "-c", _JUDGE], input=content, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout.decode()


def pdf(*payloads: Payload, filters: int = 1) -> bytes:
    """A PDF with one page and an object stream (ISO 32000-1, 7.5.7) for each of `payloads`, packed `filters` times."""
    output, places, inside = bytearray(b"%PDF-1.7\n"), {0: b"\0" * 7}, {}

    def add(number: int, body: bytes) -> None:
        places[number] = b"\1" + len(output).to_bytes(4, "big") + b"\0\0"
        output.extend(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def stream(number: int, entries: bytes, data: bytes, times: int) -> None:
        for _ in range(times):
            data = zlib.compress(data, 9)
        names = b"/FlateDecode" * times
        add(number, b"<<%b/Filter[%b]/Length %d>>stream\n%b\nendstream" % (entries, names, len(data), data))

    add(1, b"<</Type/Catalog/Pages 2 0 R>>")
    add(2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
    add(3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
    for at, payload in enumerate(payloads):
        held, holder = 4 + 2 * at, 5 + 2 * at
        head, body = payload(held)
        stream(holder, b"/Type/ObjStm/N 1/First %d" % len(head), head + body, filters)
        inside[held] = b"\2" + holder.to_bytes(4, "big") + b"\0\0"
    last = 4 + 2 * len(payloads)
    start = len(output)
    places[last] = b"\1" + start.to_bytes(4, "big") + b"\0\0"
    rows = b"".join((places | inside)[number] for number in range(last + 1))
    stream(last, b"/Type/XRef/Size %d/W[1 4 2]/Root 1 0 R" % (last + 1), rows, 1)
    return bytes(output + b"startxref\n%d\n%%%%EOF" % start)


def text(size: int) -> Payload:
    return lambda number: (b"%d 0 " % number, b"(%b)" % (b"a" * size))


def numbers(count: int) -> Payload:
    return lambda number: (b"%d 0 " % number, b"[%b]" % (b"1 " * count))


def program_after(blanks: int) -> Payload:
    return lambda number: (b"%d %d " % (number, blanks), b" " * blanks + b"<</S/JavaScript/JS(x)>>")


def png(size: tuple[int, int], mode: str = "RGBA") -> bytes:
    output = BytesIO()
    Image.new(mode, size).save(output, "PNG")
    return output.getvalue()


def test_a_small_pdf_of_this_shape_is_kept() -> None:
    assert judged(pdf(text(1000))) == "application/pdf"


@pytest.mark.parametrize(
    ("payloads", "filters"),
    [
        pytest.param((text(200_000_000),), 1, id="a long text"),
        pytest.param((text(200_000_000),), 2, id="a long text, packed twice: 1 kB"),
        pytest.param((numbers(10_000_000),), 1, id="a long list"),
        pytest.param((numbers(1_000_000),) * 10, 1, id="many lists"),
    ],
)
def test_a_pdf_that_unpacks_to_more_than_there_is_memory_is_refused(
    payloads: tuple[Payload, ...], filters: int
) -> None:
    content = pdf(*payloads, filters=filters)
    assert len(content) < 200_000
    assert judged(content) == uploads.HUGE_PDF.msgid


def test_a_program_cannot_hide_behind_what_is_too_long_to_be_looked_at() -> None:
    assert judged(pdf(program_after(60_000_000))) in {uploads.ACTIVE_PDF.msgid, uploads.HUGE_PDF.msgid}
    assert judged(pdf(program_after(200_000_000))) == uploads.HUGE_PDF.msgid


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PDF_SECONDS", 1)
    monkeypatch.setattr(uploads, "PDF_MEMORY", 4_000_000_000)
    with pytest.raises(Refused) as caught:
        uploads.inspect(pdf(numbers(10_000_000)), ("pdf",))
    assert caught.value.reason is uploads.HUGE_PDF


def test_a_large_square_png_is_refused_before_it_is_unpacked() -> None:
    content = png((7000, 7000))
    assert len(content) < 200_000
    assert judged(content) == uploads.TOO_MANY_PIXELS.msgid


def test_the_largest_png_fits_in_memory() -> None:
    assert judged(png((5000, 5000))) == "image/png"


@pytest.mark.parametrize("progressive", [False, True])
def test_a_photo_of_48_megapixels_fits_in_memory(progressive: bool) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    output = BytesIO()
    Image.new("RGB", (8064, 6048), "navy").save(output, "JPEG", progressive=progressive, exif=exif)
    assert judged(output.getvalue()) == "image/jpeg"


@pytest.fixture(scope="module")
def large_heic() -> bytes:
    """48 megapixels in tiles of 512 pixels, as phones keep them."""
    pillow_heif.register_heif_opener()
    output = BytesIO()
    picture = Image.new("RGB", (8064, 6048), "navy")
    picture.save(output, "HEIF", tile_size=512, enc_params={"preset": "ultrafast"})
    return output.getvalue()


def test_a_heic_photo_of_48_megapixels_is_kept(large_heic: bytes) -> None:
    assert judged(large_heic) == "image/jpeg"


def test_a_heic_photo_that_takes_more_memory_than_it_may_is_called_too_large_not_broken(
    large_heic: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PICTURE_MEMORY", 300_000_000)
    with pytest.raises(Refused) as caught:
        uploads.inspect(large_heic, ("heic",))
    assert caught.value.reason is uploads.TOO_MANY_PIXELS


def test_a_heic_photo_of_too_many_pixels_is_refused_before_it_is_unpacked(large_heic: bytes) -> None:
    size = struct.pack(">II", 8064, 6048)
    assert large_heic.count(size) == 1, "in its property `ispe` (ISO/IEC 23008-12, 6.5.3)"
    larger = large_heic.replace(size, struct.pack(">II", 8064, 6400))
    assert judged(larger) == uploads.TOO_MANY_PIXELS.msgid
