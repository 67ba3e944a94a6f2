"""The language in which the tools speak to authors: the option, the setting, the terminal, in this order."""

import json
from pathlib import Path

import pytest
from flask import Flask

from core.settings import settings
from tests.factories.definitions import CERTIFICATE, changed
from web.app import create_app


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "samples" / "sample-certificate.yaml"
    path.parent.mkdir()
    path.write_text(changed(("purpose == 'other'", "purpos == 'other'")))
    return path


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def said(app: Flask, *arguments: str | Path) -> str:
    return app.test_cli_runner().invoke(args=["procedures", *map(str, arguments)]).output


ENGLISH, JAPANESE = "unknown field 'purpos'; hint: did you mean 'purpose'?", "`purpos` という項目はありません"


def test_english_where_nothing_says(app: Flask, broken: Path) -> None:
    assert ENGLISH in said(app, "check", broken)


def test_the_terminal_says(app: Flask, broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert JAPANESE in said(app, "check", broken)
    monkeypatch.setenv("LC_ALL", "C")
    assert ENGLISH in said(app, "check", broken)


def test_the_option_stands_behind_or_before_the_command(app: Flask, broken: Path) -> None:
    found = said(app, "check", "--language", "ja", broken)
    assert f"{JAPANESE}　直し方: もしかして: `purpose`" in found
    assert said(app, "--language", "ja", "check", broken) == found
    assert JAPANESE not in said(app, "check", broken), "the choice ends with the command"


def test_the_setting_goes_before_the_terminal(
    app: Flask, broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    own = app.extensions["madoguchi"].settings.model_copy(update={"language": "en"})
    assert ENGLISH in said(create_app(own), "check", broken)
    monkeypatch.setenv("MADOGUCHI_LANGUAGE", "ja")
    settings.cache_clear()
    try:
        assert settings().language == "ja"
    finally:
        settings.cache_clear()


def test_other_formats_have_the_words_and_keep_codes_and_places(app: Flask, broken: Path) -> None:
    english, japanese = (
        json.loads(said(app, "check", "--format", "json", "--language", tag, broken)) for tag in ("en", "ja")
    )
    kept = ("file", "line", "column", "severity", "code")
    assert [[one[key] for key in kept] for one in english] == [[one[key] for key in kept] for one in japanese]
    [text] = {one["text"] for one in japanese if one["code"] == "unknown-name"}
    assert text.startswith(JAPANESE)
    assert f"::{JAPANESE}" in said(app, "check", "--format", "github", "--language", "ja", broken)


def test_what_an_example_gives_is_said(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "sample-certificate.yaml"
    path.write_text(CERTIFICATE.replace("      fee: 600\n", "      fee: 700\n"))
    found = said(app, "test", "--language", "ja", path)
    assert "違う" in found
    assert "期待      700円" in found
    assert "実際      600円" in found
