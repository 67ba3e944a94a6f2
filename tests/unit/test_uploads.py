"""Files that people hand in: judged by content, images made anew, PDFs that do more than show pages refused."""

from io import BytesIO
from typing import Any

import pikepdf
import pillow_heif
import pytest
from PIL import Image

from core.errors import Refused
from forms import uploads

ALL = ("pdf", "jpeg", "png", "heic")


def picture(format: str, **options: Any) -> bytes:
    output = BytesIO()
    Image.new("RGB", (40, 20), "navy").save(output, format, **options)
    return output.getvalue()


def document(change: object = None, **options: Any) -> bytes:
    output = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        if callable(change):
            change(pdf)
        pdf.save(output, **options)
    return output.getvalue()


def reason(content: bytes, accept: tuple[str, ...] = ALL) -> str:
    with pytest.raises(Refused) as caught:
        uploads.inspect(content, accept)
    return caught.value.reason.msgid


def test_a_plain_pdf_is_kept_byte_for_byte() -> None:
    content = document()
    assert uploads.inspect(content, ALL) == uploads.Inspected("application/pdf", content)


def test_a_photo_loses_its_place_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"
    inspected = uploads.inspect(picture("JPEG", exif=exif), ALL)
    kept = Image.open(BytesIO(inspected.content))
    assert inspected.media_type == "image/jpeg"
    assert kept.size == (20, 40)
    assert not kept.getexif()


def test_what_hides_behind_a_picture_is_gone() -> None:
    inspected = uploads.inspect(picture("PNG") + b"<script>alert(1)</script>", ALL)
    assert b"<script>" not in inspected.content


def test_transparency_of_a_png_stays() -> None:
    output = BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 4)).save(output, "PNG")
    assert Image.open(BytesIO(uploads.inspect(output.getvalue(), ALL).content)).mode == "RGBA"


def test_a_cmyk_jpeg_becomes_rgb() -> None:
    output = BytesIO()
    Image.new("CMYK", (4, 4)).save(output, "JPEG")
    assert Image.open(BytesIO(uploads.inspect(output.getvalue(), ALL).content)).mode == "RGB"


def test_a_heic_photo_becomes_a_jpeg() -> None:
    pillow_heif.register_heif_opener()
    inspected = uploads.inspect(picture("HEIF"), ALL)
    assert inspected.media_type == "image/jpeg"
    assert Image.open(BytesIO(inspected.content)).format == "JPEG"


def test_a_large_picture_is_reduced() -> None:
    output = BytesIO()
    Image.new("L", (6000, 10)).save(output, "PNG")
    assert Image.open(BytesIO(uploads.inspect(output.getvalue(), ALL).content)).width == uploads.LONGEST_SIDE


def test_an_empty_file_is_refused() -> None:
    assert "empty" in reason(b"")


@pytest.mark.parametrize("content", [b"PK\x03\x04 a spreadsheet", b"<svg/>", b"hello", b"\x00" * 20])
def test_other_kinds_are_refused_with_the_kinds_to_choose(content: bytes) -> None:
    with pytest.raises(Refused) as caught:
        uploads.inspect(content, ("pdf", "jpeg"))
    assert str(caught.value.reason) == "Choose a file of one of these kinds: PDF, JPEG."


def test_a_kind_this_question_does_not_take_is_refused() -> None:
    assert "these kinds" in reason(picture("PNG"), ("pdf",))


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_truncated_picture_is_refused(format: str) -> None:
    output = BytesIO()
    Image.effect_noise((200, 200), 50).save(output, format)
    assert "picture cannot be read" in reason(output.getvalue()[:2000])


def test_a_picture_that_would_exhaust_memory_is_refused() -> None:
    output = BytesIO()
    Image.new("1", (20_000, 20_000)).save(output, "PNG")
    assert "too many pixels" in reason(output.getvalue())


@pytest.mark.parametrize("content", [b"%PDF-1.7\nnothing", b"%PDF-", document()[:200]])
def test_a_broken_pdf_is_refused(content: bytes) -> None:
    assert "PDF cannot be read" in reason(content)


@pytest.mark.parametrize("user", ["secret", ""])
def test_an_encrypted_pdf_is_refused(user: str) -> None:
    content = document(encryption=pikepdf.Encryption(owner="owner", user=user))
    assert "protected" in reason(content)


def _open_action(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _named_script(pdf: pikepdf.Pdf) -> None:
    script = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["x", script]))


def _launch(pdf: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    pdf.pages[0].Annots = [
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    ]


@pytest.mark.parametrize("change", [_open_action, _named_script, _launch])
def test_a_pdf_with_a_program_is_refused(change: object) -> None:
    assert "contains a program" in reason(document(change))


def test_a_program_in_a_compressed_object_is_found() -> None:
    content = document(_named_script, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in content
    assert "contains a program" in reason(content)


def test_a_pdf_with_files_in_it_is_refused() -> None:
    def attach(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["virus.exe"] = b"MZ"

    assert "contains other files" in reason(document(attach))


def test_a_pdf_that_would_take_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_OBJECTS", 3)
    assert "too complex" in reason(document())


def test_a_pdf_without_pages_is_refused() -> None:
    output = BytesIO()
    with pikepdf.new() as pdf:
        pdf.save(output)
    assert "PDF cannot be read" in reason(output.getvalue())
