"""What is rendered once and kept shows nothing of whoever came first."""

import pytest
from flask import Flask

from core.context import Context
from tests.factories.browsers import Browser


@pytest.mark.parametrize("language", ["en", "ja", "ja-simple"])
def test_a_page_is_the_same_before_and_after_somebody_typed(
    app: Flask, catalogue: Context, language: str
) -> None:
    first, typing, last = (Browser(app, catalogue, fresh=True) for _ in range(3))
    pages = []
    for browser in (first, typing, last):
        browser.client.set_cookie("language", language)
        assert browser.send("applicant", applicant_type="person").status_code == 303
        page = browser.client.get(f"{browser.base}/person")
        pages.append(page.text.split('<div id="page-fields">')[1].split('<div class="actions">')[0])
        if browser is typing:
            again = browser.send("person", **{"name-family": "見本"})
            assert again.status_code == 422
            assert 'value="見本"' in again.text
            assert 'value="見本"' in browser.client.get(f"{browser.base}/person").text
    assert pages[0] == pages[1] == pages[2]
    assert 'name="name-family"' in pages[0]
