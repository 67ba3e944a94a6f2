"""What the files themselves may look like."""

import json
import re
from pathlib import Path

import pytest

from core.settings import ROOT
from tests.house.sources import modules, templates

LONGEST, LONGEST_TEST = 420, 520
ALONE = "lotteries/verify.py"
"""Handed to the public as one file."""
INLINE = re.compile(r"<style\b|\sstyle=|\son[a-z]+=[\"']|<script\b(?![^>]*\bsrc=)|javascript:", re.IGNORECASE)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_a_magnet() -> None:
    own = [ROOT / path for path in modules()] + list((ROOT / "tests").rglob("*.py"))
    lengths = {_name(path): len(path.read_text().splitlines()) for path in own}
    limits = {path: LONGEST_TEST if path.startswith("tests/") else LONGEST for path in lengths}
    magnets = [path for path, length in lengths.items() if length > limits[path]]
    assert [path for path in magnets if path != ALONE and "migrations/versions" not in path] == []


@pytest.mark.parametrize("path", templates(), ids=_name)
def test_pages_have_no_inline_style_or_script(path: Path) -> None:
    """The content security policy would stop them (ASVS 5.0, 3.4)."""
    assert INLINE.search(path.read_text()) is None


@pytest.mark.parametrize("path", templates(), ids=_name)
def test_every_posting_form_has_its_token(path: Path) -> None:
    forms = re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL)
    posting = [form for form in forms if re.search(r"method=[\"']post", form, re.IGNORECASE)]
    assert [form[:80] for form in posting if "csrf()" not in form] == []


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").iterdir()), ids=_name)
def test_locks_name_no_registry(path: Path) -> None:
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", path.read_text())


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=_name)
def test_every_locked_package_has_hashes(path: Path) -> None:
    text = path.read_text()
    packages = re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)
    assert len(re.findall(r"^[\w.\[\]-]+==\S+( ;[^\\]+)? \\\n    --hash=", text, re.MULTILINE)) == len(
        packages
    )


def test_npm_lock_names_no_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
