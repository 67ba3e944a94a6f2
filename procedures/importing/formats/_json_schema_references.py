"""References within a schema, followed with a limit; those that lead into themselves are left out."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from core.told import tell
from procedures.importing.model import Form, NotImported
from procedures.importing.values import items, mapping, text

MOST: Final = 5_000
"""Schemas that are read, references followed: so many that no form needs more."""

DEEPEST: Final = 40
"""References that lead to each other."""


class References:
    """Gives schemas with what they refer to and `allOf` merged in."""

    def __init__(self, root: Mapping[str, Any], form: Form) -> None:
        self._root, self._form, self._left = root, form, MOST
        self._above: dict[str, tuple[str, ...]] = {}

    def resolved(self, node: Any, path: str) -> Mapping[str, Any]:
        """`node` whole; empty where it is no object, or refers to itself. Raises `NotImported` beyond the limit."""
        self._left -= 1
        if self._left < 0:
            raise NotImported(
                tell(
                    "the schema has more than %(count)s parts with its references: import a part of it",
                    count=f"{MOST:,}",
                )
            )
        followed = self._above_of(path)
        found = self._merged(mapping(node), path, followed)
        return found if found is not None else {}

    def _above_of(self, path: str) -> tuple[str, ...]:
        """The references that were followed on the way to `path`."""
        while path:
            if path in self._above:
                return self._above[path]
            path = path.rpartition("/")[0]
        return ()

    def _merged(
        self, node: Mapping[str, Any], path: str, followed: tuple[str, ...]
    ) -> Mapping[str, Any] | None:
        target = text(node.get("$ref"))
        if target:
            if target in followed:
                self._form.left_out(
                    path,
                    tell("%(target)s, which refers to itself", target=target),
                    tell("ask for a fixed number of them"),
                )
                return None
            pointed = self._find(target) if len(followed) < DEEPEST else None
            if pointed is None:
                self._form.left_out(
                    path,
                    tell("the reference %(target)s", target=target),
                    tell("only references within the file are followed"),
                )
                return None
            followed = (*followed, target)
            below = self._merged(pointed, path, followed)
            if below is None:
                return None
            node = {**below, **{key: value for key, value in node.items() if key != "$ref"}}
        self._above[path] = tuple(dict.fromkeys((*self._above.get(path, ()), *followed)))
        return self._joined(node, path, followed)

    def _joined(self, node: Mapping[str, Any], path: str, followed: tuple[str, ...]) -> Mapping[str, Any]:
        """`allOf` without conditions is one schema."""
        found = dict(node)
        kept = []
        for index, each in enumerate(items(node.get("allOf"))):
            if "if" in mapping(each):
                kept.append(each)
                continue
            self._left -= 1
            part = self._merged(mapping(each), f"{path}/allOf/{index}", followed) if self._left > 0 else None
            if part is None:
                continue
            kept += items(part.get("allOf"))
            found = {**{key: value for key, value in part.items() if key != "allOf"}, **found}
            found["properties"] = {**mapping(part.get("properties")), **mapping(found.get("properties"))}
            found["required"] = [*items(found.get("required")), *items(part.get("required"))]
        if "allOf" in node:
            found["allOf"] = kept
        return {key: value for key, value in found.items() if value not in ({}, [])}

    def _find(self, target: str) -> Mapping[str, Any] | None:
        """What a local reference points to: ``#/$defs/person``."""
        if target == "#":
            return self._root
        if not target.startswith("#/"):
            return None
        found: Any = self._root
        for part in target[2:].split("/"):
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            if isinstance(found, list) and name.isdecimal() and len(name) < 6 and int(name) < len(found):
                found = found[int(name)]
            else:
                found = mapping(found).get(name)
        return found if isinstance(found, dict) else None
