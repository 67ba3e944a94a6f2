"""Where answers come from: sources that exist, hold what the field asks for, and mean something where they stand."""

from collections.abc import Iterator, Mapping
from typing import Any

from procedures.checks.subject import Found, Subject
from procedures.definition import FieldDefinition
from procedures.expressions.checker import did_you_mean
from procedures.prefill import ROW_SOURCES, SOURCES, fitting
from procedures.yaml_reader import Path


def sources(subject: Subject) -> Iterator[Found]:
    """Each `prefill` names a source of the field's own type."""
    for index, page in enumerate(subject.procedure.pages):
        for place, field in enumerate(page.fields):
            path: Path = ("pages", index, "fields", place)
            yield from _checked(path, field, SOURCES)
            rows = ROW_SOURCES if field.prefill == "profile.household" else {}
            for inner, sub in enumerate(field.subfields()):
                yield from _checked((*path, "fields", inner), sub, rows)


def _checked(path: Path, field: FieldDefinition, known: Mapping[str, Any]) -> Iterator[Found]:
    name = field.prefill
    if name is None:
        return
    path = (*path, "prefill")
    if name in known:
        if known[name][0] != field.type:
            fits = ", ".join(one for one in fitting(field.type) if one in known)
            hint = f"for {field.type}: {fits}" if fits else f"no source fits a field of type {field.type}"
            yield Found(path, "prefill-type", f"'{name}' fills fields of type {known[name][0]}", hint)
    elif name in ROW_SOURCES:
        hint = "write `prefill: profile.household` on the group"
        yield Found(path, "prefill-place", f"'{name}' is about a row of the household", hint)
    elif name in SOURCES:
        yield Found(path, "prefill-place", f"'{name}' does not belong to a row of a group")
    else:
        text = f"nothing is stored as '{name}'"
        hint = did_you_mean(name, known) or f"sources: {', '.join(known)}"
        yield Found(path, "unknown-source", text, hint)


CHECKS = (sources,)
