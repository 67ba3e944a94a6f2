"""Filling a form in with what somebody has stored, and back: values by field, found by the sources fields name."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from forms.page import FormPage
from forms.readings import is_latin
from forms.types import Label, Line, type_of
from procedures.definition import Page, Procedure
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.prefill import APPLICANT, PROFILE

Stored = Mapping[str, Json]
"""What is stored, by source: ``profile.name``, ``company.number`` …"""


@dataclass(frozen=True)
class Entry:
    """An answer that could be stored: of which field, as which entry of the profile, to be read as `lines`."""

    field: str
    name: str
    label: Label | None
    lines: list[Line]
    value: Json


def sources(procedure: Procedure) -> list[str]:
    """The sources that a procedure asks for, each once."""
    return list(dict.fromkeys(field.prefill for field in procedure.fields() if field.prefill))


def values(procedure: Procedure, stored: Stored) -> dict[str, Json]:
    """What `stored` has for the fields of `procedure`, by id."""
    found = {field.id: _value(field, stored) for field in procedure.fields() if field.prefill}
    return {id: value for id, value in found.items() if value}


def on_page(page: Page, prefilled: Mapping[str, Json], answers: Mapping[str, Json]) -> dict[str, Json]:
    """The answers to show on `page`: those given, and beside them what was filled in and not yet answered."""
    waiting = {
        field.id: prefilled[field.id]
        for field in page.fields
        if field.id in prefilled and field.id not in answers
    }
    return {**answers, **waiting}


def unchanged(page: Page, prefilled: Mapping[str, Json], raw: Mapping[str, Any]) -> frozenset[str]:
    """The fields of `page` whose inputs still hold what was filled in."""
    return frozenset(
        field.id
        for field in page.fields
        if field.id in prefilled and _same(type_of(field).raw(field, prefilled[field.id], field.id), raw)
    )


def described(shown: FormPage, noted: Collection[str], note: str = "source") -> FormPage:
    """The page with a note, as that of their source (``<name>-source``), among what describes the fields `noted`."""
    if not noted:
        return shown
    fields = [
        replace(field, described=f"{field.described} {field.name}-{note}".strip())
        if field.name in noted
        else field
        for field in shown.fields
    ]
    return replace(shown, fields=fields)


def entries(procedure: Procedure, answers: Mapping[str, Json], language: str) -> list[Entry]:
    """The answers of somebody's own application that their profile can hold, by the name of the entry."""
    found: dict[str, Entry] = {}
    for field in procedure.fields():
        kind, _, name = (field.prefill or "").partition(".")
        answer = answers.get(field.id)
        value = _stored(field, answer) if kind in (PROFILE, APPLICANT) else None
        if value and name not in found:
            lines = type_of(field).lines(field, answer, language)
            found[name] = Entry(field.id, name, field.own_label(), lines, value)
    return list(found.values())


def _same(filled: Mapping[str, list[str]], raw: Mapping[str, Any]) -> bool:
    return all(list(raw.get(name, [""])) == inputs for name, inputs in filled.items())


def _value(field: FieldDefinition, stored: Stored) -> Json:
    source = field.prefill or ""
    name = stored.get("profile.name") or {}
    if source == "profile.full_name":
        return _joined(name, "family", "given")
    if source == "profile.kana":
        reading = _joined(name, "family_kana", "given_kana")
        return None if is_latin(reading) else reading
    if source == "profile.household":
        rows = [_row(field, member) for member in stored.get(source) or ()]
        return [row for row in rows if row]
    return stored.get(source)


def _joined(name: Mapping[str, str], *parts: str) -> str:
    return " ".join(name[part] for part in parts if name.get(part))


def _row(group: FieldDefinition, member: Mapping[str, Json]) -> dict[str, Json]:
    return {
        sub.id: value for sub, part in _parts(group) if (value := member.get(part)) and _offers(sub, value)
    }


def _parts(group: FieldDefinition) -> Iterator[tuple[FieldDefinition, str]]:
    """The fields of a row that are filled in, with the part of a member they take."""
    for sub in group.subfields():
        if sub.prefill and sub.prefill.startswith("member."):
            yield sub, sub.prefill.removeprefix("member.")


def _offers(field: FieldDefinition, value: Json) -> bool:
    """Whether a choice has this option; other fields take anything of their type."""
    options = getattr(field, "options", None)
    return options is None or any(option.value == value for option in options)


def _stored(field: FieldDefinition, answer: Json) -> Json:
    """An answer as it would be stored; none where a source is put together from others."""
    if field.prefill in ("profile.full_name", "profile.kana"):
        return None
    if field.prefill != "profile.household":
        return answer
    rows = [{part: row.get(sub.id) for sub, part in _parts(field)} for row in answer or ()]
    return [{part: value for part, value in row.items() if value} for row in rows if row.get("name")]
