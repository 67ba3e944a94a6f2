"""Sends one notice. Payload: ``{"notice": name}`` with the ids of what it is about; who and what is looked up now."""

from sqlalchemy.orm import Session

from core.context import Context
from core.outbox import Claim
from workflows import letters
from workflows.effect import Effect


class SendMail(Effect):
    """Writes and sends a mail; its key is stable, so that one sent twice shows once."""

    name = "mail"
    urgent = True

    def work(self, session: Session, ctx: Context, claim: Claim) -> None:
        """Send it, if there is still somebody to send it to."""
        mail = letters.compose(session, ctx, claim.payload, f"{claim.effect}:{claim.entity}")
        if mail is not None:
            ctx.mailer.send(mail)


PLUGIN = SendMail()
