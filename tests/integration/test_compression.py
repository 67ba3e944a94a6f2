"""What goes out is small, reads the same, and tells nothing by its length."""

import gzip

import brotli
import pytest
from flask.testing import FlaskClient

from web.assets import FOLDER


def test_a_page_reads_the_same(client: FlaskClient) -> None:
    plain = client.get("/verify?lang=en")
    packed = client.get("/verify?lang=en", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert packed.content_length == len(packed.data) < len(plain.data) / 2
    assert b"<h1" in gzip.decompress(packed.data)
    assert "Content-Encoding" not in plain.headers


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip")]
)
def test_static_files(client: FlaskClient, accepted: str, encoding: str) -> None:
    answer = client.get("/static/css/parts.css?v=1", headers={"Accept-Encoding": accepted})
    assert answer.headers["Content-Encoding"] == encoding
    unpack = brotli.decompress if encoding == "br" else gzip.decompress
    assert unpack(answer.data) == (FOLDER / "css" / "parts.css").read_bytes()
    assert "immutable" in answer.headers["Cache-Control"]
    again = client.get(
        "/static/css/parts.css?v=1",
        headers={"Accept-Encoding": accepted, "If-None-Match": answer.headers["ETag"]},
    )
    assert again.status_code in (200, 304)


def test_what_another_site_asks_for_is_not_measured(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "cross-site"}
    assert "Content-Encoding" not in client.get("/verify", headers=headers).headers


def test_a_missing_static_file(client: FlaskClient) -> None:
    assert client.get("/static/css/none.css", headers={"Accept-Encoding": "br"}).status_code == 404
    assert client.get("/static/../app.py", headers={"Accept-Encoding": "br"}).status_code == 404
