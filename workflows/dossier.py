"""A case as the clerk sees it: answers, files, what happened, what changed, what is paid, and what may be done now."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import clerks, roles
from accounts.models import Clerk
from applications import queries, vault
from applications.models import Application, Correction, Event, UploadedFile
from applications.vault import CaseDocument, FileEntry
from core import clock
from core.context import Context
from core.errors import Message, NotFound, message
from core.registry import registry
from documents import receipts
from documents.models import Issued
from forms import summary
from forms.contact import Contact, contact
from forms.summary import Section
from forms.types import Line, type_of
from lotteries import queries as lotteries
from payments import ledger
from payments.ledger import PaymentStatus
from procedures.definition import AttachmentDefinition, Procedure
from procedures.fees import FeeDue
from procedures.scores import Scored
from translations.text import Text
from workflows import case as cases
from workflows import correction_page, engine, moves
from workflows.case import Case
from workflows.correction_page import Part
from workflows.engine import Label, Offer

HAPPENED: Mapping[str, Message] = {
    "filed": message("Filed"),
    "paid": message("Paid"),
    "refunded": message("Paid back"),
    "correction_requested": message("Correction requested"),
    "corrected": message("Correction received"),
    "comment": message("Comment"),
    "assigned": message("Assigned"),
    "drawn": message("Drawn"),
    "deadline": message("Deadline passed"),
    "issued": message("Document issued"),
    "message": message("Message"),
    "receipt": message("Receipt issued"),
    "migrated": message("Continued under a newer version of the procedure"),
}
FILED_BY: Mapping[str, Message] = {
    roles.COMPANY: message("Filed for a company"),
    roles.DELEGATE: message("Filed by a delegate"),
}


@dataclass(frozen=True)
class Happened:
    """A line of the history."""

    at: datetime
    who: Label
    what: Label
    text: str | None
    internal: bool
    """Whether the applicant never sees `text`."""


@dataclass(frozen=True)
class FileView:
    """A file that was handed in."""

    row: UploadedFile
    name: str


@dataclass(frozen=True)
class Change:
    """An answer before and after a correction, as lines to read."""

    label: Label | None
    before: Sequence[Line]
    after: Sequence[Line]


@dataclass(frozen=True)
class CorrectionView:
    """A correction request and what came of it."""

    correction: Correction
    who: Label
    remarks: Sequence[tuple[Label, str]]
    changes: Sequence[Change]
    """None where it is not answered."""


@dataclass(frozen=True)
class Paper:
    """A document that was issued."""

    issued: Issued
    title: Text | Message


@dataclass(frozen=True)
class CaseView:
    """Everything on the case page."""

    application: Application
    procedure: Procedure
    zone: str
    state: Label
    applicant: Contact
    acting: Mapping[str, Any]
    """Who acts for whom: see `accounts.roles`; empty: the applicant for themselves."""
    acting_until: date | None
    """The last day of a delegate's mandate."""
    sections: Sequence[Section]
    files: Sequence[tuple[Label, Sequence[FileView]]]
    history: Sequence[Happened]
    """The newest first."""
    corrections: Sequence[CorrectionView]
    offers: Sequence[Offer]
    """What this clerk may do now, and nothing else."""
    correcting: bool
    overdue: bool
    payment: PaymentStatus
    fee: FeeDue
    score: Scored | None
    signature: Mapping[str, str] | None
    signed_by: Message | None
    """How it was signed, in words."""
    entry: lotteries.EntryView | None
    papers: Sequence[Paper]
    renews: Application | None
    """The application whose document this one renews."""
    works: bool
    """Whether the clerk works on it, and does not only read it."""
    assignee: str | None
    colleagues: Sequence[tuple[str, str]]
    """Id and name of the clerks it can be assigned to."""
    correctable: Sequence[Part]
    correctable_files: Sequence[AttachmentDefinition]


def case(session: Session, ctx: Context, application_id: str, clerk: Clerk, language: str) -> CaseView:
    """The case for `clerk`, in their `language`. Raises `NotFound` where it is none of their desks'."""
    opened = cases.load(session, ctx, application_id)
    application, procedure = opened.application, opened.procedure
    cases.check_desk(opened, clerk)
    facts = cases.facts(session, opened)
    names = clerks.names(session)
    today = opened.values.today
    parts, attachments = correction_page.correctable(opened)
    signature = opened.document.signature
    return CaseView(
        application=application,
        procedure=procedure,
        zone=opened.zone,
        state=engine.label_of(procedure.workflow, application.state),
        applicant=contact(procedure, opened.document.answers),
        acting=opened.document.acting,
        acting_until=date.fromisoformat(until) if (until := opened.document.acting.get("until")) else None,
        sections=summary.sections(procedure, opened.document.answers, language, today),
        files=_files(session, opened),
        history=_history(session, ctx, opened, names),
        corrections=_corrections(session, ctx, opened, names, language),
        offers=engine.allowed(procedure.workflow, facts, cases.acting(clerk, application.desk)),
        correcting=facts.correcting is not None,
        overdue=bool(not application.outcome and application.due_at and application.due_at < clock.now()),
        payment=ledger.status(session, application.id),
        fee=opened.fee,
        score=opened.score,
        signature=signature,
        signed_by=registry("signing.levels", "signature level")[signature["level"]].signed
        if signature
        else None,
        entry=lotteries.of_application(session, ctx, application.id) if procedure.lottery else None,
        papers=_papers(session, opened),
        renews=_renewed(session, application),
        works=cases.works(clerk, application.desk),
        assignee=names.get(application.assignee_id or ""),
        colleagues=_colleagues(session, application),
        correctable=parts,
        correctable_files=attachments,
    )


def file_of(session: Session, ctx: Context, application_id: str, file_id: str, clerk: Clerk) -> FileView:
    """A file of the case, for `clerk`. Raises `NotFound`."""
    opened = cases.load(session, ctx, application_id)
    cases.check_desk(opened, clerk)
    for _, files in _files(session, opened):
        for file in files:
            if file.row.id == file_id:
                return file
    raise NotFound("no such file in this case")


def _files(session: Session, opened: Case) -> list[tuple[Label, list[FileView]]]:
    """The files of attachments, then those of questions, with what they were asked for by."""
    rows = queries.files(session, opened.application)
    procedure, answers = opened.procedure, opened.document.answers
    handed_in: list[tuple[Label, Sequence[FileEntry]]] = [
        (one.label, opened.document.files.get(one.id, ())) for one in procedure.attachments
    ]
    handed_in += [
        (field.own_label() or field.id, type_of(field).files(field, answers[field.id]))
        for field in procedure.fields()
        if answers.get(field.id) is not None
    ]
    return [
        (label, [FileView(rows[one["id"]], one["name"]) for one in entries if one.get("id") in rows])
        for label, entries in handed_in
        if entries
    ]


def _history(session: Session, ctx: Context, opened: Case, names: dict[str, str]) -> list[Happened]:
    application = opened.application
    return [
        Happened(
            event.at,
            moves.who(event.actor, names),
            _what(opened, event),
            vault.read_event(ctx, application, event),
            internal=event.kind == "comment",
        )
        for event in reversed(queries.events(session, application))
    ]


def _what(opened: Case, event: Event) -> Label:
    workflow, details = opened.procedure.workflow, event.details
    if event.kind == "state":
        return message("Now: %(state)s", state=engine.label_of(workflow, details["state"]))
    if event.kind == "step":
        return engine.label_of_step(workflow, details["state"], details["transition"])
    if event.kind == "filed" and "acting" in details:
        return FILED_BY[details["acting"]]
    return HAPPENED.get(event.kind, event.kind)


def _corrections(
    session: Session, ctx: Context, opened: Case, names: dict[str, str], language: str
) -> list[CorrectionView]:
    application = opened.application
    views, known = [], labels(opened.procedure)
    for correction in reversed(queries.corrections(session, application)):
        remarks = vault.read_correction(ctx, application, correction).remarks
        answered = (
            correction.answered_at is not None and application.answers_version > correction.before_version
        )
        views.append(
            CorrectionView(
                correction,
                moves.who(correction.requested_by, names),
                [(known.get(id, id), text) for id, text in remarks.items()],
                _changes(session, ctx, opened, correction.before_version, language) if answered else (),
            )
        )
    return views


def labels(procedure: Procedure) -> dict[str, Label]:
    """What a correction may name: the labels of fields and attachments by id."""
    labels: dict[str, Label] = {one.id: one.label for one in procedure.attachments}
    return labels | {field.id: field.own_label() or field.id for field in procedure.fields()}


def _changes(session: Session, ctx: Context, opened: Case, version: int, language: str) -> list[Change]:
    """What differs between the answers `version` and those after them."""
    before, after = (
        _readable(opened, queries.document(session, ctx, opened.application, which), language)
        for which in (version, version + 1)
    )
    nothing = _Readable(None, [])
    pairs = [(before.get(id, nothing), after.get(id, nothing)) for id in dict.fromkeys([*before, *after])]
    return [
        Change(new.label or old.label, old.lines, new.lines)
        for old, new in pairs
        if (old.lines, old.files) != (new.lines, new.files)
    ]


@dataclass(frozen=True)
class _Readable:
    label: Label | None
    lines: Sequence[Line]
    files: Sequence[str] = ()
    """Their digests: another file may bear the same name."""


def _readable(opened: Case, document: CaseDocument, language: str) -> dict[str, _Readable]:
    """Every answer and every attachment's names of files, by id."""
    procedure = opened.procedure
    sections = summary.sections(procedure, document.answers, language, opened.values.today)
    digests = {
        field.id: [file["sha256"] for file in type_of(field).files(field, document.answers[field.id])]
        for field in procedure.fields()
        if document.answers.get(field.id) is not None
    }
    answers = {
        row.field: _Readable(row.label, row.lines, digests.get(row.field, ()))
        for section in sections
        for row in section.rows
    }
    files = {
        one.id: _Readable(
            one.label,
            [file["name"] for file in document.files.get(one.id, ())],
            [file["sha256"] for file in document.files.get(one.id, ())],
        )
        for one in procedure.attachments
    }
    return answers | files


def _papers(session: Session, opened: Case) -> list[Paper]:
    rows = session.scalars(
        sa.select(Issued).where(Issued.application_id == opened.application.id).order_by(Issued.issued_at)
    )
    return [Paper(row, receipts.title_of(opened.procedure, row.document_id)) for row in rows]


def _colleagues(session: Session, application: Application) -> list[tuple[str, str]]:
    """Who works on cases at the case's desk, by name; namesakes with their address."""
    rows = session.scalars(sa.select(Clerk).where(Clerk.active).order_by(Clerk.name, Clerk.email))
    there = [one for one in rows if cases.works(one, application.desk)]
    called = Counter(one.name for one in there)
    return [(one.id, one.name if called[one.name] == 1 else f"{one.name} ({one.email})") for one in there]


def _renewed(session: Session, application: Application) -> Application | None:
    """The application whose document `application` renews; none where it is not kept any more."""
    if application.renews is None:
        return None
    return session.scalar(
        sa.select(Application)
        .join(Issued, Issued.application_id == Application.id)
        .where(Issued.id == application.renews)
    )
