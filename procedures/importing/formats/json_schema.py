"""JSON Schema (draft 7 and 2020-12) of an object, as forms are made of it: its properties are the questions."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from core.told import tell
from procedures.importing.conditions import ALWAYS, Condition, Given, bounded, every, none_of
from procedures.importing.formats._json_schema_conditions import condition, fixed
from procedures.importing.formats._json_schema_fields import Fields, kind_of
from procedures.importing.formats._json_schema_references import References
from procedures.importing.model import Form, Page, Question, Words
from procedures.importing.values import items, mapping, text, words

_FIRST: Final[Words] = {"ja": "質問", "en": "Questions"}


class JsonSchema:
    """The format."""

    name = "json-schema"
    title = "JSON Schema"

    def resembles(self, data: Any) -> bool:
        """An object's schema, alone or beside its `uiSchema`."""
        whole = _schema(data)
        if isinstance(whole.get("components"), list) or isinstance(whole.get("pages"), list):
            return False
        says = "json-schema.org" in text(whole.get("$schema")) or whole.get("type") == "object"
        return bool(says or "$defs" in whole) and any(
            mapping(whole.get(key)) or text(whole.get(key)) or items(whole.get(key))
            for key in ("properties", "$ref", "allOf", "items", "oneOf")
        )

    def read(self, data: Any) -> Form:
        """The form."""
        return _Reader(_schema(data)).read()


PLUGIN = JsonSchema()


def _schema(data: Any) -> Mapping[str, Any]:
    whole = mapping(data)
    inner = mapping(whole.get("schema"))
    return inner if "properties" in inner and "properties" not in whole else whole


class _Reader:
    """Reads one schema; the objects at its top are pages, deeper ones only headings."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._form = Form()
        self._references = References(schema, self._form)
        self._fields = Fields(self._form, self._rows)
        self._root = self._references.resolved(schema, "#")

    def read(self) -> Form:
        form, root = self._form, self._root
        form.title, form.summary = words(root.get("title")), words(root.get("description"))
        if kind_of(root) == "array":
            root = {"properties": {"rows": root}, "title": root.get("title")}
        title = form.title or _FIRST
        loose = Page("#", "questions", title)
        pages = [loose]
        for name, node, path, required, when in self._properties(root, "#", "", ALWAYS):
            if kind_of(node) == "object" and mapping(node.get("properties")):
                page = self._page(name, node, path, when)
                pages += [page]
                loose = Page("#", "questions", title)
                pages.append(loose)
                continue
            loose.questions += self._asked(name, node, path, required, when, None, 0)
        form.pages = [page for page in pages if page.questions]
        return form

    def _page(self, name: str, node: Mapping[str, Any], path: str, when: Condition) -> Page:
        page = Page(
            path, name, words(node.get("title")) or {"": name.strip() or "?"}, words(node.get("description"))
        )
        page.when = None if when == ALWAYS else when
        before = len(self._form.files)
        page.questions = list(self._object(node, path, f"{name}.", ALWAYS, None, 0))
        for file in self._form.files[before:]:
            whole = every([page.when, file.when])
            file.when = None if whole == ALWAYS else whole
        return page

    def _object(
        self,
        node: Mapping[str, Any],
        path: str,
        prefix: str,
        when: Condition,
        legend: Words | None,
        group: int,
    ) -> Iterator[Question]:
        for name, each, at, required, here in self._properties(node, path, prefix, when):
            yield from self._asked(f"{prefix}{name}", each, at, required, here, legend, group)

    def _asked(
        self,
        name: str,
        node: Mapping[str, Any],
        path: str,
        required: bool,
        when: Condition,
        legend: Words | None,
        group: int,
    ) -> Iterator[Question]:
        if kind_of(node) == "object" and mapping(node.get("properties")):
            heading = words(node.get("title")) or {"": name.rsplit(".", 1)[-1].strip() or "?"}
            if not required:
                self._form.changed(
                    path,
                    tell("the part '%(name)s' could be left out as a whole", name=name),
                    tell("mark its questions"),
                )
            yield from self._object(node, path, f"{name}.", when, heading, group)
            return
        resolved = dict(node)
        if "items" in node:
            resolved["items"] = self._references.resolved(node.get("items"), f"{path}/items")
        yield from self._fields.read(name, resolved, path, required, when, legend, group)

    def _rows(self, node: Mapping[str, Any], path: str, group: int) -> list[Question]:
        """The questions of one row of a group."""
        return list(self._object(node, path, "", ALWAYS, None, group))

    def _properties(
        self, node: Mapping[str, Any], path: str, prefix: str, when: Condition
    ) -> Iterator[tuple[str, Mapping[str, Any], str, bool, Condition]]:
        """Name, resolved schema, path, whether required, and condition: its own, then those that depend on them."""
        required = {text(each) for each in items(node.get("required"))}
        known = mapping(node.get("properties"))
        for name, each in known.items():
            at = f"{path}/properties/{name}"
            resolved = self._references.resolved(each, at)
            if resolved:
                yield name, resolved, at, name in required, when
            elif each is True or each == {}:
                self._form.left_out(at, tell("a property that may be anything"), tell("say what is asked"))
        for branch, at, decides in self._branches(node, path, prefix, known):
            yield from self._dependent(branch, at, prefix, bounded(every([when, decides])), known)
        for key in ("patternProperties", "not"):
            if key in node:
                self._form.left_out(
                    f"{path}/{key}", tell("`%(key)s`", key=key), tell("say in `help` what is right")
                )

    def _dependent(
        self, branch: Mapping[str, Any], path: str, prefix: str, when: Condition, known: Mapping[str, Any]
    ) -> Iterator[tuple[str, Mapping[str, Any], str, bool, Condition]]:
        """The properties that a branch adds; what it says about others is noted."""
        own = mapping(branch.get("properties"))
        added = {name: each for name, each in own.items() if name not in known}
        for name in own:
            rest = set(mapping(own[name])) - {"const", "enum", "type", "title", "description"}
            if name in known and rest:
                self._form.left_out(
                    f"{path}/properties/{name}", tell("'%(name)s' is limited under a condition", name=name)
                )
        for name in {text(each) for each in items(branch.get("required"))} & set(known) - set(own):
            do = tell("ask for it with `when`, or leave it optional")
            self._form.left_out(
                f"{path}/required", tell("'%(name)s' is required under a condition only", name=name), do
            )
        yield from self._properties({**branch, "properties": added}, path, prefix, when)

    def _branches(
        self, node: Mapping[str, Any], path: str, prefix: str, known: Mapping[str, Any]
    ) -> Iterator[tuple[Mapping[str, Any], str, Condition]]:
        """The schemas that count only under a condition, with it."""
        if "if" in node:
            decides = condition(self._references.resolved(node.get("if"), f"{path}/if"), prefix)
            for key, when in (("then", decides), ("else", none_of(decides))):
                branch = self._references.resolved(node.get(key), f"{path}/{key}")
                if branch:
                    yield branch, f"{path}/{key}", when
        for index, each in enumerate(items(node.get("allOf"))):
            at = f"{path}/allOf/{index}"
            if isinstance(each, dict) and "if" in each:
                yield from self._branches(self._references.resolved(each, at), at, prefix, known)
        for key in ("oneOf", "anyOf"):
            yield from self._one_of(items(node.get(key)), f"{path}/{key}", prefix, known)
        yield from self._after(node, path, prefix, known)

    def _after(
        self, node: Mapping[str, Any], path: str, prefix: str, known: Mapping[str, Any]
    ) -> Iterator[tuple[Mapping[str, Any], str, Condition]]:
        """What counts once another property has an answer."""
        for key in ("dependentSchemas", "dependencies"):
            for name, each in mapping(node.get(key)).items():
                at = f"{path}/{key}/{name}"
                if isinstance(each, list):
                    self._form.left_out(
                        at, tell("with '%(name)s' others are required", name=name), tell("say it with `when`")
                    )
                    continue
                branch = self._references.resolved(each, at)
                yield {**branch, "oneOf": []}, at, Given(f"{prefix}{name}")
                yield from self._one_of(items(branch.get("oneOf")), f"{at}/oneOf", prefix, known)
        for name in mapping(node.get("dependentRequired")):
            self._form.left_out(
                f"{path}/dependentRequired/{name}",
                tell("with '%(name)s' others are required", name=name),
                tell("say it with `when`"),
            )

    def _one_of(
        self, branches: list[Any], path: str, prefix: str, known: Mapping[str, Any]
    ) -> Iterator[tuple[Mapping[str, Any], str, Condition]]:
        for index, each in enumerate(branches):
            branch = self._references.resolved(each, f"{path}/{index}")
            decides = fixed(branch, known)
            if decides:
                yield branch, f"{path}/{index}", condition(decides, prefix)
            elif branch:
                self._form.left_out(
                    f"{path}/{index}",
                    tell("a branch that no answer decides about"),
                    tell("ask which one it is"),
                )
