"""Whether an account's holder wants to hear of procedures that may be for them, and what they were written to about.

Switching it off deletes both at once. A session of the account, unless said otherwise.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.models import Account, NoticeConsent, Suggestion
from core import clock
from core.context import Context

EVERY: Final = timedelta(days=1)
"""So often the procedures are looked through for each account."""
_BATCH: Final = 200


@dataclass(frozen=True)
class About:
    """The procedure that a mail was about."""

    organisation_id: str
    procedure_id: str
    sent_on: date


def given(session: Session) -> NoticeConsent | None:
    """The consent of the session's account; none: it is switched off."""
    return session.scalar(sa.select(NoticeConsent))


def give(session: Session, account_id: str, language: str) -> None:
    """Switch it on, or change the language of the mails."""
    known = given(session)
    if known is not None:
        known.language = language
        return
    try:
        with session.begin_nested():
            session.add(NoticeConsent(account_id=account_id, language=language))
    except IntegrityError:  # a double click was first
        return


def withdraw(session: Session) -> None:
    """Switch it off and delete what was kept for it."""
    for table in (Suggestion, NoticeConsent):
        session.execute(sa.delete(table).execution_options(synchronize_session=False))


def sent(session: Session, ctx: Context, account: Account) -> list[About]:
    """What the account's holder was written to about, the latest first."""
    rows = session.scalars(sa.select(Suggestion).order_by(Suggestion.sent_on.desc(), Suggestion.id))
    return [read(ctx, account, row) for row in rows]


def read(ctx: Context, account: Account, row: Suggestion) -> About:
    """What a row is about."""
    plain = json.loads(ctx.keyring.decrypt(account.account_key, row.sealed, f"suggestions:{row.id}"))
    return About(plain["organisation"], plain["procedure"], row.sent_on)


def due(session: Session) -> list[str]:
    """The accounts for which the procedures are to be looked through now (a session of `EVERYONE`)."""
    old = sa.or_(NoticeConsent.looked_at.is_(None), NoticeConsent.looked_at <= clock.now() - EVERY)
    query = sa.select(NoticeConsent.account_id).where(old).order_by(NoticeConsent.looked_at).limit(_BATCH)
    return list(session.scalars(query))


def consent_of(session: Session, account_id: str, lock: bool = False) -> NoticeConsent | None:
    """The consent of an account (a session of `EVERYONE`); with `lock`, it stays until the transaction ends."""
    query = sa.select(NoticeConsent).where(NoticeConsent.account_id == account_id)
    return session.scalar(query.with_for_update() if lock else query)


def note(
    session: Session,
    ctx: Context,
    account: Account,
    names: Sequence[str],
    today: date,
    again: Callable[[date], date],
) -> Suggestion | None:
    """Note a mail about the procedure `names` (organisation, procedure); none while it is too early for another one.

    `again` says from which day on the next mail may be written after one of a day (a session of `EVERYONE`).
    """
    organisation, procedure = names
    hash = ctx.keyring.blind("suggestion", f"{account.account_id}:{organisation}/{procedure}")
    known = session.scalar(
        sa.select(Suggestion).where(
            Suggestion.account_id == account.account_id, Suggestion.procedure_hash == hash
        )
    )
    if known is not None:
        if today < again(known.sent_on):
            return None
        known.sent_on = today
        return known
    id = uuid4().hex
    plain = json.dumps({"organisation": organisation, "procedure": procedure}).encode()
    sealed = ctx.keyring.encrypt(account.account_key, plain, f"suggestions:{id}")
    row = Suggestion(id=id, account_id=account.account_id, procedure_hash=hash, sealed=sealed, sent_on=today)
    session.add(row)
    session.flush()
    return row
