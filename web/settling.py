"""What a provider reported goes into the ledger and on to the workflow."""

from sqlalchemy.orm import Session

from core import audit
from core.context import Context
from core.database import EVERYONE
from core.errors import Refused
from payments import settlement
from payments.provider import PaymentEvent
from payments.settlement import Settled
from web import jobs
from workflows import cases


def settle(ctx: Context, provider: str, event: PaymentEvent) -> Settled:
    """Ledger and workflow in one transaction; money that the workflow cannot use any more is entered all the same.

    Raises `payments.settlement.Unmatched`.
    """
    with ctx.database.reading(EVERYONE) as session:
        organisation = settlement.organisation_of_event(session, provider, event)
    with ctx.database.writing(organisation) as session:
        settled = settlement.apply(session, ctx, provider, event)
        if settled.refunded:
            cases.refunded(session, ctx, settled.application_id)
        if settled.newly_paid:
            _paid(session, ctx, settled.application_id)
    if not (settled.newly_paid or settled.refunded):
        return settled
    jobs.notify(ctx)
    return settled


def _paid(session: Session, ctx: Context, application_id: str) -> None:
    try:
        with session.begin_nested():
            cases.paid(session, ctx, application_id)
    except Refused as refusal:
        entity, reason = f"application:{application_id}", refusal.reason.msgid
        audit.append(session, "payment.unexpected", entity, "system", reason=reason)
