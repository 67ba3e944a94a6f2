"""The schema for editors is the one that the models and plug-ins make, explains everything, and is switched on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.settings import ROOT
from procedures.reference import reference
from procedures.schema import STORED, SWITCH, schema

FILES = sorted((ROOT / "procedures" / "catalogue").glob("*/*.yaml"))


def test_the_stored_schema_is_current() -> None:
    assert json.loads(STORED.read_text()) == schema(), (
        "write it anew: flask --app wsgi procedures schema --out procedures/schema.json"
    )


def test_the_reference_is_current() -> None:
    assert (ROOT / "docs" / "authors" / "reference.md").read_text().rstrip("\n") == reference().rstrip(
        "\n"
    ), "write it anew: flask --app wsgi procedures reference --out docs/authors/reference.md"


def test_every_key_is_explained() -> None:
    made = schema()
    silent = [where for where, node in _properties(made, "") if not _explained(made, node)]
    assert silent == []


def _properties(node: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        if key == "if":
            continue
        if key == "properties":
            yield from ((f"{where}/{name}", each) for name, each in child.items() if isinstance(each, dict))
        yield from _properties(child, f"{where}/{key}")


def _explained(made: dict[str, Any], node: dict[str, Any]) -> bool:
    target = node.get("$ref", "").rpartition("/")[2]
    return bool(node.get("description") or (target and made["$defs"][target].get("description")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_tells_editors_where_the_schema_is(path: Path) -> None:
    first = path.read_text().partition("\n")[0]
    assert first.startswith(SWITCH)
    assert (path.parent / first.removeprefix(SWITCH)).resolve() == STORED
