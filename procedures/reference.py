"""The reference of every key, as Markdown, made from the schema that editors use: it cannot say anything else."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from procedures.definition.base import IDENTIFIER, SLUG
from procedures.schema import schema

Node = dict[str, Any]

_HEAD: Final = """\
# Reference of a procedure file

Every key, made from the program itself by `flask --app wsgi procedures reference`; do not edit. How the
parts work together is in [procedures.md](procedures.md).

A **text** is a plain text in the language of the file, or one for each: `{ja: 氏名, en: Name}`. An **expression**
is written in quotation marks: `"age(born, today) >= 18"`. An **id** has lower-case letters, digits and `_`, a **name**
lower-case words joined by hyphens. A **bold** key is needed.
"""
_PATTERNS: Final = (
    (IDENTIFIER.pattern, "id"), (SLUG.pattern, "name"), ("working day", "span of time, `3 working days`"),
    ("kB|MB", "size, `10 MB`"), (r"T\d{2}", "moment, `2026-04-01T09:00`"),
    (r"^\d{4}-\d{2}-\d{2}$", "day, `2026-04-01`"),
    (")*/)?", "id, or `procedure/id`"), (r"\d+/", "share, `1/2`"), ("yes|no", "`true` or `false`"),
)  # fmt: skip
_KINDS: Final = {
    "string": "words",
    "number": "number",
    "integer": "whole number",
    "boolean": "`true` or `false`",
}
_TITLES: Final = {
    "FindBy": "find by",
    "FeeItem": "fee item",
    "ScoreItem": "score item",
    "DocumentRow": "row of a document",
}


def reference() -> str:
    """The whole page."""
    return _Page(schema()).text()


class _Page:
    """Writes a section for each model, in the order in which the file comes to it."""

    def __init__(self, root: Node) -> None:
        self._root, self._models = root, root["$defs"]

    def text(self) -> str:
        sections = [_HEAD, self._section("The file", "", self._root, {})]
        sections += [self._model(name) for name in self._reached()]
        sections.append(self._fields())
        return "\n".join(sections)

    def _reached(self) -> list[str]:
        """The models a file comes to, fields and plain values aside."""
        found: list[str] = []
        open = [self._root["properties"]]
        while open:
            for name in _references(open.pop(0)):
                if name not in found and name != "Field" and "properties" in self._models[name]:
                    found.append(name)
                    open.append(self._models[name]["properties"])
        return found

    def _model(self, name: str, level: str = "##") -> str:
        model = self._models[name]
        return self._section(_title(name), model.get("description", ""), model, {}, level)

    def _section(self, title: str, text: str, model: Node, without: Node, level: str = "##") -> str:
        needed = model.get("required", ())
        keys = {key: node for key, node in model["properties"].items() if key not in without}
        rows = [self._row(key, node, key in needed) for key, node in keys.items()]
        table = (
            ["| key | what stands there | without it | what it means |", "| --- | --- | --- | --- |", *rows]
            if rows
            else []
        )
        return "\n".join(
            [f"{level} {title}", "", *([text, ""] if text else []), *table, *([""] if rows else [])]
        )

    def _row(self, key: str, node: Node, needed: bool) -> str:
        name = f"**`{key}`**" if needed else f"`{key}`"
        default = (
            "" if node.get("default") is None else f"`{json.dumps(node['default'], ensure_ascii=False)}`"
        )
        text = node.get("description") or self._models.get(_target(node), {}).get("description", "")
        return f"| {name} | {_cell(self._kind(node))} | {default} | {_cell(text)} |"

    def _kind(self, node: Node) -> str:
        """What a value is, in a few words."""
        if "enum" in node:
            return ", ".join(f"`{value}`" for value in node["enum"] if value is not None)
        if "$ref" in node:
            return self._named(_target(node))
        if "anyOf" in node:
            kinds = dict.fromkeys(self._kind(each) for each in node["anyOf"] if each != {"type": "null"})
            return " or ".join(kinds)
        if "items" in node:
            return f"list of: {self._kind(node['items'])}"
        values = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
        if values[0]:
            return f"by name: {self._kind(values[0])}"
        if "properties" in node:
            return ", ".join(f"`{key}: …`" for key in node["properties"])
        return _plain(node)

    def _named(self, name: str) -> str:
        if name in ("Text", "Expression"):
            return name.lower()
        title = "Fields" if name == "Field" else _title(name)
        return f"[{title}](#{title.replace(' ', '-')})".replace("(#Fields)", "(#fields)")

    def _fields(self) -> str:
        """What all fields have, then each type with what is its own."""
        types = {
            each["if"]["properties"]["type"]["const"]: _target(each["then"])
            for each in self._models["Field"]["allOf"]
        }
        models = [self._models[name]["properties"] for name in types.values()]
        shared = {key: node for key, node in models[0].items() if all(key in model for model in models)}
        field = self._models["Field"]
        common = {**field, "properties": {**shared, **field["properties"]}}
        told: set[str] = set()
        parts = [self._section("Fields", f"{field['description']} Every type has:", common, {})]
        for type, name in types.items():
            model = self._models[name]
            parts.append(self._section(f"`{type}`", model.get("description", ""), model, shared, "###"))
            for inner in _references(
                {key: each for key, each in model["properties"].items() if key not in shared}
            ):
                if inner not in told and inner != "Field" and "properties" in self._models[inner]:
                    told.add(inner)
                    parts.append(self._model(inner, "####"))
        return "\n".join(parts)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield _target(node)
        for child in node.values():
            yield from _references(child)
    elif isinstance(node, list):
        for child in node:
            yield from _references(child)


def _target(node: Node) -> str:
    return str(node.get("$ref", "")).rpartition("/")[2]


def _title(name: str) -> str:
    """``LotteryDefinition`` as: lottery."""
    return _TITLES.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removesuffix("Definition")).lower()


def _plain(node: Node) -> str:
    kinds = node.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    for part, name in _PATTERNS:
        if part in node.get("pattern", ""):
            return name
    name = next(
        (_KINDS[kind] for kind in ("integer", "number", "string", "boolean") if kind in kinds), "a value"
    )
    if "string" in kinds:
        name = "words"
    low, high = node.get("minimum"), node.get("maximum")
    return name + (
        f", {low if low is not None else ''}…{high if high is not None else ''}"
        if (low, high) != (None, None)
        else ""
    )


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")
