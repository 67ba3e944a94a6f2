"""`flask procedures …`: what authors see on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from core.context import Context
from core.database import EVERYONE
from core.settings import ROOT
from procedures import search, versions
from tests.factories.definitions import CERTIFICATE
from web.app import create_app

CATALOGUE = ROOT / "procedures" / "catalogue"


@pytest.fixture
def app(embedded_ctx: Context) -> Flask:
    return create_app(embedded_ctx.settings)


def run(app: Flask, *arguments: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=["procedures", *map(str, arguments)])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of a catalogue file, in a catalogue of its own."""
    folder = tmp_path / "catalogue" / "tokyo-taxation"
    folder.mkdir(parents=True)
    (folder.parent / "organisations.yaml").write_text((CATALOGUE / "organisations.yaml").read_text())
    path = folder / "tax-certificate.yaml"
    path.write_text((CATALOGUE / "tokyo-taxation" / "tax-certificate.yaml").read_text())
    return path


def spoil(path: Path, old: str, new: str) -> int:
    """Replace the first `old` in a file; returns its line."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def test_the_catalogue_passes(app: Flask) -> None:
    result = run(app, "check")
    assert result.exit_code == 0, result.output
    assert "error" not in result.output


def test_mistakes_are_told_with_file_line_and_hint(app: Flask, copy: Path) -> None:
    line = spoil(copy, "minutes:", "minuts:")
    result = run(app, "check", copy)
    assert result.exit_code == 1
    assert result.output == f"{copy}:{line}:1: error: unknown key 'minuts'; hint: did you mean 'minutes'?\n"


def test_missing_and_stale_translations_are_told_with_their_share(app: Flask, copy: Path) -> None:
    line = copy.read_text().partition("\nlanguage: ")[0].count("\n") + 2
    spoil(copy, "title: 住所と連絡先", "title: まったく新しい見出し")
    spoil(copy, "    fields:", "    intro: 新しい説明\n    fields:")
    result = run(app, "check", copy)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert len(lines) == 5
    assert lines[0].startswith(f"{copy}:{line}:11: warning: English: 9")
    assert " % translated, 2 texts missing, 1 of them stale; hint: " in lines[0]
    assert "pages.contact.title (stale)" in lines[0]


def test_mistakes_for_tools(app: Flask, copy: Path) -> None:
    line = spoil(copy, "minutes:", "minuts:")
    (problem,) = json.loads(run(app, "check", copy, "--format", "json").output)
    assert (problem["line"], problem["column"], problem["code"]) == (line, 1, "extra-forbidden")
    output = run(app, "check", copy, "--format", "github").output
    assert output.startswith(
        f"::error file={copy},line={line},col=1,title=extra-forbidden::unknown key 'minuts'"
    )


def test_github_takes_signs_of_its_own_for_commands(app: Flask, copy: Path) -> None:
    spoil(copy, "procedure: tax-certificate", "# TODO: 5 % less\nprocedure: sample-certificate")
    output = run(app, "check", copy, "--format", "github").output
    lines = output.splitlines()
    assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)
    assert lines[0].startswith("::error")
    assert lines[-1].startswith("::warning")
    assert any("5 %25 less" in line for line in lines)
    problems = json.loads(run(app, "check", copy, "--format", "json").output)
    assert len(problems) == len(lines) == len(run(app, "check", copy).output.splitlines())
    assert all({"file", "line", "column", "severity", "text", "hint", "code"} == set(one) for one in problems)


def test_the_examples_pass(app: Flask) -> None:
    result = run(app, "test")
    assert result.exit_code == 0, result.output
    assert "FAILED" not in result.output
    passed, _, total = result.output.splitlines()[-1].partition(" of ")
    assert int(passed) == int(total.split()[0]) > 10


def test_an_example_that_fails_says_how(app: Flask, copy: Path) -> None:
    spoil(copy, "fee: ", "fee: 1")
    result = run(app, "test", copy)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    at = lines.index("        fee")
    assert lines[at + 1].startswith("          expected  1")
    assert lines[at + 2].startswith("          got       ")
    (made,) = json.loads(run(app, "test", copy, "--format", "json").output)
    (failed,) = [each for each in made["examples"] if not each["passed"]]
    assert failed["differences"][0]["path"] == ["fee"]


def test_what_no_example_reaches_is_listed(app: Flask, copy: Path) -> None:
    result = run(app, "test", copy, "--coverage")
    assert result.exit_code == 0, result.output
    assert "        pages                     7 of 7" in result.output
    assert "            no example: received.withdraw" in result.output
    (made,) = json.loads(run(app, "test", copy, "--format", "json").output)
    assert made["coverage"]["page"] == {"reached": 7, "total": 7, "missed": []}
    assert "received.withdraw" in made["coverage"]["transition"]["missed"]


def test_an_example_must_pass_the_form_itself(app: Flask, copy: Path) -> None:
    spoil(copy, "@example.invalid", "-example.invalid")
    result = run(app, "test", copy)
    assert result.exit_code == 1
    assert "email" in result.output


def test_publishing_the_catalogue(app: Flask, embedded_ctx: Context) -> None:
    assert "published tax-certificate" in run(app, "publish").output
    assert run(app, "publish").output == ""


def test_publishing_one_file(app: Flask, embedded_ctx: Context, copy: Path) -> None:
    run(app, "publish")
    spoil(copy, "minutes: ", "minutes: 1")
    result = run(app, "publish", copy, "--at", "2999-01-01T00:00:00+0900", "--yes")
    assert result.exit_code == 0, result.output
    assert result.output.endswith("published tax-certificate\n")
    with embedded_ctx.database.reading("tokyo") as session:
        before = versions.current(session, "tax-certificate").procedure.minutes
    assert run(app, "publish", copy, "--yes").exit_code == 0
    with embedded_ctx.database.reading("tokyo") as session:
        assert versions.current(session, "tax-certificate").procedure.minutes != before


def test_a_file_of_no_organisation_is_not_published(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "sample-certificate.yaml"
    path.write_text(
        CERTIFICATE.replace("department: samples", f"department: {tmp_path.name}".replace("_", "-"))
    )
    result = run(app, "publish", path)
    assert result.exit_code == 1
    assert "error: " in result.output


def test_a_broken_file_is_not_published(app: Flask, embedded_ctx: Context, copy: Path) -> None:
    spoil(copy, "minutes:", "minuts:")
    result = run(app, "publish", copy)
    assert result.exit_code == 1
    assert "unknown key 'minuts'" in result.output
    with embedded_ctx.database.reading(EVERYONE) as session:
        assert search.find(session, "ja").hits == []
