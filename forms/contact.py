"""Who is written to, taken from the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from forms.types import Reading, field_types
from procedures.definition import Procedure
from procedures.definition.base import Json


@dataclass(frozen=True, slots=True)
class Contact:
    """The applicant's e-mail address and name, as far as the answers have them."""

    email: str | None = None
    name: str | None = None
    email_field: str | None = None
    """The question whose answer the address is."""


def contact(procedure: Procedure, answers: Mapping[str, Json]) -> Contact:
    """The first answered `email`, and the first answered `person_name` (the applicant's own before others')."""
    asked, email = _first(procedure, answers, "email")
    _, name = _first(procedure, answers, "person_name")
    parts = (name.get("family"), name.get("given")) if name else ()
    return Contact(email, " ".join(part for part in parts if part) or None, asked)


def address(typed: str) -> str | None:
    """`typed` as the form would keep it, if it is an e-mail address."""
    kind = field_types()["email"]
    asked = kind.definition(id="email", type="email")
    read = kind.parse(asked, {"email": [typed]}, "email", Reading(date.min))
    return read.value if isinstance(read.value, str) else None


def _first(procedure: Procedure, answers: Mapping[str, Json], type: str) -> tuple[str | None, Json]:
    asked = [field for field in procedure.fields() if field.type == type]
    asked.sort(key=lambda field: not getattr(field, "own", True))
    return next(((field.id, answer) for field in asked if (answer := answers.get(field.id))), (None, None))
