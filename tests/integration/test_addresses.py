"""Addresses are put together from patterns; they have to be Flask's own."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import BuildError

VALUES = ["tax-certificate", "0123abc", "", "a b/c?&=#", "~0~", "{0}", "窓口", "submission", "7"]


@pytest.mark.parametrize("root", ["", "/under"])
@pytest.mark.parametrize("value", VALUES)
def test_every_address_is_the_one_flask_makes(app: Flask, value: str, root: str) -> None:
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
        for rule in app.url_map.iter_rules():
            for more in ({}, {"q": value}, {"q": None}, {"_external": True}, {"_anchor": "x"}):
                values: dict[str, Any] = {**dict.fromkeys(sorted(rule.arguments), value), **more}
                try:
                    expected = Flask.url_for(app, rule.endpoint, **values)
                except (BuildError, ValueError) as error:
                    with pytest.raises(type(error)):
                        app.url_for(rule.endpoint, **values)
                else:
                    assert app.url_for(rule.endpoint, **values) == expected


def test_numbers_and_names_beside_the_present_view_are_flasks(app: Flask) -> None:
    """A relative endpoint means another view in each blueprint."""
    with app.test_request_context("/status"):
        assert app.url_for(".find") == "/status"
    with app.test_request_context("/verify"):
        assert app.url_for(".form") == app.url_for("verify.form")
    with app.test_request_context("/"):
        assert app.url_for("catalogue.index", page=2) == "/?page=2"
