"""Files of questions on pages. The document lists what was sent; answers, or what is typed so far, name it by id."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from applications.vault import DraftDocument, FileEntry
from forms.handed_in import KEPT
from forms.types import Raw, type_of
from procedures.definition import Procedure
from procedures.definition.base import Json

ON_PAGES: Final = "-"
"""Where a document's `files` list them; no attachment can be named so."""


def keep(files: dict[str, list[FileEntry]], new: Sequence[FileEntry]) -> None:
    """Add what was sent now to `files` of a document."""
    if new:
        files[ON_PAGES] = [*files.get(ON_PAGES, []), *new]


def known(files: Mapping[str, Sequence[FileEntry]]) -> dict[str, FileEntry]:
    """The files that may be named, by id."""
    return {entry["id"]: entry for entry in files.get(ON_PAGES, ())}


def of(procedure: Procedure, answers: Mapping[str, Json]) -> Iterator[FileEntry]:
    """The files that `answers` consist of."""
    return chain.from_iterable(
        type_of(field).files(field, answers[field.id])
        for field in procedure.fields()
        if answers.get(field.id) is not None
    )


def named_in(procedure: Procedure, raw: Raw) -> set[str]:
    """The ids that inputs of the procedure's questions name, as many for each question as it may have."""
    named: set[str] = set()
    for field in procedure.fields():
        for name, question in type_of(field).questions(field, raw, field.id).items():
            named.update(raw.get(f"{name}-{KEPT}", ())[: question.max_files])
    return named


def drop_unused(procedure: Procedure, document: DraftDocument) -> list[str]:
    """Take the files that nothing names any more off the list; their ids."""
    named = {entry["id"] for entry in of(procedure, document.answers) if "id" in entry}
    for raw in (*document.raw.values(), *document.beside.values()):
        named.update(*(values for name, values in raw.items() if name.endswith(f"-{KEPT}")))
    listed = document.files.get(ON_PAGES, [])
    unused = [entry["id"] for entry in listed if entry["id"] not in named]
    if unused:
        document.files[ON_PAGES] = [entry for entry in listed if entry["id"] in named]
    return unused
