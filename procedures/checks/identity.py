"""Names of things: unique, writable in expressions, equal to the file's name, known to the house."""

import keyword
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path as FilePath
from typing import Any, Final

from accounts import organisations
from core.registry import registry
from core.told import Told, tell
from procedures.checks.subject import Found, Subject
from procedures.expressions.checker import did_you_mean
from procedures.expressions.compiler import CONSTANTS
from procedures.loader import INLINE
from procedures.yaml_reader import Path

_RESERVED: Final = frozenset({"today", "now", *CONSTANTS, *keyword.kwlist})


def file_name(subject: Subject) -> Iterator[Found]:
    """`<department>/<procedure>.yaml` is where a procedure lies."""
    if subject.loaded.file == INLINE:
        return
    path, procedure = FilePath(subject.loaded.file), subject.procedure
    if path.stem != procedure.procedure:
        hint = tell("rename the file to %(procedure)s.yaml", procedure=procedure.procedure)
        yield Found(("procedure",), "file-name", tell("the file is not named like the procedure"), hint)
    if path.absolute().parent.name != procedure.department:
        hint = tell("put it into the folder %(department)s", department=procedure.department)
        yield Found(
            ("department",), "file-name", tell("the file does not lie in its department's folder"), hint
        )


def organisation(subject: Subject) -> Iterator[Found]:
    """The department and the desks are its organisation's, where the file lies in a catalogue."""
    folder = FilePath(subject.loaded.file).absolute().parent.parent
    if subject.loaded.file == INLINE or not (folder / "organisations.yaml").exists():
        return
    entries = organisations.read(folder)
    procedure = subject.procedure
    owner = next((entry for entry in entries if procedure.department in entry.departments), None)
    if owner is None:
        known = [department for entry in entries for department in entry.departments]
        text = tell("no organisation has the department '%(department)s'", department=procedure.department)
        yield Found(("department",), "unknown-department", text, did_you_mean(procedure.department, known))
        return
    desks: list[tuple[Path, str | None]] = [(("desk",), procedure.desk)]
    states = procedure.workflow.states.items()
    desks += [(("workflow", "states", name, "desk"), state.desk) for name, state in states]
    for path, desk in desks:
        if desk is not None and desk not in owner.desks:
            hint = did_you_mean(desk, owner.desks) or tell("desks: %(desks)s", desks=", ".join(owner.desks))
            yield Found(
                path, "unknown-desk", tell("%(id)s has no desk '%(desk)s'", id=owner.id, desk=desk), hint
            )


def unique_ids(subject: Subject) -> Iterator[Found]:
    """Each id stands for one thing."""
    procedure = subject.procedure
    fields = [
        (("pages", index, "fields", place), field.id)
        for index, page in enumerate(procedure.pages)
        for place, field in enumerate(page.fields)
    ]
    yield from _twice(
        tell("field"),
        [
            *fields,
            *((("computed", name), name) for name in procedure.computed),
            *((("tables", name), name) for name in procedure.tables),
        ],
    )
    kinds: tuple[tuple[str, Sequence[Any]], ...] = (
        ("pages", procedure.pages),
        ("attachments", procedure.attachments),
        ("declarations", procedure.declarations),
        ("issue", procedure.issue),
        ("eligibility", procedure.eligibility),
    )
    for kind, things in kinds:
        yield from _twice(
            tell("%(key)s", key=kind), [((kind, index), thing.id) for index, thing in enumerate(things)]
        )
    for path, id in fields:
        group = procedure.field(id)
        inner = group.subfields() if group else ()
        yield from _twice(
            tell("field"), [((*path, "fields", place), field.id) for place, field in enumerate(inner)]
        )


def _twice(kind: Told, things: Iterable[tuple[Path, str]]) -> Iterator[Found]:
    seen: set[str] = set()
    for path, id in things:
        if id in seen:
            yield Found(
                (*path, "id"),
                "duplicate-id",
                tell("'%(id)s' is already used (%(kind)s)", id=id, kind=kind),
                tell("give it another id"),
            )
        if kind == "field" and id in _RESERVED:
            yield Found(
                (*path, "id"),
                "reserved-id",
                tell("'%(id)s' is a word of expressions", id=id),
                tell("give it another id"),
            )
        seen.add(id)


def signature_level(subject: Subject) -> Iterator[Found]:
    """The level is one the house has."""
    known = registry("signing.levels", "signature level")
    level = subject.procedure.signature.level
    if level not in known:
        text = tell(
            "no signature level named '%(level)s'; known: %(known)s",
            level=level,
            known=", ".join(sorted(known)),
        )
        yield Found(("signature", "level"), "unknown-level", text, did_you_mean(level, known))


def retention(subject: Subject) -> Iterator[Found]:
    """Personal data has an end."""
    procedure = subject.procedure
    if procedure.law.retention is not None:
        return
    fields = [inner for field in procedure.fields() for inner in (field, *field.subfields())]
    personal = next((field.id for field in fields if field.personal), None)
    if personal or procedure.attachments:
        what = (
            tell("'%(personal)s' is personal", personal=personal) if personal else tell("files are handed in")
        )
        text = tell("%(what)s, and nothing says how long the case is kept", what=what)
        yield Found(("law",), "retention", text, tell("add `retention: 5 years` to `law`"), on_key=True)


def placeholders(subject: Subject) -> Iterator[Found]:
    """Names in a document's texts are fields, computed values or the document's own."""
    known = [*subject.scope, "reference", "issued_on", "valid_until", "organisation"]
    for index, document in enumerate(subject.procedure.issue):
        parts = [(("body",), document.body), (("title",), document.title)]
        parts += [(("conditions", place), text) for place, text in enumerate(document.conditions)]  # type: ignore[misc]
        parts += [(("addressee",), document.addressee)] if document.addressee else []
        for place, row in enumerate(document.rows):
            parts += [(("rows", place, "label"), row.label), (("rows", place, "value"), row.value)]  # type: ignore[list-item]
        for path, text in parts:
            for written in text.as_dict().values():
                for name in re.findall(r"\{([a-z][^{}|]*)\}", written):
                    if name not in known:
                        message = tell("no field named '%(name)s' to fill in", name=name)
                        yield Found(
                            ("issue", index, *path), "placeholder", message, did_you_mean(name, known)
                        )


CHECKS = (file_name, organisation, unique_ids, signature_level, retention, placeholders)
