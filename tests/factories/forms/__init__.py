"""Forms in the formats of other programs, made for tests; all that is in them is invented."""

from pathlib import Path
from typing import Any

from procedures.definition import FieldDefinition, Procedure
from procedures.importing import Imported, Order, convert
from procedures.importing.source import parse
from procedures.loader import load

FOLDER = Path(__file__).parent
SAMPLES = {
    "street-event.xgov": "xgov",
    "childcare.formio": "formio",
    "parking-permit.open-forms": "formio",
    "allotment.schema": "json-schema",
}


def sample(name: str) -> Any:
    """The JSON of a sample."""
    return parse((FOLDER / f"{name}.json").read_bytes(), name)


def imported(data: Any, format: str | None = None, **order: Any) -> Imported:
    """What the importer makes of `data`."""
    file = order.pop("file", Path("sample.yaml"))
    return convert(data, Order(file, "tokyo-taxation", "tax", format=format, **order))


def procedure_of(made: Imported) -> Procedure:
    """The procedure that the written file gives."""
    return load(made.text).procedure


def field_of(procedure: Procedure, id: str) -> FieldDefinition:
    """A field, also one within a group."""
    found = [*procedure.fields(), *(inner for field in procedure.fields() for inner in field.subfields())]
    return next(field for field in found if field.id == id)


def notes_of(made: Imported, sort: str) -> list[str]:
    """The notes of one sort, as the command prints them."""
    return [str(note) for note in made.notes if note.sort == sort]
