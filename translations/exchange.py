"""Texts on their way to translators and back, whatever the file: what goes out, and what may come in.

Ids and values never go out: a unit is named by a digest of the place of its text. What comes in is checked before
anything is kept.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry

from core.errors import MadoguchiError
from translations import furigana
from translations.messages import entry_id

State = Literal["done", "stale", "missing"]
NAMED = re.compile(r"%\(\w+\)[a-z]|\{[a-z0-9_]+\}")
"""What is filled in when a text is shown, in texts of the interface and of procedures."""
BRACES = re.compile(r"[{}|]")


@dataclass(frozen=True)
class Unit:
    """One text to be translated, or one form of it where it has a plural."""

    key: str
    source: str
    target: str
    state: State
    notes: tuple[str, ...] = ()
    """Where it stands, what must stay in it, what it was before."""


@dataclass(frozen=True)
class Bundle:
    """What one file holds: the texts of the interface or of one procedure for one language."""

    part: str
    """``interface`` or ``department/procedure``."""
    source_language: str
    language: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Returned:
    """A bundle that came back, with the row or line of each of its units."""

    part: str
    language: str
    units: tuple[tuple[int, Unit], ...]


@dataclass(frozen=True)
class Wrong:
    """Why a row cannot be taken."""

    row: int
    text: str


class Unreadable(MadoguchiError):
    """Raise it when a file is not one that was exported here, or cannot hold what it should; the text says why."""


def bundle(
    part: str, source_language: str, language: str, catalog: Catalog, notes: Mapping[str, str]
) -> Bundle:
    """Everything of `catalog`, with notes by context; a text without one is told where the code says it."""
    return Bundle(part, source_language, language, tuple(_units(catalog, notes)))


def _units(catalog: Catalog, notes: Mapping[str, str]) -> Iterator[Unit]:
    for entry in catalog:
        if entry.id:
            forms = _forms(entry, catalog.num_plurals)
            for number, (source, target) in enumerate(zip(_sources(entry, catalog), forms, strict=True)):
                state: State = "missing" if not target else "stale" if entry.fuzzy else "done"
                told = notes.get(entry.context, "") if entry.context else _pages(entry)
                yield Unit(_key(entry, number), source, target, state, _notes(entry, source, told))


def _pages(entry: Entry) -> str:
    return ", ".join(sorted({file for file, _line in entry.locations}))


def _notes(entry: Entry, source: str, told: str) -> tuple[str, ...]:
    kept = sorted(set(NAMED.findall(source)))
    former = entry.previous_id[0] if entry.previous_id and entry.fuzzy else ""
    said = (
        told,
        f"Keep as it is: {', '.join(kept)}" if kept else "",
        f"Source before: {former}" if former else "",
    )
    return tuple(note for note in said if note)


def _key(entry: Entry, number: int) -> str:
    place = f"context {entry.context}" if entry.context else f"source {entry_id(entry)}"
    return f"{sha256(place.encode()).hexdigest()[:16]}-{number}"


def _forms(entry: Entry, number: int) -> tuple[str, ...]:
    """The translation in its forms, of a text with a plural `number` of them, empty ones too."""
    strings = entry.string or ""
    if isinstance(entry.id, str):
        return (str(strings),)
    given = () if isinstance(strings, str) else tuple(strings)
    return (*given, *[""] * number)[:number]


def _sources(entry: Entry, catalog: Catalog) -> tuple[str, ...]:
    """The source of each form; languages without a plural are given the one for many."""
    if isinstance(entry.id, str):
        return (entry.id,)
    one, many = entry.id
    return (many,) if catalog.num_plurals == 1 else (one, *(many,) * (catalog.num_plurals - 1))


def take(catalog: Catalog, returned: Returned) -> tuple[int, list[Wrong]]:
    """Put what came back into `catalog`; how many texts changed, and what is wrong: then nothing changes.

    An empty translation changes nothing. One whose source has changed stays stale until it is changed or marked done.
    """
    present = {unit.key: unit for unit in _units(catalog, {})}
    wrong, taken = list[Wrong](), dict[str, Unit]()
    for row, unit in returned.units:
        said = _refusal(unit, present, taken, returned.language)
        if said:
            wrong.append(Wrong(row, said))
        else:
            taken[unit.key] = unit
    if wrong:
        return 0, wrong
    news = {key: fresh for key, unit in taken.items() if (fresh := _news(unit, present[key]))}
    for entry in catalog:
        if entry.id:
            _put(entry, news, catalog.num_plurals)
    return len(news), []


def _news(given: Unit, present: Unit) -> Unit | None:
    """`given` where it says anything new."""
    if not given.target:
        return None
    state: State = "stale" if given.state == "stale" and given.target == present.target else "done"
    return None if (given.target, state) == (present.target, present.state) else replace(given, state=state)


def _put(entry: Entry, news: Mapping[str, Unit], plurals: int) -> None:
    forms = list(_forms(entry, plurals))
    found = {number: news[key] for number in range(len(forms)) if (key := _key(entry, number)) in news}
    if not found:
        return
    for number, unit in found.items():
        forms[number] = unit.target
    entry.string = forms[0] if isinstance(entry.id, str) else tuple(forms)
    if all(unit.state == "done" for unit in found.values()):
        entry.flags.discard("fuzzy")
        entry.previous_id = []


def _refusal(unit: Unit, present: Mapping[str, Unit], taken: Mapping[str, Unit], language: str) -> str:
    known = present.get(unit.key)
    if known is None:
        return "there is no such text (any more); export anew"
    if unit.key in taken:
        return "this text occurs twice in the file"
    if unit.source != known.source:
        return f"the source is another one by now: {known.source!r}; export anew"
    return broken(known.source, unit.target, language) if unit.target else ""


def broken(source: str, target: str, language: str) -> str:
    """Why `target` cannot stand for `source`; empty where it can."""
    wanted, given = set(NAMED.findall(source)), set(NAMED.findall(target))
    if lost := sorted(wanted - given):
        return f"{', '.join(lost)} is missing: it is filled in and must stay as it is"
    if strange := sorted(given - wanted):
        return f"{', '.join(strange)} does not stand in the source: nothing is there to be filled in"
    if "%(" in source and _does_not_format(target):
        return "a single % is left; write %% for a percent sign"
    if BRACES.search(_bare(target)) and not BRACES.search(_bare(source)):
        return "a reading is not whole; write {漢字|かんじ}"
    if furigana.MARK.search(target) and not language.startswith("ja"):
        return "readings {漢字|かんじ} are for Japanese only"
    return ""


def _bare(text: str) -> str:
    return furigana.MARK.sub("", NAMED.sub("", text))


def _does_not_format(target: str) -> bool:
    try:
        target % {name[2:-2]: 0 for name in NAMED.findall(target) if name.startswith("%")}
    except (ValueError, TypeError, KeyError):
        return True
    return False


def same(one: Bundle, other: Returned) -> bool:
    """Whether a file gave back what was written into it."""
    return (one.part, one.language, [_told(unit) for unit in one.units]) == (
        other.part,
        other.language,
        [_told(unit) for _, unit in other.units],
    )


def _told(unit: Unit) -> tuple[str, str, str, str]:
    return unit.key, unit.source, unit.target, unit.state


def files_name(part: str, language: str, ending: str) -> str:
    """How the file of a part is called."""
    return f"{part.replace('/', '.')}.{language}.{ending}"


def counts(units: Sequence[Unit]) -> dict[State, int]:
    """How many units are in which state."""
    states: tuple[State, ...] = ("done", "stale", "missing")
    return {state: sum(unit.state == state for unit in units) for state in states}
