"""What stands on a document: finished texts, in the authoritative language and, beside it, the applicant's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.errors import Message, message
from core.identifiers import grouped
from translations.dates import era_of, format_date
from translations.furigana import in_brackets, strip
from translations.languages import find
from translations.messages import translate
from translations.text import Phrase, Text


@dataclass(frozen=True)
class Both:
    """A finished text in the authoritative language, and in the reader's where that differs."""

    text: str
    beside: str | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class SheetRow:
    """A line of the table."""

    label: Both
    value: Both


@dataclass(frozen=True)
class Sheet:
    """One document before it is laid out. `data` is what goes with it as JSON: what is printed, no more."""

    organisation: Both
    department: Both | None
    title: Both
    body: Both
    reference: str
    code: str
    issued_on: date
    valid_until: date | None = None
    addressee: str | None = None
    rows: tuple[SheetRow, ...] = ()
    conditions: tuple[Both, ...] = ()
    sealed: bool = True
    language: str = "ja"
    """The authoritative language."""
    beside: str | None = None
    """The reader's language, where any text has a version in it."""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def beside_direction(self) -> str:
        """How the reader's language is written: ``ltr`` or ``rtl``."""
        return find(self.beside or self.language).direction

    @property
    def readable_code(self) -> str:
        """The verification code in groups of four."""
        return grouped(self.code)


LABELS: Mapping[str, Message] = {
    "reference": message("Reference number"),
    "issued_on": message("Date of issue"),
    "valid_until": message("Valid until"),
    "conditions": message("Conditions"),
    "code": message("Verification code"),
    "check": message("Check this document"),
    "how": message("Scan the square with a phone, or type the code at the address below."),
    "seal": message(
        "This document bears an electronic seal instead of a stamp. The PDF file is the original; "
        "a print is proven by its code."
    ),
    "unsealed": message("This document bears no seal. It is proven by its code."),
    "authoritative": message(
        "The text in %(language)s is authoritative. The translation is for information."
    ),
    "test": message("TEST — this document has no legal effect."),
    "square": message("Square code that leads to the verification page"),
    "honorific": message("To %(name)s"),
}
"""Wording of the platform on every document."""


def label(sheet: Sheet, wording: str, **params: object) -> Both:
    """The platform's `wording` in the languages of `sheet`."""
    marked = Message(LABELS[wording].msgid, params)
    text = written(marked, sheet.language)
    other = written(marked, sheet.beside) if sheet.beside else None
    return Both(text, other if other != text else None)


def written(thing: Message | Text | Phrase | str, language: str) -> str:
    """`thing` as it is printed: readings in brackets for readers of plain Japanese, else left out.

    What a person typed is a plain text and stays as it is.
    """
    if isinstance(thing, str):
        return thing
    text = translate(thing, language)
    return in_brackets(text) if language == "ja-simple" else strip(text)


def official_date(day: date, language: str) -> str:
    """The day as official papers write it: by era in Japanese (令和8年11月22日), else ISO 8601.

    Plain Japanese has the Western year, as everywhere (`translations.dates.format_date`).
    """
    if language == "ja-simple":
        return format_date(day, language)
    era = era_of(day) if language == "ja" else None
    return f"{era}{day.month}月{day.day}日" if era else day.isoformat()


def language_name(tag: str, reader: str) -> str:
    """How `tag` is called on a document for `reader`."""
    names = {"ja": message("Japanese"), "en": message("English")}
    return written(names[tag], reader) if tag in names else find(tag).name
