"""Receipts (領収書): what the office confirms to have received, as a sealed sheet like every other document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from accounts import organisations
from applications.models import Application
from core import clock
from core.errors import Message, message
from core.identifiers import code
from documents.issuing import CODE_LENGTH, definition_of
from documents.models import RECEIPT
from documents.sheet import Both, Sheet, SheetRow, official_date, written
from procedures.definition import Procedure
from translations.dates import format_money
from translations.text import Text

FORMAT = "madoguchi-receipt/1"
TEMPLATE = "letter"
TITLE = message("Receipt")
BODY = message("We received the amount below.")
CORRECTED = message(
    "We keep the amount below. A part of the payment was paid back; this receipt takes the place of the earlier one."
)


@dataclass(frozen=True)
class Received:
    """One payment. `number` counts the payments of a case from 1; `payer` is none where the answers name nobody."""

    number: int
    amount: int
    at: datetime
    payer: str | None
    lines: Sequence[tuple[Text, int]] = ()
    """What the fee is made of; left out where the payment is another amount than their sum."""
    paid: int = 0
    """What was paid before some of it was paid back."""
    corrections: int = 0
    """How often something was paid back of it."""

    @property
    def occasion(self) -> str:
        """Its name in the register, where it is unique in the case."""
        return f"payment-{self.suffix}"

    @property
    def suffix(self) -> str:
        """What its number ends in: another one each time it is corrected."""
        return f"{self.number}-{self.corrections}" if self.corrections else str(self.number)


def prepare(session: Session, application: Application, procedure: Procedure, received: Received) -> Sheet:
    """The receipt, dated today where the organisation is, in its language and beside it the applicant's."""
    office = organisations.get(session, application.organisation_id)
    today, new_code = clock.today(office.timezone), code(CODE_LENGTH)
    paid_on = received.at.astimezone(ZoneInfo(office.timezone)).date()
    number = f"{application.reference}-{received.suffix}"
    own, reader = procedure.language, application.language

    def both(thing: Message | Text) -> Both:
        return _pair(written(thing, own), written(thing, reader))

    def money(yen: int) -> Both:
        return _pair(format_money(yen, own), format_money(yen, reader))

    rows = [
        SheetRow(both(message("Number of the receipt")), Both(number)),
        SheetRow(both(message("Amount")), money(received.amount)),
        SheetRow(both(message("For")), both(procedure.title)),
        *(SheetRow(both(label), money(yen)) for label, yen in _parts(received)),
        SheetRow(both(message("Date of payment")), _day(paid_on, own, reader)),
    ]
    if received.corrections:
        rows.append(SheetRow(both(message("Paid at first")), money(received.paid)))
        rows.append(SheetRow(both(message("Amount paid back")), money(received.paid - received.amount)))
    department = office.departments.get(procedure.department)
    return Sheet(
        organisation=both(Text(office.title)),
        department=both(Text(department)) if department else None,
        title=both(TITLE),
        body=both(CORRECTED if received.corrections else BODY),
        reference=application.reference,
        code=new_code,
        issued_on=today,
        addressee=received.payer,
        rows=tuple(rows),
        language=own,
        beside=reader if reader != own else None,
        data=_data(application, received, number, new_code, (today, paid_on)),
    )


def title_of(procedure: Procedure, document_id: str) -> Text | Message:
    """What an issued document is called: a receipt, or one of the procedure's own."""
    return TITLE if document_id == RECEIPT else definition_of(procedure, document_id).title


def _parts(received: Received) -> Sequence[tuple[Text, int]]:
    """The lines of the fee, where there are several and they make up the amount."""
    whole = sum(yen for _, yen in received.lines)
    return received.lines if len(received.lines) > 1 and whole == received.amount else ()


def _pair(own: str, reader: str) -> Both:
    return Both(own, reader if reader != own else None)


def _day(day: date, own: str, reader: str) -> Both:
    return _pair(official_date(day, own), official_date(day, reader))


def _data(
    application: Application, received: Received, number: str, new_code: str, days: tuple[date, date]
) -> dict[str, Any]:
    issued_on, paid_on = days
    return {
        "format": FORMAT,
        "organisation": application.organisation_id,
        "procedure": application.procedure_id,
        "version": application.version_digest,
        "document": RECEIPT.lstrip("-"),
        "reference": application.reference,
        "number": number,
        "code": new_code,
        "issued_on": issued_on.isoformat(),
        "paid_on": paid_on.isoformat(),
        "amount": received.amount,
        "currency": "JPY",
        "payer": received.payer,
        **({"refunded": received.paid - received.amount} if received.corrections else {}),
    }
