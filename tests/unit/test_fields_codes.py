"""Addresses, accounts and numbers with rules of their own."""

import pytest

from tests.factories.fields import parse, says


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("www.example.jp", "https://www.example.jp"),
        ("HTTP://Example.JP/Path?q=ア", "http://example.jp/Path?q=ア"),
        ("ｈｔｔｐｓ：／／ｅｘａｍｐｌｅ．ｊｐ", "https://example.jp"),
        ("日本語.jp:8080/#a", "https://日本語.jp:8080/#a"),
    ],
)
def test_a_web_address_is_kept_with_its_scheme(typed: str, stored: str) -> None:
    assert parse({"type": "url"}, {"x": [typed]}).value == stored


@pytest.mark.parametrize(
    "typed",
    [
        "javascript://example.jp/%0aalert(1)",
        "https://taro:secret@example.jp",
        "https://localhost",
        "https://example",
        "https://192.0.2.1",
        "https://-a.jp",
        "https://example.jp:99999",
        "ftp://example.jp",
        "not a page",
        "https://[",
        'https://example.jp/"><b>',
        "a" * 5000,
    ],
)
def test_what_is_no_web_address_is_refused(typed: str) -> None:
    why = "Enter the address of a web page, such as https://www.example.jp."
    assert says(parse({"type": "url"}, {"x": [typed]})) == [("x", why)]
