"""What search engines may list, and what they are told of it."""

import re

import pytest
from flask.testing import FlaskClient

from tests.factories.addresses import World, access_of, call, calls
from translations.languages import LANGUAGES
from web.indexing import PAGES

PUBLIC = ["/", "/tokyo/", "/tokyo/tax-certificate/", "/life-events/moving/", "/guide/", "/lotteries", "/satisfaction",
          "/status", "/verify"]  # fmt: skip
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">')
DESCRIPTION = re.compile(r'<meta name="description" content="([^"]+)">')


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_describe_themselves_and_name_their_other_languages(
    client: FlaskClient, path: str
) -> None:
    answer = client.get(f"{path}?lang=en")
    assert answer.status_code == 200
    assert "X-Robots-Tag" not in answer.headers
    base = client.application.extensions["madoguchi"].settings.base_url
    assert dict(ALTERNATE.findall(answer.text)) == {
        **{tag: f"{base}{path}?lang={tag}" for tag in LANGUAGES},
        "x-default": base + path,
    }
    assert 40 < len(DESCRIPTION.findall(answer.text)[0]) < 200


def test_a_procedure_is_described_by_its_summary(client: FlaskClient) -> None:
    found = [DESCRIPTION.findall(client.get(path).text) for path in ("/?lang=ja", "/tokyo/tax-certificate/")]
    assert found[0] != found[1]
    assert "証明" in found[1][0]
    assert "{" not in found[1][0]


@pytest.mark.parametrize("path", ["/?q=tax", "/?page=2", "/lotteries?readings=off", "/nothing", "/sign-in"])
def test_results_of_a_search_and_errors_are_not_listed(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["X-Robots-Tag"] == "noindex" or answer.status_code == 404
    if path != "/nothing":
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "hreflang=" not in answer.text.partition("<body")[0]


def test_no_page_of_a_person_is_listed(world: World) -> None:
    of = world.offices["tokyo"]
    listed = set()
    for rule, method, path in calls(world, of):
        if method == "GET":
            answer = call(of.resident(world.app), rule.endpoint, method, path)
            if "X-Robots-Tag" not in answer.headers:
                listed.add(rule.endpoint)
                assert access_of(world, rule) == "public", path
    assert listed <= PAGES | {"static"}
    assert {"catalogue.index", "catalogue.procedure"} <= listed
