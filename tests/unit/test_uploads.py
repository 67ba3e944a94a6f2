"""Files that people hand in: judged by content, images made anew, PDFs that do more than show pages refused."""

from io import BytesIO
from typing import Any

import pikepdf
import pillow_heif
import pytest
from PIL import Image

from core.errors import Refused
from forms import pdf_safety, pictures, uploads

ALL = ("pdf", "jpeg", "png", "heic")


def picture(format: str, **options: Any) -> bytes:
    output = BytesIO()
    Image.new("RGB", (40, 20), "navy").save(output, format, **options)
    return output.getvalue()


def phone_photo(orientation: int, format: str) -> bytes:
    """A photo with upright corners of red, green, blue and white, as a phone held that way keeps it, with its place."""
    pillow_heif.register_heif_opener()
    upright = Image.new("RGB", (120, 80), "grey")
    for colour, at in (("red", (0, 0)), ("lime", (80, 0)), ("blue", (0, 50)), ("white", (80, 50))):
        upright.paste(colour, (*at, at[0] + 40, at[1] + 30))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SAMPLE PHONE"
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 41.0, 22.0), 3: "E", 4: (139.0, 41.0, 30.0)})
    turned = _TURNED.get(orientation)
    output = BytesIO()
    (upright.transpose(turned) if turned is not None else upright).save(output, format, exif=exif.tobytes())
    return output.getvalue()


_TURN = Image.Transpose
_TURNED = {2: _TURN.FLIP_LEFT_RIGHT, 3: _TURN.ROTATE_180, 4: _TURN.FLIP_TOP_BOTTOM, 5: _TURN.TRANSPOSE,
           6: _TURN.ROTATE_90, 7: _TURN.TRANSVERSE, 8: _TURN.ROTATE_270}  # fmt: skip


def named(colour: Any) -> str:
    """The nearest of four colours."""
    known = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
    return min(known, key=lambda name: sum((a - b) ** 2 for a, b in zip(known[name], colour, strict=True)))


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


ODD = {
    "an entry of another type": b"II*\0\x08\0\0\0\x02\0"
    b"\x12\1\3\0\1\0\0\0\6\0\0\0"
    b"\x1a\1\2\0\4\0\0\0abc\0" + bytes(4),
    "nothing but noise": b"II*\0\xff\xff\xff\xff",
}


@pytest.mark.parametrize("exif", ODD.values(), ids=ODD)
def test_odd_notes_of_a_camera_do_not_matter(exif: bytes) -> None:
    content = picture("JPEG", exif=b"Exif\0\0" + exif)
    assert uploads.inspect(content, ALL).media_type == "image/jpeg"


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


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["HEIF", "JPEG"])
def test_a_photo_of_a_phone_stands_upright_whichever_way_it_was_held(format: str, orientation: int) -> None:
    kept = Image.open(BytesIO(uploads.inspect(phone_photo(orientation, format), ALL).content))
    assert (kept.format, kept.size) == ("JPEG", (120, 80))
    corners = [kept.convert("RGB").getpixel(at) for at in ((10, 10), (110, 10), (10, 70), (110, 70))]
    assert [named(corner) for corner in corners] == ["red", "green", "blue", "white"]
    assert not kept.getexif()


def test_a_heic_photo_is_turned_once_although_it_says_twice_how() -> None:
    photo = phone_photo(6, "HEIF")
    assert b"irot" in photo, (
        "the container turns the picture, and its EXIF data say so, too (ISO/IEC 23008-12)"
    )
    assert Image.open(BytesIO(photo)).info["original_orientation"] == 6


@pytest.mark.parametrize("format", ["HEIF", "JPEG", "PNG"])
def test_nothing_tells_where_a_photo_was_taken(format: str) -> None:
    photo = phone_photo(1, format)
    assert b"SAMPLE PHONE" in photo
    kept = uploads.inspect(photo, ALL).content
    assert b"SAMPLE PHONE" not in kept
    with Image.open(BytesIO(kept)) as image:
        assert not image.getexif()
        assert {"exif", "xmp", "icc_profile", "metadata", "thumbnails", "comment"}.isdisjoint(image.info)


def test_a_photo_with_ten_bits_a_colour_is_taken() -> None:
    pixels = (b"\xff\xff" + b"\x00\x00" * 2) * 64 * 48
    output = BytesIO()
    pillow_heif.encode("RGB;16", (64, 48), pixels, output)
    kept = Image.open(BytesIO(uploads.inspect(output.getvalue(), ALL).content))
    assert named(kept.convert("RGB").getpixel((30, 20))) == "red"


def test_a_large_picture_is_reduced() -> None:
    output = BytesIO()
    Image.new("L", (6000, 10)).save(output, "PNG")
    assert Image.open(BytesIO(uploads.inspect(output.getvalue(), ALL).content)).width == pictures.LONGEST_SIDE


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


def test_a_pdf_of_too_many_objects_is_refused() -> None:
    def fill(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Sample = pikepdf.Array([pikepdf.Array([])] * (pdf_safety.MOST_OBJECTS + 1))

    assert "too complex" in reason(document(fill))


def test_a_pdf_without_pages_is_refused() -> None:
    output = BytesIO()
    with pikepdf.new() as pdf:
        pdf.save(output)
    assert "PDF cannot be read" in reason(output.getvalue())
