"""Which receipts a case has to have: one for each payment, and another one in its place where a part was paid back."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from documents import issuing
from documents.models import RECEIPT, Issued
from documents.receipts import Received
from forms.contact import contact
from payments import ledger
from payments.models import Entry
from workflows.case import Case


def payments(session: Session, case: Case) -> list[Received]:
    """What was paid, in the order in which it was entered: numbers never change, because the ledger only grows.

    What was paid back is taken off; a payment of which nothing is left has no receipt any more.
    """
    entries = ledger.entries(session, case.application.id)
    payer = contact(case.procedure, case.document.answers).name
    lines = [(line.label, line.amount) for line in ledger.lines(session, case.application.id)]
    paid = [entry for entry in entries if entry.kind == "paid"]
    back: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.kind == "refunded" and paid:
            back.setdefault(_paid_by(entry, paid), []).append(entry)
    return [
        Received(
            number,
            max(0, entry.amount - sum(one.amount for one in back.get(entry.id, ()))),
            entry.occurred_at,
            payer,
            lines,
            paid=entry.amount,
            corrections=len(back.get(entry.id, ())),
        )
        for number, entry in enumerate(paid, start=1)
    ]


def _paid_by(refund: Entry, paid: Sequence[Entry]) -> int:
    """The id of the payment that was paid back: of the same checkout or payment, else the last one."""
    for entry in paid:
        same_checkout = refund.checkout_id is not None and refund.checkout_id == entry.checkout_id
        if same_checkout or (refund.payment is not None and refund.payment == entry.payment):
            return entry.id
    return paid[-1].id


def withdraw_wrong(session: Session, case: Case) -> None:
    """Declare the receipts void that say more than what the office still has."""
    right = {one.occasion for one in payments(session, case) if one.amount}
    rows = session.scalars(
        sa.select(Issued.id).where(
            Issued.application_id == case.application.id,
            Issued.document_id == RECEIPT,
            Issued.occasion.not_in(right),
            Issued.withdrawn_at.is_(None),
        )
    )
    for id in rows.all():
        issuing.withdraw(session, id, "system")
