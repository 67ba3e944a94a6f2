"""Signing in by a code that is mailed: to any address that asks, whether it has an account or not.

The code is bound to the browser that asked, works once, for ten minutes and five tries. A browser gets a new one once a
minute and five times an hour; an address gets at most ten an hour, whoever asks, so that nobody's letterbox is
flooded and nobody can keep somebody else from their codes with one browser. No look at the accounts is taken before the
code is right: neither the answer nor its time can tell who has one.
"""

from dataclasses import dataclass
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.models import SignInCode
from accounts.residents import email_hash
from core import clock, codes, outbox
from core.context import Context
from core.secrets import same

_PURPOSE = "sign-in"


@dataclass(frozen=True)
class Proved:
    """An address that whoever typed the code can read the mails of."""

    email: str


def issue_code(session: Session, ctx: Context, email: str, nonce: str, language: str) -> str:
    """Mail a code for the browser that holds `nonce`; returns the name under which it is checked.

    Too soon or too often: nothing is sent, and what is returned looks the same (a session of `EVERYONE`).
    """
    address, browser = email_hash(ctx, email), ctx.keyring.blind("sign-in-browser", nonce)
    query = sa.select(SignInCode).where(SignInCode.email_hash == address, SignInCode.browser_hash == browser)
    row = session.scalar(query.with_for_update())
    counted = codes.one_more(row)
    if counted is None or _sent_to(session, address) >= codes.MOST_FOR_ADDRESS:
        return row.id if row else uuid4().hex
    row = row or SignInCode(id=uuid4().hex, email_hash=address, browser_hash=browser)
    salt = codes.new_salt()
    row.code_key = ctx.keyring.new_case_key()
    row.address = ctx.keyring.encrypt(row.code_key, email.encode(), _context(row.id))
    row.language = language
    row.code_hash = codes.hash_of(ctx, _PURPOSE, row.id, nonce, mailed_code(ctx, row.id, salt))
    row.expires_at, row.attempts = clock.now() + codes.LIFETIME, 0
    row.counted_from, row.sent_count = counted
    row.sent_at = clock.now()
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # the second press of a double click: the first one's code is on its way
        there = session.scalar(query)
        return there.id if there else row.id
    payload = {"notice": "sign_in_code", "sign_in": row.id, "salt": salt}
    outbox.enqueue_for_platform(session, "mail", f"sign-in:{row.id}:{salt[:12]}", payload)
    return row.id


def mailed_code(ctx: Context, id: str, salt: str) -> str:
    """The code that `issue_code` made with `salt`, for writing the mail."""
    return codes.code_of(ctx, _PURPOSE, id, salt)


def address_of(session: Session, ctx: Context, id: str) -> tuple[str, str] | None:
    """Address and language to write to; none once the code was used or is over."""
    row = session.get(SignInCode, id)
    if row is None or row.expires_at <= clock.now():
        return None
    return ctx.keyring.decrypt(row.code_key, row.address, _context(id)).decode(), row.language


def check_code(session: Session, ctx: Context, id: str, nonce: str, typed: str) -> Proved | None:
    """The address, if `typed` is right, in time and from the same browser. Each try counts: commit in any case."""
    counted = session.execute(
        sa.update(SignInCode)
        .where(SignInCode.id == id, SignInCode.attempts < codes.ATTEMPTS)
        .values(attempts=SignInCode.attempts + 1)
        .returning(SignInCode.code_hash, SignInCode.expires_at, SignInCode.code_key, SignInCode.address)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    tried = codes.hash_of(ctx, _PURPOSE, id, nonce, codes.digits(typed))
    if counted is None or counted.expires_at <= clock.now() or not same(counted.code_hash, tried):
        return None
    used = sa.update(SignInCode).where(SignInCode.id == id).values(attempts=codes.ATTEMPTS)
    session.execute(used.execution_options(synchronize_session=False))
    return Proved(ctx.keyring.decrypt(counted.code_key, counted.address, _context(id)).decode())


def forget(session: Session) -> int:
    """Remove codes that are over and no longer counted (a session of `EVERYONE`); how many those were."""
    gone = session.execute(sa.delete(SignInCode).where(SignInCode.sent_at < clock.now() - codes.WINDOW))
    return gone.rowcount  # type: ignore[attr-defined, no-any-return]


def _sent_to(session: Session, address: bytes) -> int:
    query = sa.select(sa.func.sum(SignInCode.sent_count)).where(
        SignInCode.email_hash == address, SignInCode.sent_at > clock.now() - codes.WINDOW
    )
    return session.scalar(query) or 0


def _context(id: str) -> str:
    return f"sign_in_codes:{id}"
