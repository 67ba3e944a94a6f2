"""Writing a notice: who gets it, in which language, with which particulars. Looked up when the mail is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from accounts import organisations
from accounts.models import Organisation
from applications import contents, drafts, queries, reopening, vault
from applications.journey import Journey
from applications.models import Draft
from core import clock, codes
from core.context import Context
from core.errors import Message, NotFound, message
from core.mail import Attachment, Mail
from documents import receipts, render
from documents.models import Issued
from forms.contact import contact
from lotteries import queries as lotteries
from payments import ledger
from procedures import reception, versions
from procedures.definition import Procedure
from signing import service as signing
from translations.dates import format_date, format_datetime, format_money
from translations.furigana import in_brackets, strip
from translations.messages import Translatable, translate
from translations.text import Text
from workflows import account_letters, dossier, engine, forgetting, renewals, status
from workflows import case as cases
from workflows.case import Case
from workflows.notices import NOTICES, Notice
from workflows.renewals import Renewable

MINUTES = int(codes.LIFETIME.total_seconds() // 60)


_ASKING = ("payment_due", "payment_reminder")


@dataclass(frozen=True)
class Letter:
    """Everything a mail is written from."""

    notice: Notice
    to: str
    language: str
    procedure: Procedure
    organisation: Organisation
    id: str
    """What the link names: the draft's id or the application's reference."""
    reference: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()
    quotes: Sequence[str] = ()
    """What the office wrote to the applicant, word for word."""


def compose(session: Session, ctx: Context, payload: Mapping[str, Any], key: str) -> Mail | None:
    """The mail that an outbox row asks for; none where nobody can be written to, or it says what no longer holds."""
    if not payload.keys().isdisjoint(account_letters.ABOUT):
        return account_letters.compose(session, ctx, payload, key)
    read = _of_application if "application" in payload else _of_draft
    letter = read(session, ctx, payload)
    return _write(ctx, letter, key) if letter else None


def _of_application(session: Session, ctx: Context, payload: Mapping[str, Any]) -> Letter | None:
    case = cases.load(session, ctx, payload["application"])
    name, application = str(payload["notice"]), case.application
    to = contact(case.procedure, case.document.answers).email or case.document.contact.get("email")
    if not to or (name in _ASKING and not ledger.status(session, application.id).due):
        return None  # paid before the mail left
    issued = session.get(Issued, payload["document"]) if "document" in payload else None
    renewable = renewals.of(session, case, issued) if issued and name == "expiry_reminder" else None
    if renewable and renewable.by:
        return None  # renewed before the mail left
    return Letter(
        NOTICES["renewal_reminder" if renewable else name],
        to,
        application.language,
        case.procedure,
        organisations.get(session, application.organisation_id),
        application.reference,
        application.reference,
        _details(session, ctx, case, payload) | (_document(ctx, case, issued, renewable) if issued else {}),
        [_attached(ctx, case, issued)] if issued and name != "expiry_reminder" else (),
        _quotes(session, ctx, case, name),
    )


def _of_draft(session: Session, ctx: Context, payload: Mapping[str, Any]) -> Letter | None:
    """Drafts end, and their codes with them: a mail that is late is not sent."""
    name, salt = str(payload["notice"]), str(payload.get("salt", ""))
    try:
        draft, document = drafts.load(session, ctx, payload["draft"])
    except NotFound:
        return None
    procedure = versions.get(session, draft.version_digest).procedure
    kept, answered = document.contact.get("email"), contact(procedure, document.answers).email
    signer = document.acting.get("email") or answered or kept
    to = signer if name == "signing_code" else kept or document.acting.get("email") or answered
    if name == "draft_reminder":
        to = kept  # only who asked to be written to
    if not to or draft.filed_as:
        return None
    if name == "draft_reminder" and not _may_be_filed(session, procedure, draft):
        return None
    mailed_code = signing.mailed_code if name == "signing_code" else drafts.mailed_code
    details = {"code": mailed_code(ctx, draft.id, salt), "minutes": MINUTES} if salt else {}
    if name == "draft_reminder":
        details = _of_deletion(session, ctx, draft, Journey(procedure, document, clock.now().date()))
    office = organisations.get(session, draft.organisation_id)
    period = reception.of(procedure, clock.now(), office.timezone)
    until = period.last if period.in_grace else period.closes
    if name == "draft_link" and until and not period.over:
        name, details = "draft_link_until", {"until": format_datetime(until, draft.language, office.timezone)}
    return Letter(NOTICES[name], to, draft.language, procedure, office, draft.id, details=details)


def _may_be_filed(session: Session, procedure: Procedure, draft: Draft) -> bool:
    period = reception.of(procedure, clock.now(), organisations.timezone(session))
    return period.may_file(draft.started_at)


def _of_deletion(session: Session, ctx: Context, draft: Draft, journey: Journey) -> dict[str, object]:
    """Until when a draft is kept, and where its person says why they stopped."""
    until = (draft.updated_at + forgetting.KEPT).astimezone(ZoneInfo(organisations.timezone(session)))
    address = f"{ctx.settings.base_url}/{draft.organisation_id}/{draft.procedure_id}/leaving"
    return {
        "until": format_date(until.date(), draft.language),
        "why": f"{address}?page={journey.first_open}&from=mail",
    }


def _details(session: Session, ctx: Context, case: Case, payload: Mapping[str, Any]) -> dict[str, object]:
    """The particulars that only some notices name."""
    name, id, language = str(payload["notice"]), case.application.id, case.application.language
    if "salt" in payload:
        return {"code": reopening.mailed_code(ctx, id, payload["salt"]), "minutes": MINUTES}
    if name.startswith("payment"):
        status = ledger.status(session, id)
        until = case.application.due_at
        return {
            "due": format_money(status.due, language),
            "paid": format_money(status.paid, language),
            "until": format_datetime(until, language, case.zone) if until else "",
        }
    if name in ("refunded", "receipt_corrected"):
        return {"refunded": format_money(ledger.status(session, id).refunded, language)}
    if name == "news":
        return {"state": engine.label_of(case.procedure.workflow, case.application.state)}
    if name.startswith("lottery"):
        entry = lotteries.of_application(session, ctx, id)
        if entry is None:
            return {}
        return {
            "number": entry.number,
            "lotteries": f"{ctx.settings.base_url}/lotteries",
            "result": entry.drawn.label if entry.drawn else "",
        }
    return {}


def _quotes(session: Session, ctx: Context, case: Case, name: str) -> list[str]:
    """The reason of a refusal or of the last step; the remarks of a correction request."""
    if name == "news":
        reason = status.explanation(session, ctx, case)
        return [reason] if reason else []
    if name == "refused":
        reason = status.refusal(session, ctx, case)
        return [reason] if reason else []
    asked = queries.open_correction(session, case.application) if name == "correction_requested" else None
    if asked is None:
        return []
    known, language = dossier.labels(case.procedure), case.application.language
    remarks = vault.read_correction(ctx, case.application, asked).remarks
    return [f"{translate(known.get(id, id), language)}: {text}" for id, text in remarks.items()]


def _document(ctx: Context, case: Case, issued: Issued, renewable: Renewable | None) -> dict[str, object]:
    title = receipts.title_of(case.procedure, issued.document_id)
    until, application = issued.valid_until, case.application
    again = f"{application.organisation_id}/{application.procedure_id}/"
    if renewable:
        again = f"status/{application.reference}/renew/{issued.id}"
    return {
        "document": title,
        "verify": render.verification_url(ctx, issued.code),
        "valid_until": format_date(until, application.language) if until else "",
        "again": f"{ctx.settings.base_url}/{again}",
    }


def _attached(ctx: Context, case: Case, issued: Issued) -> Attachment:
    with contents.opened(ctx, case.application.case_key, issued) as file:
        name = f"{case.application.reference}-{issued.document_id.lstrip('-')}.pdf"
        return Attachment(name, "application/pdf", file.read())


def _write(ctx: Context, letter: Letter, key: str) -> Mail:
    """Subject and body: what happened, what is next, the link, which application, and who writes."""

    def say(thing: Translatable) -> str:
        return translate(thing, letter.language)

    def filled(part: Message) -> str:
        params = {"procedure": letter.procedure.title, "reference": letter.reference, **letter.details}
        return say(Message(part.msgid, params))

    notice, office = letter.notice, letter.organisation
    parts = [filled(notice.happened), *letter.quotes]
    if notice.next:
        parts.append(filled(notice.next))
    if notice.link != "none":
        language = (
            f"?lang={letter.language}" if notice.link == "resume" else ""
        )  # the device may be set to another
        parts.append(f"{ctx.settings.base_url}/{notice.link}/{letter.id}{language}")
    if notice.after:
        parts.append(filled(notice.after))
    about = [say(message("Procedure: %(procedure)s", procedure=letter.procedure.title))]
    if letter.reference:
        about.append(say(message("Reference number: %(reference)s", reference=letter.reference)))
    parts.append("\n".join(about))
    sender = [say(Text(office.title)), *(say(Text(text)) for text in office.contact.values())]
    body = "\n\n".join([*parts, "-- \n" + "\n".join(sender)]) + "\n"
    return Mail(
        key=key,
        to=letter.to,
        subject=strip(filled(notice.subject)),
        body=in_brackets(body),
        language=letter.language,
        attachments=letter.attachments,
    )
