"""Opening a filed application on another device without its written-down key: a one-time code by mail.

The code goes to the contact address of the application only. It is bound to the browser that asked, works once, for
ten minutes and five tries; a new one can be had once a minute and five times an hour. From outside, an application
that is not there, has no address, or has had its codes looks the same as one that gets its mail.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications.models import AccessCode, Application
from core import audit, clock, codes, outbox
from core.context import Context
from core.secrets import same

_PURPOSE = "status"


def issue_code(session: Session, ctx: Context, application_id: str, nonce: str) -> None:
    """Mail a fresh code for the browser that holds `nonce`; the one before it ends. Too soon again: nothing."""
    # a double click asks twice at once, when there is no row of the code yet that could be locked
    session.execute(sa.select(Application.id).where(Application.id == application_id).with_for_update())
    before = session.scalar(sa.select(AccessCode).where(AccessCode.application_id == application_id))
    counted = codes.one_more(before)
    if counted is None:
        return
    salt = codes.new_salt()
    row = before or AccessCode(application_id=application_id)
    row.code_hash = _hash(ctx, application_id, nonce, mailed_code(ctx, application_id, salt))
    row.expires_at, row.attempts = clock.now() + codes.LIFETIME, 0
    row.counted_from, row.sent_count = counted
    row.sent_at = clock.now()
    session.add(row)
    outbox.enqueue(
        session,
        "mail",
        f"application:{application_id}:code:{salt[:12]}",
        {"notice": "status_code", "application": application_id, "salt": salt},
    )


def mailed_code(ctx: Context, application_id: str, salt: str) -> str:
    """The code that `issue_code` made with `salt`, for writing the mail."""
    return codes.code_of(ctx, _PURPOSE, application_id, salt)


def check_code(session: Session, ctx: Context, application_id: str, nonce: str, typed: str) -> bool:
    """Whether `typed` is right, in time and from the same browser. Each try counts: commit whatever the answer is."""
    counted = session.execute(
        sa.update(AccessCode)
        .where(AccessCode.application_id == application_id, AccessCode.attempts < codes.ATTEMPTS)
        .values(attempts=AccessCode.attempts + 1)
        .returning(AccessCode.code_hash, AccessCode.expires_at)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    tried = _hash(ctx, application_id, nonce, codes.digits(typed))
    if counted is None or counted.expires_at <= clock.now() or not same(counted.code_hash, tried):
        return False
    session.execute(
        sa.update(AccessCode)
        .where(AccessCode.application_id == application_id)
        .values(attempts=codes.ATTEMPTS)
        .execution_options(synchronize_session=False)
    )
    audit.append(
        session, "application.opened", f"application:{application_id}", "applicant", by="mailed code"
    )
    return True


def _hash(ctx: Context, application_id: str, nonce: str, code: str) -> bytes:
    return codes.hash_of(ctx, _PURPOSE, application_id, nonce, code)
