"""Cases with a fee, without the form and the workflow that usually lead there."""

import uuid

from sqlalchemy.orm import Session

from applications.models import Application
from core.context import Context
from core.identifiers import code
from payments import checkout, ledger
from payments.models import Checkout
from translations.text import Text

FEE = 1_200
LINES = ((Text({"ja": "手数料", "en": "Fee"}), FEE),)


def add_case(
    session: Session, ctx: Context, procedure: str = "tax-certificate", digest: str = "0" * 64
) -> Application:
    """A filed application of nobody in particular."""
    application = Application(
        id=uuid.uuid4().hex,
        procedure_id=procedure,
        version_digest=digest,
        reference=f"T{code(8)}",
        secret_hash=bytes(32),
        language="ja",
        case_key=ctx.keyring.new_case_key(),
        state="awaiting_fee",
        desk="tax",
    )
    session.add(application)
    session.flush()
    return application


def add_charged(session: Session, ctx: Context, fee: int = FEE) -> str:
    """The id of a case that owes `fee` yen."""
    application = add_case(session, ctx)
    ledger.charge(session, application.id, ((LINES[0][0], fee),), fee)
    return application.id


def add_checkout(session: Session, ctx: Context, provider: str = "demo", fee: int = FEE) -> Checkout:
    """A reserved checkout of a new case."""
    return checkout.reserve(session, add_charged(session, ctx, fee), provider, "ja")
