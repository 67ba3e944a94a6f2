"""Mandates (委任): one person lets another act for them or for a company of theirs, within bounds and for a time.

The mandator invites by e-mail; whoever proves that address by signing in with a code that was mailed to it may accept.
So both have agreed, and it holds until it expires or one of the two ends it. It concerns two accounts: its row belongs
to the mandator's, and what the delegate may see of it is read in sessions of `EVERYONE`, here and nowhere else.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import Account, Mandate
from accounts.residents import email_hash
from core import clock, outbox
from core.context import Context
from core.errors import NotFound, Refused, message
from translations.dates import TOKYO

INVITED_FOR = timedelta(days=7)
MOST_OPEN = 20


@dataclass(frozen=True)
class MandateDocument:
    """What is personal in a mandate, encrypted under a key of its own that ends with the row."""

    mandator: str
    """The name of whom the delegate acts for."""
    delegate: str
    """The delegate's name, as the mandator wrote it."""
    email: str
    """The address that the invitation went to."""
    company: dict[str, Any] | None = None
    """Number, name and source of the company, where it is for one."""
    language: str = "ja"


@dataclass(frozen=True)
class View:
    """A mandate with what stands in it."""

    id: str
    document: MandateDocument
    procedures: Sequence[str]
    departments: Sequence[str]
    expires_on: date
    accepted: bool
    over: bool
    mandator_id: str
    invited_until: date

    def covers(self, department: str, procedure: str) -> bool:
        """Whether it is for this procedure; without bounds it is for all."""
        everything = not self.procedures and not self.departments
        named = f"{department}/{procedure}" in self.procedures
        return everything or named or department in self.departments


def invite(
    session: Session,
    ctx: Context,
    account_id: str,
    document: MandateDocument,
    procedures: Sequence[str],
    departments: Sequence[str],
    expires_on: date,
) -> str:
    """Write the mandate down and mail the invitation (a session of `EVERYONE`). Raises `Refused`."""
    account = session.get_one(Account, account_id)
    invited = email_hash(ctx, document.email)
    if invited == account.email_hash:
        raise Refused(message("This is your own address. Enter the delegate's."))
    if expires_on <= clock.today(TOKYO):
        raise Refused(message("The last day of the mandate has to lie ahead."))
    if sum(not one.over for one in given(session, ctx, account_id)) >= MOST_OPEN:
        raise Refused(message("There are %(most)s mandates already. End one first.", most=MOST_OPEN))
    id, key = uuid4().hex, ctx.keyring.new_case_key()
    session.add(
        Mandate(
            id=id,
            account_id=account_id,
            mandate_key=key,
            document=ctx.keyring.encrypt(key, _plain(document), _context(id)),
            delegate_hash=invited,
            procedures=list(procedures),
            departments=list(departments),
            expires_on=expires_on,
            invited_until=clock.now() + INVITED_FOR,
        )
    )
    outbox.enqueue_for_platform(
        session, "mail", f"mandate:{id}:invitation", {"notice": "mandate_invitation", "mandate": id}
    )
    return id


def given(session: Session, ctx: Context, account_id: str) -> list[View]:
    """The mandates that the account gave, the newest first."""
    rows = session.scalars(
        sa.select(Mandate).where(Mandate.account_id == account_id).order_by(Mandate.invited_until.desc())
    )
    return [_view(ctx, row) for row in rows]


def got(session: Session, ctx: Context, account_id: str) -> list[View]:
    """The mandates that the account accepted and that hold now."""
    rows = session.scalars(
        sa.select(Mandate).where(Mandate.delegate_id == account_id, _holds()).order_by(Mandate.expires_on)
    )
    return [_view(ctx, row) for row in rows]


def invitations(session: Session, ctx: Context, account_id: str) -> list[View]:
    """What the account's proved address is invited to and has not answered."""
    return [_view(ctx, row) for row in session.scalars(_invited(session, account_id))]


def accept(session: Session, account_id: str, id: str) -> None:
    """The delegate accepts. Raises `NotFound` where this account is not the one invited, or it is too late."""
    row = session.scalar(_invited(session, account_id).where(Mandate.id == id).with_for_update())
    if row is None:
        raise NotFound("no invitation for this account")
    row.delegate_id, row.accepted_at = account_id, clock.now()


def end(session: Session, account_id: str, id: str) -> None:
    """End it at once: the mandator revokes, the delegate resigns or declines. Raises `NotFound`."""
    invited = session.get_one(Account, account_id).email_hash
    row = session.scalar(
        sa.select(Mandate).where(
            Mandate.id == id,
            sa.or_(
                Mandate.account_id == account_id,
                Mandate.delegate_id == account_id,
                sa.and_(Mandate.delegate_id.is_(None), Mandate.delegate_hash == invited),
            ),
        )
    )
    if row is None:
        raise NotFound("no mandate of this account")
    row.ended_at = row.ended_at or clock.now()


def in_force(session: Session, ctx: Context, delegate_id: str, id: str) -> View | None:
    """The mandate, if this delegate may act by it now."""
    row = session.scalar(
        sa.select(Mandate).where(Mandate.id == id, Mandate.delegate_id == delegate_id, _holds())
    )
    return _view(ctx, row) if row else None


def invitation(session: Session, ctx: Context, id: str) -> tuple[MandateDocument, date] | None:
    """For writing the invitation, with the last day; none once it was answered, ended or is over."""
    row = session.get(Mandate, id)
    if row is None or row.ended_at or row.accepted_at or row.invited_until <= clock.now():
        return None
    return _document(ctx, row), row.expires_on


def _holds() -> sa.ColumnElement[bool]:
    return sa.and_(
        Mandate.accepted_at.is_not(None), Mandate.ended_at.is_(None), Mandate.expires_on >= clock.today(TOKYO)
    )


def _invited(session: Session, account_id: str) -> sa.Select[Mandate]:
    invited = session.get_one(Account, account_id).email_hash
    return sa.select(Mandate).where(
        Mandate.delegate_hash == invited,
        Mandate.delegate_hash.is_not(None),
        Mandate.accepted_at.is_(None),
        Mandate.ended_at.is_(None),
        Mandate.invited_until > clock.now(),
        Mandate.expires_on >= clock.today(TOKYO),
    )


def _view(ctx: Context, row: Mandate) -> View:
    now, today = clock.now(), clock.today(TOKYO)
    waits = row.accepted_at is None and row.invited_until <= now
    return View(
        row.id,
        _document(ctx, row),
        row.procedures,
        row.departments,
        row.expires_on,
        row.accepted_at is not None,
        row.ended_at is not None or row.expires_on < today or waits,
        row.account_id,
        row.invited_until.date(),
    )


def _document(ctx: Context, row: Mandate) -> MandateDocument:
    plain = ctx.keyring.decrypt(row.mandate_key, row.document, _context(row.id))
    return MandateDocument(**json.loads(plain))


def _plain(document: MandateDocument) -> bytes:
    return json.dumps(asdict(document), ensure_ascii=False, separators=(",", ":")).encode()


def _context(id: str) -> str:
    return f"mandates:{id}"
