"""Reading the CSV files that procedure files name with `table:`, and putting their rows in their place."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

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

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.line = line


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
                    str(bad),
                    "the first line names the columns, the first column names the rows",
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
        raise _Bad("a table is the name of a CSV file beside this one, such as dwellings.csv")
    if folder is None:
        raise _Bad(f"the table '{name}' lies beside a file, and this definition is none")
    lines = csv.reader(io.StringIO(_text(folder / name), newline=""), strict=True)
    try:
        rows = [(lines.line_num, row) for row in lines if row]
    except csv.Error as error:
        raise _Bad(f"not a CSV file: {error}", lines.line_num) from None
    if len(rows) < 2:
        raise _Bad(f"the table '{name}' has no rows", 1)
    (_, columns), *content = rows
    _check(columns, content)
    return {"file": name, "columns": columns, "rows": [row for _, row in content]}


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _Bad(f"the table '{path.name}' is larger than {MOST_BYTES} bytes")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _Bad(f"the table '{path.name}' is not UTF-8") from None
    except OSError as error:
        raise _Bad(f"the table '{path.name}' cannot be read: {error.strerror}") from None


def _check(columns: list[str], content: list[tuple[int, list[str]]]) -> None:
    if len(set(columns)) < len(columns) or not all(columns) or len(columns) > MOST_COLUMNS:
        raise _Bad(f"each of at most {MOST_COLUMNS} columns needs a name of its own", 1)
    if len(content) > MOST_ROWS:
        raise _Bad(f"a table has at most {MOST_ROWS} rows, this one {len(content)}", 1)
    keys: set[str] = set()
    for line, row in content:
        if len(row) != len(columns):
            raise _Bad(f"{len(columns)} cells are needed, here are {len(row)}", line)
        if any(len(cell) > LONGEST_CELL or not cell.isprintable() for cell in row):
            raise _Bad(f"a cell is one line of at most {LONGEST_CELL} characters", line)
        key = row[0]
        if not key.strip() or key != key.strip() or len(key) > LONGEST_KEY:
            raise _Bad(f"the first cell names the row, in at most {LONGEST_KEY} characters", line)
        if key in keys:
            raise _Bad(f"two rows are named '{key}'", line)
        keys.add(key)
