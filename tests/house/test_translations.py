"""The interface is whole in every language: nothing missing, nothing stale, nothing garbled."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from flask import Flask

from core.settings import ROOT
from tests.house import sources
from translations import extraction, furigana, messages
from translations.languages import LANGUAGES

TRANSLATED = [tag for tag in LANGUAGES if tag != extraction.SOURCE]
PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])")
KANJI = re.compile(r"[\u3400-\u9fff\uf900-\ufaff々〆〇]")
READING = re.compile(r"[ぁ-ゖァ-ヺー・]+")
LONGEST_READING = 9
"""Kana that fit above a heading in text of twice the size on a screen of 320 px."""


def test_every_message_is_extracted_and_translated() -> None:
    missing = {share.language: share.missing for share in extraction.interface_shares(ROOT) if share.missing}
    assert missing == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_the_placeholders(language: str) -> None:
    for entry in messages.read(language):
        forms = messages.entry_forms(entry) if entry.id else ()
        for form in (forms,) if isinstance(forms, str) else forms:
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(messages.entry_id(entry)))


def test_readings_are_short_enough_for_a_narrow_screen() -> None:
    """A word and its reading stay on one line: a long one is written in parts, ``{建築|けんちく}{計画|けいかく}``."""
    files = [*(ROOT / "procedures").rglob("*.yaml"), *(ROOT / "translations").rglob("*.po")]
    readings = {mark for path in files for mark in furigana.MARK.findall(path.read_text())}
    assert sorted(word for word, reading in readings if len(reading) > LONGEST_READING) == []


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


@pytest.mark.parametrize(
    "path", sorted((ROOT / "translations" / "ja@simple").rglob("*.po")), ids=lambda path: path.stem
)
def test_plain_japanese_has_readings_over_its_kanji(path: Path) -> None:
    written = [str(messages.entry_forms(entry)) for entry in messages.parse(path) if entry.id]
    assert written
    assert [text for text in written if not _read_aloud(text)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "procedures").rglob("*.yaml")), ids=lambda path: path.stem)
def test_plain_japanese_in_files_of_procedures_has_them_too(path: Path) -> None:
    """Workflows, the catalogue, its tables and organisations: nothing exempt, neither numerals in kanji nor 円."""
    plain = list(_plain_japanese(yaml.load(path.read_text(), yaml.CSafeLoader)))
    assert [text for text in plain if not _read_aloud(text)] == []


def _plain_japanese(node: object) -> Iterator[str]:
    """What stands under `ja-simple` anywhere in a file."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from [str(value)] if key == "ja-simple" else _plain_japanese(value)
    elif isinstance(node, list):
        for value in node:
            yield from _plain_japanese(value)


def _read_aloud(text: str) -> bool:
    """Whether every kanji has a reading, in kana, and no reading stands over what is none."""
    marked = furigana.MARK.findall(text)
    return not KANJI.search(furigana.MARK.sub("", text)) and all(
        KANJI.search(word) and READING.fullmatch(reading) for word, reading in marked
    )


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("{申請|しんせい}を やめました", True),
        ("やめました", True),
        ("{申請|しんせい}を取り{下|さ}げる", False),
        ("100円", False),
        ("佐々木", False),
        ("{申請|申請}", False),
        ("{やめる|やめる}", False),
    ],
)
def test_what_counts_as_read_aloud(text: str, whole: bool) -> None:
    assert _read_aloud(text) is whole


def test_where_no_ruby_can_stand_templates_leave_readings_out() -> None:
    """Options and attributes hold text alone: `plain` and `plain_`."""
    said = r"\{\{[^}]*\b(?:_|text|say|date_text|moment_text|yen)\("
    place = re.compile(rf'<option[^>]*>(?:(?!</option>).)*?{said}|\s[\w-]+="[^"]*{said}|<title>[^<]*{said}')
    wrong = [
        f"{path.name}: {found[0][-80:]}"
        for path in sources.templates()
        for found in place.finditer(path.read_text())
    ]
    assert wrong == []


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
