"""Reading the CSV files that procedure files name with `table:`, and putting their rows in their place."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from core.told import Told, tell
from procedures.definition.table import FILE_NAME
from procedures.problems import Problem
from procedures.yaml_reader import Path as Steps
from procedures.yaml_reader import Tree

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 20
LONGEST_CELL: Final = 200
LONGEST_KEY: Final = 60
MOST_BYTES: Final = 4_000_000


class _Bad(Exception):
    """What is wrong with a table, and in which line of it (0: with the file)."""

    def __init__(self, text: Told, line: int = 0) -> None:
        super().__init__(text)
        self.text, self.line = text, line


def with_tables(data: Any, tree: Tree, file: str, folder: Path | None, problems: list[Problem]) -> Any:
    """`data` with every `name.csv` of a field or under `tables` replaced by its rows in `folder`.

    What cannot be read is added to `problems`, with the line in the table where it has one.
    """
    places = list(_places(data))
    for steps, name in places:
        at = tree.place(steps)
        try:
            table = _read(name, folder)
        except _Bad as bad:
            table = {"file": "none.csv", "columns": [], "rows": []}
            inside = bool(bad.line and folder)
            problems.append(
                Problem(
                    str(folder / name) if inside and folder else file,
                    bad.line if inside else at.line,
                    1 if inside else at.column,
                    "error",
                    bad.text,
                    tell("the first line names the columns, the first column names the rows"),
                    "table",
                )
            )
        data = _replaced(data, steps, table)
    return data


def _places(node: Any, steps: Steps = ()) -> Iterator[tuple[Steps, str]]:
    """Where tables are named: under `tables`, by fields of the pages, and of the groups on them."""
    if not isinstance(node, dict):
        return
    named = node.get("tables") if not steps else None
    for name, file in named.items() if isinstance(named, dict) else ():
        if isinstance(file, str):
            yield ("tables", name), file
    for key in ("pages", "fields"):
        children = node.get(key)
        for number, child in enumerate(children if isinstance(children, list) else ()):
            here = (*steps, key, number)
            if key == "fields" and isinstance(child, dict) and isinstance(child.get("table"), str):
                yield (*here, "table"), child["table"]
            yield from _places(child, here)


def _replaced(node: Any, steps: Steps, value: Any) -> Any:
    """A copy of `node` with `value` at the end of `steps`."""
    if not steps:
        return value
    first, *rest = steps
    copy: Any = dict(node) if isinstance(node, dict) else list(node)
    copy[first] = _replaced(node[first], tuple(rest), value)
    return copy


def _read(name: str, folder: Path | None) -> dict[str, Any]:
    if not re.fullmatch(FILE_NAME, name):
        raise _Bad(tell("a table is the name of a CSV file beside this one, such as dwellings.csv"))
    if folder is None:
        raise _Bad(tell("the table '%(name)s' lies beside a file, and this definition is none", name=name))
    lines = csv.reader(io.StringIO(_text(folder / name), newline=""), strict=True)
    try:
        rows = [(lines.line_num, row) for row in lines if row]
    except csv.Error as error:
        raise _Bad(tell("not a CSV file: %(error)s", error=error), lines.line_num) from None
    if len(rows) < 2:
        raise _Bad(tell("the table '%(name)s' has no rows", name=name), 1)
    (_, columns), *content = rows
    _check(columns, content)
    return {"file": name, "columns": columns, "rows": [row for _, row in content]}


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _Bad(
                tell(
                    "the table '%(name)s' is larger than %(most_bytes)s bytes",
                    name=path.name,
                    most_bytes=MOST_BYTES,
                )
            )
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _Bad(tell("the table '%(name)s' is not UTF-8", name=path.name)) from None
    except OSError as error:
        raise _Bad(
            tell("the table '%(name)s' cannot be read: %(strerror)s", name=path.name, strerror=error.strerror)
        ) from None


def _check(columns: list[str], content: list[tuple[int, list[str]]]) -> None:
    if len(set(columns)) < len(columns) or not all(columns) or len(columns) > MOST_COLUMNS:
        raise _Bad(
            tell(
                "each of at most %(most_columns)s columns needs a name of its own", most_columns=MOST_COLUMNS
            ),
            1,
        )
    if len(content) > MOST_ROWS:
        raise _Bad(
            tell(
                "a table has at most %(most_rows)s rows, this one %(content)s",
                most_rows=MOST_ROWS,
                content=len(content),
            ),
            1,
        )
    keys: set[str] = set()
    for line, row in content:
        if len(row) != len(columns):
            raise _Bad(
                tell("%(columns)s cells are needed, here are %(row)s", columns=len(columns), row=len(row)),
                line,
            )
        if any(len(cell) > LONGEST_CELL or not cell.isprintable() for cell in row):
            raise _Bad(
                tell("a cell is one line of at most %(longest_cell)s characters", longest_cell=LONGEST_CELL),
                line,
            )
        key = row[0]
        if not key.strip() or key != key.strip() or len(key) > LONGEST_KEY:
            raise _Bad(
                tell(
                    "the first cell names the row, in at most %(longest_key)s characters",
                    longest_key=LONGEST_KEY,
                ),
                line,
            )
        if key in keys:
            raise _Bad(tell("two rows are named '%(key)s'", key=key), line)
        keys.add(key)
