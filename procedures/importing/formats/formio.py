"""Forms of Form.io, on one page or as a wizard, and what Open Forms exports: steps whose forms are Form.io's."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from core.told import tell
from procedures.importing import source
from procedures.importing.conditions import ALWAYS, NEVER, Condition, bounded, every, none_of, some
from procedures.importing.formats import _formio_conditions as conditions
from procedures.importing.formats._formio_components import Components
from procedures.importing.model import Form, NotImported, Page, Words
from procedures.importing.values import any_of, items, mapping, objects, plain, text, words

_EXPORT: Final = "formDefinitions"
_FIRST: Final[Words] = {"ja": "質問", "en": "Questions"}
_PAGES: Final = 100


class Formio:
    """The format."""

    name = "formio"
    title = "Form.io and Open Forms"

    def resembles(self, data: Any) -> bool:
        """Components with types, or an export's definitions."""
        whole = mapping(data)
        if "$schema" in whole and "components" not in whole:
            return False
        if items(_listed(whole.get(_EXPORT))):
            return True
        return any(_is_component(each) for each in items(_components(data)))

    def read(self, data: Any) -> Form:
        """The form."""
        whole = mapping(data)
        if _EXPORT in whole:
            return _Export(whole).read()
        form = Form(title=words(whole.get("title")) or words(whole.get("name")))
        form.pages += _Pages(form).read(_components(data), "components", form.title, ALWAYS)
        return form


PLUGIN = Formio()


def _is_component(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("type"), str)
        and ("key" in value or "components" in value)
    )


def _components(data: Any) -> Any:
    """The components of a form, of one in an envelope, or a bare list of them."""
    if isinstance(data, list):
        return data
    whole = mapping(data)
    for key in ("components", "form", "configuration", "schema"):
        inner = whole.get(key)
        if isinstance(inner, list):
            return inner
        if isinstance(inner, dict) and items(inner.get("components")):
            return inner["components"]
    return []


class _Pages:
    """A page for each panel at the top; what stands between them shares pages."""

    def __init__(self, form: Form, switched: Mapping[str, Condition] | None = None) -> None:
        self._form, self._reader = form, Components(form, switched)

    def read(
        self, components: Any, path: str, title: Words | None, when: Condition, name: str = ""
    ) -> Iterator[Page]:
        """The pages; `when` holds for all of them, `name` is that of those that have none."""
        loose: list[tuple[str, Mapping[str, Any]]] = []
        for at, component in objects(components, path):
            if text(component.get("type")) != "panel":
                loose.append((at, component))
                continue
            yield from self._loose(loose, title, when, name)
            loose = []
            here = self._reader.shown(component, when)
            heading = words(component.get("title")) or words(component.get("label")) or title or _FIRST
            if here == NEVER:
                self._form.left_out(at, tell("the hidden page '%(heading)s'", heading=any_of(heading)))
            else:
                inner = list(objects(component.get("components"), f"{at}.components"))
                yield self._page(at, text(component.get("key")), heading, here, inner)
        yield from self._loose(loose, title, when, name)

    def _loose(
        self, loose: list[tuple[str, Mapping[str, Any]]], title: Words | None, when: Condition, name: str
    ) -> Iterator[Page]:
        if loose:
            heading = title or _FIRST
            yield self._page(f"{loose[0][0]} …", name or any_of(heading), heading, when, loose)

    def _page(
        self,
        path: str,
        name: str,
        title: Words,
        when: Condition,
        components: list[tuple[str, Mapping[str, Any]]],
    ) -> Page:
        before = len(self._form.files)
        asked = [question for at, each in components for question in self._reader.one(each, at)]
        for file in self._form.files[before:]:
            whole = every([when, file.when])
            file.when = None if whole == ALWAYS else whole
        return Page(
            path or (components[0][0] if components else ""),
            name,
            title,
            None,
            asked,
            None if when == ALWAYS else when,
        )


class _Export:
    """An export of Open Forms: a form, its steps, their definitions, and logic apart from them."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._parts = {key: items(_listed(value)) for key, value in data.items()}
        self._form = Form()
        self._shows: dict[str, list[Condition]] = {}
        self._hides: dict[str, list[Condition]] = {}
        self._skipped: dict[str, list[Condition]] = {}

    def read(self) -> Form:
        form = self._form
        whole = mapping(next(iter(self._parts.get("forms", [])), {}))
        form.title = _translated(whole, "name")
        if len(self._parts.get("forms", [])) > 1:
            form.left_out("forms", tell("an export of several forms"), tell("only the first one is read"))
        steps = self._steps()
        if not steps:
            raise NotImported(tell("the export has no step with a definition"))
        shown = self._initially_hidden(steps)
        for path, rule in objects(self._parts.get("formLogic"), "formLogic"):
            self._rule(path, rule, shown)
        reader = _Pages(form, self._switched())
        for path, step, definition in steps:
            skipped = [
                *self._skipped.get(text(step.get("uuid")), []),
                *self._skipped.get(text(step.get("slug")), []),
            ]
            when = every(map(none_of, skipped)) if skipped else ALWAYS
            title = _translated(definition, "name")
            components = mapping(definition.get("configuration")).get("components")
            form.pages += reader.read(
                components, f"{path}.configuration.components", title, when, text(step.get("slug"))
            )
        self._beside(whole)
        return form

    def _steps(self) -> list[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
        """The steps in order, each with its definition; without steps the definitions as they are."""
        definitions = list(objects(self._parts.get(_EXPORT), _EXPORT))
        steps = [step for _, step in objects(self._parts.get("formSteps"), "formSteps")]
        if not steps:
            return [(path, {}, definition) for path, definition in definitions]
        found = []
        for step in sorted(steps, key=_turn)[:_PAGES]:
            wanted = text(step.get("form_definition") or step.get("formDefinition")).rstrip("/")
            for path, definition in definitions:
                if wanted and wanted in (
                    text(definition.get("url")).rstrip("/"),
                    text(definition.get("uuid")),
                ):
                    found.append((path, step, definition))
                    break
        return found

    def _initially_hidden(self, steps: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]]) -> set[str]:
        """The keys of components that only a rule shows."""
        waiting = [mapping(definition.get("configuration")) for _, _, definition in steps]
        found = set()
        while waiting:
            component = waiting.pop()
            if component.get("hidden") is True:
                found.add(text(component.get("key")))
            for key in ("components", "columns"):
                waiting += [each for _, each in objects(component.get(key), "")]
        return found

    def _rule(self, path: str, rule: Mapping[str, Any], hidden: set[str]) -> None:
        trigger = conditions.logic(rule.get("json_logic_trigger", rule.get("jsonLogicTrigger")))
        for at, action in objects(rule.get("actions"), f"{path}.actions"):
            does = mapping(action.get("action"))
            kind, key = text(does.get("type")), text(action.get("component"))
            part = text(mapping(does.get("property")).get("value"))
            if kind == "property" and part == "hidden" and key:
                hides = does.get("state") is not False
                if hides != (key in hidden):
                    (self._hides if hides else self._shows).setdefault(key, []).append(trigger)
                continue
            step = text(action.get("form_step_uuid") or action.get("formStepUuid") or action.get("form_step"))
            if kind == "step-not-applicable" and step:
                self._skipped.setdefault(step.rstrip("/").rsplit("/", 1)[-1], []).append(trigger)
                continue
            self._form.left_out(
                at,
                tell("the action %(action)s", action=f"{kind or '?'} {part}".rstrip()),
                tell("say it with `when` or `eligibility`"),
            )

    def _switched(self) -> dict[str, Condition]:
        """A component that one of its rules shows, and that none of them hides."""
        return {
            key: bounded(every([some(self._shows[key]) if key in self._shows else None, *hidden]))
            for key in (*self._shows, *self._hides)
            for hidden in [[none_of(each) for each in self._hides.get(key, [])]]
        }

    def _beside(self, whole: Mapping[str, Any]) -> None:
        for key, what in (
            ("authentication_backends", tell("signing in")),
            ("payment_backend", tell("payment")),
            ("registration_backend", tell("where answers are sent")),
            ("registration_backends", tell("where answers are sent")),
            ("product", tell("a product with its price")),
        ):
            if whole.get(key) not in (None, "", [], {}):
                self._form.left_out(f"forms[0].{key}", what)
        for path, variable in objects(self._parts.get("formVariables"), "formVariables"):
            if text(variable.get("source")) == "user_defined":
                self._form.left_out(
                    path,
                    tell("the variable '%(variable)s'", variable=text(variable.get("key"))),
                    tell("write it under `computed`"),
                )


def _turn(step: Mapping[str, Any]) -> int:
    order = step.get("index", step.get("order"))
    return order if isinstance(order, int) else 0


def _translated(thing: Mapping[str, Any], key: str) -> Words | None:
    """A name with its translations."""
    known = mapping(thing.get("translations"))
    found = {str(tag): plain(text(mapping(each).get(key))) for tag, each in known.items()}
    return {**(words(thing.get(key)) or {}), **{tag: said for tag, said in found.items() if said}} or None


def _listed(value: Any) -> Any:
    """The API gives each part as a text of JSON, the archive as JSON."""
    return (
        source.parse(value.encode(errors="replace"), "a part of the export")
        if isinstance(value, str)
        else value
    )
