"""Issues the receipts that a case has none of yet: render, seal, keep, mail. Payload: ``{"application"}``."""

from sqlalchemy.orm import Session

from applications import events, queries
from core.context import Context
from core.outbox import Claim
from documents import issuing, receipts, render
from documents.models import RECEIPT
from documents.receipts import Received
from documents.sheet import Sheet
from signing import seal
from workflows import case as cases
from workflows import moves
from workflows import receipts as receipts_of_case
from workflows.effect import Effect

Made = list[tuple[Received, Sheet, bytes]]


class IssueReceipt(Effect):
    """Performed twice, it leaves one receipt and one mail for each payment: the register is unique by payment."""

    name = "issue_receipt"

    def work(self, session: Session, ctx: Context, claim: Claim) -> Made:
        """The finished PDFs with what they are for."""
        case = cases.load(session, ctx, claim.payload["application"])
        made: Made = []
        for received in receipts_of_case.payments(session, case):
            if (
                received.amount
                and issuing.find(session, case.application.id, RECEIPT, received.occasion) is None
            ):
                sheet = receipts.prepare(session, case.application, case.procedure, received)
                pdf = render.render_pdf(ctx, receipts.TEMPLATE, sheet)
                sealed = seal.seal(ctx, pdf, case.application.reference)
                made.append((received, sheet, sealed))
        return made

    def record(self, session: Session, ctx: Context, claim: Claim, made: Made) -> None:
        """Enter them in the register and mail each, once."""
        application = queries.get(session, claim.payload["application"], lock=True)
        for received, sheet, pdf in made:
            occasion = received.occasion
            if issuing.find(session, application.id, RECEIPT, occasion) is not None:
                continue
            issued = issuing.store(session, ctx, application, RECEIPT, occasion, sheet, pdf)
            events.append(session, ctx, application, "receipt", "system", occasion=occasion)
            notice = "receipt_corrected" if received.corrections else "receipt"
            moves.mail(session, application.id, notice, issued.id, document=issued.id)
        receipts_of_case.withdraw_wrong(session, cases.load(session, ctx, application.id))


PLUGIN = IssueReceipt()
