"""Residents' accounts: made at the first sign-in, changed by their holder alone, deleted whole.

There is no registration: whoever proves an address or comes from a trusted service gets in, so that nothing a stranger
can do tells whether somebody has an account.
"""

from collections.abc import Callable
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import vault
from accounts.models import Account, Identity
from accounts.vault import AccountDocument
from core.context import Context
from core.database import OfAccount
from core.errors import NotFound


def email_hash(ctx: Context, email: str) -> bytes:
    """What rows keep of an address in its place: keyed, the same for every way to write it in capitals."""
    return ctx.keyring.blind("account-address", email.strip().casefold())


def of_email(session: Session, ctx: Context, email: str, language: str) -> Account:
    """The account of an address that was just proved; made where there is none (a session of `EVERYONE`)."""
    hash = email_hash(ctx, email)
    return _by_email(session, hash) or _new(session, ctx, email, language, lambda: _by_email(session, hash))


def of_subject(
    session: Session,
    ctx: Context,
    provider: str,
    subject: str,
    email: str | None,
    language: str,
    joins: str | None = None,
) -> Account:
    """The account of a person at another service (a session of `EVERYONE`).

    `subject` names the person together with the issuer. The first time, it is joined to the account `joins` that is
    open already, else to that of `email`, which the service vouches for; anybody unknown gets an account.
    """
    hash = ctx.keyring.blind("account-subject", subject)
    known = _by_subject(session, hash)
    if known is not None:
        return known
    if joins is not None:
        account = get(session, joins)
    elif email is not None:
        account = of_email(session, ctx, email, language)
    else:
        account = _new(session, ctx, None, language)
    try:
        with session.begin_nested():
            session.add(Identity(account_id=account.account_id, subject_hash=hash, provider=provider))
    except IntegrityError:  # two first sign-ins at once
        return _by_subject(session, hash) or account
    return account


def get(session: Session, id: str) -> Account:
    """The account `id` (a session of it, or of `EVERYONE`). Raises `NotFound`."""
    account = session.get(Account, id)
    if account is None:
        raise NotFound("no such account")
    return account


def own(session: Session) -> Account:
    """The account that the session belongs to. Raises `NotFound`."""
    scope = session.info.get("scope")
    return get(session, scope.id if isinstance(scope, OfAccount) else "")


def document(session: Session, ctx: Context) -> AccountDocument:
    """What the session's account knows of its holder. Raises `NotFound`."""
    return vault.read(ctx, own(session))


def change(session: Session, ctx: Context, how: Callable[[AccountDocument], None]) -> AccountDocument:
    """Let `how` change the document of the session's account, one change after the other. Raises `NotFound`."""
    mine = sa.select(Account).where(Account.account_id == own(session).account_id)
    account = session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one()
    document = vault.read(ctx, account)
    how(document)
    account.document = vault.seal(ctx, account, document)
    session.flush()
    return document


def identities(session: Session) -> list[Identity]:
    """The services that open the session's account, oldest first."""
    return list(session.scalars(sa.select(Identity).order_by(Identity.added_at)))


def delete(session: Session) -> None:
    """Delete the session's account with its key and everything that is its own."""
    session.execute(
        sa.delete(Account)
        .where(Account.account_id == own(session).account_id)
        .execution_options(synchronize_session=False)
    )


def _by_email(session: Session, hash: bytes) -> Account | None:
    return session.scalar(sa.select(Account).where(Account.email_hash == hash))


def _by_subject(session: Session, hash: bytes) -> Account | None:
    query = sa.select(Account).join(Identity, Identity.account_id == Account.account_id)
    return session.scalar(query.where(Identity.subject_hash == hash))


def _new(
    session: Session,
    ctx: Context,
    email: str | None,
    language: str,
    other: Callable[[], Account | None] = lambda: None,
) -> Account:
    """A fresh account; `other` finds the one that another sign-in made at the same moment."""
    account = Account(
        account_id=uuid4().hex,
        account_key=ctx.keyring.new_case_key(),
        email_hash=email_hash(ctx, email) if email else None,
        language=language,
    )
    account.document = vault.seal(ctx, account, AccountDocument(email=email))
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        there = other()
        if there is None:
            raise
        return there
    return account
