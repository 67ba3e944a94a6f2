"""Issues one document: render, seal, keep, tell the applicant. Payload: ``{"application", "document", "occasion"}``."""

from sqlalchemy.orm import Session

from applications import events, queries
from core.context import Context
from core.outbox import Claim
from documents import issuing, render
from documents.sheet import Sheet
from signing import seal
from workflows import case as cases
from workflows import moves
from workflows.effect import Effect

Made = tuple[Sheet, bytes] | None


class IssueDocument(Effect):
    """Performed twice, it leaves one document and one mail: the register is unique by occasion."""

    name = "issue_document"

    def work(self, session: Session, ctx: Context, claim: Claim) -> Made:
        """The finished PDF, which takes about a second; none where it was issued already."""
        if _issued(session, claim):
            return None
        case, document_id = cases.load(session, ctx, claim.payload["application"]), claim.payload["document"]
        definition = issuing.definition_of(case.procedure, document_id)
        sheet = issuing.prepare(session, case.application, case.procedure, document_id, case.document.answers)
        pdf = render.render_pdf(ctx, definition.template, sheet)
        return sheet, seal.seal(ctx, pdf, case.application.reference) if definition.seal else pdf

    def record(self, session: Session, ctx: Context, claim: Claim, made: Made) -> None:
        """Enter it in the register and tell the applicant, once."""
        application = queries.get(session, claim.payload["application"], lock=True)
        if made is None or _issued(session, claim):
            return
        document, occasion = claim.payload["document"], claim.payload["occasion"]
        issued = issuing.store(session, ctx, application, document, occasion, *made)
        events.append(session, ctx, application, "issued", "system", document=document)
        moves.mail(session, application.id, "document_issued", issued.id, document=issued.id)


def _issued(session: Session, claim: Claim) -> bool:
    payload = claim.payload
    found = issuing.find(session, payload["application"], payload["document"], payload["occasion"])
    return found is not None


PLUGIN = IssueDocument()
