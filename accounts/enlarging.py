"""A new department or desk in `organisations.yaml`, written as a person would: everything else there stays as it is."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml

from accounts import organisations
from core.errors import Misconfigured, NotFound

Part = Literal["departments", "desks"]


def add(folder: Path, organisation: str, part: Part, id: str, titles: Mapping[str, str]) -> None:
    """Give `organisation` a department or desk called `titles`. Raises `Misconfigured`, and then nothing is changed."""
    path = folder / "organisations.yaml"
    before = path.read_text()
    path.write_text(_with(before, organisation, part, id, titles))
    try:
        organisations.read(folder)
    except Misconfigured:
        path.write_text(before)
        raise


def _with(text: str, organisation: str, part: Part, id: str, titles: Mapping[str, str]) -> str:
    """`text` with one entry more, behind the last of its kind."""
    node = _node(text, organisation, part)
    entry = f"{id}: {{{', '.join(f'{tag}: {json.dumps(title, ensure_ascii=False)}' for tag, title in titles.items())}}}"
    lines = text.splitlines(keepends=True)
    if node.flow_style:
        where = _end(node.value[-1][1]) if node.value else node.end_mark
        line, column = where.line, where.column - (not node.value)
        entry = f", {entry}" if node.value else entry
        lines[line] = lines[line][:column] + entry + lines[line][column:]
        return "".join(lines)
    first, last = node.value[0][0], _end(node.value[-1][1])
    behind = last.line + (last.column > 0)
    if behind == len(lines) and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    lines.insert(behind, f"{' ' * first.start_mark.column}{entry}\n")
    return "".join(lines)


def _node(text: str, organisation: str, part: Part) -> yaml.MappingNode:
    """The mapping of its departments or desks."""
    root: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    for entry in _value(root, "organisations").value:
        if _value(entry, "id").value == organisation:
            found: yaml.MappingNode = _value(entry, part)
            return found
    raise NotFound(f"no organisation {organisation}")


def _value(node: yaml.MappingNode, key: str) -> Any:
    """What stands behind `key`; `organisations.read` has taken the file, so that it is what it must be."""
    return next(value for name, value in node.value if name.value == key)


def _end(node: Any) -> Any:
    """Where what is written of `node` ends; a mapping in lines would reach to the next thing behind it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        return node.end_mark
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)
