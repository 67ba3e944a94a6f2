"""Components of Form.io and of Open Forms as questions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from core.told import NOTHING, tell
from procedures.importing.common import kinds_of_file, size_of_file
from procedures.importing.conditions import ALWAYS, NEVER, Condition, bounded, every
from procedures.importing.formats import _formio_conditions as conditions
from procedures.importing.formats._formio_limits import LIMITS, no_limits, said
from procedures.importing.model import Choice, Form, HandIn, Question, Words
from procedures.importing.values import clean, is_true, items, mapping, objects, plain, text, whole

LAYOUTS: Final = ("panel", "fieldset", "columns", "well", "table", "tabs", "container", "section", "column")
_TYPES: Final = {
    "textfield": "text",
    "textarea": "long_text",
    "number": "number",
    "currency": "number",
    "email": "email",
    "url": "url",
    "phoneNumber": "phone",
    "checkbox": "consent",
    "selectboxes": "choices",
    "select": "choice",
    "radio": "choice",
    "day": "date",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "signature": "drawn",
    "postcode": "text",
    "iban": "bank_account",
    "licenseplate": "license_plate",
    "address": "address",
    "addressNL": "address",
    "map": "map_point",
}
_CHANGES: Final = {
    "phoneNumber": (
        tell("any telephone number"),
        tell("it is checked as a Japanese one, or with + and the country, now"),
    ),
    "postcode": (tell("a checked postcode"), tell("`address` asks for a whole address in Japan")),
    "iban": (tell("an account by its IBAN"), tell("it is a bank account in Japan now")),
    "licenseplate": (tell("a foreign number plate"), tell("it is one of Japan now")),
    "address": (tell("an address anywhere"), tell("it is one in Japan now")),
    "addressNL": (tell("an address in the Netherlands"), tell("it is one in Japan now")),
    "map": (tell("a drawing on a map"), tell("it is one point by its degrees now")),
}
_FAMILIES: Final = ("npFamilyMembers", "children", "partners")
_ROWS: Final = ("editgrid", "datagrid")
_MULTIPLE: Final = ("text", "long_text", "number", "email", "url", "phone", "date", "datetime", "time")
_SILENT: Final = ("button", "recaptcha", "captcha", "softRequiredErrors")
_BORN: Final[Words] = {"ja": "生年月日", "en": "Date of birth"}
_LOST: Final = {
    "calculateValue": (tell("a calculated value"), tell("write it under `computed`")),
    "customDefaultValue": (tell("a calculated first value"), NOTHING),
    "logic": (tell("logic of its own"), tell("say it with `when`")),
}


class Components:
    """Reads components, those within each other too; files go to the form."""

    def __init__(self, form: Form, switched: Mapping[str, Condition] | None = None) -> None:
        self._form = form
        self._switched = switched or {}
        """Conditions from rules that stand apart from the components, by key."""

    def read(
        self,
        components: Any,
        path: str,
        when: Condition = ALWAYS,
        legend: Words | None = None,
        group: int = 0,
    ) -> Iterator[Question]:
        """The questions in order; `when` holds for all of them, `group` counts the groups around them."""
        for at, component in objects(components, path):
            yield from self.one(component, at, when, legend, group)

    def one(
        self,
        component: Mapping[str, Any],
        path: str,
        when: Condition = ALWAYS,
        legend: Words | None = None,
        group: int = 0,
    ) -> Iterator[Question]:
        """The questions of one component."""
        kind = text(component.get("type"))
        here = self.shown(component, when)
        if here == NEVER:
            self._form.left_out(path, tell("the hidden component '%(component)s'", component=_key(component)))
        elif kind in LAYOUTS:
            yield from self._layout(component, path, here, legend, group)
        else:
            yield from self._single(kind, component, path, here, legend, group)

    def shown(self, component: Mapping[str, Any], when: Condition = ALWAYS) -> Condition:
        """When a component is shown: its own condition, that of rules, and `when` around it."""
        rule = self._switched.get(_key(component))
        own = conditions.shown(component)
        if component.get("hidden") is True and rule is None and own is None:
            return NEVER
        return bounded(every([when, own, rule]))

    def _layout(
        self, component: Mapping[str, Any], path: str, when: Condition, legend: Words | None, group: int
    ) -> Iterator[Question]:
        heading = (
            None
            if component.get("hideHeader") is True
            else said(component, "title") or said(component, "legend")
        )
        kind = text(component.get("type"))
        if kind in ("fieldset", "panel", "section", "container") and heading is None:
            heading = said(component, "label")
        named = heading or legend
        for at, inner in objects(component.get("components"), f"{path}.components"):
            if kind == "tabs":
                tab = said(inner, "label") or named
                yield from self.read(inner.get("components"), f"{at}.components", when, tab, group)
            else:
                yield from self.one(inner, at, when, named, group)
        for at, column in objects(component.get("columns"), f"{path}.columns"):
            yield from self.read(column.get("components"), f"{at}.components", when, named, group)
        for place, row in enumerate(items(component.get("rows"))):
            for at, cell in objects(row, f"{path}.rows[{place}]"):
                yield from self.read(cell.get("components"), f"{at}.components", when, named, group)

    def _single(
        self,
        kind: str,
        component: Mapping[str, Any],
        path: str,
        when: Condition,
        legend: Words | None,
        group: int,
    ) -> Iterator[Question]:
        if kind in _SILENT:
            return
        if kind in ("content", "htmlelement"):
            shown = said(component, "html") or said(component, "content")
            if shown:
                yield self._made(component, path, "content", when, legend, {"text": shown})
        elif kind == "file":
            self._file(component, path, when, group)
        elif kind in _ROWS:
            yield from self._group(component, path, when, legend, group)
        elif kind in _FAMILIES:
            yield from self._family(component, path, when, legend, group)
        elif kind == "survey":
            yield from self._survey(component, path, when)
        elif kind in _TYPES:
            yield self._question(kind, component, path, when, legend, group)
        else:
            what = tell("the component %(kind)s '%(name)s'", kind=kind, name=_key(component))
            if not kind:
                what = tell("the component '%(name)s' without a type", name=_key(component))
            self._form.left_out(path, what, _ADVICE.get(kind, tell("ask it another way")))

    def _made(
        self,
        component: Mapping[str, Any],
        path: str,
        type: str,
        when: Condition,
        legend: Words | None,
        options: dict[str, Any] | None = None,
    ) -> Question:
        validate = mapping(component.get("validate"))
        key = _key(component)
        label = said(component, "label") or {"": clean(key) or "?"}
        return Question(
            path,
            key if type != "content" else "",
            type,
            None if type == "content" else label,
            said(component, "description") or said(component, "tooltip"),
            required=is_true(validate.get("required")),
            options=options or {},
            when=None if when == ALWAYS else when,
            legend=legend,
            wish="note" if type == "content" else key,
        )

    def _question(
        self,
        kind: str,
        component: Mapping[str, Any],
        path: str,
        when: Condition,
        legend: Words | None,
        group: int,
    ) -> Question:
        type = _TYPES[kind]
        several = component.get("multiple") is True
        if kind == "select" and several:
            type = "choices"
        if kind == "datetime" and component.get("enableTime") is False:
            type = "date"
        if kind == "currency" and text(component.get("currency")).upper() in ("JPY", "YEN"):
            type = "money"
        question = self._made(component, path, type, when, legend)
        if kind in _CHANGES:
            self._form.changed(path, *_CHANGES[kind])
        LIMITS.get(type, no_limits)(self._form, question, component)
        if type in ("choice", "choices"):
            question.choices = self._choices(component, path)
        self._note_losses(component, path)
        return self._several(question, group) if several and type in _MULTIPLE else question

    def _several(self, question: Question, group: int) -> Question:
        """A question with several answers is a group of one."""
        if group > 1:
            self._form.changed(question.path, tell("several answers"), tell("it takes one now"))
            return question
        least = 1 if question.required else 0
        rows = Question(
            question.path,
            question.name,
            "group",
            question.label,
            question.help,
            options={"repeat": {"min": least, "max": 20}},
            fields=[question],
            when=question.when,
            legend=question.legend,
            wish=question.wish,
        )
        question.name, question.help, question.when, question.required = "", None, None, True
        question.wish = f"{question.wish} item"
        return rows

    def _note_losses(self, component: Mapping[str, Any], path: str) -> None:
        form, validate = self._form, mapping(component.get("validate"))
        for key, (what, do) in _LOST.items():
            if component.get(key) not in (None, "", [], {}, False):
                form.left_out(path, what, do)
        if text(mapping(component.get("prefill")).get("plugin")):
            form.left_out(path, tell("it was filled in from a register"))
        if _begins_with(component.get("defaultValue")):
            form.left_out(path, tell("its first value"), tell("fields are empty at first"))
        if text(validate.get("custom")) or items(validate.get("plugins")):
            form.left_out(path, tell("a check of its own"), tell("say in `help` what is right"))
        if mapping(validate.get("json")):
            form.left_out(path, tell("a check by JsonLogic"), tell("say in `help` what is right"))

    def _choices(self, component: Mapping[str, Any], path: str) -> list[Choice]:
        found: dict[str, Choice] = {}
        for at, item in enumerate(_offered(component)):
            option = item if isinstance(item, dict) else {"label": item, "value": item}
            value = _option_value(option, component)
            label = said(option, "label") or said(option, "name") or ({"": plain(value)} if value else None)
            if not value or label is None:
                continue
            if value in found:
                self._form.left_out(
                    f"{path}.values[{at}]",
                    tell("the option '%(value)s' stands there twice", value=value[:40]),
                )
                continue
            found[value] = Choice(value, label, said(option, "description"))
        return list(found.values())

    def _group(
        self, component: Mapping[str, Any], path: str, when: Condition, legend: Words | None, group: int
    ) -> Iterator[Question]:
        if group > 1:
            self._form.left_out(
                path,
                tell("the group '%(component)s' in a group in a group", component=_key(component)),
                tell("groups nest once"),
            )
            return
        validate = mapping(component.get("validate"))
        question = self._made(component, path, "group", when, legend)
        least = whole(validate.get("minLength"), 0, 100) or (1 if question.required else 0)
        most = whole(validate.get("maxLength"), 1, 200) or 20
        question.options["repeat"] = {"min": min(least, most), "max": most}
        label = said(component, "groupLabel")
        if label:
            question.options["row_label"] = label
        question.required = True
        question.fields = list(self.read(component.get("components"), f"{path}.components", group=group + 1))
        yield question

    def _family(
        self, component: Mapping[str, Any], path: str, when: Condition, legend: Words | None, group: int
    ) -> Iterator[Question]:
        """People whom the register knew are typed in."""
        if group > 1:
            self._form.left_out(path, tell("family members in a group in a group"), tell("groups nest once"))
            return
        question = self._made(component, path, "group", when, legend)
        question.options["repeat"] = {"min": 1 if question.required else 0, "max": 20}
        question.required = True
        name = Question(
            f"{path}.name",
            "",
            "person_name",
            None,
            options={"own": False},
            wish=f"{question.wish} name",
        )
        born = Question(
            f"{path}.born",
            "",
            "date",
            _BORN,
            options={"max": "today"},
            wish=f"{question.wish} born",
        )
        question.fields = [name, born]
        self._form.changed(
            path,
            tell("members of the family from a register"),
            tell("people type their names and birthdays now"),
        )
        yield question

    def _survey(self, component: Mapping[str, Any], path: str, when: Condition) -> Iterator[Question]:
        """One choice for each of its questions."""
        legend = said(component, "label")
        for at, each in objects(component.get("questions"), f"{path}.questions"):
            question = self._made({**component, **each, "key": each.get("value")}, at, "choice", when, legend)
            question.choices = self._choices({"values": component.get("values")}, path)
            yield question

    def _file(self, component: Mapping[str, Any], path: str, when: Condition, group: int) -> None:
        if group:
            self._form.left_out(
                path,
                tell("the file '%(component)s' in a repeating group", component=_key(component)),
                tell("ask for it once"),
            )
            return
        question = self._made(component, path, "file", when, None)
        listed = [text(each) for each in items(mapping(component.get("file")).get("type"))]
        patterns = listed or re.split(r"[,;]", text(component.get("filePattern")))
        several = component.get("multiple") is True
        most = whole(component.get("maxNumberOfFiles"), 1, 20) or (20 if several else 1)
        self._form.files.append(
            HandIn(
                path,
                question.name,
                question.label or {"": "File"},
                question.help,
                question.required,
                kinds_of_file(self._form, path, patterns),
                most,
                size_of_file(self._form, path, component.get("fileMaxSize")),
                question.when,
            )
        )
        self._form.changed(
            path,
            tell("the file '%(name)s' among questions", name=question.name),
            tell("files are handed in on a page of their own"),
        )


_ADVICE: Final = {
    "bsn": tell("a number of Dutch people; `individual_number` only where a law allows it"),
    "cosign": tell("nobody else signs here so far"),
    "coSign": tell("nobody else signs here so far"),
    "password": tell("nobody types a password into a form"),
    "hidden": tell("people never saw it"),
    "form": tell("import that form, too, and join the files"),
    "resource": tell("write what is on offer into a CSV file and ask with `lookup`"),
}


def _key(component: Mapping[str, Any]) -> str:
    return text(component.get("key"))


def _offered(component: Mapping[str, Any]) -> list[Any]:
    """The fixed options of a component, wherever it keeps them."""
    data = mapping(component.get("data"))
    source = text(component.get("dataSrc")) or text(mapping(component.get("openForms")).get("dataSrc"))
    if source in ("url", "resource", "custom", "variable", "referenceLists"):
        return []
    for listed in (component.get("values"), data.get("values"), data.get("json")):
        if items(listed):
            return items(listed)
    return []


def _option_value(option: Mapping[str, Any], component: Mapping[str, Any]) -> str:
    value = option.get(text(component.get("valueProperty")) or "value", option.get("value"))
    return str(value).lower() if isinstance(value, bool) else text(value)


def _begins_with(value: Any) -> bool:
    """Whether a default value is more than nothing chosen."""
    if isinstance(value, dict):
        return any(_begins_with(each) for each in value.values())
    if isinstance(value, list):
        return any(_begins_with(each) for each in value)
    return value not in (None, "", False)
