"""`flask translations`: what is exported can be imported, and a broken file changes nothing."""

from pathlib import Path

import pytest
from flask import Flask

from translations import messages

PART = "tokyo-taxation/tax-certificate"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where files for translators go."""
    return tmp_path / "out"


def run(app: Flask, *args: str | Path) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["translations", *map(str, args)])
    return done.exit_code, done.output


@pytest.mark.parametrize(("kind", "ending"), [("xliff", "xlf"), ("xlsx", "xlsx")])
def test_an_untouched_export_changes_nothing(app: Flask, out: Path, kind: str, ending: str) -> None:
    before = messages.path("ko").read_bytes()
    said = run(app, "export", "interface", PART, "--format", kind, "--language", "ko", "--to", out)
    assert said[0] == 0, said
    files = sorted(out.iterdir())
    assert [file.name for file in files] == [
        f"interface.ko.{ending}",
        f"tokyo-taxation.tax-certificate.ko.{ending}",
    ]
    assert run(app, "import", *files) == (0, f"interface ko: 0 changed\n{PART} ko: 0 changed\n")
    assert messages.path("ko").read_bytes() == before


def test_the_source_language_has_nothing_to_translate(app: Flask, out: Path) -> None:
    assert run(app, "export", "interface", "--language", "en", "--to", out) == (0, "")
    assert run(app, "export", PART, "--language", "ja", "--to", out) == (0, "")


def test_a_broken_file_is_refused_with_its_lines(app: Flask, out: Path) -> None:
    run(app, "export", "interface", "--language", "ko", "--to", out)
    (file,) = out.iterdir()
    before = messages.path("ko").read_bytes()
    lines = file.read_text().split("\n")
    at = next(number for number, line in enumerate(lines) if "<target" in line and "%(number)s" in line)
    lines[at] = lines[at].replace("%(number)s", "")
    file.write_text("\n".join(lines))
    code, said = run(app, "import", file)
    assert code == 1
    assert said == f"{file}:{at - 1}: %(number)s is missing: it is filled in and must stay as it is\n"
    assert messages.path("ko").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [('original="no/such"', "no part 'no/such'"), ('target-language="tlh"', "no language 'tlh'")],
)
def test_a_file_of_something_else_is_refused(app: Flask, out: Path, content: str, said: str) -> None:
    run(app, "export", PART, "--language", "ko", "--to", out)
    (file,) = out.iterdir()
    name, _, _ = content.partition("=")
    whole = file.read_text()
    start = whole.index(f"{name}=")
    end = whole.index('"', whole.index('"', start) + 1) + 1
    file.write_text(whole[:start] + content + whole[end:])
    code, output = run(app, "import", file)
    assert (code, said in output) == (1, True), output


def test_an_unknown_part_is_named(app: Flask, out: Path) -> None:
    code, said = run(app, "export", "no/such", "--to", out)
    assert code == 1
    assert "no part 'no/such'; known: interface" in said
