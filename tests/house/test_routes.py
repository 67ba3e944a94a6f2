"""Every route says who may use it."""

import re

import pytest
from flask import Flask

from core.context import Context
from tools.look.places import WRONG
from web.app import create_app
from web.indexing import PAGES


@pytest.fixture
def app(embedded_ctx: Context) -> Flask:
    return create_app(embedded_ctx.settings)


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    silent = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "__access__")
    }
    assert silent == set()


def test_only_webhooks_take_foreign_posts(app: Flask) -> None:
    exempt = app.extensions["csrf"]._exempt_views
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if f"{view.__module__}.{view.__name__}" in exempt:
            assert getattr(view, "__access__", None) == "webhook", rule.endpoint


def test_clerks_pages_turn_strangers_away(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, "__access__", "").startswith("clerk") and "GET" in (rule.methods or ()):
            address = re.sub(r"<[^>]+>", "1", rule.rule)
            answer = client.get(address)
            assert answer.status_code in {302, 404}, rule.endpoint
            if answer.status_code == 302:
                assert "/sign-in" in answer.location


def test_pages_that_pictures_and_search_engines_know_are_there(app: Flask) -> None:
    assert set(app.view_functions) >= WRONG
    assert set(app.view_functions) >= PAGES
    for endpoint in PAGES:
        assert getattr(app.view_functions[endpoint], "__access__", None) == "public", endpoint
