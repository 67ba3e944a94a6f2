"""Where answers come from: sources that exist, hold what the field asks for, and mean something where they stand."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.told import tell
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
            hint = (
                tell("for %(type)s: %(fits)s", type=field.type, fits=fits)
                if fits
                else tell("no source fits a field of type %(type)s", type=field.type)
            )
            yield Found(
                path,
                "prefill-type",
                tell("'%(name)s' fills fields of type %(known)s", name=name, known=known[name][0]),
                hint,
            )
    elif name in ROW_SOURCES:
        hint = tell("write `prefill: profile.household` on the group")
        yield Found(
            path, "prefill-place", tell("'%(name)s' is about a row of the household", name=name), hint
        )
    elif name in SOURCES:
        yield Found(path, "prefill-place", tell("'%(name)s' does not belong to a row of a group", name=name))
    else:
        text = tell("nothing is stored as '%(name)s'", name=name)
        hint = did_you_mean(name, known) or tell("sources: %(known)s", known=", ".join(known))
        yield Found(path, "unknown-source", text, hint)


CHECKS = (sources,)
