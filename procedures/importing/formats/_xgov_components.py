"""Components of the GOV.UK form builders as questions."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from core.told import tell
from procedures.importing.common import kinds_of_file, limit_number, limit_pattern, limit_text, size_of_file
from procedures.importing.conditions import Chosen, Compare, Condition
from procedures.importing.formats._xgov_conditions import Conditions
from procedures.importing.model import Choice, Form, HandIn, Question, Words
from procedures.importing.values import any_of, clean, is_true, items, mapping, objects, text, whole, words

_TYPES: Final = {
    "TextField": "text",
    "MultilineTextField": "long_text",
    "FreeTextField": "long_text",
    "NumberField": "number",
    "YesNoField": "yes_no",
    "DateField": "date",
    "DatePartsField": "date",
    "MonthYearField": "month",
    "TimeField": "time",
    "DateTimeField": "datetime",
    "DateTimePartsField": "datetime",
    "EmailAddressField": "email",
    "TelephoneNumberField": "phone",
    "WebsiteField": "url",
    "URL": "url",
    "UkAddressField": "address",
    "SelectField": "choice",
    "AutocompleteField": "choice",
    "RadiosField": "choice",
    "CheckboxesField": "choices",
    "DeclarationField": "consent",
    "LatLongField": "map_point",
    "OsGridRefField": "text",
    "NationalGridFieldNumberField": "text",
}
_CHANGES: Final = {
    "UkAddressField": (tell("an address in the United Kingdom"), tell("it is one in Japan now")),
    "TelephoneNumberField": (
        tell("a telephone number as people like to write it"),
        tell("it is checked now"),
    ),
    "OsGridRefField": (tell("a checked grid reference"), tell("it is not checked")),
    "NationalGridFieldNumberField": (tell("a checked field number"), tell("it is not checked")),
    "LatLongField": (tell("a place in the United Kingdom"), tell("it is one in Japan now")),
}
_CONTENT: Final = ("Para", "Html", "InsetText", "Details", "Markdown", "WarningText", "NotificationBanner")
_LISTS: Final = ("List", "FlashCard")
SHOWN: Final = (*_CONTENT, *_LISTS)
"""Components that ask nothing."""
_FILES: Final = ("FileUploadField", "ClientSideFileUploadField")
_MADE: Final = re.compile(r"[A-Za-z]{6}")
"""Names that the builder makes up."""


class Components:
    """Reads the components of a form."""

    def __init__(self, data: Mapping[str, Any], form: Form, conditions: Conditions) -> None:
        self._form, self._conditions = form, conditions
        self._lists: dict[str, Mapping[str, Any]] = {}
        for _, each in objects(data.get("lists"), "lists"):
            for key in ("id", "name"):
                if text(each.get(key)):
                    self._lists.setdefault(text(each.get(key)), each)

    def read(self, path: str, component: Mapping[str, Any], inside: bool = False) -> list[Question]:
        """The questions that a component asks, with those that its options reveal; files go to the form."""
        kind = text(component.get("type"))
        if kind in _CONTENT or kind in _LISTS:
            return self._content(path, kind, component)
        if kind in _FILES:
            self._file(path, component, inside)
            return []
        if kind == "MultiInputField" and not inside:
            return [self._rows(path, component)]
        if kind not in _TYPES:
            self._form.left_out(
                path,
                tell("the component %(kind)s '%(name)s'", kind=kind, name=_name(component))
                if kind
                else tell("the component '%(name)s' without a type", name=_name(component)),
                tell("ask it another way"),
            )
            return []
        question = self._question(path, _TYPES[kind], component)
        if kind in _CHANGES:
            self._form.changed(path, *_CHANGES[kind])
        _LIMITS.get(question.type, _no_limits)(self._form, question, component)
        revealed = self._options(question, component) if question.type in ("choice", "choices") else []
        return [question, *revealed]

    def _question(self, path: str, kind: str, component: Mapping[str, Any]) -> Question:
        options = mapping(component.get("options"))
        name, label = _name(component), words(component.get("title"))
        if kind == "consent" and words(component.get("content")):
            extra: dict[str, Any] = {"text": words(component.get("content"))}
        else:
            extra = {}
        return Question(
            path,
            name,
            kind,
            label or {"": clean(name) or "?"},
            words(component.get("hint")),
            required=options.get("required") is not False,
            options=extra,
            when=self._conditions.named(options.get("condition"), path),
            wish=any_of(label) if label and (not name or _MADE.fullmatch(name)) else "",
        )

    def _content(self, path: str, kind: str, component: Mapping[str, Any]) -> list[Question]:
        said = words(component.get("content"))
        if kind in _LISTS:
            listed = [any_of(each.label) for each in self._choices(path, component)]
            said = {"": "\n".join(f"・{each}" for each in listed)} if listed else None
        if not said:
            return []
        shown = kind in ("Details", *_LISTS)
        style = {"InsetText": "note", "WarningText": "warning"}.get(kind, "plain")
        options: dict[str, Any] = {"text": said, **({"style": style} if style != "plain" else {})}
        condition = mapping(component.get("options")).get("condition")
        return [
            Question(
                path,
                "",
                "content",
                words(component.get("title")) if shown else None,
                options=options,
                when=self._conditions.named(condition, path),
                wish="note",
            )
        ]

    def _file(self, path: str, component: Mapping[str, Any], inside: bool) -> None:
        question = self._question(path, "file", component)
        if inside:
            self._form.left_out(
                path,
                tell("the file '%(name)s' in a repeating group", name=question.name),
                tell("ask for it once"),
            )
            return
        options, schema = mapping(component.get("options")), mapping(component.get("schema"))
        listed = ",".join(map(text, items(options.get("fileTypes"))))
        accepted = text(options.get("accept")) or listed
        several = options.get("multiple") is True or is_true(options.get("multiple"))
        most = whole(schema.get("max"), 1, 20) or (20 if several else 1)
        self._form.files.append(
            HandIn(
                path,
                question.name,
                question.label or {"": "File"},
                question.help,
                question.required,
                kinds_of_file(self._form, path, accepted.split(",")),
                most,
                size_of_file(self._form, path, options.get("maxFileSize")),
                question.when,
                question.wish,
            )
        )
        self._form.changed(
            path,
            tell("the file '%(name)s' on a page", name=question.name),
            tell("files are handed in on a page of their own"),
        )

    def _rows(self, path: str, component: Mapping[str, Any]) -> Question:
        """Several components asked together, row by row."""
        question = self._question(path, "group", component)
        question.fields = [
            inner
            for at, each in objects(component.get("children"), f"{path}.children")
            for inner in self.read(at, each, inside=True)
        ]
        question.options["repeat"] = {"min": 1 if question.required else 0, "max": 20}
        question.required = True
        return question

    def _options(self, question: Question, component: Mapping[str, Any]) -> list[Question]:
        """Fill in the options; the questions that single options reveal."""
        question.choices = self._choices(question.path, component)
        revealed = []
        for at, item in self._items(question.path, component):
            inner = mapping(item.get("conditional"))
            value = _value(item)
            shown: Condition = (
                Chosen(question.name, value)
                if question.type == "choices"
                else Compare(question.name, "==", value)
            )
            for place, each in objects(inner.get("components"), f"{at}.conditional.components"):
                for found in self.read(place, each):
                    found.when = shown
                    revealed.append(found)
        return revealed

    def _choices(self, path: str, component: Mapping[str, Any]) -> list[Choice]:
        found: dict[str, Choice] = {}
        for at, item in self._items(path, component):
            value = _value(item)
            label: Words = words(item.get("text") or item.get("label")) or {"": value or "?"}
            hint = words(item.get("description") or mapping(item.get("hint")).get("text"))
            if value in found:
                self._form.left_out(at, tell("the option '%(value)s' stands there twice", value=value[:40]))
                continue
            found[value] = Choice(value, label, hint, self._conditions.named(item.get("condition"), at))
        return list(found.values())

    def _items(self, path: str, component: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        """The items of the component's list; the first version kept them in the component itself."""
        own = mapping(component.get("values"))
        name = text(component.get("list")) or text(own.get("list"))
        if name in self._lists:
            return list(
                objects(
                    self._lists[name].get("items"),
                    f"{path} → lists.{name}.items",
                )
            )
        return list(objects(own.get("items"), f"{path}.values.items"))


def _name(component: Mapping[str, Any]) -> str:
    return text(component.get("name")) or text(component.get("id"))


def _value(item: Mapping[str, Any]) -> str:
    value = item.get("value")
    return str(value).lower() if isinstance(value, bool) else text(value)


def _text_limits(form: Form, question: Question, component: Mapping[str, Any]) -> None:
    schema, options = mapping(component.get("schema")), mapping(component.get("options"))
    exact = text(schema.get("length")) or None
    limit_text(form, question, exact or schema.get("min"), exact or schema.get("max"))
    limit_pattern(form, question, schema.get("regex"))
    if text(options.get("maxWords")):
        form.left_out(
            question.path,
            tell("at most %(options)s words", options=text(options.get("maxWords"))),
            tell("limit its characters"),
        )


def _number_limits(_form: Form, question: Question, component: Mapping[str, Any]) -> None:
    schema, options = mapping(component.get("schema")), mapping(component.get("options"))
    decimals = whole(schema.get("precision"), 0, 6)
    decimals = 0 if schema.get("integer") is True else decimals
    limit_number(question, schema.get("min"), schema.get("max"), decimals)
    unit = words(options.get("suffix")) or words(options.get("prefix"))
    if unit:
        question.options["unit"] = unit


def _date_limits(form: Form, question: Question, component: Mapping[str, Any]) -> None:
    options = mapping(component.get("options"))
    for key, limit in (("maxDaysInPast", "min"), ("maxDaysInFuture", "max")):
        days = text(options.get(key))
        if days == "0":
            question.options[limit] = "today"
        elif days:
            way = "ago" if limit == "min" else "ahead"
            form.left_out(
                question.path,
                tell("at most %(days)s days %(way)s", days=days, way=way),
                tell("write `%(limit)s` with a day", limit=limit),
            )


def _no_limits(_form: Form, _question: Question, _component: Mapping[str, Any]) -> None:
    """Types without limits."""


_LIMITS: Final[Mapping[str, Callable[[Form, Question, Mapping[str, Any]], None]]] = {
    "text": _text_limits,
    "long_text": _text_limits,
    "number": _number_limits,
    "date": _date_limits,
    "datetime": _date_limits,
}
