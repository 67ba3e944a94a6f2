"""Reading what an author was given: JSON, bounded, or a ZIP archive or folder of JSON files as exports are."""

import json
import zipfile
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NoReturn

from core.told import tell
from procedures.importing.model import NotImported

MAX_BYTES: Final = 5_000_000
MAX_DEPTH: Final = 60
MAX_PARTS: Final = 200_000
MAX_FILES: Final = 50


def read(path: Path) -> Any:
    """The JSON of `path`; of an archive or folder a mapping of its files' names without ``.json``.

    Raises `NotImported`.
    """
    try:
        if path.is_dir():
            return _parts({each.stem: _bytes(each) for each in sorted(path.glob("*.json"))[:MAX_FILES]}, path)
        if zipfile.is_zipfile(path):
            return _parts(_unpacked(path), path)
        return parse(_bytes(path), path.name)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise NotImported(tell("%(path)s cannot be read: %(reason)s", path=path, reason=reason)) from None


def parse(source: bytes, name: str) -> Any:
    """The value of a JSON text, numbers as `int` and `Decimal`. Raises `NotImported`."""
    try:
        data = json.loads(source.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise NotImported(tell("%(name)s is not UTF-8: save it as UTF-8", name=name)) from None
    except json.JSONDecodeError as error:
        text = tell(
            "%(name)s is not JSON: %(wrong)s in line %(line)s, column %(column)s",
            name=name,
            wrong=error.msg,
            line=error.lineno,
            column=error.colno,
        )
        raise NotImported(text) from None
    except RecursionError:
        raise NotImported(
            tell("%(name)s is nested deeper than %(max_depth)s", name=name, max_depth=MAX_DEPTH)
        ) from None
    except ValueError as error:
        raise NotImported(
            tell("%(name)s holds a number that cannot be read: %(error)s", name=name, error=str(error)[:80])
        ) from None
    _bounded(data, name)
    return data


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _bounded(data: Any, name: str) -> None:
    """Refuse, before anything walks through it, what is too deep or too large."""
    level, count = [data], 0
    for _ in range(MAX_DEPTH):
        count += len(level)
        if count > MAX_PARTS:
            raise NotImported(f"{name} has more than {MAX_PARTS:,} parts: no form has so many")
        level = [
            part
            for value in level
            if isinstance(value, dict | list)
            for part in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return
    raise NotImported(tell("%(name)s is nested deeper than %(max_depth)s", name=name, max_depth=MAX_DEPTH))


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise NotImported(
            tell("%(path)s is larger than %(limit)s MB", path=path, limit=MAX_BYTES // 1_000_000)
        )
    return content


def _unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.endswith(".json")]
        if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
            raise NotImported(
                tell("%(path)s holds more than %(limit)s MB of JSON", path=path, limit=MAX_BYTES // 1_000_000)
            )
        return {Path(entry.filename).stem: _limited(archive, entry, path) for entry in entries}


def _limited(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> bytes:
    """An archive may say less about its size than it holds."""
    with archive.open(entry) as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise NotImported(
            tell("%(path)s holds more than %(limit)s MB of JSON", path=path, limit=MAX_BYTES // 1_000_000)
        )
    return content


def _parts(files: dict[str, bytes], path: Path) -> dict[str, Any]:
    if not files:
        raise NotImported(tell("there is no JSON file in %(path)s", path=path))
    return {name: parse(content, f"{name}.json") for name, content in files.items()}
