"""Static files under names that change with their content, so that browsers may keep them for a year."""

from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for

from core.canonical import sha256_hex

FOLDER = Path(__file__).parent / "static"
UNITS = {"kB": 1_000, "MB": 1_000_000}


@cache
def _version(name: str) -> str:
    path = FOLDER / name
    return sha256_hex(path.read_bytes())[:10] if path.is_file() else "0"


def asset(name: str) -> str:
    """The address of a static file with its content's hash."""
    return _address(request.script_root, name)


@cache
def _address(_root: str, name: str) -> str:
    return url_for("static", filename=name, v=_version(name))


def _cache(response: Response) -> Response:
    if request.endpoint == "static" and "v" in request.args:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def filesize(size: int) -> str:
    """A number of bytes as people read it."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000)} kB"


def bytes_of(size: str) -> int:
    """The bytes of a size as definitions write it: ``10 MB``."""
    number, unit = size.split(" ")
    return int(number) * UNITS[unit]


def accept(kinds: tuple[str, ...]) -> str:
    """The ``accept`` of an input for files of `kinds` (pdf, jpeg, png, heic)."""
    return ",".join("application/pdf" if kind == "pdf" else f"image/{kind}" for kind in kinds)


def install(app: Flask) -> None:
    """Give templates `asset` and what they say of files, and static answers their lifetime."""
    app.jinja_env.globals.update(asset=asset, filesize=filesize, bytes_of=bytes_of, accept=accept)
    app.after_request(_cache)
