"""The list, the pages of life events and the guide, as a browser without scripts gets them."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.context import Context
from procedures.finding.occasions import LIFE_EVENTS
from tests.factories.catalogues import found_by, publish_some

MANY = [
    {"procedure": f"permit-{number:02}", "kind": "permit", "title": f"見本許可{number:02}",
     **found_by("みほん", life_events=["opening_a_shop"], circumstances=["employer"], **{"for": ["business"]})}
    for number in range(25)
]  # fmt: skip
BABY = {
    "procedure": "baby",
    "title": {"ja": "赤ちゃんの手当", "en": "Allowance for babies"},
    **found_by("あかちゃん", life_events=["having_a_child"], **{"for": ["resident"]}),
}


@pytest.fixture
def office(ctx: Context, both: Flask, organisation: str) -> FlaskClient:
    """A browser in Japanese, and twenty-six procedures beside those of the catalogue."""
    publish_some(ctx, organisation, [*MANY, BABY])
    client = both.test_client()
    client.set_cookie("language", "ja")
    return client


def links(html: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="([^"]*)"', html)]


def titles(html: str) -> list[str]:
    return re.findall(r"<h\d><a href[^>]*>([^<]+)</a>", html)


def test_a_long_list_comes_in_pages(office: FlaskClient, organisation: str) -> None:
    first = office.get(f"/{organisation}/?for=business&kind=permit").text
    assert len(titles(first)) == 20
    (following,) = {link for link in links(first) if "page=2" in link and "lang=" not in link}
    assert parse_qs(urlsplit(following).query) == {"for": ["business"], "kind": ["permit"], "page": ["2"]}
    second = office.get(following).text
    assert titles(first) + titles(second) == [one["title"] for one in MANY]


def test_a_life_event_has_a_page(office: FlaskClient) -> None:
    page = office.get("/life-events/opening_a_shop/").text
    assert "<h1>店を開く</h1>" in page
    assert "見本許可00" in page
    assert "赤ちゃんの手当" not in page
    assert office.get("/life-events/nothing/").status_code == 404


def test_every_life_event_is_answered_in_every_language(office: FlaskClient) -> None:
    for event in LIFE_EVENTS:
        for language in ("ja", "ja-simple", "en", "zh-Hans", "zh-Hant", "ko"):
            assert office.get(f"/life-events/{event}/?lang={language}").status_code == 200


def test_the_guide_leads_to_what_is_needed(office: FlaskClient) -> None:
    page = office.get("/guide/").text
    for chosen in ("for=business", "event=opening_a_shop", "who=employer"):
        (following,) = [link for link in links(page) if link.startswith("/guide/") and chosen in link]
        count = re.search(
            rf'href="{re.escape(following).replace("&", "&amp;")}"><span>[^<]*</span> <span class="count">(\d+)',
            page,
        )
        assert count is not None
        before, page = page, office.get(following, follow_redirects=True).text
        assert f"{count[1]}件" in page, before
    assert "見本許可00" in page


def test_a_question_may_be_left_open(office: FlaskClient) -> None:
    answer = office.get("/guide/?for=any&event=having_a_child&who=any")
    assert answer.location == "/?event=having_a_child"
    assert "赤ちゃんの手当" in titles(office.get(answer.location).text)
    assert office.get("/guide/?for=visitor&event=divorce").status_code == 302, "nothing is left to ask for"
    assert "質問 2／3" in office.get("/guide/?for=any").text
    assert "質問 1／3" in office.get("/guide/?for=nonsense").text


def test_what_was_guessed_is_said(office: FlaskClient) -> None:
    page = office.get("/", query_string={"q": "akachan qqqqqqq"}).text
    assert "赤ちゃんの手当" in page
    assert "「qqqqqqq」は見つからなかった" in page
    assert "「あかちやん」は見つかりませんでした。「あかちゃん」" in office.get("/?q=あかちやん").text


def test_nothing_found_shows_ways_on(office: FlaskClient, organisation: str) -> None:
    page = office.get(f"/{organisation}/", query_string={"q": "qqqqqqq"}).text
    found = [link for link in links(page) if not link.startswith("/static")]
    for way in ("/?q=qqqqqqq", f"/{organisation}/", "/guide/", "/", f"/{organisation}/?event=having_a_child"):
        assert way in found, way
    apart = office.get("/", query_string={"q": "赤ちゃんの手当 見本許可01"}).text
    assert "/?q=見本許可01" in map(_decoded, links(apart))


def _decoded(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path}?q={parse_qs(parts.query).get('q', [''])[0]}"


def test_values_that_are_not_known_are_passed_over(office: FlaskClient) -> None:
    for query in (
        "for=nobody",
        "event=%00",
        "who=x&kind=y",
        "page=-1",
        "page=99999999999999999999",
        "page=x",
        "department=%25",
    ):
        assert office.get(f"/?{query}").status_code in (200, 400), query


def test_words_are_shown_as_text(office: FlaskClient) -> None:
    page = office.get("/", query_string={"q": "<script>alert(1)</script> あかちやん<b>"}).text
    assert "<script>alert" not in page
    assert "<b>" not in page
