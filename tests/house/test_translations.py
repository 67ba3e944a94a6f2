"""The interface is whole in every language: nothing missing, nothing stale, nothing garbled."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from core.settings import ROOT
from tests.house import sources
from translations import extraction, furigana, messages
from translations.languages import LANGUAGES

TRANSLATED = [tag for tag in LANGUAGES if tag != extraction.SOURCE]
PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])")
KANJI = re.compile(r"[一-龥]")


def test_every_message_is_extracted_and_translated() -> None:
    missing = {share.language: share.missing for share in extraction.interface_shares(ROOT) if share.missing}
    assert missing == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_the_placeholders(language: str) -> None:
    for entry in messages.read(language):
        forms = messages.entry_forms(entry) if entry.id else ()
        for form in (forms,) if isinstance(forms, str) else forms:
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(messages.entry_id(entry)))


@pytest.mark.parametrize(
    "path", sorted((ROOT / "translations").rglob("*.po")), ids=lambda path: "/".join(path.parts[-4:])
)
def test_a_catalogue_has_nothing_stale_and_only_whole_readings(path: Path) -> None:
    content = path.read_text()
    assert "#, fuzzy" not in content
    assert "#~" not in content
    for entry in messages.parse(path):
        shown = furigana.strip(str(messages.entry_forms(entry)))
        assert "|" not in shown, entry.id


def test_plain_japanese_has_readings_over_its_kanji() -> None:
    bare = [
        messages.entry_id(entry)
        for entry in messages.read("ja-simple")
        if entry.id and KANJI.search(furigana.MARK.sub("", str(messages.entry_forms(entry))))
    ]
    assert bare == []


def test_messages_are_written_out_where_they_are_marked() -> None:
    """What is marked with a variable would never reach a translator."""
    hidden = [
        f"{path}:{call.lineno}"
        for path, tree in sources.modules().items()
        for call in (*sources.calls(tree, "message"), *sources.calls(tree, "plural"))
        if call.args
        and not isinstance(call.args[0], ast.Constant)
        and "msgid" not in ast.unparse(call.args[0])
    ]
    hidden += [
        f"{path.name}: {found}"
        for path in sources.templates()
        for found in re.findall(r"\b(?:_|plain_)\([^\"'].{0,30}", path.read_text())
    ]
    assert hidden == []


def test_the_report_says_that_all_is_translated(app: Flask) -> None:
    reported = app.test_cli_runner().invoke(args=["translations", "report", "--missing"])
    assert reported.exit_code == 0, reported.output
    assert "interface" in reported.output


PHYSICAL = re.compile(
    r"\b(?:margin|padding|border)-(?:left|right)|text-align:\s*(?:left|right)|float:|(?<![-\w])(?:left|right):"
)
SIDES = re.compile(r"(margin|padding|border-radius):((?:\s+[^;\s()]+(?:\([^)]*\))?){4})\s*(?:!important)?;")


def test_styles_know_neither_left_nor_right() -> None:
    """Pages are read from right to left as well: `inline-start` and `inline-end` turn with them."""
    physical = []
    for path in sorted((ROOT / "web" / "static" / "css").glob("*.css")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if PHYSICAL.search(line) or any(
                _turns(name, sides.split()) for name, sides in SIDES.findall(line)
            ):
                physical.append(f"{path.name}:{number}: {line.strip()[:80]}")
    assert physical == []


def _turns(name: str, sides: list[str]) -> bool:
    """Whether four values differ between left and right; radii begin at a corner, the others above."""
    if name == "border-radius":
        return sides[0] != sides[1] or sides[2] != sides[3]
    return sides[1] != sides[3]


@pytest.mark.parametrize(
    ("style", "found"),
    [
        ("margin-left: 1px;", True),
        ("margin: 0 1px 2px 3px;", True),
        ("border-radius: 0 var(--r) var(--r) 0;", True),
        ("inset: 0; left: 2px;", True),
        ("margin: 0 1px 2px 1px; margin-inline-start: 2px; margin: 0 auto;", False),
        ("border-radius: 1px 1px 0 0; inset-inline-start: 0;", False),
    ],
)
def test_what_counts_as_left_and_right(style: str, found: bool) -> None:
    uneven = any(_turns(name, sides.split()) for name, sides in SIDES.findall(style))
    assert (bool(PHYSICAL.search(style)) or uneven) is found
