"""Filling in a renewal with the answers of an earlier application: what still fits is taken over, the rest is named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from forms.types import Label, Reading, type_of
from procedures import stored
from procedures.definition import FieldDefinition, Procedure, Renewal
from procedures.definition.base import Json
from procedures.values import Values

REFERENCE: Final = "{reference}"
"""Stands in texts of `renew: answers:` for the number of the earlier application."""
Why = Literal["gone", "unfit", "anew"]
"""`gone`: nobody asks for it any more; `unfit`: the form takes other answers now; `anew`: it is given each time."""


@dataclass(frozen=True)
class Left:
    """An earlier answer that is not taken over: what it was called, and why."""

    field: str
    label: Label | None
    why: Why


@dataclass(frozen=True)
class TakenOver:
    """What the form is filled in with, by field, and the answers that are left behind, in the order of the form."""

    values: Mapping[str, Json]
    left: tuple[Left, ...]


def take_over(
    new: Procedure, old: Procedure, answers: Mapping[str, Json], today: date, reference: str
) -> TakenOver:
    """`answers`, given under `old`, as far as they are answers of `new`, with what its `renew` says beside them.

    Raises `ValueError` where `new` renews nothing.
    """
    renew = new.renew
    if renew is None:
        raise ValueError(f"{new.procedure} renews nothing")
    follows = following(new, renew, reference)
    again = frozenset(renew.ask_again)
    values, left = dict[str, Json](), list[Left]()
    for field in old.fields():
        answer = answers.get(field.id)
        if answer is None or not type_of(field).asks or field.id in follows:
            continue
        now = new.field(field.id)
        why = _why_not(now, field, again)
        if why is None and now is not None:
            values[field.id], lost = _without_lost(now, field, answer)
            left += lost
        elif why is not None:
            left.append(Left(field.id, field.own_label(), why))
    values |= follows
    unfit = [field for field in new.fields() if field.id in values and not _takes(new, field, values, today)]
    for field in unfit:
        del values[field.id]
        left.append(Left(field.id, field.own_label(), "unfit"))
    return TakenOver({id: value for id, value in values.items() if value != []}, tuple(left))


def following(procedure: Procedure, renew: Renewal, reference: str) -> dict[str, Json]:
    """The answers that follow from renewing, as they are stored. Raises `ValueError` for what cannot be one."""
    found = {}
    for id, written in renew.answers.items():
        field = procedure.field(id)
        if field is not None:
            text = written.replace(REFERENCE, reference) if isinstance(written, str) else written
            found[id] = stored.as_stored(field, text)
    return found


def _why_not(now: FieldDefinition | None, before: FieldDefinition, again: frozenset[str]) -> Why | None:
    """Why an answer to `before` cannot be one to `now`; none where it may."""
    if now is None:
        return "gone"
    if not type_of(now).lasts or now.id in again:
        return "anew"
    return "unfit" if now.type != before.type else None


def _without_lost(now: FieldDefinition, before: FieldDefinition, answer: Json) -> tuple[Json, list[Left]]:
    """`answer` without the parts of rows that `now` does not ask for, and these parts."""
    if not now.subfields():
        return answer, []
    inside = {sub.id: sub for sub in now.subfields()}
    reasons = {sub.id: _why_not(inside.get(sub.id), sub, frozenset()) for sub in before.subfields()}
    rows = [{id: value for id, value in row.items() if reasons.get(id, "gone") is None} for row in answer]
    left = [
        Left(f"{now.id}.{sub.id}", sub.own_label(), why)
        for sub in before.subfields()
        if (why := reasons[sub.id]) is not None and any(row.get(sub.id) is not None for row in answer)
    ]
    return [row for row in rows if row], left


def _takes(procedure: Procedure, field: FieldDefinition, values: Mapping[str, Json], today: date) -> bool:
    """Whether the field would take its answer if it was typed, with all the others typed too."""
    kind = type_of(field)
    typed = kind.raw(field, values[field.id], field.id)
    parsed = kind.parse(field, typed, field.id, Reading(today, Values(procedure, values, today)))
    return not parsed.errors and parsed.value is not None


def left_by_reason(taken: TakenOver) -> Iterator[tuple[Why, list[Left]]]:
    """What is left behind, each reason once."""
    reasons: tuple[Why, ...] = ("unfit", "anew", "gone")
    for why in reasons:
        found = [one for one in taken.left if one.why == why]
        if found:
            yield why, found
