"""Texts out of the code and out of procedures into PO files, always the same bytes for the same texts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

from translations import authors, messages, procedures
from translations.languages import LANGUAGES
from translations.text import Text

SOURCE = "en"
"""The language the code's messages are written in; it has no catalogue."""
KEYWORDS = {"message": None, "_": None, "plain_": None, "plural": (1, 2)}
AUTHORS_KEYWORDS = {"tell": None}
"""Marks in code and templates of what the tools for authors say."""
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}
INTERFACE_TITLE = "the texts of the interface"
AUTHORS_TITLE = "the texts of the tools for authors"
ALIKE = 0.8
"""How alike two texts are, of which one is taken for the other reworded."""
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
    """How much of one catalogue is translated.

    `missing` holds the source texts (of procedures their paths), stale ones included.
    """

    what: str
    language: str
    total: int
    missing: tuple[str, ...]
    stale: frozenset[str] = frozenset()
    """Those of them that have a translation of another source text."""


def interface_messages(folder: Path) -> Catalog:
    """Every message marked in the code and templates under `folder`."""
    return _marked(folder, KEYWORDS)


def authors_messages(folder: Path) -> Catalog:
    """Everything that the tools under `folder` say to authors."""
    return _marked(folder, AUTHORS_KEYWORDS)


def _marked(folder: Path, keywords: Mapping[str, tuple[int, int] | None]) -> Catalog:
    template = Catalog()
    found = extract_from_dir(
        folder, METHODS, OPTIONS, keywords=keywords, directory_filter=lambda name: _is_ours(Path(name))
    )
    for file, _line, msgid, comments, context in found:
        template.add(msgid, locations=[(file, 0)], auto_comments=comments, context=context)
    return template


def _is_ours(folder: Path) -> bool:
    return folder.name not in LEFT_OUT and not folder.name.startswith(".")


def update_interface(folder: Path, root: Path = messages.ROOT) -> None:
    """Bring every interface catalogue in line with the code: new texts empty, gone ones dropped, the rest kept.

    A text that was reworded takes its translation along, as fuzzy.
    """
    template = interface_messages(folder)
    for tag in LANGUAGES:
        if tag != SOURCE:
            write(messages.path(tag, root), tag, INTERFACE_TITLE, interface_catalog(template, tag, root))


def update_authors(folder: Path, root: Path = messages.ROOT) -> None:
    """Bring the catalogues of the tools for authors in line with the code, in the same way."""
    template = authors_messages(folder)
    for tag in authors.TAGS:
        made = interface_catalog(template, tag, root, authors.DOMAIN)
        write(messages.path(tag, root, authors.DOMAIN), tag, AUTHORS_TITLE, made)


def interface_catalog(
    template: Catalog, tag: str, root: Path = messages.ROOT, domain: str = messages.DOMAIN
) -> Catalog:
    """The interface's catalogue of one language, or that of another domain, in line with `template`."""
    known = {messages.entry_id(entry): entry for entry in _entries(messages.path(tag, root, domain), tag)}
    wanted = {messages.entry_id(entry): entry for entry in template if entry.id}
    gone = [id for id, entry in known.items() if id not in wanted and entry.string]
    catalog = Catalog(locale=LANGUAGES[tag].locale)
    for id, entry in sorted(wanted.items()):
        old = known.get(id) or _reworded(entry, known, gone)
        catalog.add(
            entry.id,
            old.string if old else None,
            locations=sorted(set(entry.locations)),
            flags=_formats(old.flags) if old else (),
            previous_id=tuple(old.previous_id) if old else (),
        )
    return catalog


def _reworded(new: Entry, known: dict[str, Entry], gone: list[str]) -> Entry | None:
    """The text that is gone which `new` most likely was, as fuzzy."""
    for former in get_close_matches(messages.entry_id(new), gone, 3, ALIKE):
        old = known[former]
        if isinstance(old.id, str) == isinstance(new.id, str):
            return Entry(new.id, old.string, flags={*old.flags, "fuzzy"}, previous_id=[former])
    return None


def _entries(path: Path, tag: str) -> list[Entry]:
    return [entry for entry in messages.parse(path, tag) if entry.id]


def update_procedure(
    department: str, procedure: str, texts: Iterable[tuple[str, Text]], root: Path = messages.ROOT
) -> None:
    """Bring the PO files of one procedure in line with its texts. One whose source has changed becomes fuzzy."""
    texts = list(texts)
    for tag in LANGUAGES:
        path = procedures.po_path(tag, department, procedure, root)
        catalog = procedure_catalog(department, procedure, texts, tag, root)
        if len(catalog):
            write(path, tag, f"{department}/{procedure}", catalog)
        else:
            path.unlink(missing_ok=True)


def procedure_catalog(
    department: str, procedure: str, texts: Iterable[tuple[str, Text]], tag: str, root: Path = messages.ROOT
) -> Catalog:
    """The catalogue of one procedure and language, in line with its texts; what the file itself gives is left out."""
    path = procedures.po_path(tag, department, procedure, root)
    known = {entry.context: entry for entry in _entries(path, tag)}
    catalog = Catalog(locale=LANGUAGES[tag].locale)
    for context, text in texts:
        if tag not in text.languages:
            _carry(catalog, known.get(context), context, str(text))
    return catalog


def _carry(catalog: Catalog, old: Entry | None, context: str, source: str) -> None:
    """Add the text at `context` with its old translation, fuzzy if that was made of another source."""
    if old is None or not old.string:
        catalog.add(source, context=context)
    elif messages.entry_id(old) == source:
        flags, previous = _formats(old.flags), tuple(old.previous_id)
        catalog.add(source, old.string, context=context, flags=flags, previous_id=previous)
    else:
        flags = {*_formats(old.flags), "fuzzy"}
        catalog.add(source, old.string, context=context, flags=flags, previous_id=messages.entry_id(old))


def compile_interface(root: Path = messages.ROOT) -> list[Path]:
    """Write the compiled catalogue beside each source, those of the tools for authors too; returns them."""
    written = []
    for tag, domain in (
        *((tag, messages.DOMAIN) for tag in LANGUAGES),
        *((tag, authors.DOMAIN) for tag in authors.TAGS),
    ):
        path = messages.path(tag, root, domain)
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
    template = interface_messages(folder)
    for tag in LANGUAGES:
        if tag != SOURCE:
            catalog = interface_catalog(template, tag, root)
            yield _share("interface", tag, len(catalog), catalog)


def authors_shares(folder: Path, root: Path = messages.ROOT) -> Iterator[Share]:
    """How much of what the tools for authors say each of their languages has."""
    template = authors_messages(folder)
    for tag in authors.TAGS:
        catalog = interface_catalog(template, tag, root, authors.DOMAIN)
        yield _share(authors.DOMAIN, tag, len(catalog), catalog)


def procedure_shares(
    department: str, procedure: str, texts: Iterable[tuple[str, Text]], root: Path = messages.ROOT
) -> Iterator[Share]:
    """How much of one procedure each language has; what the file itself gives counts."""
    texts = list(texts)
    for tag in LANGUAGES:
        catalog = procedure_catalog(department, procedure, texts, tag, root)
        yield _share(f"{department}/{procedure}", tag, len(texts), catalog)


def _share(what: str, tag: str, total: int, catalog: Catalog) -> Share:
    lacking = [entry for entry in catalog if entry.id and not messages.entry_forms(entry)]
    stale = {_name(entry) for entry in lacking if entry.fuzzy and entry.string}
    return Share(what, tag, total, tuple(_name(entry) for entry in lacking), frozenset(stale))


def _name(entry: Entry) -> str:
    return entry.context or messages.entry_id(entry)


def _formats(flags: Iterable[str]) -> set[str]:
    """Flags worth keeping; Babel finds `python-format` itself."""
    return {flag for flag in flags if flag != "python-format"}


def write(path: Path, tag: str, what: str, catalog: Catalog) -> None:
    """Write a PO file without dates and line numbers, so that files change only when texts do."""
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
