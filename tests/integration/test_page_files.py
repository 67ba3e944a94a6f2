"""Files of questions on a page: kept whatever else is wrong, one list each, in rows of groups, filed and corrected."""

import io
import re
import tracemalloc
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse

from applications import contents, drafts
from applications.models import Application, Draft, UploadedFile
from applications.uploads import ON_PAGES
from core.canonical import sha256_hex
from core.context import Context
from core.errors import NotFound
from core.secrets import Undecipherable
from procedures import loader, versions
from tests.factories.applications import TOKYO, clerk
from tests.factories.papers import pdf, photo
from web.views import attachments
from workflows import cases, corrections, dossier
from workflows.case import load

SOURCE = """\
procedure: plan-check
department: tokyo-taxation
kind: permit
language: ja
title: 図面の確認（見本）
summary: 見本です。
law: {basis: 見本条例 第1条, retention: 1 year}
desk: tax
pages:
  - id: first
    title: 図面
    fields:
      - {id: plan, type: file, label: 図面, accept: [pdf], max_files: 2, max_size: 1 MB}
      - {id: photo, type: image, label: 写真, capture: environment, required: false}
      - {id: note, type: text, label: 説明}
      - id: signs
        type: group
        label: 看板
        fields:
          - {id: title, type: text, label: 名前}
          - {id: picture, type: image, label: 看板の写真}
  - {id: second, title: 備考, fields: [{id: rest, type: text, label: 備考, required: false}]}
computed: {many: "len(plan) > 1"}
signature: {level: none}
workflow: {uses: single-review}
issue: [{id: certificate, title: 見本, body: 見本}]
"""


class Visitor:
    """A browser without JavaScript on the first page of a fresh draft."""

    def __init__(self, client: FlaskClient, ctx: Context) -> None:
        self.client, self.ctx = client, ctx
        client.set_cookie("language", "en")
        self.page = client.post(f"/{TOKYO}/plan-check/start").location
        self.draft_id = self.page.split("/")[4]

    def send(self, pressed: str = "next", to: str = "", **inputs: Any) -> TestResponse:
        """Everything the form holds, to where it says, as the browser would; files are (name, bytes)."""
        shown = self.client.get(self.page).text
        action = re.search(
            r'id="page-form" method="post" action="([^"]+)" enctype="multipart/form-data"', shown
        )
        assert action
        data: MultiDict[str, Any] = MultiDict([("do", pressed)])
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', shown):
            data.add(name, value)
        for name, given in inputs.items():
            for each in given if isinstance(given, list) else [given]:
                key = name.replace("__", "-")
                data.add(key, (io.BytesIO(each[1]), each[0]) if isinstance(each, tuple) else each)
        return self.client.post(to or action[1], data=data, content_type="multipart/form-data")

    def rows(self) -> list[UploadedFile]:
        with self.ctx.database.reading(TOKYO) as session:
            return list(session.scalars(sa.select(UploadedFile).order_by(UploadedFile.created_at)))

    def stored(self) -> int:
        return sum(path.is_file() for path in (self.ctx.settings.data_dir / "files").rglob("*"))

    def answers(self) -> dict[str, Any]:
        with self.ctx.database.reading(TOKYO) as session:
            return drafts.load(session, self.ctx, self.draft_id)[1].answers


@pytest.fixture
def visitor(app: Flask, catalogue: Context) -> Visitor:
    """Somebody with the form open."""
    with catalogue.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(SOURCE), "command")
    return Visitor(app.test_client(), catalogue)


def _stored(ctx: Context, row: UploadedFile) -> bytes:
    with ctx.database.reading(TOKYO) as session:
        key = session.get_one(Draft, row.draft_id).case_key
    with contents.opened(ctx, key, row) as file:
        return file.read()


def test_files_lie_sealed_and_go_with_the_key_of_their_case(visitor: Visitor) -> None:
    visitor.send(plan__file=("plan.pdf", pdf()), note="見本")
    [row] = visitor.rows()
    with visitor.ctx.files.open(row.storage_key) as file:
        lies = file.read()
    assert b"PDF" not in lies
    assert (row.size, row.sha256) == (len(pdf()), sha256_hex(pdf()))
    assert _stored(visitor.ctx, row) == pdf()
    with pytest.raises(Undecipherable):
        contents.opened(visitor.ctx, visitor.ctx.keyring.new_case_key(), row).read()
    moved = UploadedFile(id="0" * 32, storage_key=row.storage_key, sha256=row.sha256)
    with visitor.ctx.database.reading(TOKYO) as session, pytest.raises(Undecipherable):
        contents.opened(visitor.ctx, session.get_one(Draft, row.draft_id).case_key, moved).read()


def test_what_nobody_sealed_is_not_opened(ctx: Context) -> None:
    key, stored = ctx.keyring.new_case_key(), ctx.files.put(io.BytesIO(pdf()), 100_000)
    with pytest.raises(Undecipherable):
        contents.opened(ctx, key, UploadedFile(id="0" * 32, storage_key=stored.key))


def test_files_stay_whatever_else_is_wrong(visitor: Visitor) -> None:
    answer = visitor.send(plan__file=[("plan.pdf", pdf()), ("notes.txt", b"words")], note="")
    assert answer.status_code == 422
    assert "“notes.txt”: Choose a file of one of these kinds: PDF." in answer.text
    assert "plan.pdf" in answer.text
    again = visitor.client.get(visitor.page).text
    assert "plan.pdf" in again
    complete = visitor.send(note="見本")
    assert (complete.status_code, complete.location.rpartition("/")[2]) == (303, "second")
    (entry,) = visitor.answers()["plan"]
    assert entry["name"] == "plan.pdf"
    assert entry["sha256"] == visitor.rows()[0].sha256
    assert _stored(visitor.ctx, visitor.rows()[0]) == pdf()


def test_a_photo_is_set_upright_and_loses_its_place(visitor: Visitor) -> None:
    assert visitor.send("upload:photo", photo__file=("camera.jpg", photo())).status_code == 303
    page = visitor.client.get(visitor.page).text
    assert "camera.jpg" in page
    kept = Image.open(io.BytesIO(_stored(visitor.ctx, visitor.rows()[0])))
    assert (kept.size, bool(kept.getexif())) == ((20, 40), False)


def test_the_camera_is_offered_and_files_are_limited(visitor: Visitor) -> None:
    page = visitor.client.get(visitor.page).text
    assert 'accept="image/jpeg,image/png,image/heic" capture="environment"' in page
    three = visitor.send(plan__file=[(f"{n}.pdf", pdf()) for n in range(3)])
    assert "“2.pdf”: At most 2 files go here. Remove one first." in three.text
    assert len(visitor.rows()) == 2
    large = visitor.send("upload:photo", photo__file=("large.jpg", b"\xff\xd8\xff" + bytes(11_000_000)))
    assert "The file is larger than 10 MB" in large.text


def test_a_removed_file_is_gone_with_its_bytes(visitor: Visitor) -> None:
    visitor.send("upload:plan", plan__file=("plan.pdf", pdf()))
    (row,) = visitor.rows()
    assert visitor.send(f"remove:plan:{row.id}").status_code == 303
    assert "plan.pdf" not in visitor.client.get(visitor.page).text
    assert visitor.rows() == []
    with pytest.raises(NotFound):
        visitor.ctx.files.open(row.storage_key)


def test_what_nobody_sent_here_cannot_be_named(visitor: Visitor, catalogue: Context) -> None:
    other = Visitor(visitor.client.application.test_client(), catalogue)
    other.send("upload:plan", plan__file=("theirs.pdf", pdf()))
    (theirs,) = other.rows()
    for id in (theirs.id, "0" * 32, "../secret"):
        answer = visitor.send(plan__kept=id, note="見本")
        assert answer.status_code == 422
        assert "Choose a file for" in answer.text
        assert "theirs.pdf" not in answer.text
    visitor.send("upload:photo", photo__file=("camera.jpg", photo()))
    mine = next(row for row in visitor.rows() if row.draft_id == visitor.draft_id)
    assert visitor.send(plan__kept=mine.id, note="見本").status_code == 422  # a picture is no plan in PDF


def test_rows_of_a_group_have_files_of_their_own(visitor: Visitor) -> None:
    visitor.send("add:signs", plan__file=("plan.pdf", pdf()))
    typed = {"note": "見本", "signs__0__title": "看板"}
    missing = visitor.send(**typed)
    assert "Take or choose a photo for “看板の写真”." in missing.text
    assert 'href="#signs-0-picture-file"' in missing.text
    done = visitor.send(**typed, signs__0__picture__file=("sign.jpg", photo()))
    assert done.status_code == 303
    assert visitor.answers()["signs"][0]["picture"][0]["name"] == "sign.jpg"
    visitor.send("remove:signs:0", note="見本")
    visitor.send(note="見本")
    assert [row.attachment for row in visitor.rows()] == ["plan"]


def _file(visitor: Visitor) -> str:
    visitor.send(plan__file=("plan.pdf", pdf()), photo__file=("camera.jpg", photo()), note="見本")
    check = visitor.client.post(visitor.page.replace("/first", "/second"), data={"do": "next"}).location
    assert "camera.jpg" in visitor.client.get(check).text
    assert visitor.client.post(check, data={"do": "next"}).location.endswith("/filed")
    with visitor.ctx.database.reading(TOKYO) as session:
        id = session.scalar(sa.select(Application.id).where(Application.procedure_id == "plan-check"))
    assert id
    return id


def test_the_desk_sees_them_and_a_correction_replaces_one(visitor: Visitor) -> None:
    id, ctx = _file(visitor), visitor.ctx
    assert {(row.draft_id, row.application_id) for row in visitor.rows()} == {(None, id)}
    who = clerk(ctx, TOKYO, "plans", ("reviewer", "tax"))
    with ctx.database.reading(TOKYO) as session:
        view = dossier.case(session, ctx, id, who, "ja")
        assert [(str(label), [file.name for file in files]) for label, files in view.files] == [
            ("図面", ["plan.pdf"]),
            ("写真", ["camera.jpg"]),
        ]
        photo = view.files[1][1][0].row.id
        assert dossier.file_of(session, ctx, id, photo, who).row.media_type == "image/jpeg"
    with ctx.database.writing(TOKYO) as session:
        seen = load(session, ctx, id).application.row_version
        corrections.request_correction(session, ctx, id, who, seen, {"plan": "見やすいものを"})
        reference = load(session, ctx, id).application.reference
    address = f"/status/{reference}/correction"
    page = visitor.client.get(address).text
    kept = re.findall(r'name="plan-kept" value="([^"]+)"', page)
    assert len(kept) == 1
    added = {"do": "upload:plan", "plan-kept": kept[0], "plan-file": (io.BytesIO(pdf(2)), "plan.pdf")}
    shown = visitor.client.post(address, data=added, content_type="multipart/form-data").text
    both = re.findall(r'name="plan-kept" value="([^"]+)"', shown)
    assert len(both) == 2
    sent = visitor.client.post(
        address, data={"do": "next", "plan-kept": both[1]}, content_type="multipart/form-data"
    )
    assert sent.status_code == 303
    with ctx.database.reading(TOKYO) as session:
        view = dossier.case(session, ctx, id, who, "ja")
        answers = load(session, ctx, id).document
    assert [entry["id"] for entry in answers.answers["plan"]] == [both[1]]
    assert ON_PAGES not in answers.files
    assert [str(change.label) for change in view.corrections[0].changes] == ["図面"]


def test_a_correction_keeps_only_files_that_are_still_named(visitor: Visitor) -> None:
    id, ctx = _file(visitor), visitor.ctx
    who = clerk(ctx, TOKYO, "plans", ("reviewer", "tax"))
    with ctx.database.writing(TOKYO) as session:
        application = load(session, ctx, id).application
        corrections.request_correction(
            session, ctx, id, who, application.row_version, {"plan": "見やすいものを"}
        )
        address = f"/status/{application.reference}/correction"
    before = {row.id for row in visitor.rows()}

    def send(do: str, *kept: str, pages: int = 0, elsewhere: str = "") -> set[str]:
        """Send the form; the ids of files that came with the correction and are there."""
        sent: dict[str, Any] = {"do": do, "plan-kept": list(kept), "elsewhere-kept": elsewhere}
        if pages:
            sent["plan-file"] = (io.BytesIO(pdf(pages)), "plan.pdf")
        visitor.client.post(address, data=sent, content_type="multipart/form-data")
        rows = visitor.rows()
        assert visitor.stored() == len(rows), "a file for each row"
        return {row.id for row in rows} - before

    for pages in (2, 3, 4):
        there = send("upload:plan", pages=pages)
        assert len(there) == 1, "the page names the latest only"
    [latest] = there
    assert send("upload:plan", latest, elsewhere="x") == {latest}
    assert send("upload:plan", elsewhere=latest) == set()
    [first] = send("upload:plan", pages=2)
    [second] = send("upload:plan", first, pages=3) - {first}
    assert send("next", second) == {second}
    with ctx.database.reading(TOKYO) as session:
        assert [entry["id"] for entry in load(session, ctx, id).document.answers["plan"]] == [second]


def test_filing_is_refused_while_bytes_are_missing(visitor: Visitor) -> None:
    visitor.send(plan__file=("plan.pdf", pdf()), note="見本")
    check = visitor.client.post(visitor.page.replace("/first", "/second"), data={"do": "next"}).location
    visitor.ctx.files.delete(visitor.rows()[0].storage_key)
    refused = visitor.client.post(check, data={"do": "next"})
    assert refused.status_code == 409
    assert "A file is missing" in refused.text
    with pytest.raises(Exception, match="A file is missing"), visitor.ctx.database.writing(TOKYO) as session:
        cases.file_application(session, visitor.ctx, visitor.draft_id)


def test_a_large_pdf_goes_to_its_place_without_being_held_in_memory(visitor: Visitor, tmp_path: Path) -> None:
    with pikepdf.new() as made:
        made.add_blank_page()
        made.pages[0].Contents = made.make_stream(bytes(15_000_000))
        made.save(tmp_path / "large.pdf", compress_streams=False)
    with (tmp_path / "large.pdf").open("rb") as file:
        chosen = FileStorage(file, "large.pdf")
        key = visitor.ctx.keyring.new_case_key()
        with visitor.client.application.app_context():
            tracemalloc.start()
            row = attachments.store("plan", ("pdf",), "20 MB", chosen, key, draft_id=visitor.draft_id)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert row.size > 15_000_000
    assert peak < 4_000_000
