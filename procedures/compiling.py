"""From checked files to what is published of them: compact, by several processes, and only where something changed.

What a file compiles to follows from its content, its translators' files, the tables it names, its organisation's desks
and departments, and the code. The fingerprint of all of them is kept beside what was published: a file with the same
fingerprint needs not be opened again.
"""

import hashlib
import json
import multiprocessing
import os
import re
import sys
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from accounts import organisations
from core.canonical import canonical_json, sha256_hex
from core.settings import ROOT
from procedures import loader
from procedures.checks import check_file, check_loaded
from procedures.definition import Procedure
from procedures.finding import listings
from procedures.loader import Loaded, compiled_form
from procedures.problems import DefinitionErrors, Problem
from translations.languages import LANGUAGES
from translations.procedures import po_path, translated, translations_for

FORMAT: Final = 1
"""Part of every digest: raised when compiled definitions of old cannot be read any more."""
_CODE: Final = ("procedures", "forms", "workflows", "signing", "translations", "accounts")
_TABLE: Final = re.compile(rb"[\w.-]+\.csv")
_MANY: Final = 200
"""From so many files on, other processes help; starting them takes as long as some dozens of files."""
_CHUNK: Final = 40

R = TypeVar("R")


@dataclass(frozen=True)
class Compiled:
    """A definition as it is published; `packed` holds what is long, compressed, because there may be very many."""

    procedure_id: str
    department: str
    digest: str
    made_from: str
    packed: bytes

    @property
    def content(self) -> dict[str, Any]:
        """`source` (the YAML), `compiled` (the definition as JSON) and `listing` (its columns)."""
        content: dict[str, Any] = json.loads(zlib.decompress(self.packed))
        return content


def compiled(loaded: Loaded, made_from: str = "") -> Compiled:
    """What is published of a definition."""
    procedure = with_translations(loaded.procedure)
    form = compiled_form(procedure)
    content = {
        "source": loaded.source,
        "compiled": json.dumps(form, ensure_ascii=False, separators=(",", ":")),
        "listing": listings.values(procedure),
    }
    packed = zlib.compress(json.dumps(content, ensure_ascii=False).encode(), 1)
    return Compiled(procedure.procedure, procedure.department, _digest(loaded, form), made_from, packed)


def _digest(loaded: Loaded, form: dict[str, Any]) -> str:
    return sha256_hex(canonical_json({"format": FORMAT, "source": loaded.source, "compiled": form}))


def with_translations(procedure: Procedure) -> Procedure:
    """`procedure` with what its translators' files say added to its texts."""
    return translated(procedure, translations_for(procedure.department, procedure.procedure))


def compile_files(paths: Sequence[Path]) -> list[Compiled]:
    """Every file, checked and compiled. Raises `DefinitionErrors` with the errors of all of them."""
    results = list(_each(_compile, paths))
    problems = [problem for result in results if isinstance(result, list) for problem in result]
    if problems:
        raise DefinitionErrors(problems)
    return [result for result in results if isinstance(result, Compiled)]


def check_files(paths: Sequence[Path]) -> list[Problem]:
    """Every problem of every file, in order."""
    return [problem for problems in _each(check_file, paths) for problem in problems]


def _compile(path: Path) -> Compiled | list[Problem]:
    made_from = fingerprint(path)
    try:
        loaded = loader.load(path)
    except DefinitionErrors as error:
        return error.problems
    errors = [problem for problem in check_loaded(loaded, False) if problem.severity == "error"]
    return errors or compiled(loaded, made_from)


def _each(work: Callable[[Path], R], paths: Sequence[Path]) -> Iterator[R]:
    """`work` done for each path, by as many processes as there are processors where there are many paths."""
    processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if len(paths) < _MANY or processes < 2:
        yield from map(work, paths)
        return
    yield work(paths[0])  # loads the plug-ins, which the others then need not do again
    with ProcessPoolExecutor(processes, multiprocessing.get_context(_way_to_start())) as pool:
        yield from pool.map(work, paths[1:], chunksize=_CHUNK)


def _way_to_start() -> str:
    """A plain fork takes a moment, but would take other threads' locks with it."""
    return "fork" if threading.active_count() == 1 and sys.platform == "linux" else "spawn"


def fingerprint(path: Path) -> str:
    """The SHA-256 of everything that decides what the file compiles to."""
    place = path.absolute()
    department, name = place.parent.name, place.stem
    state = hashlib.sha256(_code())
    state.update(_owner(place.parent.parent, department))
    source = _bytes(str(place))
    _add(state, place.name, source)
    for tag, folder in _translators(department):
        _add(state, tag, _bytes(f"{folder}/{name}.po"))
    for table in sorted(set(_TABLE.findall(source) if b".csv" in source else ())):
        _add(state, table.decode(), _bytes(f"{place.parent}/{table.decode()}"))
    return state.hexdigest()


@lru_cache(maxsize=4096)
def _translators(department: str) -> tuple[tuple[str, str], ...]:
    """The folders of the department's translators' files, by language."""
    return tuple((tag, str(po_path(tag, department, "any").parent)) for tag in LANGUAGES)


def _add(state: Any, name: str, content: bytes) -> None:
    state.update(f"{name}:{len(content)}:".encode())
    state.update(content)


def _bytes(path: str) -> bytes:
    """The content of a file; nothing where there is none."""
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    with os.fdopen(file, "rb") as opened:
        return opened.read()


@cache
def _code() -> bytes:
    """The digest of the code that loads, checks and compiles, and of the ready-made workflows."""
    state = hashlib.sha256(str(FORMAT).encode())
    for folder in _CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".py" or (path.parent.name == "workflows" and path.suffix == ".yaml"):
                _add(state, str(path.relative_to(ROOT)), path.read_bytes())
    return state.digest()


def _owner(folder: Path, department: str) -> bytes:
    """What the checks ask of the organisation that the department belongs to."""
    path = folder / "organisations.yaml"
    try:
        status = path.stat()
    except OSError:
        return b""
    return _owners(folder, status.st_mtime_ns, status.st_size).get(department, b"")


@lru_cache(maxsize=8)
def _owners(folder: Path, _written: int, _size: int) -> dict[str, bytes]:
    found = {}
    for entry in organisations.read(folder):
        names = canonical_json([entry.id, *sorted(entry.desks), "", *sorted(entry.departments)])
        found.update(dict.fromkeys(entry.departments, names))
    return found


def stale(paths: Sequence[Path], known: Mapping[tuple[str, str], str]) -> list[Path]:
    """The files of which something else was published than would be now.

    `known` has the fingerprint of what is published, by department and procedure.
    """
    return [
        path for path in paths if known.get((path.absolute().parent.name, path.stem)) != fingerprint(path)
    ]
