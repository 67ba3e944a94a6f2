"""Issuing a document: its texts from a case, and its place in the register once it is rendered and sealed."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import organisations
from applications import contents
from applications.models import Application
from core import audit, clock
from core.context import Context
from core.errors import NotFound
from core.identifiers import code
from documents.models import Issued
from documents.placeholders import Placeholders, names_in
from documents.sheet import Sheet, SheetRow
from forms.types import type_of
from procedures import calendar
from procedures.definition import Document, Procedure
from procedures.values import Values
from translations.text import Text

CODE_LENGTH = 12
"""60 bits: nobody finds a document by trying codes."""
LARGEST = 50_000_000
FORMAT = "madoguchi-document/1"


def definition_of(procedure: Procedure, document_id: str) -> Document:
    """The document `document_id` of `procedure`. Raises `NotFound`."""
    for document in procedure.issue:
        if document.id == document_id:
            return document
    raise NotFound(f"procedure {procedure.procedure} has no document {document_id}")


def prepare(
    session: Session,
    application: Application,
    procedure: Procedure,
    document_id: str,
    answers: Mapping[str, Any],
) -> Sheet:
    """What is to stand on the document, with a new verification code, dated today where the organisation is."""
    document = definition_of(procedure, document_id)
    organisation = organisations.get(session, application.organisation_id)
    today = clock.today(organisation.timezone)
    begins = runs_from(session, application, today)
    valid_until = calendar.add(begins, document.valid_for) if document.valid_for else application.expires_on
    title = Text(organisation.title)
    placeholders = Placeholders(
        procedure,
        answers,
        Values(procedure, answers, today),
        today,
        {
            "reference": application.reference,
            "issued_on": today,
            "today": today,
            "valid_until": valid_until,
            "organisation": title.phrase(procedure.language).text,
        },
    )
    reader = application.language
    new_code = code(CODE_LENGTH)
    rows = tuple(
        SheetRow(placeholders.both(row.label, reader), placeholders.both(row.value, reader))
        for row in document.rows
        if not placeholders.empty(row.value)
    )
    department = organisation.departments.get(procedure.department)
    return Sheet(
        organisation=placeholders.both(title, reader),
        department=placeholders.both(Text(department), reader) if department else None,
        title=placeholders.both(document.title, reader),
        body=placeholders.both(document.body, reader),
        rows=rows,
        conditions=tuple(placeholders.both(each, reader) for each in document.conditions),
        reference=application.reference,
        code=new_code,
        issued_on=today,
        valid_until=valid_until,
        addressee=placeholders.both(document.addressee, reader).text if document.addressee else None,
        sealed=document.seal,
        language=procedure.language,
        beside=reader if reader != procedure.language else None,
        data=_data(application, document, _told(procedure, answers), rows, (new_code, today, valid_until)),
    )


def runs_from(session: Session, application: Application, today: date) -> date:
    """The day from which what is granted now lasts: a renewal goes on where the document that it renews ends."""
    renewed = session.get(Issued, application.renews) if application.renews else None
    if renewed is None or renewed.withdrawn_at is not None:
        return today
    return max(today, renewed.valid_until or today)


def find(session: Session, application_id: str, document_id: str, occasion: str) -> Issued | None:
    """What was issued for this occasion already."""
    return session.scalar(
        sa.select(Issued).where(
            Issued.application_id == application_id,
            Issued.document_id == document_id,
            Issued.occasion == occasion,
        )
    )


def store(
    session: Session,
    ctx: Context,
    application: Application,
    document_id: str,
    occasion: str,
    sheet: Sheet,
    pdf: bytes,
) -> Issued:
    """Keep the finished `pdf` and enter it in the register. A second time for the same occasion gives the first."""
    already = find(session, application.id, document_id, occasion)
    if already is not None:
        return already
    id = uuid4().hex
    stored = contents.keep(ctx, application.case_key, id, BytesIO(pdf), LARGEST)
    issued = Issued(
        id=id,
        organisation_id=application.organisation_id,
        application_id=application.id,
        document_id=document_id,
        occasion=occasion,
        code=sheet.code,
        storage_key=stored.key,
        sha256=stored.sha256,
        size=stored.size,
        language=sheet.beside or sheet.language,
        issued_at=clock.now(),
        valid_until=sheet.valid_until,
    )
    try:
        with session.begin_nested():
            session.add(issued)
    except IntegrityError:
        ctx.files.delete(stored.key)
        first = find(session, application.id, document_id, occasion)
        if first is None:
            raise
        return first
    audit.append(
        session,
        "document.issued",
        f"application:{application.id}",
        "system",
        document=document_id,
        occasion=occasion,
        sha256=stored.sha256,
    )
    return issued


def withdraw(session: Session, issued_id: str, actor: str) -> Issued:
    """Declare a document void from now on; a second time changes nothing. Raises `NotFound`."""
    issued = session.get(Issued, issued_id)
    if issued is None:
        raise NotFound(f"no issued document {issued_id}")
    if issued.withdrawn_at is None:
        issued.withdrawn_at = clock.now()
        audit.append(
            session,
            "document.withdrawn",
            f"application:{issued.application_id}",
            actor,
            document=issued.document_id,
            sha256=issued.sha256,
        )
    return issued


def _told(procedure: Procedure, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they may leave the house: what a field keeps secret is masked."""
    given = ((field, answers.get(field.id)) for field in procedure.fields())
    return {field.id: type_of(field).told(field, stored) for field, stored in given if stored is not None}


def _data(
    application: Application,
    document: Document,
    answers: Mapping[str, Any],
    rows: tuple[SheetRow, ...],
    facts: tuple[str, date, date | None],
) -> dict[str, Any]:
    """What goes with the document as JSON: the answers that its texts name and no others, as they were typed."""
    texts = [document.title, document.body, *document.conditions, *(row.value for row in document.rows)]
    if document.addressee:
        texts.append(document.addressee)
    verification, issued_on, valid_until = facts
    return {
        "format": FORMAT,
        "organisation": application.organisation_id,
        "procedure": application.procedure_id,
        "version": application.version_digest,
        "document": document.id,
        "reference": application.reference,
        "code": verification,
        "issued_on": issued_on.isoformat(),
        "valid_until": valid_until.isoformat() if valid_until else None,
        "rows": [{"label": row.label.text, "value": row.value.text} for row in rows],
        "answers": {name: answers[name] for name in sorted(names_in(texts)) if name in answers},
    }
