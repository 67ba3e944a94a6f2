"""Answers that are encrypted apart from all others: their forms, and finding them.

As it is read from a form, such an answer is ``{WHOLE: digits}``. Where it is kept, `applications.vault` replaces it by
``{APART: id, SEALED: …, SHOWN: "•••• •••• 1234"}``: reading a case never opens it, and only the last part can be seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from forms.types import Raw, type_of
from procedures.definition import Page
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition

WHOLE: Final = "apart-whole"
APART: Final = "apart-id"
SEALED: Final = "apart-sealed"
SHOWN: Final = "apart-shown"
"""Their hyphens keep them apart from ids of fields, which have none."""
KEPT: Final = "kept"
"""The part of an input's name that says which kept answer stands in it."""


def masked(number: str) -> str:
    """The number with its last four digits alone, by which its holder knows it again."""
    return f"•••• •••• {number[-4:]}"


def found(node: Json) -> Iterator[dict[str, Json]]:
    """Every answer in `node` that is kept apart, or waits to be."""
    if isinstance(node, Mapping):
        if APART in node:
            yield dict(node)
        for value in node.values():
            yield from found(value)
    elif isinstance(node, list):
        for value in node:
            yield from found(value)


def by_id(*nodes: Json) -> dict[str, Json]:
    """The answers in `nodes` that are kept apart, by the id that a browser knows them by."""
    return {str(one[APART]): one for node in nodes for one in found(node)}


def is_asked(fields: Sequence[FieldDefinition]) -> bool:
    """Whether any of `fields`, or of those in their rows, is kept apart."""
    return any(type_of(field).apart or is_asked(field.subfields()) for field in fields)


def out_of_inputs(page: Page, raw: Raw) -> tuple[dict[str, list[str]], dict[str, Json]]:
    """What was typed on `page`, fit to be kept: right numbers go into a mapping of their own, wrong ones are dropped.

    A wrong number may be one sign away from the right one.
    """
    inputs = {name: list(values) for name, values in raw.items()}
    taken: dict[str, Json] = {}
    for name in [name for name in inputs if not name.endswith(f"-{KEPT}")]:
        field = _field_of(page, name)
        typed = (inputs[name] or [""])[0]
        if field is None or (inputs.get(f"{name}-{KEPT}") and _is_masked(typed)):
            continue
        whole = type_of(field).secret(typed)
        inputs.pop(f"{name}-{KEPT}", None)
        inputs[name] = [""]
        if whole:
            id = uuid4().hex
            taken[id] = {APART: id, WHOLE: whole}
            inputs[name], inputs[f"{name}-{KEPT}"] = [masked(whole)], [id]
    return inputs, taken


def without_ids(page: Page, raw: Raw) -> dict[str, list[str]]:
    """The inputs of `page` with numbers as far as they may be shown, and without the ids that stand for them."""
    shown, _ = out_of_inputs(page, raw)
    ends = f"-{KEPT}"
    return {
        name: values
        for name, values in shown.items()
        if not (name.endswith(ends) and _field_of(page, name.removesuffix(ends)))
    }


def _is_masked(typed: str) -> bool:
    """Whether nobody typed over what was shown."""
    return "•" in typed


def _field_of(page: Page, input: str) -> Any:
    """The field kept apart whose input this is: ``number``, or ``household-0-number`` in a row."""
    steps = input.split("-")
    top = next((field for field in page.fields if field.id == steps[0]), None)
    if top is None:
        return None
    if len(steps) == 1:
        return top if type_of(top).apart else None
    return next((one for one in _inside(top) if one.id == steps[-1] and type_of(one).apart), None)


def _inside(group: FieldDefinition) -> Iterator[FieldDefinition]:
    for field in group.subfields():
        yield field
        yield from _inside(field)
