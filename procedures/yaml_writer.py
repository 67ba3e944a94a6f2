"""Writing plain data as YAML the way authors of this house write it: short things on one line, comments above.

What it writes, `procedures.yaml_reader` reads back as the same texts.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

WIDTH: Final = 110
FLOW_DEPTH: Final = 2
"""Mappings and lists within each other that may stand on one line."""
_PLAIN: Final = re.compile(r"[^\W_][^\x00-\x1f\x7f,\[\]{}&*!|>%@`\"'#:=<()\\~]*", re.UNICODE)
_HIDDEN: Final = re.compile(r"[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")
"""Signs that YAML takes for line breaks, does not print, or that nobody sees."""
_NOTHING: Final = ("null", "Null", "NULL")


class Quoted(str):
    """A text in quotation marks even where it needs none: whoever writes another in its place need not add them."""

    __slots__ = ()


@dataclass(frozen=True)
class Noted:
    """A value with the lines of a comment above it."""

    comments: tuple[str, ...]
    value: Any


@dataclass(frozen=True)
class Section:
    """A part of a file, set apart by an empty line."""

    data: Mapping[str, Any]
    comments: tuple[str, ...] = ()


def document(sections: Sequence[Section]) -> str:
    """The text of a file."""
    return "\n".join("\n".join(_section(section)) + "\n" for section in sections)


def _section(section: Section) -> Iterator[str]:
    yield from _comments(section.comments, 0)
    yield from _mapping(section.data, 0)


def _comments(comments: Sequence[str], indent: int) -> Iterator[str]:
    for comment in comments:
        for line in comment.splitlines():
            yield f"{' ' * indent}# {line}"


def _mapping(data: Mapping[str, Any], indent: int) -> Iterator[str]:
    for key, value in data.items():
        inner = value
        if isinstance(value, Noted):
            yield from _comments(value.comments, indent)
            inner = value.value
        yield from _entry(f"{' ' * indent}{_scalar(key)}:", inner, indent)


def _entry(lead: str, value: Any, indent: int) -> Iterator[str]:
    """`value` behind its key."""
    line = _flow(value, WIDTH - len(lead) - 1)
    if line is not None:
        yield f"{lead} {line}"
    elif isinstance(value, Mapping):
        yield lead
        yield from _mapping(value, indent + 2)
    elif isinstance(value, list | tuple):
        yield lead
        yield from _list(value, indent + 2)
    elif _is_block(value):
        yield f"{lead} |-"
        yield from (f"{' ' * (indent + 2)}{row}" if row else "" for row in value.split("\n"))
    else:
        yield f"{lead} {_scalar(value)}"


def _list(items: Sequence[Any], indent: int) -> Iterator[str]:
    for item in items:
        value = item
        if isinstance(item, Noted):
            yield from _comments(item.comments, indent)
            value = item.value
        line = _flow(value, WIDTH - indent - 2)
        if line is not None or not isinstance(value, Mapping):
            yield f"{' ' * indent}- {_inline(value) if line is None else line}"
            continue
        for place, row in enumerate(_mapping(value, indent + 2)):
            yield row if place else f"{' ' * indent}- {row[indent + 2 :]}"


def _is_block(value: Any) -> bool:
    """A text of several lines that YAML gives back as it is."""
    return (
        isinstance(value, str)
        and "\n" in value
        and value == value.strip()
        and all(row == row.strip() for row in value.split("\n"))
        and not re.search(r"[\x00-\x09\x0b-\x1f]", value)
        and not _HIDDEN.search(value)
    )


def _flow(value: Any, room: int) -> str | None:
    """`value` on one line; none where it does not fit, is nested too deep, or has comments."""
    if isinstance(value, str) and "\n" in value:
        return None
    if not isinstance(value, Mapping | list | tuple):
        return _scalar(value)
    if not _is_shallow(value, FLOW_DEPTH):
        return None
    if any(isinstance(part, Mapping) and len(part) > 2 for part in value) and isinstance(value, list | tuple):
        return None
    line = _inline(value)
    return line if len(line) <= room else None


def _is_shallow(value: Any, depth: int) -> bool:
    if isinstance(value, Noted) or (isinstance(value, str) and "\n" in value):
        return False
    if not isinstance(value, Mapping | list | tuple):
        return True
    parts = value.values() if isinstance(value, Mapping) else value
    return depth > 0 and all(_is_shallow(part, depth - 1) for part in parts)


def _inline(value: Any) -> str:
    if isinstance(value, Noted):
        return _inline(value.value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_inline(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_inline(part) for part in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """A single value; a text is quoted where YAML or a reader could take it for something else."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = str(value)
    if (
        not isinstance(value, Quoted)
        and _PLAIN.fullmatch(text)
        and text == text.strip()
        and text not in _NOTHING
        and not _unsafe(text)
    ):
        return text
    return _HIDDEN.sub(_escaped, json.dumps(text, ensure_ascii=False))


def _escaped(found: re.Match[str]) -> str:
    return f"\\U{ord(found[0]):08x}"


def _unsafe(text: str) -> bool:
    return _HIDDEN.search(text) is not None
