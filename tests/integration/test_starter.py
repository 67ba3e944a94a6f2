"""`flask procedures new`: what it writes works as it stands."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from flask import Flask

from procedures.definition.procedure import Kind
from procedures.schema import SWITCH
from procedures.starter import Tongue
from tests.fixtures.language_server import LanguageServer
from tests.integration.test_procedure_commands import app, run

__all__ = ["app"]

NAME = "dog-registration"


def new(app: Flask, *answers: str, out: Path | None = None) -> str:
    arguments = ["procedures", "new", *(["--out", str(out)] if out else [])]
    result = app.test_cli_runner().invoke(args=arguments, input="\n".join(answers) + "\n")
    return result.output


@pytest.mark.parametrize("language", [*get_args(Tongue), "ja,en", "en,ja"])
def test_every_kind_passes_checks_and_examples(
    app: Flask, tmp_path: Path, language: str, editor: LanguageServer
) -> None:
    for kind in get_args(Kind):
        _write_and_try(app, tmp_path / kind / "tokyo-taxation" / f"{NAME}.yaml", kind, language, editor)


def _write_and_try(app: Flask, path: Path, kind: str, language: str, editor: LanguageServer) -> None:
    fee = [] if kind in ("lottery", "notification") else ["300"]
    titles, items = ["犬: 登録"] * (language.count(",") + 1), ["犬"] * (language.count(",") + 1)
    each = ["y"] if fee else []
    said = new(
        app, NAME, language, *titles, "tokyo-taxation", "tax", kind, *fee, *items, "y", *each, out=path
    )
    assert f"written: {path}" in said
    checked = run(app, "check", path)
    assert checked.exit_code == 0, checked.output
    assert [line for line in checked.output.splitlines() if "translated" not in line] == []
    tested = run(app, "test", path)
    assert tested.output.endswith("2 of 2 examples passed\n"), tested.output
    assert editor.problems(path, path.read_text()) == []
    first = path.read_text().partition("\n")[0].removeprefix(SWITCH)
    assert (path.parent / first).resolve().exists()


def test_it_asks_again_and_writes_over_nothing(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "mihon-urban" / f"{NAME}.yaml"
    said = new(
        app,
        "Dog Registration",
        NAME,
        "xx",
        "en",
        "Dogs",
        "mihon-urban",
        "advertising",
        "permit",
        "",
        "",
        "",
        out=path,
    )
    assert "write lower-case words joined by hyphens" in said
    assert "eligibility" not in path.read_text()
    assert "\nfee:" not in path.read_text()
    assert run(app, "check", path).exit_code == 0
    assert run(app, "test", path).output.endswith("1 of 1 examples passed\n")
    assert new(app, NAME, "en", "Dogs", "mihon-urban", out=path).endswith(f"Error: {path} is already there\n")


def test_what_it_writes_says_how_to_go_on(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "mihon-urban" / f"{NAME}.yaml"
    said = new(app, NAME, "ja", "犬の登録", "mihon-urban", "advertising", "certificate", "", "", "", out=path)
    assert "mihon-urban        都市整備部\n" in said
    assert "one clerk looks at it and issues the certificate" in said
    for command in ("preview", "check", "test"):
        assert f": flask --app wsgi procedures {command} {path}\n" in said
    assert f"check {path}\n" in path.read_text()


@pytest.fixture
def folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue of one organisation that has no procedure yet."""
    folder = tmp_path / "catalogue"
    folder.mkdir()
    (folder / "organisations.yaml").write_text(ORGANISATIONS)
    kept = app.extensions["madoguchi"]
    changed = replace(kept, settings=kept.settings.model_copy(update={"catalogue_dir": folder}))
    monkeypatch.setitem(app.extensions, "madoguchi", changed)
    return folder


ORGANISATIONS = """\
# Written by hand.
organisations:
  - id: mihon
    title: {ja: 見本市, en: Mihon}
    desks: {counter: {ja: 窓口, en: Counter}}   # the only one
    departments:
      samples:
        ja: 見本課
        en: Samples
    # how to reach it
    contact: {email: mihon@example.invalid}
"""


def test_a_department_and_a_desk_that_are_not_there_are_added(app: Flask, folder: Path) -> None:
    answers = ["公園課", "parks", "y", "公園課", "Parks", "gardens", "y", "農園: 担当", "Gardens"]
    said = new(app, NAME, "ja,en", "犬", "Dogs", *answers, "permit", "", "", "")
    assert "write an id in lower-case letters, e.g. city-parks" in said
    file = folder / "parks" / f"{NAME}.yaml"
    assert run(app, "check", file).exit_code == 0
    assert run(app, "test", file).exit_code == 0
    assert (folder / "organisations.yaml").read_text() == ORGANISATIONS.replace(
        "en: Counter}}", 'en: Counter}, gardens: {ja: "農園: 担当", en: "Gardens"}}'
    ).replace("en: Samples\n", 'en: Samples\n      parks: {ja: "公園課", en: "Parks"}\n')


def test_the_names_that_are_shown_are_answers(app: Flask, folder: Path) -> None:
    said = new(app, NAME, "ja", "犬", "見本課", "Counter", "permission", "", "", "")
    assert f"written: {folder / 'samples' / NAME}.yaml" in said


def test_what_is_not_agreed_to_is_not_added(app: Flask, folder: Path) -> None:
    new(app, NAME, "ja", "犬", "parks", "n", "samples", "counter", "permit", "", "", "")
    assert (folder / "samples" / f"{NAME}.yaml").exists()
    assert (folder / "organisations.yaml").read_text() == ORGANISATIONS
