"""A process for strangers' files: what it makes comes back, what it breaks stays with it."""

from io import BytesIO
from pathlib import Path

import pytest

from core import confined

MEMORY = 300_000_000
_HEAD = "import os, sys\nfrom core import confined\nwords = confined.confine()\n"


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the source of the module `told` goes."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path / "told.py"


def test_what_it_makes_of_a_file_comes_back(module: Path) -> None:
    module.write_text(f"{_HEAD}sys.stdout.buffer.write(words[0].encode() + sys.stdin.buffer.read()[::-1])")
    with confined.run("told", BytesIO(b"\x00\xff\n"), "word", memory=MEMORY, seconds=5) as made:
        assert made.read() == b"word\n\xff\x00"


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param("x = bytes(10**9)", id="too much memory"),
        pytest.param("raise MemoryError", id="says that it would be too much"),
        pytest.param("os.kill(os.getpid(), 11)", id="a library that falls over"),
        pytest.param("while True: pass", id="no end"),
    ],
)
def test_one_that_takes_too_much_or_falls_over_is_given_up(module: Path, harm: str) -> None:
    module.write_text(_HEAD + harm)
    with pytest.raises(confined.Exhausted):
        confined.run("told", BytesIO(), memory=MEMORY, seconds=1)


def test_what_it_complains_of_is_not_told_because_it_may_quote_the_file(module: Path) -> None:
    module.write_text(f"{_HEAD}raise LookupError(sys.stdin.read())")
    with pytest.raises(RuntimeError, match=r"^told: LookupError$"):
        confined.ask("told", BytesIO(b"secret"), memory=MEMORY, seconds=5)


def test_it_cannot_fill_the_disk(module: Path) -> None:
    module.write_text(f"{_HEAD}os.truncate(1, {MEMORY + 1})")
    with pytest.raises(RuntimeError, match=r"^told: OSError$"):
        confined.run("told", BytesIO(), memory=MEMORY, seconds=5)


def test_what_the_project_keeps_secret_does_not_reach_it(
    module: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MADOGUCHI_SECRET", "hidden")
    module.write_text("import os; print(sorted(os.environ))")
    assert "MADOGUCHI_SECRET" not in confined.ask("told", BytesIO(), memory=MEMORY, seconds=5)
