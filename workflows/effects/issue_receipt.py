"""Issues the receipts that a case has none of yet: render, seal, keep, mail. Payload: ``{"application"}``."""

from sqlalchemy.orm import Session

from applications import events, queries
from core.context import Context
from core.outbox import Claim
from documents import issuing, receipts, render
from documents.models import RECEIPT
from documents.receipts import Received
from documents.sheet import Sheet
from forms.contact import contact
from payments import ledger
from signing import seal
from workflows import case as cases
from workflows import moves
from workflows.case import Case
from workflows.effect import Effect

Made = list[tuple[str, Sheet, bytes]]


class IssueReceipt(Effect):
    """Performed twice, it leaves one receipt and one mail for each payment: the register is unique by payment."""

    name = "issue_receipt"

    def work(self, session: Session, ctx: Context, claim: Claim) -> Made:
        """The finished PDFs by the occasion they are kept under."""
        case = cases.load(session, ctx, claim.payload["application"])
        made = []
        for received in _payments(session, case):
            if issuing.find(session, case.application.id, RECEIPT, received.occasion) is None:
                sheet = receipts.prepare(session, case.application, case.procedure, received)
                pdf = render.render_pdf(ctx, receipts.TEMPLATE, sheet)
                made.append((received.occasion, sheet, seal.seal(ctx, pdf, case.application.reference)))
        return made

    def record(self, session: Session, ctx: Context, claim: Claim, made: Made) -> None:
        """Enter them in the register and mail each, once."""
        application = queries.get(session, claim.payload["application"], lock=True)
        for occasion, sheet, pdf in made:
            if issuing.find(session, application.id, RECEIPT, occasion) is not None:
                continue
            issued = issuing.store(session, ctx, application, RECEIPT, occasion, sheet, pdf)
            events.append(session, ctx, application, "receipt", "system", occasion=occasion)
            moves.mail(session, application.id, "receipt", issued.id, document=issued.id)


def _payments(session: Session, case: Case) -> list[Received]:
    """What was paid, in the order in which it was entered: numbers never change, because the ledger only grows."""
    entries = ledger.entries(session, case.application.id)
    payer = contact(case.procedure, case.document.answers).name
    lines = [(line.label, line.amount) for line in ledger.lines(session, case.application.id)]
    paid = [entry for entry in entries if entry.kind == "paid"]
    return [
        Received(number, entry.amount, entry.occurred_at, payer, lines)
        for number, entry in enumerate(paid, start=1)
    ]


PLUGIN = IssueReceipt()
