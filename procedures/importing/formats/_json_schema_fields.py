"""Properties of JSON Schema as questions."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from core.told import tell
from procedures.importing.common import USUAL, kinds_of_file, limit_number, limit_pattern, limit_text
from procedures.importing.conditions import ALWAYS, Condition
from procedures.importing.model import Choice, Form, HandIn, Question, Words
from procedures.importing.values import items, mapping, text, whole, words

_FORMATS: Final = {
    "date": "date",
    "date-time": "datetime",
    "time": "time",
    "email": "email",
    "idn-email": "email",
    "uri": "url",
    "url": "url",
    "iri": "url",
    "phone": "phone",
    "tel": "phone",
    "textarea": "long_text",
    "multiline": "long_text",
}
_FILES: Final = ("data-url", "binary", "byte", "file")
_PLAIN_FORMATS: Final = ("", "string", "text", "color", "password")

Rows = Callable[[Mapping[str, Any], str, int], list[Question]]


def kind_of(node: Mapping[str, Any]) -> str:
    """The type of a schema, also where it does not say it; text where several are possible."""
    written = node.get("type")
    kinds = [text(each) for each in (items(written) or [written])]
    kinds = [kind for kind in kinds if kind and kind != "null"]
    if len(kinds) == 1:
        return kinds[0]
    if kinds:
        return "string" if "string" in kinds else "number" if set(kinds) <= {"number", "integer"} else ""
    if "properties" in node:
        return "object"
    if "items" in node:
        return "array"
    return "string" if offered(node) else ""


def offered(node: Mapping[str, Any]) -> list[tuple[Any, Words | None, Words | None]]:
    """The fixed values of a schema with titles and descriptions."""
    for key in ("oneOf", "anyOf"):
        branches = [mapping(each) for each in items(node.get(key))]
        if branches and all("const" in each for each in branches):
            return [
                (each["const"], words(each.get("title")), words(each.get("description"))) for each in branches
            ]
    names = (
        items(node.get("enumNames")) or items(node.get("x-enumNames")) or items(node.get("x-enum-varnames"))
    )
    return [
        (value, words(names[index]) if index < len(names) else None, None)
        for index, value in enumerate(items(node.get("enum")))
    ]


class Fields:
    """Reads single properties; files go to the form."""

    def __init__(self, form: Form, rows: Rows) -> None:
        self._form, self._rows = form, rows

    def read(
        self,
        name: str,
        node: Mapping[str, Any],
        path: str,
        required: bool,
        when: Condition,
        legend: Words | None,
        group: int,
    ) -> Iterator[Question]:
        """The question of a property, if it is one."""
        kind = kind_of(node)
        last = name.rsplit(".", 1)[-1]
        label = words(node.get("title")) or {"": _spoken(last)}
        nothing = isinstance(node.get("type"), list) and "null" in items(node.get("type"))
        question = Question(
            path,
            name,
            "",
            label,
            words(node.get("description")),
            required=required and not nothing,
            when=None if when == ALWAYS else when,
            wish=last,
            legend=legend,
        )
        if node.get("readOnly") is True or ("const" in node and node.get("const") is not True):
            self._form.left_out(path, tell("'%(name)s', which nobody may change", name=name))
            return
        if "default" in node and node["default"] not in (None, "", False, [], {}):
            self._form.left_out(path, tell("its first value"), tell("fields are empty at first"))
        if kind == "array":
            yield from self._list(question, mapping(node.get("items")), node, group)
            return
        if _is_file(node):
            self._file(question, node, 1, group)
            return
        if self._single(question, kind, node):
            yield question

    def _single(self, question: Question, kind: str, node: Mapping[str, Any]) -> bool:
        """Give `question` its type; false where there is none for it."""
        if kind == "boolean":
            must = node.get("const") is True or items(node.get("enum")) == [True]
            question.type = "consent" if must else "yes_no"
        elif offered(node):
            question.type = "choice"
            question.choices = self._choices(node, question.path)
        elif kind in ("integer", "number"):
            question.type = "number"
            self._number(question, kind, node)
        elif kind == "string":
            self._text(question, node)
        else:
            what = tell("the property '%(name)s' of type %(type)s", name=question.name, type=kind or "?")
            self._form.left_out(question.path, what, tell("say what is asked"))
            return False
        return True

    def _number(self, question: Question, kind: str, node: Mapping[str, Any]) -> None:
        decimals = 0 if kind == "integer" else None
        beyond = (node.get("exclusiveMinimum"), node.get("exclusiveMaximum"))
        limit_number(question, node.get("minimum"), node.get("maximum"), decimals, beyond)
        if "multipleOf" in node and node["multipleOf"] not in (1, Decimal(1)):
            self._form.left_out(
                question.path,
                tell("multiples of %(node)s only", node=text(node["multipleOf"])),
                tell("say it in `help`"),
            )

    def _text(self, question: Question, node: Mapping[str, Any]) -> None:
        form, written = self._form, text(node.get("format"))
        question.type = _FORMATS.get(written, "text")
        if written not in _FORMATS and written not in _PLAIN_FORMATS:
            form.left_out(
                question.path,
                tell("the format %(written)s", written=written[:40]),
                tell("say in `help` how it is written"),
            )
        if question.type in ("text", "long_text"):
            most = whole(node.get("maxLength"), 1, 10**6)
            if most is not None and most > USUAL["text"] and question.type == "text":
                question.type = "long_text"
            limit_text(form, question, node.get("minLength"), node.get("maxLength"))
            limit_pattern(form, question, node.get("pattern"))
        elif text(node.get("pattern")):
            form.left_out(
                question.path,
                tell("the pattern %(node)s", node=text(node.get("pattern"))[:80]),
                tell("%(type)s has its own", type=question.type),
            )

    def _choices(self, node: Mapping[str, Any], path: str) -> list[Choice]:
        found: dict[str, Choice] = {}
        for value, title, description in offered(node):
            written = str(value).lower() if isinstance(value, bool) else text(value)
            if written and written not in found:
                found[written] = Choice(written, title or {"": written}, description)
            elif value is not None:
                self._form.left_out(path, tell("the option %(value)s", value=str(value)[:40]))
        return list(found.values())

    def _list(
        self, question: Question, inner: Mapping[str, Any], node: Mapping[str, Any], group: int
    ) -> Iterator[Question]:
        kind = kind_of(inner)
        least, most = whole(node.get("minItems"), 0, 100) or 0, whole(node.get("maxItems"), 1, 200)
        if _is_file(inner):
            self._file(question, inner, min(most or 20, 20), group)
        elif offered(inner) and kind != "object":
            question.type, question.choices = "choices", self._choices(inner, question.path)
            question.required = least > 0
            if least > 1 and (most is None or least <= most):
                question.options["min"] = least
            if most is not None:
                question.options["max"] = most
            yield question
        elif group > 1:
            what = tell("the list '%(name)s' in a group in a group", name=question.name)
            self._form.left_out(question.path, what, tell("groups nest once"))
        else:
            yield from self._group(question, inner, group, least, most)

    def _group(
        self, question: Question, inner: Mapping[str, Any], group: int, least: int, most: int | None
    ) -> Iterator[Question]:
        """A repeating group; of single values one with a single question."""
        question.type, question.required = "group", True
        highest = most or max(20, least)
        question.options["repeat"] = {"min": min(least, highest), "max": highest}
        path = f"{question.path}/items"
        if kind_of(inner) == "object":
            question.fields = self._rows(inner, path, group + 1)
        else:
            read = self.read(f"{question.wish}_item", inner, path, True, ALWAYS, None, group + 1)
            question.fields = [
                replace(each, label=words(inner.get("title")) or question.label) for each in read
            ]
        if question.fields:
            yield question
        else:
            what = tell("the list '%(name)s' without questions", name=question.name)
            self._form.left_out(question.path, what, tell("say what is asked"))

    def _file(self, question: Question, node: Mapping[str, Any], most: int, group: int) -> None:
        if group:
            self._form.left_out(
                question.path,
                tell("the file '%(name)s' in a repeating group", name=question.name),
                tell("ask for it once"),
            )
            return
        patterns = [text(node.get("contentMediaType"))] + [text(each) for each in items(node.get("accept"))]
        kinds = kinds_of_file(self._form, question.path, patterns)
        label = question.label or {"": question.name}
        handed = HandIn(
            question.path,
            question.name,
            label,
            question.help,
            question.required,
            kinds,
            most,
            None,
            question.when,
        )
        handed.wish = question.wish
        self._form.files.append(handed)
        what = tell("the file '%(name)s' among questions", name=question.name)
        self._form.changed(question.path, what, tell("files are handed in on a page of their own"))


def _is_file(node: Mapping[str, Any]) -> bool:
    media = text(node.get("contentMediaType"))
    return text(node.get("format")) in _FILES or bool(media and not media.startswith("text/"))


def _spoken(name: str) -> str:
    """`dateOfBirth` as `Date of birth`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+", " ", text(name)).strip()
    return (parted[:1].upper() + parted[1:].lower()) if parted.isascii() and parted else parted or "?"
