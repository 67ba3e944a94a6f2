"""Lines that stand too far left or right, so that YAML counts them among those of another list."""

import re
from typing import Any

from core.told import NOTHING, Told, tell
from procedures.problems import Problem
from procedures.yaml_reader import Path, Place, Tree


def items(key: Place, name: str, tree: Tree) -> Told:
    """What to do where the list under the key `name` is empty, but its items follow, further left; else empty."""
    for number, line in enumerate(tree.lines[key.line :], key.line + 1):
        if line.strip() and not line.lstrip().startswith("#"):
            begins = re.match(r" *- ", line)
            return (
                tell("move line %(line)s to the right of `%(key)s`", line=number, key=name)
                if begins
                else NOTHING
            )
    return NOTHING


def question(path: Path, tree: Tree, data: Any, file: str) -> Problem | None:
    """What is said, once, of a question among the options of the one above it."""
    if "options" not in path:
        return None
    end = len(path) - path[::-1].index("options") + 1
    found, at = _at(data, path[:end]), tree.place(path[:end])
    asked = tree.place(path[: end - 2])
    if not isinstance(found, dict) or not {"id", "type"} <= found.keys() or at.line == asked.line:
        return None
    text = tell("this is a question, not an option")
    hint = tell("move it %(columns)s columns to the left", columns=at.column - asked.column)
    return Problem(file, at.line, at.column, "error", text, hint, "misplaced")


def _at(data: Any, path: Path) -> Any:
    for step in path:
        inside = step in data if isinstance(data, dict) else isinstance(data, list) and isinstance(step, int)
        data = data[step] if inside else None
    return data
