"""`flask procedures new`: what it writes works as it stands."""

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


@pytest.mark.parametrize("language", get_args(Tongue))
def test_every_kind_passes_checks_and_examples(
    app: Flask, tmp_path: Path, language: str, editor: LanguageServer
) -> None:
    for kind in get_args(Kind):
        _write_and_try(app, tmp_path / kind / "tokyo-taxation" / f"{NAME}.yaml", kind, language, editor)


def _write_and_try(app: Flask, path: Path, kind: str, language: str, editor: LanguageServer) -> None:
    fee = [] if kind in ("lottery", "notification") else ["300"]
    said = new(app, NAME, "tokyo-taxation", kind, language, "犬: 登録", "tax", *fee, "y", out=path)
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
        app, "Dog Registration", NAME, "mihon-urban", "permit", "en", "Dogs", "advertising", "", "", out=path
    )
    assert "write lower-case words joined by hyphens" in said
    assert "eligibility" not in path.read_text()
    assert "\nfee:" not in path.read_text()
    assert run(app, "check", path).exit_code == 0
    assert run(app, "test", path).output.endswith("1 of 1 examples passed\n")
    assert new(app, NAME, "mihon-urban", out=path).endswith(f"Error: {path} is already there\n")


def test_what_it_writes_says_how_to_go_on(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "mihon-urban" / f"{NAME}.yaml"
    said = new(app, NAME, "mihon-urban", "certificate", "ja", "犬の登録", "advertising", "", "", out=path)
    assert "mihon-urban        都市整備部\n" in said
    assert "one clerk looks at it and issues the certificate" in said
    for command in ("preview", "check", "test"):
        assert f": flask --app wsgi procedures {command} {path}\n" in said
    assert f"check {path}\n" in path.read_text()
