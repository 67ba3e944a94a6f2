"""Documents as PDF: what stands in them, what goes with them, and that nothing is fetched or run."""

import json
import re
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pikepdf
import pytest

from core.context import Context
from core.settings import Settings
from documents.render import TEMPLATES, render_pdf, to_html
from documents.sheet import Both, Sheet, SheetRow, official_date

RARE = "𠮷野 邉󠄂龗 﨑"
"""Kanji outside the BMP, with a variation selector, rare, and of the compatibility block."""
NAMES = (
    "葛\U000e0100城", "邉\U000e0102𠮷", "邊\U000e0104", "辻\U000e0101", "𠮷野𩸽子", "𠀋𡈽", "﨑龗", "ﾐﾎﾝ", "か\u3099",
    "髙德", "이준호", "张伟", "Nguyễn",
)  # fmt: skip
"""Chosen shapes of kanji (IVS), kanji of CJK Extension B, half-width kana, a mark apart from its kana, and others."""
LONG = "寿限無" * 40


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return Context(Settings(data_dir=tmp_path, public_url="https://madoguchi.example.invalid"))


@pytest.fixture
def sheet() -> Sheet:
    return Sheet(
        organisation=Both("見本都", "Mihon Prefecture"),
        department=Both("主税局"),
        title=Both("納税証明書", "Tax certificate"),
        body=Both("次のとおり証明します。\n以上", "This is to certify the following."),
        rows=(SheetRow(Both("氏名", "Name"), Both(RARE)), SheetRow(Both("備考", "Remarks"), Both(LONG))),
        conditions=(Both("条件その一", "First condition"),),
        reference="TC-7K3D-9Q2M",
        code="ABCD2345EFGH",
        issued_on=date(2026, 11, 22),
        valid_until=date(2027, 2, 22),
        beside="en",
        addressee=RARE,
        data={"answers": {"name": RARE}},
    )


def read(pdf: bytes, folder: Path) -> str:
    path = folder / "document.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.parametrize("template", ["certificate", "permit", "letter"])
def test_a_sheet_becomes_a_tagged_archivable_page(
    ctx: Context, sheet: Sheet, template: str, tmp_path: Path
) -> None:
    pdf = render_pdf(ctx, template, sheet)
    text = read(pdf, tmp_path)
    for expected in (
        "見本都",
        "Tax certificate",
        "TC-7K3D-9Q2M",
        "ABCD-2345-EFGH",
        "令和8年11月22日",
        "2026-11-22",
        "TEST",
    ):
        assert expected in text
    with pikepdf.open(tmp_path / "document.pdf") as opened:
        assert opened.Root.Lang == "ja"
        assert opened.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in opened.Root
        metadata = opened.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["dc:title"] == "納税証明書 TC-7K3D-9Q2M"
    assert subprocess.run(["qpdf", "--check", tmp_path / "document.pdf"], check=False).returncode == 0


def test_every_font_is_embedded(ctx: Context, sheet: Sheet, tmp_path: Path) -> None:
    read(render_pdf(ctx, "permit", sheet), tmp_path)
    fonts = subprocess.run(
        ["pdffonts", tmp_path / "document.pdf"], check=True, capture_output=True, text=True
    ).stdout.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), fonts
    assert any("IPAex" in line for line in fonts)


def test_names_go_along_exactly_as_they_were_typed(ctx: Context, sheet: Sheet, tmp_path: Path) -> None:
    read(render_pdf(ctx, "certificate", sheet), tmp_path)
    with pikepdf.open(tmp_path / "document.pdf") as opened:
        (spec,) = opened.attachments.values()
        assert spec.relationship == "/Data"
        data = json.loads(spec.get_file().read_bytes())
    assert data == {"answers": {"name": RARE}}


@pytest.mark.parametrize("template", ["certificate", "permit", "letter"])
def test_names_can_be_read_from_the_page_sign_by_sign(
    ctx: Context, sheet: Sheet, template: str, tmp_path: Path
) -> None:
    rows = tuple(SheetRow(Both("氏名"), Both(name)) for name in NAMES)
    text = read(render_pdf(ctx, template, replace(sheet, rows=rows)), tmp_path)
    for name in NAMES:
        assert name in text, [f"U+{ord(sign):04X}" for sign in name]


def test_a_chosen_shape_is_printed(ctx: Context, sheet: Sheet, tmp_path: Path) -> None:
    def printed(name: str) -> bytes:
        rows = (SheetRow(Both("氏名"), Both(name)),)
        read(render_pdf(ctx, "certificate", replace(sheet, rows=rows, addressee=None)), tmp_path)
        command = ["pdftoppm", "-r", "72", "-gray", "-f", "1", "-l", "1", str(tmp_path / "document.pdf")]
        return subprocess.run(command, check=True, capture_output=True).stdout

    shapes = [printed("邉"), printed("邉\U000e0102"), printed("邉\U000e0103"), printed("\U00031fff")]
    assert len(set(shapes)) == 4, "two shapes, the plain one, and the box of a sign that no font has, differ"


def test_the_square_leads_to_the_verification_page(
    ctx: Context, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    import segno

    made: list[str] = []
    make = segno.make

    def kept(text: str, **options: Any) -> Any:
        made.append(text)
        return make(text, **options)

    monkeypatch.setattr(segno, "make", kept)
    to_html(ctx, "certificate", sheet)
    assert made == ["https://madoguchi.example.invalid/verify?code=ABCD2345EFGH"]


def test_a_seal_of_ones_own_drops_the_label(ctx: Context, sheet: Sheet, tmp_path: Path) -> None:
    own = Context(Settings(data_dir=tmp_path, seal_key=tmp_path / "seal.p12"))
    assert "watermark" in to_html(ctx, "certificate", sheet)
    assert "watermark" not in to_html(own, "certificate", sheet)


def test_texts_are_never_run_and_never_markup(ctx: Context, sheet: Sheet) -> None:
    hostile = "{{ 7 * 7 }} {% raw %}<img src='file:///etc/passwd'><script>"
    html = to_html(ctx, "letter", replace(sheet, body=Both(hostile), addressee=hostile, title=Both(hostile)))
    assert "49" not in html.split("<main>")[1].split('class="check"')[0]
    assert "<script" not in html
    assert "<img src='file" not in unquote(html)


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "https://example.invalid/x", "../issuing.py",
     "file://templates/../../issuing.py", "ftp://example.invalid/x", "sheet.css/../../issuing.py"],
)  # fmt: skip
def test_only_the_templates_own_files_are_read(address: str) -> None:
    from weasyprint.urls import FatalURLFetchingError

    from documents.engine import to_pdf

    with pytest.raises(FatalURLFetchingError):
        to_pdf(f"<html lang=ja><title>x</title><img src='{address}' alt=''>", TEMPLATES, ("a", "b", "{}"))


def test_a_long_document_keeps_its_marks_on_every_page(ctx: Context, sheet: Sheet, tmp_path: Path) -> None:
    long = replace(sheet, body=Both("\n".join(f"第{n}条 {LONG}" for n in range(30))))
    text = read(render_pdf(ctx, "letter", long), tmp_path)
    pages = text.split("\f")[:-1]
    assert len(pages) > 2
    assert all(
        "TC-7K3D-9Q2M" in page and re.search(rf"{n} ?/ ?{len(pages)}\b", page)
        for n, page in enumerate(pages, 1)
    )


@pytest.mark.parametrize(
    ("day", "language", "written"),
    [(date(2026, 11, 22), "ja", "令和8年11月22日"), (date(2019, 5, 1), "ja", "令和元年5月1日"),
        (date(2026, 1, 2), "ja-simple", "2026年1月2日"),
     (date(2026, 1, 2), "en", "2026-01-02"), (date(2026, 1, 2), "ko", "2026-01-02")],
)  # fmt: skip
def test_dates_are_written_as_official_papers_do(day: date, language: str, written: str) -> None:
    assert official_date(day, language) == written
