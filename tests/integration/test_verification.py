"""Is it genuine? Every kind of answer, by file and by code, as a service and as a page."""

import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock
from core.context import Context
from core.database import EVERYONE
from core.identifiers import grouped
from core.settings import Settings
from documents import archive, issuing, render
from documents.models import Issued
from procedures import versions
from signing import seal
from tests.factories import applications
from tests.factories.applications import OWNER, SIGNS, TAX, TOKYO
from tests.factories.seals import attacked, blank_pdf
from workflows import verification
from workflows.verification import Verdict


def issue(
    ctx: Context,
    procedure_id: str = TAX,
    document: str = "certificate",
    language: str = "ja",
    sealed: bool = True,
) -> tuple[Issued, bytes]:
    """A document, issued as the job does it."""
    filed = applications.filed(ctx, procedure_id, language=language)
    with ctx.database.writing(OWNER[procedure_id]) as session:
        version = versions.get(session, filed.application.version_digest)
        answers = version.procedure.examples[0].answers
        sheet = issuing.prepare(session, filed.application, version.procedure, document, answers)
        definition = issuing.definition_of(version.procedure, document)
        pdf = render.render_pdf(ctx, definition.template, sheet)
        if sealed:
            pdf = seal.seal(ctx, pdf, filed.application.reference)
        issued = issuing.store(session, ctx, filed.application, document, "approved", sheet, pdf)
        assert issuing.store(session, ctx, filed.application, document, "approved", sheet, b"other") is issued
    return issued, pdf


@pytest.fixture
def published(embedded_ctx: Context) -> Context:
    applications.publish(embedded_ctx)
    return embedded_ctx


@pytest.fixture
def issued(published: Context) -> tuple[Issued, bytes]:
    return issue(published)


def judge(ctx: Context, pdf: bytes) -> Verdict:
    with ctx.database.reading(EVERYONE) as session:
        return verification.verify_pdf(session, ctx, pdf)


def look_up(ctx: Context, code: str) -> Verdict:
    with ctx.database.reading(EVERYONE) as session:
        return verification.by_code(session, ctx, code)


def test_what_was_issued_is_genuine(published: Context, issued: tuple[Issued, bytes]) -> None:
    row, pdf = issued
    verdict = judge(published, pdf)
    assert (verdict.status, verdict.by_file, verdict.test) == ("genuine", True, True)
    assert verdict.record is not None
    assert "見本" in str(verdict.record.organisation)
    assert verdict.record.code == row.code
    assert look_up(published, grouped(row.code).lower()).status == "genuine"


def test_additions_make_it_altered_and_name_the_original(
    published: Context, issued: tuple[Issued, bytes]
) -> None:
    row, pdf = issued
    verdict = judge(published, attacked(pdf))
    assert verdict.status == "altered"
    assert verdict.record is not None
    assert verdict.record.code == row.code


def test_changed_bytes_make_it_altered(published: Context, issued: tuple[Issued, bytes]) -> None:
    _, pdf = issued
    place = len(pdf) // 3
    assert judge(published, pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]).status in (
        "altered",
        "not_ours",
    )
    with pikepdf.open(BytesIO(pdf)) as opened:
        target = BytesIO()
        opened.save(target)
    assert judge(published, target.getvalue()).status in ("altered", "not_ours")


def test_an_expired_one_is_told(published: Context, issued: tuple[Issued, bytes]) -> None:
    row, pdf = issued
    assert row.valid_until is not None
    with clock.shifted(timedelta(days=100)):
        assert judge(published, pdf).status == look_up(published, row.code).status == "expired"


def test_it_holds_on_its_last_day(published: Context, issued: tuple[Issued, bytes]) -> None:
    row, pdf = issued
    assert row.valid_until is not None
    days = (row.valid_until - clock.today("Asia/Tokyo")).days
    with clock.shifted(timedelta(days=days)):
        assert judge(published, pdf).status == "genuine"
    with clock.shifted(timedelta(days=days + 1)):
        assert judge(published, pdf).status == "expired"


def test_a_withdrawn_one_is_told(published: Context, issued: tuple[Issued, bytes]) -> None:
    row, pdf = issued
    with published.database.writing(TOKYO) as session:
        issuing.withdraw(session, row.id, "clerk:1")
        issuing.withdraw(session, row.id, "clerk:1")
    assert judge(published, pdf).status == look_up(published, row.code).status == "withdrawn"


def test_sealed_but_never_registered_is_unknown(published: Context) -> None:
    assert judge(published, seal.seal(published, blank_pdf(), "x")).status == "unknown"


def test_what_others_sealed_or_nobody_is_not_ours(published: Context, tmp_path: Path) -> None:
    other = Context(Settings(data_dir=tmp_path / "other"))
    assert judge(published, seal.seal(other, blank_pdf(), "x")).status == "not_ours"
    assert judge(published, blank_pdf()).status == "not_ours"
    assert judge(published, b"%PDF-1.7 broken").status == "not_ours"


def test_a_document_without_a_seal_is_known_by_its_digest(published: Context) -> None:
    _, pdf = issue(published, sealed=False)
    assert judge(published, pdf).status == "genuine"


def test_an_unknown_code(published: Context) -> None:
    assert look_up(published, "AAAABBBBCCCC").status == "unknown"


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_a_permit_says_what_was_permitted(published: Context, language: str, tmp_path: Path) -> None:
    row, pdf = issue(published, SIGNS, "permit", language)
    path = tmp_path / "permit.pdf"
    path.write_bytes(pdf)
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "屋外広告物許可書" in text
    assert grouped(row.code) in text
    assert "3.58" in text
    assert "見本 太郎" in text.split("屋外広告物許可書")[0]
    assert "{" not in text
    assert judge(published, pdf).status == "genuine"


def test_the_archive_holds_every_document_of_every_organisation(published: Context, tmp_path: Path) -> None:
    first, pdf = issue(published)
    second, _ = issue(published, SIGNS, "permit")
    with published.database.reading(EVERYONE) as session:
        assert archive.export(session, published, tmp_path / "out") == 2
    for row in (first, second):
        folder = tmp_path / "out" / row.organisation_id
        (file,) = folder.glob("*.pdf")
        assert file.stat().st_mode & 0o077 == 0
        assert row.sha256 in (folder / "documents.csv").read_text()
    assert next((tmp_path / "out" / TOKYO).glob("*.pdf")).read_bytes() == pdf
    with published.database.reading(TOKYO) as session:
        assert archive.export(session, published, tmp_path / "own") == 1
    assert [path.name for path in (tmp_path / "own").iterdir()] == [TOKYO]


def test_the_command_writes_the_archive(app: Flask, catalogue: Context, tmp_path: Path) -> None:
    row, _ = issue(catalogue)
    done = app.test_cli_runner().invoke(args=["documents", "export", str(tmp_path / "out")])
    assert (done.exit_code, "1 documents written" in done.output) == (0, True)
    assert (tmp_path / "out" / row.organisation_id / "documents.csv").exists()


def upload(client: FlaskClient, content: bytes) -> tuple[int, str]:
    answer = client.post("/verify?lang=en", data={"document": (BytesIO(content), "a.pdf")})
    return answer.status_code, answer.get_data(as_text=True)


class TestPage:
    """The public page; works without JavaScript."""

    def test_it_asks(self, client: FlaskClient) -> None:
        page = client.get("/verify?lang=en").get_data(as_text=True)
        assert 'name="document"' in page
        assert 'name="code"' in page

    def test_the_square_code_answers_at_once(self, client: FlaskClient, catalogue: Context) -> None:
        row, pdf = issue(catalogue)
        answer = client.get(f"/verify?code={row.code}&lang=en")
        assert answer.status_code == 200
        assert 'data-status="genuine"' in answer.get_data(as_text=True)
        assert 'data-status="genuine"' in upload(client, pdf)[1]
        assert 'data-status="altered"' in upload(client, attacked(pdf))[1]

    def test_nothing_personal_is_told(self, client: FlaskClient, catalogue: Context) -> None:
        row, pdf = issue(catalogue)
        for page in (client.get(f"/verify?code={row.code}").get_data(as_text=True), upload(client, pdf)[1]):
            assert "太郎" not in page
            assert row.application_id not in page

    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("AAAA-BBBB-CCCC", 404),
            ("short", 422),
            ("", 200),
            ("%00%ff", 400),
            ("%ff", 422),
            ("x" * 5000, 422),
        ],
    )
    def test_wrong_codes(self, client: FlaskClient, code: str, status: int) -> None:
        assert client.get(f"/verify?code={code}").status_code == status

    @pytest.mark.parametrize("content", [b"", b"GIF89a", b"%PDF-", b"%PDF-1.7" + b"<" * 50_000])
    def test_broken_uploads(self, client: FlaskClient, content: bytes) -> None:
        status, page = upload(client, content)
        assert status in (200, 422)
        assert 'data-status="genuine"' not in page

    def test_no_file(self, client: FlaskClient) -> None:
        assert client.post("/verify").status_code == 422
        assert client.post("/verify", data={"document": "text"}).status_code == 422

    def test_guessing_codes_is_limited(self, client: FlaskClient) -> None:
        answers = [
            client.get(f"/verify?code=AAAABBBBCC{n:02d}".replace("0", "Z").replace("1", "Y")).status_code
            for n in range(25)
        ]
        assert answers[0] == 404
        assert answers[-1] == 429

    def test_looking_at_the_form_is_not(self, client: FlaskClient) -> None:
        assert {client.get("/verify").status_code for _ in range(30)} == {200}
