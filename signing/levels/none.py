"""No signature: filing itself is the applicant's statement. The shortest example of a level."""

from sqlalchemy.orm import Session

from core.context import Context
from core.errors import message
from signing.level import Check, SignatureLevel, Signing


class NoSignature(SignatureLevel):
    """Keeps what was filed, and asks for nothing."""

    name = "none"
    label = message("No signature is needed.")
    signed = message("Not signed")
    asks_code = False

    def begin(self, session: Session, ctx: Context, signing: Signing) -> None:
        """Nothing to send."""

    def check(self, session: Session, ctx: Context, signing: Signing, typed: str) -> Check:  # noqa: ARG002
        """Always right."""
        return Check(evidence={"origin": signing.origin})


PLUGIN = NoSignature()
