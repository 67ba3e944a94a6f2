"""Texts out of the code and out of procedures into PO files, always the same bytes for the same texts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

from translations import messages, procedures
from translations.languages import LANGUAGES
from translations.text import Text

SOURCE = "en"
"""The language the code's messages are written in; it has no catalogue."""
KEYWORDS = {"message": None, "_": None, "plain_": None, "plural": (1, 2)}
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}
LEFT_OUT = ("tests", "tools", "node_modules", "var", "build", "migrations", "docs")
HEADER = r"""# Madoguchi: {what}, {language.name}.
msgid ""
msgstr ""
"Language: {language.folder}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plurals}\n"

"""


@dataclass(frozen=True)
class Share:
    """How much of one catalogue is translated. `missing` holds the source texts, fuzzy ones included."""

    what: str
    language: str
    total: int
    missing: tuple[str, ...]


def interface_messages(folder: Path) -> Catalog:
    """Every message marked in the code and templates under `folder`."""
    template = Catalog()
    found = extract_from_dir(
        folder, METHODS, OPTIONS, keywords=KEYWORDS, directory_filter=lambda name: _is_ours(Path(name))
    )
    for file, _line, msgid, comments, context in found:
        template.add(msgid, locations=[(file, 0)], auto_comments=comments, context=context)
    return template


def _is_ours(folder: Path) -> bool:
    return folder.name not in LEFT_OUT and not folder.name.startswith(".")


def update_interface(folder: Path, root: Path = messages.ROOT) -> None:
    """Bring every interface catalogue in line with the code: new texts empty, gone ones dropped, the rest kept."""
    template = interface_messages(folder)
    for tag in LANGUAGES:
        if tag == SOURCE:
            continue
        path = messages.path(tag, root)
        known = {messages.entry_id(entry): entry for entry in messages.parse(path, tag) if entry.id}
        catalog = Catalog(locale=LANGUAGES[tag].locale)
        for entry in sorted((each for each in template if each.id), key=messages.entry_id):
            old = known.get(messages.entry_id(entry))
            string = old.string if old and old.id == entry.id else None
            flags = old.flags if old and string else ()
            catalog.add(entry.id, string, locations=sorted(set(entry.locations)), flags=_formats(flags))
        _write(path, tag, "the texts of the interface", catalog)


def update_procedure(
    department: str, procedure: str, texts: Iterable[tuple[str, Text]], root: Path = messages.ROOT
) -> None:
    """Bring the PO files of one procedure in line with its texts. One whose source has changed becomes fuzzy."""
    texts = list(texts)
    for tag in LANGUAGES:
        path = procedures.po_path(tag, department, procedure, root)
        known = {entry.context: entry for entry in messages.parse(path, tag) if entry.id}
        catalog = Catalog(locale=LANGUAGES[tag].locale)
        for context, text in texts:
            if tag not in text.languages:
                _carry(catalog, known.get(context), context, str(text))
        if len(catalog):
            _write(path, tag, f"{department}/{procedure}", catalog)
        else:
            path.unlink(missing_ok=True)


def _carry(catalog: Catalog, old: Entry | None, context: str, source: str) -> None:
    """Add the text at `context` with its old translation, fuzzy if that was made of another source."""
    if old is None or not old.string:
        catalog.add(source, context=context)
    elif messages.entry_id(old) == source:
        catalog.add(source, old.string, context=context, flags=_formats(old.flags))
    else:
        flags = {*_formats(old.flags), "fuzzy"}
        catalog.add(source, old.string, context=context, flags=flags, previous_id=messages.entry_id(old))


def compile_interface(root: Path = messages.ROOT) -> list[Path]:
    """Write the compiled catalogue beside each source; returns them."""
    written = []
    for tag in LANGUAGES:
        path = messages.path(tag, root)
        if path.exists():
            target = path.with_suffix(".mo")
            fresh = target.with_suffix(".new")
            with fresh.open("wb") as file:
                write_mo(file, messages.parse(path, tag))
            fresh.replace(target)
            written.append(target)
    return written


def interface_shares(folder: Path, root: Path = messages.ROOT) -> Iterator[Share]:
    """How much of the interface each language has, measured against the code as it is now."""
    wanted = {messages.entry_id(entry) for entry in interface_messages(folder) if entry.id}
    for tag in LANGUAGES:
        if tag != SOURCE:
            entries = messages.parse(messages.path(tag, root), tag)
            had = {messages.entry_id(entry) for entry in entries if entry.id and messages.entry_forms(entry)}
            yield Share("interface", tag, len(wanted), tuple(sorted(wanted - had)))


def procedure_shares(
    department: str, procedure: str, texts: Iterable[tuple[str, Text]], root: Path = messages.ROOT
) -> Iterator[Share]:
    """How much of one procedure each language has; what the file itself gives counts."""
    texts = list(texts)
    found = procedures.translations_for(department, procedure, root)
    for tag in LANGUAGES:
        by_path = found.get(tag, {})
        missing = [
            path
            for path, text in texts
            if tag not in text.languages and by_path.get(path, ("",))[0] != str(text)
        ]
        yield Share(f"{department}/{procedure}", tag, len(texts), tuple(missing))


def _formats(flags: Iterable[str]) -> set[str]:
    """Flags worth keeping; Babel finds `python-format` itself."""
    return {flag for flag in flags if flag != "python-format"}


def _write(path: Path, tag: str, what: str, catalog: Catalog) -> None:
    """Write without dates and line numbers, so that files change only when texts do."""
    header = HEADER.format(what=what, language=LANGUAGES[tag], plurals=catalog.plural_forms)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(header.encode())
        write_po(
            file,
            catalog,
            width=0,
            omit_header=True,
            include_lineno=False,
            ignore_obsolete=True,
            include_previous=True,
        )
