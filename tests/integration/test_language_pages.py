"""Languages on pages: the switch of furigana, the notice of what is not translated, and made-up languages."""

from collections.abc import Iterator

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from core.context import Context
from core.errors import message
from translations.languages import LANGUAGES, PSEUDO
from translations.text import Text
from web.app import create_app
from web.language import beside, switch


@pytest.fixture
def trying(catalogue: Context) -> Iterator[FlaskClient]:
    """A browser of a platform with made-up languages."""
    app = create_app(catalogue.settings.model_copy(update={"test_languages": True}))
    yield app.test_client()
    app.extensions["madoguchi"].database.dispose()


@pytest.mark.parametrize("tag", list(LANGUAGES))
def test_a_page_says_which_language_it_is_in(client: FlaskClient, tag: str) -> None:
    answer = client.get(f"/?lang={tag}")
    assert answer.headers["Content-Language"] == tag
    assert f'<html lang="{tag}" dir="ltr">' in answer.text


def test_readings_are_there_until_they_are_turned_off(client: FlaskClient) -> None:
    page = client.get("/left?lang=ja-simple").text
    assert "<ruby>" in page
    assert 'href="?readings=off"' in page
    answer = client.get("/left?readings=off")
    assert "<ruby>" not in answer.text
    assert 'href="?readings=on"' in answer.text
    assert "|" not in answer.text[answer.text.index("<main") : answer.text.index("</main")]
    assert "<ruby>" not in client.get("/").text, "a cookie keeps it"
    assert "<ruby>" in client.get("/?readings=on").text
    assert "<ruby>" in client.get("/").text


@pytest.mark.parametrize("tag", ["ja", "en", "ko"])
def test_where_there_are_no_readings_there_is_no_switch(client: FlaskClient, tag: str) -> None:
    assert "readings=" not in client.get(f"/?lang={tag}").text


def test_an_unknown_wish_changes_nothing(app: Flask) -> None:
    with app.test_request_context("/?lang=xx&readings=maybe", headers={"Accept-Language": "ko"}):
        app.preprocess_request()
        for wish in ("xx", "readings-maybe", "readings", "", "en-XA"):
            switch(wish)
        assert (g.language, g.readings, g.chosen) == ("ko", True, {})


def test_the_switch_of_a_form_keeps_what_was_typed_and_turns_readings_off(client: FlaskClient) -> None:
    start = client.post("/tokyo/tax-certificate/start?lang=ja-simple")
    page = client.get(start.headers["Location"], follow_redirects=True)
    assert 'value="lang:readings-off"' in page.text
    pressed = client.post(page.request.path, data={"do": "lang:readings-off"}, follow_redirects=True)
    assert "<ruby>" not in pressed.text
    assert 'value="lang:readings-on"' in pressed.text


def test_untranslated_texts_are_marked_and_a_notice_says_so(client: FlaskClient, app: Flask) -> None:
    template = app.jinja_env.from_string(
        '{% extends "layout.html" %}{% block content %}{{ text(it) }}{% endblock %}'
    )
    with app.test_request_context("/?lang=ko"):
        app.preprocess_request()
        page = template.render(it=Text({"ja": "氏名"}), errors=())
        assert '<span lang="ja">氏名</span>' in page
        assert "일본어" in page
        assert page.index("일본어") < page.index("氏名")
    with app.test_request_context("/?lang=ko"):
        app.preprocess_request()
        assert "일본어" not in template.render(it=Text({"ja": "氏名", "ko": "성명"}), errors=())
    with app.test_request_context("/?lang=ja-simple"):
        app.preprocess_request()
        assert "lang=" not in template.render(it=Text({"ja": "氏名"}), errors=()).split("<main")[1]


def test_what_an_applicant_chose_stands_in_both_languages(app: Flask) -> None:
    chosen = Text({"ja": "転居", "en": "Moving"})
    with app.test_request_context("/?lang=ja"):
        app.preprocess_request()
        assert 'lang="en" dir="ltr">Moving</small>' in beside(chosen, "en")
        assert beside(chosen, "ja") == beside(chosen, None) == beside("as typed", "en") == ""
        assert beside(chosen, "ko") == "", "there is no Korean text"
        assert ">Yes</small>" in beside(message("Yes"), "en")


@pytest.mark.parametrize("tag", list(PSEUDO))
def test_made_up_languages_are_offered_where_they_are_tried_out(
    client: FlaskClient, trying: FlaskClient, tag: str
) -> None:
    assert f'<html lang="{tag}" dir="{PSEUDO[tag].direction}">' in trying.get(f"/?lang={tag}").text
    assert tag not in client.get(f"/?lang={tag}").text


def test_the_catalogue_names_the_languages_of_each_procedure(client: FlaskClient) -> None:
    page = client.get("/?q=tax&lang=en").text
    for tag in ("zh-Hant", "ko"):
        assert f'<span lang="{tag}">{LANGUAGES[tag].name}</span>' in page[page.index("<main") :]
