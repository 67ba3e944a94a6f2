"""Answers that one form may take from another that the same person fills in: by source, or by name and type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from forms import prefill
from procedures.definition import Procedure
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.prefill import APPLICANT, PROFILE

CONTACT: Final = frozenset(("address", "email", "person_name", "phone"))
"""Types whose answers are taken over where id and type agree; the person sees both labels before they agree."""
ALIKE: Final = frozenset(("bank_account", "date"))
"""Types for which the label has to be the same as well. An individual number (My Number) is typed where it is asked."""
_OF_APPLICANT: Final = ("address", "phone")


@dataclass(frozen=True)
class Other:
    """Another form of the same person; `key` is the caller's name for it."""

    key: str
    procedure: Procedure
    answers: Mapping[str, Json]


@dataclass(frozen=True)
class Shared:
    """An answer and the form that it comes from."""

    value: Json
    source: str


def answers(procedure: Procedure, others: Sequence[Other], language: str) -> dict[str, Shared]:
    """What `others` have for the fields of `procedure`, by id; the first one that has something counts."""
    found: dict[str, Shared] = {}
    for other in others:
        stored = _stored(other, language)
        theirs = {field.id: field for field in other.procedure.fields() if other.answers.get(field.id)}
        named = {
            field.id: other.answers[field.id]
            for field in procedure.fields()
            if not field.prefill and field.id in theirs and _alike(field, theirs[field.id])
        }
        for id, value in (prefill.values(procedure, stored) | named).items():
            found.setdefault(id, Shared(value, other.key))
    return found


def _alike(mine: FieldDefinition, theirs: FieldDefinition) -> bool:
    """Whether an answer to `theirs` very probably answers `mine`."""
    if mine.type != theirs.type or getattr(mine, "own", True) != getattr(theirs, "own", True):
        return False
    return mine.type in CONTACT or (mine.type in ALIKE and mine.own_label() == theirs.own_label())


def _stored(other: Other, language: str) -> dict[str, Json]:
    """The answers by the sources that fields name."""
    kept = {entry.name: entry.value for entry in prefill.entries(other.procedure, other.answers, language)}
    stored = {f"{PROFILE}.{name}": value for name, value in kept.items()}
    return stored | {f"{APPLICANT}.{name}": kept[name] for name in _OF_APPLICANT if name in kept}
