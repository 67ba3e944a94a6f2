"""Files that cannot be taken: the reason stands beside the attachment, every other file is kept."""

import zlib
from io import BytesIO
from struct import pack

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from werkzeug.datastructures import MultiDict

from applications import queries
from applications.models import UploadedFile
from core.context import Context
from core.errors import NotFound
from tests.factories.applications import MIHON, SIGNS, clerk, filed
from tests.factories.browsers import Browser, upload
from workflows import cases
from workflows.corrections import request_correction


@pytest.fixture
def browser(app: Flask, catalogue: Context) -> Browser:
    """A browser with a permit that is filled in; a map and a drawing are attached."""
    return Browser(app, catalogue, SIGNS)


def pdf(change: str = "", encryption: pikepdf.Encryption | None = None) -> bytes:
    output = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        if change == "script":
            action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
            document.Root.OpenAction = document.make_indirect(action)
        elif change == "file":
            document.attachments["evil.exe"] = b"MZ"
        document.save(output, encryption=encryption or False)
    return output.getvalue()


def png(side: int = 20) -> bytes:
    output = BytesIO()
    Image.new("RGB", (side, side), "navy").save(output, "PNG")
    return output.getvalue()


def bomb() -> bytes:
    """A PNG of 60,000 × 60,000 points in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    header = pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


BAD = {
    "empty.pdf": (b"", "The file is empty"),
    "broken.pdf": (b"%PDF-1.7\nnothing", "cannot be read"),
    "cut.pdf": (pdf()[:200], "cannot be read"),
    "locked.pdf": (pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "password"),
    "script.pdf": (pdf("script"), "contains a program"),
    "files.pdf": (pdf("file"), "contains other files"),
    "bomb.png": (bomb(), "too many pixels"),
    "cut.png": (png(300)[:60], "cannot be read"),
    "page.html": (b"<script>alert(1)</script>", "one of these kinds"),
    "disguised.pdf": (b"MZ\x90\x00", "one of these kinds"),
    "gif.png": (b"GIF89a" + bytes(20), "one of these kinds"),
    "archive.pdf": (b"PK\x03\x04" + bytes(50), "one of these kinds"),
}


@pytest.mark.parametrize("name", BAD)
def test_the_reason_stands_beside_the_field_and_other_files_are_kept(browser: Browser, name: str) -> None:
    content, said = BAD[name]
    before = browser.document().files
    answer = upload(browser, design=[("fine.png", png()), (name, content)])
    assert answer.status_code == 422
    beside = answer.text.partition('id="file-design-error-1"')[2][:600]
    assert beside, "the message belongs to the attachment it is about"
    assert said in beside, beside
    kept = browser.document().files
    assert [one["name"] for one in kept["design"]] == [before["design"][0]["name"], "fine.png"]


def test_more_files_than_allowed(browser: Browser) -> None:
    answer = upload(browser, design=[(f"{number}.png", png()) for number in range(7)])
    assert answer.status_code == 422
    assert "At most 5 files" in answer.text
    assert len(browser.document().files["design"]) == 5


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.pdf",
        "a\u202efdp.exe",
        "x" * 500 + ".pdf",
        '"><script>alert(1)</script>.pdf',
        "見本\x01.pdf",
        "a\\b.pdf",
    ],
)
def test_strange_names_do_no_harm(browser: Browser, catalogue: Context, name: str) -> None:
    assert upload(browser, design=[(name, pdf())]).status_code == 303
    kept = browser.document().files["design"][-1]["name"]
    assert len(kept) <= 200
    assert kept.isprintable()
    page = browser.client.get(f"{browser.base}/attachments").text
    assert "<script>alert" not in page
    with catalogue.database.reading(MIHON) as session:
        keys = session.scalars(sa.select(UploadedFile.storage_key)).all()
    assert all(len(key) == 32 and key.isalnum() for key in keys)


def test_files_for_attachments_that_are_not_asked(browser: Browser) -> None:
    before = browser.document().files
    assert upload(browser, consent=[("a.pdf", pdf())], nothing=[("b.pdf", pdf())]).status_code == 303
    assert browser.document().files == before


@pytest.mark.parametrize("id", ["", "x", "0" * 32, "../x"])
def test_removing_what_is_not_there(browser: Browser, id: str) -> None:
    before = browser.document().files
    answer = browser.client.post(f"{browser.base}/attachments", data={"do": f"remove:{id}"})
    assert answer.status_code == 303
    assert browser.document().files == before


def test_a_file_of_somebody_else_cannot_be_removed(browser: Browser, app: Flask, catalogue: Context) -> None:
    other = Browser(app, catalogue, SIGNS)
    theirs = other.document().files["design"][0]["id"]
    browser.client.post(f"{browser.base}/attachments", data={"do": f"remove:{theirs}"})
    with catalogue.database.reading(MIHON) as session:
        assert session.get(UploadedFile, theirs) is not None
    assert other.document().files["design"][0]["id"] == theirs


def test_a_removed_file_is_gone_from_the_store(browser: Browser, catalogue: Context) -> None:
    upload(browser, design=[("fine.png", png())])
    id = browser.document().files["design"][-1]["id"]
    with catalogue.database.reading(MIHON) as session:
        key = session.get_one(UploadedFile, id).storage_key
    catalogue.files.open(key).close()
    browser.send("attachments", do=f"remove:{id}")
    with pytest.raises(NotFound):
        catalogue.files.open(key)


def test_a_correction_takes_the_files_that_are_asked_for_and_no_more(app: Flask, catalogue: Context) -> None:
    case = filed(catalogue, SIGNS).application
    person = clerk(catalogue, MIHON, "hanako", ("reviewer", "*"))
    with catalogue.database.writing(MIHON) as session:
        cases.take(session, catalogue, case.id, "take", person, queries.get(session, case.id).row_version)
    with catalogue.database.writing(MIHON) as session:
        seen = queries.get(session, case.id).row_version
        request_correction(session, catalogue, case.id, person, seen, {"design": "見えません"})
    resident = app.test_client()
    with resident.session_transaction() as kept:
        kept["cases"] = [case.id]
    resident.set_cookie("language", "en")
    sent = MultiDict(
        [
            ("do", "next"),
            *(("file-design", (BytesIO(png()), f"{number}.png")) for number in range(6)),
            ("file-location_map", (BytesIO(pdf()), "map.pdf")),
        ]
    )
    answer = resident.post(
        f"/status/{case.reference}/correction", data=sent, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert "At most 5 files" in answer.text
    with catalogue.database.reading(MIHON) as session:
        rows = session.scalars(sa.select(UploadedFile.attachment)).all()
    assert rows.count("design") == 6, "five new ones and the first"
    assert rows.count("location_map") == 1


def test_an_attachment_replaced_while_a_correction_is_wrong_leaves_nothing(
    app: Flask, catalogue: Context
) -> None:
    ctx = catalogue
    id = filed(ctx, SIGNS, 1).application.id
    who = clerk(ctx, MIHON, "signs", ("reviewer", "advertising"))
    with ctx.database.writing(MIHON) as session:
        application = queries.get(session, id)
        wanted = {"design": "見やすいものを", "phone": "番号をお確かめください"}
        request_correction(session, ctx, id, who, application.row_version, wanted)
        address = f"/status/{application.reference}/correction"
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["cases"] = [id]

    def rows() -> set[str]:
        with ctx.database.reading(MIHON) as session:
            return set(session.scalars(sa.select(UploadedFile.id).where(UploadedFile.application_id == id)))

    before = rows()
    for name, phone, status in (("1.pdf", "no", 422), ("2.pdf", "no", 422), ("3.pdf", "09011112222", 303)):
        sent = {"do": "next", "phone": phone, "file-design": (BytesIO(pdf()), name)}
        assert client.post(address, data=sent, content_type="multipart/form-data").status_code == status
        assert len(rows() - before) == 1, "the latest only"
        assert rows() >= before, "what was handed in before belongs to the case"
