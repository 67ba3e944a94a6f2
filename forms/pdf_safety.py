"""Whether a PDF shows pages and nothing more. Run by `core.confined`: a file of 40 kB can unpack to gigabytes.

Object streams are unpacked as soon as one looks into them, and no library tells beforehand to how much: qpdf's own
limits cut a stream off and say nothing, so that a program could stand behind the cut.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO, Final, Literal

import pikepdf

from core import confined

Finding = Literal["fine", "locked", "broken", "active", "files", "huge"]
MOST_OBJECTS: Final = 50_000
"""Dictionaries and arrays that are looked at: about two seconds; a scan of 100 pages has 1,000."""


def finding(stream: BinaryIO, most: int = MOST_OBJECTS) -> Finding:
    """What keeps the PDF from being accepted; ``fine`` where nothing does. Raises `MemoryError`."""
    try:
        with pikepdf.open(stream) as pdf:
            if pdf.is_encrypted:
                return "locked"
            if not len(pdf.pages):
                return "broken"
            for number, found in enumerate(_objects(pdf)):
                if number > most:
                    return "huge"
                if harm := _harm(found):
                    return harm
            return _unseen(pdf)
    except pikepdf.PasswordError:
        return "locked"
    except (pikepdf.PdfError, ValueError, RuntimeError, NotImplementedError):
        return "broken"


def _unseen(pdf: pikepdf.Pdf) -> Finding:
    """Whether something stayed unread: qpdf passes over what it cannot unpack with a warning, also without memory."""
    warnings = [str(warning) for warning in pdf.get_warnings()]
    if any("bad_alloc" in warning for warning in warnings):
        return "huge"
    return "broken" if any("unfilterable stream" in warning for warning in warnings) else "fine"


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


def _objects(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary and array of the file, also those that stand inside others."""
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


def _harm(found: pikepdf.Object) -> Finding | None:
    """Why an object of a PDF cannot be accepted; None where it can."""
    if isinstance(found, pikepdf.Array):
        return None
    keys = found.keys()
    if keys & _ACTIVE_KEYS or str(found.get("/S", "")) in _ACTIONS:
        return "active"
    if keys & _FILE_KEYS or str(found.get("/Type", "")) == "/EmbeddedFile":
        return "files"
    return None


if __name__ == "__main__":
    confined.confine()
    sys.stdout.write(finding(BytesIO(sys.stdin.buffer.read())))
