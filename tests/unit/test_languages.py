"""Texts reach the reader in their language: catalogues, fallbacks, parameters, procedures' PO files."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from core.errors import Message, message, plural
from translations import extraction, messages, procedures
from translations.languages import LANGUAGES
from translations.text import Phrase, Text

LATE = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    id: str
    label: Text


class Definition(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    title: Text
    parts: tuple[Part, ...]
    names: dict[str, Text] = {}


def definition(label: str = "氏名") -> Definition:
    return Definition.model_validate(
        {
            "title": {"ja": "証明"},
            "parts": [
                {"id": "name", "label": {"ja": label}},
                {"id": "kind", "label": {"ja": "種類", "en": "Kind"}},
            ],
            "names": {"desk": {"ja": "窓口"}},
        }
    )


def translate_po(root: Path, tag: str, by_source: dict[str, str]) -> None:
    path = procedures.po_path(tag, "tax", "certificate", root)
    content = path.read_text()
    for source, translation in by_source.items():
        content = content.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{translation}"')
    path.write_text(content)


def test_every_text_has_a_path_that_outlives_reordering() -> None:
    paths = [path for path, _ in procedures.texts(definition())]
    assert paths == ["title", "parts.name.label", "parts.kind.label", "names.desk"]


def test_translations_of_a_procedure_come_from_its_po_file(tmp_path: Path) -> None:
    extraction.update_procedure("tax", "certificate", procedures.texts(definition()), tmp_path)
    translate_po(tmp_path, "en", {"証明": "Certificate", "氏名": "Name"})
    merged = procedures.translated(definition(), procedures.translations_for("tax", "certificate", tmp_path))
    assert merged.title.phrase("en") == Phrase("Certificate", "en")
    assert merged.parts[0].label.phrase("en") == Phrase("Name", "en")
    assert merged.parts[1].label.phrase("en") == Phrase("Kind", "en"), "the file's own translation stays"
    assert merged.names["desk"].phrase("en") == Phrase("窓口", "ja"), "missing: the source, and it says so"
    assert definition().title.languages == ("ja",)


def test_a_changed_source_makes_its_translation_stale(tmp_path: Path) -> None:
    extraction.update_procedure("tax", "certificate", procedures.texts(definition()), tmp_path)
    translate_po(tmp_path, "en", {"氏名": "Name"})
    changed = definition(label="お名前")
    merged = procedures.translated(changed, procedures.translations_for("tax", "certificate", tmp_path))
    assert merged.parts[0].label.languages == ("ja",), "not used even before the next extraction"
    extraction.update_procedure("tax", "certificate", procedures.texts(changed), tmp_path)
    content = procedures.po_path("en", "tax", "certificate", tmp_path).read_text()
    assert '#, fuzzy\n#| msgid "氏名"\nmsgctxt "parts.name.label"\nmsgid "お名前"\nmsgstr "Name"' in content
    shares = {
        share.language: share
        for share in extraction.procedure_shares("tax", "certificate", procedures.texts(changed), tmp_path)
    }
    assert "parts.name.label" in shares["en"].missing
    assert shares["en"].stale == {"parts.name.label"}
    assert "title" in shares["en"].missing


def test_extraction_gives_the_same_bytes_and_keeps_translations(tmp_path: Path) -> None:
    code, root = tmp_path / "code", tmp_path / "root"
    (code / "web/templates").mkdir(parents=True)
    (code / "one.py").write_text('from core.errors import message\nmessage("Two " "parts %(x)s", x=1)\n')
    (code / "web/templates/page.html").write_text('<p>{{ _("On the page") }}</p>')
    (code / "tests").mkdir()
    (code / "tests/test.py").write_text('message("Not ours")')
    extraction.update_interface(code, root)
    path = messages.path("ko", root)
    path.write_text(
        path.read_text().replace('msgid "On the page"\nmsgstr ""', 'msgid "On the page"\nmsgstr "쪽"')
    )
    extraction.update_interface(code, root)
    once = path.read_bytes()
    extraction.update_interface(code, root)
    assert path.read_bytes() == once
    entries = {entry.id: entry.string for entry in messages.read("ko", root) if entry.id}
    assert entries == {"On the page": "쪽", "Two parts %(x)s": ""}
    assert [share.missing for share in extraction.interface_shares(code, root)][-1] == ("Two parts %(x)s",)


def test_a_reworded_text_of_the_interface_takes_its_translation_along_as_stale(tmp_path: Path) -> None:
    code, root = tmp_path / "code", tmp_path / "root"
    code.mkdir()
    (code / "one.py").write_text('message("Keep the application")\nmessage("Other")\n')
    extraction.update_interface(code, root)
    path = messages.path("ko", root)
    for source, translation in (("Keep the application", "신청 보관"), ("Other", "기타")):
        content = path.read_text()
        path.write_text(
            content.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{translation}"')
        )
    (code / "one.py").write_text('message("Keep this application")\nmessage("Nothing like it")\n')
    for _ in range(2):  # a second extraction keeps what the first found out
        extraction.update_interface(code, root)
        assert '#, fuzzy\n#| msgid "Keep the application"\nmsgid "Keep this application"' in path.read_text()
    share = next(each for each in extraction.interface_shares(code, root) if each.language == "ko")
    assert share.missing == ("Keep this application", "Nothing like it")
    assert share.stale == {"Keep this application"}


def test_a_compiled_catalogue_is_used_until_its_source_changes(tmp_path: Path) -> None:
    path = messages.path("ja", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Save"\nmsgstr "保存"\n'
    )
    assert extraction.compile_interface(tmp_path) == [path.with_suffix(".mo")]
    assert [entry.string for entry in messages.read("ja", tmp_path) if entry.id] == ["保存"]
    path.write_text(path.read_text().replace("保存", "保存する"))
    assert [entry.string for entry in messages.read("ja", tmp_path) if entry.id] == ["保存する"]


@pytest.fixture
def catalogues(monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[str, dict[str, messages.Forms]] = {
        "ja": {"Paid on %(day)s": "%(day)sに支払い済み", "%(count)s file": ("%(count)s件のファイル",)},
        "en": {},
    }
    known["ja-simple"] = {**known["ja"], "Name": "{名前|なまえ}"}
    monkeypatch.setattr(messages, "catalogue", known.__getitem__)


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        (message("Paid on %(day)s", day=date(2026, 11, 22)), "ja", "2026年11月22日（令和8年）に支払い済み"),
        (message("Paid on %(day)s", day=date(2026, 11, 22)), "ja-simple", "2026年11月22日に支払い済み"),
        (message("Paid on %(day)s", day=date(2026, 11, 22)), "en", "Paid on November 22, 2026"),
        (
            message("Paid on %(day)s", day=datetime(2026, 11, 22, 20, 0, tzinfo=UTC)),
            "en",
            "Paid on November 23, 2026, 05:00",
        ),
        (message("Name"), "ja-simple", "{名前|なまえ}"),
        (message("Name"), "en", "Name"),
        (message("100 % sure"), "en", "100 % sure"),
        (message("%(a)s: %(b)s", a=message("Name"), b=Text({"ja": "氏名"})), "en", "Name: 氏名"),
        (message("%(n)s", n=2026), "en", "2026"),
        (message("%(n)s", n=12345), "en", "12,345"),
        (message("%(n)s", n=Decimal("1234.5")), "en", "1,234.5"),
        (message("%(n)s", n=["PDF", "JPEG", "PNG"]), "en", "PDF, JPEG, and PNG"),
        (plural("%(count)s file", "%(count)s files", 1), "en", "1 file"),
        (plural("%(count)s file", "%(count)s files", 3), "en", "3 files"),
        (plural("%(count)s file", "%(count)s files", 3), "ja", "3件のファイル"),
        (Text({"ja": "証明"}), "ko", "証明"),
        (Phrase("証明", "ja"), "ko", "証明"),
        ("As typed", "ja", "As typed"),
    ],
)
def test_a_message_is_said_with_its_parameters(
    said: messages.Translatable, language: str, expected: str
) -> None:
    assert messages.translate(said, language) == expected


def test_an_unknown_language_reads_the_source() -> None:
    assert (
        messages.translate(Message("No such text in any catalogue"), "xx") == "No such text in any catalogue"
    )


def test_every_language_names_itself_and_a_known_fallback() -> None:
    for language in LANGUAGES.values():
        assert language.name
        assert set(language.falls_back_to) <= set(LANGUAGES)
