"""`flask procedures preview`: the file as applicants meet it, while it is being written."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from flask.testing import FlaskClient

from core.context import Context
from procedures.loader import load
from tests.integration.test_procedure_commands import CATALOGUE, copy, spoil
from web.preview import preview_app

__all__ = ["copy"]


@pytest.fixture
def author(copy: Path, embedded_ctx: Context, tmp_path: Path) -> Iterator[FlaskClient]:
    """The browser of an author who previews the copy."""
    app = preview_app(copy, embedded_ctx.settings, tmp_path / "preview")
    yield app.test_client()
    app.extensions["madoguchi"].database.dispose()


def opened(author: FlaskClient, **choice: object) -> str:
    answer = author.get("/preview/open", query_string=choice, follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_every_example_is_filled_in_on_every_page(author: FlaskClient, copy: Path) -> None:
    author.get("/preview/")
    procedure = load(copy).procedure
    for number, example in enumerate(procedure.examples):
        if "email" in example.answers:
            assert example.answers["email"] in opened(author, page="contact", example=number)
    assert 'value=""' in opened(author, page="contact")
    assert '<html lang="ko"' in opened(author, page="contact", example=0, language="ko")
    for step in ("start", "attachments", "check"):
        assert "都税" in opened(author, page=step, example=0)


@pytest.mark.parametrize(
    ("file", "listed"),
    [("mihon-urban/outdoor-advertising.yaml", True), ("mihon-sports/facility-booking.yaml", False)],
)
def test_attachments_are_a_page_where_there_are_any(
    embedded_ctx: Context, tmp_path: Path, file: str, listed: bool
) -> None:
    app = preview_app(CATALOGUE / file, embedded_ctx.settings, tmp_path / "preview")
    page = app.test_client().get("/preview/").get_data(as_text=True)
    assert ('value="attachments"' in page) == listed
    assert 'value="check"' in page
    app.extensions["madoguchi"].database.dispose()


def test_papers_are_handed_in_so_that_the_check_page_can_be_seen(
    embedded_ctx: Context, tmp_path: Path
) -> None:
    file = CATALOGUE / "mihon-urban" / "outdoor-advertising.yaml"
    app = preview_app(file, embedded_ctx.settings, tmp_path / "preview")
    author = app.test_client()
    answer = author.get("/preview/open?page=check&example=0&language=ja", follow_redirects=True)
    assert answer.request.path.endswith("/check")
    assert "sample.pdf" in answer.get_data(as_text=True)
    empty = author.get("/preview/open?page=check&example=&language=ja", follow_redirects=True)
    assert not empty.request.path.endswith("/check")
    app.extensions["madoguchi"].database.dispose()


def test_the_code_that_no_mail_brings_stands_on_the_page(author: FlaskClient) -> None:
    check = author.get("/preview/open?page=check&example=0&language=ja", follow_redirects=True)
    declared = [one.id for one in author.application.extensions["preview"].procedure.declarations]
    token = {"csrf_token": _token(check.text)}
    answer = author.post(check.request.path, data={"do": "next", "declared": declared, **token})
    assert answer.location.endswith("/sign")
    page = author.get(answer.location).text
    found = re.search(r"The preview sends no mail. The code is (\d{6})\.", page)
    assert found
    sent = {"do": "sign", "code": found[1], "csrf_token": _token(page)}
    done = author.post(answer.location, data=sent, follow_redirects=True)
    assert done.status_code == 200
    assert not done.request.path.endswith("/sign")
    assert UNSENT in done.text
    assert "お送りしました" not in page + done.text


def test_no_page_says_that_a_mail_was_sent(author: FlaskClient) -> None:
    page = author.get("/preview/open?page=contact&example=0&language=en", follow_redirects=True)
    save = page.request.path.rpartition("/")[0] + "/save"
    form = {"email": "taro@example.invalid", "csrf_token": _token(author.get(save).text)}
    saved = author.post(save, data=form).text
    assert "Your application is saved" in saved
    assert UNSENT in saved
    assert "We have sent" not in saved


UNSENT = "The preview sends no mail. Applicants get one here."


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_errors_stand_before_warnings(author: FlaskClient, copy: Path) -> None:
    spoil(copy, "      fee: 800", "      fee: 801")
    spoil(copy, "minutes:", "# TODO: ask\nminutes:")
    author.get("/preview/")
    grave = [problem.severity for problem in author.application.extensions["preview"].problems]
    assert {"error", "warning"} == set(grave)
    assert grave == sorted(grave)


def test_a_file_that_is_wrong_from_the_start_is_told_in_the_authors_language(
    copy: Path, embedded_ctx: Context, tmp_path: Path
) -> None:
    spoil(copy, "title: 住所と連絡先", "titel: 住所と連絡先")
    app = preview_app(copy, embedded_ctx.settings, tmp_path / "preview", "ja")
    author = app.test_client()
    page = author.get("/preview/").get_data(as_text=True)
    assert '<html lang="ja">' in page
    assert "`titel` というキーは、ここにはありません" in page
    assert "誤りがなくなると、ここにフォームが表示されます。" in page
    assert "unknown key &#39;titel&#39;" in author.get("/preview/?bar=en").get_data(as_text=True)
    spoil(copy, "titel: 住所と連絡先", "title: 住所と連絡先")
    assert "個が期待どおりです。" in author.get("/preview/").get_data(as_text=True)
    app.extensions["madoguchi"].database.dispose()


def test_saving_shows_the_new_version(author: FlaskClient, copy: Path) -> None:
    before = author.get("/preview/stamp").get_data()
    assert author.get("/preview/stamp").get_data() == before
    spoil(copy, "title: 住所と連絡先", "title: ご連絡先の見本")
    assert author.get("/preview/stamp").get_data() != before
    assert "ご連絡先の見本" in author.get("/preview/").get_data(as_text=True)
    assert "ご連絡先の見本" in opened(author, page="contact", example=0)


def test_mistakes_are_shown_with_their_line_and_the_form_stays(author: FlaskClient, copy: Path) -> None:
    assert "line" not in author.get("/preview/").get_data(as_text=True).partition("<section")[2]
    line = spoil(copy, "minutes:", "minuts:")
    page = author.get("/preview/").get_data(as_text=True)
    assert f"line {line}, column 1: unknown key &#39;minuts&#39;" in page
    assert "<iframe" in page
    assert "住所と連絡先" in opened(author, page="contact", example=0)
    spoil(copy, "minuts:", "minutes:")
    assert "unknown key" not in author.get("/preview/").get_data(as_text=True)


def test_a_file_that_is_wrong_from_the_start(copy: Path, embedded_ctx: Context, tmp_path: Path) -> None:
    spoil(copy, "minutes:", "minuts:")
    app = preview_app(copy, embedded_ctx.settings, tmp_path / "preview")
    page = app.test_client().get("/preview/").get_data(as_text=True)
    assert "unknown key" in page
    assert "<iframe" not in page
    assert app.test_client().get("/preview/open").status_code == 404
    app.extensions["madoguchi"].database.dispose()


def test_only_the_preview_may_be_framed_and_the_platform_has_none(
    author: FlaskClient, embedded_ctx: Context
) -> None:
    policy = author.get("/").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    from web.app import create_app

    platform = create_app(embedded_ctx.settings)
    assert not [rule for rule in platform.url_map.iter_rules() if rule.rule.startswith("/preview")]
    assert (
        "frame-ancestors 'none'"
        in platform.test_client().get("/no-such-page").headers["Content-Security-Policy"]
    )


def test_an_example_that_is_wrong_is_told_and_the_form_follows_all_the_same(
    author: FlaskClient, copy: Path
) -> None:
    spoil(copy, "      fee: 800", "      fee: 801")
    spoil(copy, "title: 住所と連絡先", "title: ご連絡先の見本")
    page = author.get("/preview/").get_data(as_text=True)
    assert "fee: expected 801 yen, got 800 yen" in page
    assert "the last version without errors" not in page
    assert "ご連絡先の見本" in opened(author, page="contact", example=0)
    offered = page.count('<option value="3"')
    spoil(copy, "corporate_number:", "corporate_nummer:")
    spoil(copy, "title: ご連絡先の見本", "title: 連絡先の見本")
    page = author.get("/preview/").get_data(as_text=True)
    assert "corporate_nummer" in page
    assert "the last version without errors" not in page
    assert (offered, page.count('<option value="3"')) == (1, 0), "what cannot be filled in is not offered"
    assert "ご連絡先の見本" not in opened(author, page="contact")


def test_the_document_is_shown_as_it_would_be_issued(author: FlaskClient, copy: Path) -> None:
    page = author.get("/preview/").get_data(as_text=True)
    procedure = load(copy).procedure
    assert f'<option value="document:{procedure.issue[0].id}"' in page
    chosen = {"page": f"document:{procedure.issue[0].id}", "example": "0", "language": "en"}
    answer = author.get("/preview/open", query_string=chosen, follow_redirects=True)
    assert answer.mimetype == "application/pdf"
    with pikepdf.open(BytesIO(answer.get_data())) as pdf:
        data = json.loads(pdf.attachments["data.json"].get_file().read_bytes())
    assert data["document"] == procedure.issue[0].id
    assert data["reference"] == "0000-0000-0000"
    assert author.get("/preview/document/none").status_code == 404
