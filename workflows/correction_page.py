"""The page of a correction: what it asks for, what its inputs show, and what is read from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from applications import queries, slots, uploads, vault
from applications.models import Correction
from applications.vault import CorrectionDocument, FileEntry
from core import clock
from core.context import Context
from forms import page as pages
from forms.slots import Booked
from forms.types import FieldError, Raw, Reading, type_of
from procedures import visibility
from procedures.definition import AttachmentDefinition, FieldDefinition, Page
from procedures.definition.base import Json
from procedures.values import Values
from workflows import case as cases
from workflows.case import Case


@dataclass(frozen=True)
class Part:
    """A page and those of its fields that may be changed."""

    page: Page
    fields: tuple[FieldDefinition, ...]


@dataclass(frozen=True)
class CorrectionForm:
    """What the applicant is asked to correct."""

    correction: Correction
    remarks: Mapping[str, str]
    """Remark by the id of a field or attachment."""
    parts: tuple[Part, ...]
    attachments: tuple[AttachmentDefinition, ...]
    answers: Mapping[str, Json]
    raw: Raw
    """What the inputs show: what was typed last, else what was handed in."""
    files: Mapping[str, list[FileEntry]]
    """What was uploaded so far in answer."""


def correctable(case: Case) -> tuple[tuple[Part, ...], tuple[AttachmentDefinition, ...]]:
    """Everything a clerk may ask to correct in `case`."""
    parts = tuple(
        Part(page, tuple(field for field in visibility.visible_fields(page, case.values) if _asks(field)))
        for page in visibility.visible_pages(case.procedure, case.values)
    )
    asked = visibility.asked_attachments(case.procedure, case.values)
    return tuple(part for part in parts if part.fields), asked


def _asks(field: FieldDefinition) -> bool:
    return type_of(field).asks


def form(
    session: Session, ctx: Context, application_id: str, typed: Raw | None = None
) -> CorrectionForm | None:
    """What the applicant has to correct now, with what is `typed` or was kept; none where nothing is asked."""
    case = cases.load(session, ctx, application_id)
    correction = queries.open_correction(session, case.application)
    if correction is None:
        return None
    document = vault.read_correction(ctx, case.application, correction)
    raw = _shown(case, document, typed_in(case, typed) if typed is not None else None)
    found = read(session, case, document, raw)
    return CorrectionForm(
        correction,
        document.remarks,
        found.parts,
        tuple(one for one in case.procedure.attachments if one.id in document.remarks),
        case.document.answers,
        raw,
        document.files,
    )


def _shown(case: Case, document: CorrectionDocument, typed: Raw | None) -> Raw:
    """What the inputs hold: what is `typed` or was kept, and of what is not asked what was handed in."""
    handed_in = _inputs(case)
    if typed is None and not (document.begun or document.raw):
        return handed_in
    asked = document.remarks.keys()
    rest = {name: values for name, values in handed_in.items() if _owner(name) not in asked}
    return {**rest, **(document.raw if typed is None else typed)}


def typed_in(case: Case, raw: Raw) -> dict[str, list[str]]:
    """What stands in inputs of the procedure's fields; nobody else's inputs are kept."""
    ids = {field.id for field in case.procedure.fields()}
    return {name: list(values) for name, values in raw.items() if _owner(name) in ids}


def sent_files(case: Case, files: Mapping[str, Sequence[FileEntry]]) -> dict[str, FileEntry]:
    """The files that answers may name: those handed in before, and those of the correction."""
    before = uploads.of(case.procedure, case.document.answers)
    return {entry["id"]: entry for entry in before if "id" in entry} | uploads.known(files)


def booked_by_others(session: Session, case: Case) -> Booked:
    """The places of slots that others took, where the procedure has slots."""
    owner = slots.Owner(application_id=case.application.id)
    return slots.booked(session, case.procedure, case.procedure.fields(), owner)


@dataclass(frozen=True)
class Read:
    """What was typed, read: the answers with what was corrected, mistakes, and what was asked."""

    answers: dict[str, Json]
    errors: list[FieldError]
    parts: tuple[Part, ...]


def read(session: Session, case: Case, document: CorrectionDocument, raw: Raw) -> Read:
    """Read the named fields, and those that only now are asked because of what was changed, page by page."""
    asked = {
        field.id
        for page in visibility.visible_pages(case.procedure, case.values)
        for field in visibility.visible_fields(page, case.values)
    }
    found = Read(dict(case.document.answers), [], ())
    parts: list[Part] = []
    named, booked = set(document.remarks), booked_by_others(session, case)
    sent = sent_files(case, document.files)
    for page in case.procedure.pages:
        values = Values(case.procedure, found.answers, case.values.today)
        if page.when is not None and not page.when.holds(values):
            continue
        open_ids = {field.id for field in page.fields if field.id in named or field.id not in asked}
        inputs = _merged(pages.inputs(page, found.answers), raw, open_ids)
        reading = Reading(clock.today(case.zone), values, booked, sent, document.apart)
        result = pages.read(page, inputs, found.answers, reading)
        fields = tuple(
            field for field in page.fields if field.id in open_ids & set(result.visible) and _asks(field)
        )
        if not fields:
            continue
        parts.append(Part(page, fields))
        shown = {field.id for field in fields}
        found.errors.extend(error for error in result.errors if _owner(error.input) in shown)
        found.answers.update({id: result.answers[id] for id in shown if id in result.answers})
    return Read(found.answers, found.errors, tuple(parts))


def _merged(stored: Raw, typed: Raw, open_ids: set[str]) -> Raw:
    """The stored inputs, those of the open fields replaced by what was typed."""
    return {
        **{name: values for name, values in stored.items() if _owner(name) not in open_ids},
        **{name: values for name, values in typed.items() if _owner(name) in open_ids},
    }


def _owner(input: str) -> str:
    """The field an input belongs to: ``household-0-income`` is one of `household` (ids hold no hyphens)."""
    return input.partition("-")[0]


def _inputs(case: Case) -> dict[str, list[str]]:
    inputs: dict[str, list[str]] = {}
    for page in case.procedure.pages:
        inputs.update({name: list(v) for name, v in pages.inputs(page, case.document.answers).items()})
    return inputs
