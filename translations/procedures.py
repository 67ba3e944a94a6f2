"""The texts of a procedure: where they stand in it, and what its PO files make of them.

A PO file per procedure and language lies at ``<folder>/procedures/<department>/<procedure>.po``. Its ``msgctxt`` is
the path of the text (``pages.about_you.fields.name.label``), its ``msgid`` the source text. Once the source has
changed, the entry is fuzzy, and a fuzzy entry counts as missing. Ids and values never come before a translator.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from translations.languages import LANGUAGES
from translations.messages import ROOT, entry_forms, entry_id, parse
from translations.text import Text

M = TypeVar("M", bound=BaseModel)
NAMES = ("id", "value", "name")
"""What names an item of a list in a path; its position otherwise."""
PLACEHOLDER = re.compile(r"\{[a-z0-9_]+\}")
"""A text that is nothing but a field's value; there is nothing to translate in it."""


def po_path(tag: str, department: str, procedure: str, root: Path = ROOT) -> Path:
    """Where the translators' file of this procedure and language lies."""
    return root / LANGUAGES[tag].folder / "procedures" / department / f"{procedure}.po"


def translations_for(
    department: str, procedure: str, root: Path = ROOT
) -> dict[str, dict[str, tuple[str, str]]]:
    """By language and path: the source text as it was translated, and its translation."""
    found = {}
    for tag in LANGUAGES:
        path = po_path(tag, department, procedure, root)
        if path.exists():
            found[tag] = {
                str(entry.context): (entry_id(entry), str(entry_forms(entry)))
                for entry in parse(path, tag)
                if entry.id and entry_forms(entry)
            }
    return found


def stale(department: str, procedure: str, tag: str, root: Path = ROOT) -> frozenset[str]:
    """The paths of texts whose translation into `tag` was made of another source text."""
    path = po_path(tag, department, procedure, root)
    if not path.exists():
        return frozenset()
    return frozenset(str(entry.context) for entry in parse(path, tag) if entry.fuzzy and entry.string)


def texts(thing: object, path: str = "") -> Iterator[tuple[str, Text]]:
    """Every text of a definition with its path, in the order of the file."""
    if isinstance(thing, Text):
        if not PLACEHOLDER.fullmatch(str(thing)):
            yield path, thing
    else:
        for step, child in children(thing):
            yield from texts(child, f"{path}.{step}" if path else step)


def translated(definition: M, found: Mapping[str, Mapping[str, tuple[str, str]]]) -> M:
    """`definition` with the translations of `translations_for` added to its texts.

    A translation of another source text than the present one is left out, and so is one that the file itself gives.
    """
    changed: M = _with(definition, "", found)
    return changed


def children(thing: object) -> Iterator[tuple[str, object]]:
    """The parts of a part of a definition, each with its step in the path of a text."""
    if isinstance(thing, BaseModel):
        for name in type(thing).model_fields:
            yield name, getattr(thing, name)
    elif isinstance(thing, Mapping):
        yield from ((str(key), value) for key, value in thing.items())
    elif isinstance(thing, list | tuple):
        yield from ((_step(item, position), item) for position, item in enumerate(thing, 1))


def _step(item: object, position: int) -> str:
    names = (getattr(item, name, None) for name in NAMES)
    return next((name for name in names if isinstance(name, str)), str(position))


def _with(thing: Any, path: str, found: Mapping[str, Mapping[str, tuple[str, str]]]) -> Any:
    if isinstance(thing, Text):
        return _text_with(thing, path, found)
    changes = {}
    for step, child in children(thing):
        inner = _with(child, f"{path}.{step}" if path else step, found)
        if inner is not child:
            changes[step] = inner
    if not changes:
        return thing
    if isinstance(thing, BaseModel):
        return _copied(thing, changes)
    if isinstance(thing, Mapping):
        return {key: changes.get(str(key), value) for key, value in thing.items()}
    return type(thing)(changes.get(_step(item, position), item) for position, item in enumerate(thing, 1))


def _copied(model: M, changes: Mapping[str, Any]) -> M:
    """A copy with `changes`, without what the model had worked out from its texts before (cached properties)."""
    copy = model.model_copy(update=changes)
    for name in set(vars(copy)) - set(type(model).model_fields):
        del vars(copy)[name]
    return copy


def _text_with(text: Text, path: str, found: Mapping[str, Mapping[str, tuple[str, str]]]) -> Text:
    added = {}
    for tag, by_path in found.items():
        source, translation = by_path.get(path, ("", ""))
        if tag not in text.languages and source == str(text):
            added[tag] = translation
    return Text({**text.as_dict(), **added}) if added else text
