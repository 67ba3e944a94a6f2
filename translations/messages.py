"""The interface's texts in the reader's language, from gettext catalogues (``<folder>/LC_MESSAGES/messages.po``)."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po, unescape
from babel.numbers import format_decimal

from core.errors import Message
from translations.dates import format_date, format_datetime
from translations.furigana import counted
from translations.languages import LANGUAGES, PSEUDO, fallbacks, find
from translations.pseudo import disguised
from translations.text import Phrase, Text

ROOT = Path(__file__).parent
DOMAIN = "messages"
"""The interface: pages, mails and papers."""
UNGROUPED = 10_000
"""Whole numbers below it have no separators: they may be years."""

QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')

Translatable = Message | Text | Phrase | str


def translate(thing: Translatable, language: str) -> str:
    """`thing` for a reader of `language`, parameters put in. English source where no catalogue has it.

    Parameters may be messages, texts, dates, moments (shown on Tokyo's clocks), numbers or lists of these. Readings
    (``{漢字|かな}``) stay in; see `translations.furigana`.
    """
    if isinstance(thing, Message):
        found = _form(thing, language)
        if not thing.params:
            return found
        filled = found % {name: _shown(value, language) for name, value in thing.params.items()}
        return counted(filled) if language == "ja-simple" else filled
    if isinstance(thing, Text):
        return thing.phrase(language).text
    return str(thing)


def _form(thing: Message, language: str) -> str:
    """The untreated text: of a plural the form that its count needs."""
    if language in PSEUDO:
        return disguised(
            thing.plural if thing.plural and thing.params["count"] != 1 else thing.msgid, language
        )
    forms = catalogue(language).get(thing.msgid)
    if thing.plural is None:
        return forms if isinstance(forms, str) else thing.msgid
    count = thing.params["count"]
    if not isinstance(forms, tuple) or not isinstance(count, int):
        return thing.msgid if count == 1 else thing.plural
    return forms[_plural_rule(language)(count)]


def _shown(value: object, language: str) -> object:
    if isinstance(value, Message | Text | Phrase):
        return translate(value, language)
    if isinstance(value, datetime):
        return format_datetime(value, language)
    if isinstance(value, date):
        return format_date(value, language)
    if isinstance(value, Decimal) or (isinstance(value, int) and abs(value) >= UNGROUPED):
        return format_decimal(value, locale=_babel(language))
    if isinstance(value, list | tuple):
        return format_list([str(_shown(each, language)) for each in value], locale=_babel(language))
    return value


def _babel(language: str) -> str:
    return find(language).locale


Forms = str | tuple[str, ...]


@cache
def catalogue(language: str) -> Mapping[str, Forms]:
    """Translations by English source, missing ones from the languages it falls back to. Read once a process."""
    texts: dict[str, Forms] = {}
    for tag in reversed(fallbacks(language)):
        if tag in LANGUAGES:
            texts.update(_texts(read(tag)))
    return texts


@cache
def _plural_rule(language: str) -> Callable[[int], int]:
    return c2py(read(language).plural_expr)


def read(tag: str, root: Path = ROOT, domain: str = DOMAIN) -> Catalog:
    """The catalogue of exactly this language; empty where it has none.

    The compiled file is taken when it is not older than its source, so that an edited source shows at once.
    """
    source = path(tag, root, domain)
    compiled = source.with_suffix(".mo")
    if source.exists() and compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        with compiled.open("rb") as file:
            return read_mo(file)
    return parse(source, tag)


def parse(path: Path, tag: str | None = None) -> Catalog:
    """The PO file at `path`; empty where there is none."""
    locale = LANGUAGES[tag].locale if tag else None
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        catalog = read_po(file, locale=locale)
    for entry in catalog:
        _read_previous(entry)
    return catalog


def _read_previous(entry: Entry) -> None:
    """Babel takes the former source (``#| msgid``) for a comment, and writes all its lines on one."""
    former = " ".join(line.removeprefix("| ") for line in entry.user_comments if line.startswith("| "))
    if former.startswith("msgid "):
        one, _, _many = former.partition(" msgid_plural ")
        entry.previous_id = ["".join(unescape(part) for part in QUOTED.findall(one))]
        entry.user_comments = [line for line in entry.user_comments if not line.startswith("| ")]


def path(tag: str, root: Path = ROOT, domain: str = DOMAIN) -> Path:
    """Where a catalogue of this language lies; without a domain, the interface's."""
    return root / LANGUAGES[tag].folder / "LC_MESSAGES" / f"{domain}.po"


def _texts(catalog: Catalog) -> dict[str, Forms]:
    return {entry_id(entry): forms for entry in catalog if entry.id and (forms := entry_forms(entry))}


def entry_id(entry: Entry) -> str:
    """The source text of an entry, of a plural the form for one."""
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def entry_forms(entry: Entry) -> Forms:
    """What it is translated as; empty where that is missing, partial or fuzzy (its source has changed)."""
    forms = entry.string or ""
    if entry.fuzzy or not forms:
        return ""
    return forms if isinstance(forms, str) else tuple(forms) if all(forms) else ""
