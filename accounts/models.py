"""Tables of organisations and clerks, and of residents' accounts."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.database import AccountOwned, Base, OrganisationOwned


class Organisation(Base):
    """A prefecture or municipality. All that is its own carries its id; see `core.database.OrganisationOwned`."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    title: Mapped[dict[str, Any]]
    timezone: Mapped[str] = mapped_column(sa.String(40), default="Asia/Tokyo")
    desks: Mapped[dict[str, Any]]
    departments: Mapped[dict[str, Any]]
    contact: Mapped[dict[str, Any]]


class Clerk(OrganisationOwned, Base):
    """A person who works for an organisation (職員)."""

    __tablename__ = "clerks"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    password_hash: Mapped[str] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    duties: Mapped[list["Duty"]] = relationship(
        back_populates="clerk", lazy="selectin", cascade="all, delete-orphan"
    )

    def may(self, role: str, desk: str) -> bool:
        """Whether the clerk holds `role` at `desk`."""
        return any(duty.role == role and duty.desk in (desk, "*") for duty in self.duties)


class Duty(Base):
    """A role that a clerk holds at one desk, or at all of the organisation (``*``)."""

    __tablename__ = "duties"

    clerk_id: Mapped[str] = mapped_column(sa.ForeignKey("clerks.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    desk: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    clerk: Mapped[Clerk] = relationship(back_populates="duties")


class Account(AccountOwned, Base):
    """A resident's account (利用者アカウント), the same at every organisation; all that is personal is encrypted."""

    __tablename__ = "accounts"

    account_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    account_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    document: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Encrypted JSON: see `accounts.vault.AccountDocument`."""
    email_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), unique=True)
    """Keyed hash of the address that was proved; none where only other services vouch for the person."""
    language: Mapped[str] = mapped_column(sa.String(20))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Identity(AccountOwned, Base):
    """A person at another service (OpenID Connect) who opens the account."""

    __tablename__ = "account_identities"

    subject_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    """Keyed hash of issuer and subject."""
    provider: Mapped[str] = mapped_column(sa.String(40))
    added_at: Mapped[datetime] = mapped_column(default=clock.now)


class SignedIn(AccountOwned, Base):
    """One browser in which the account is open. The cookie has a secret, this row its hash."""

    __tablename__ = "account_sessions"

    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    by: Mapped[str] = mapped_column(sa.String(40))
    """``email``, or the name of the service."""
    acr: Mapped[str | None] = mapped_column(sa.String(200))
    """The assurance level that the service stated (acr)."""
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)


class SignInCode(Base):
    """The one code that is out for an address in a browser; there need be no account yet: see `accounts.email`."""

    __tablename__ = "sign_in_codes"
    __table_args__ = (sa.UniqueConstraint("email_hash", "browser_hash"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    email_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    browser_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    code_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    address: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Encrypted: the mail is written when it is sent."""
    language: Mapped[str] = mapped_column(sa.String(20))
    code_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime] = mapped_column(index=True)
    sent_count: Mapped[int] = mapped_column(default=1)
    counted_from: Mapped[datetime]
    """When `sent_count` began to count."""


class Holding(AccountOwned, Base):
    """A draft or a case that the account may open. It names what is an organisation's, which is read over there."""

    __tablename__ = "holdings"

    account_id: Mapped[str] = mapped_column(
        sa.String(32), sa.ForeignKey("accounts.account_id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    """``draft`` or ``case``."""
    item_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, index=True)
    organisation: Mapped[str] = mapped_column(sa.String(40), sa.ForeignKey("organisations.id"))
    mandate_id: Mapped[str | None] = mapped_column(
        sa.ForeignKey("mandates.id", ondelete="CASCADE"), index=True
    )
    """The mandate by which it is held: it opens nothing once that has ended."""
    since: Mapped[datetime] = mapped_column(default=clock.now)


class Mandate(AccountOwned, Base):
    """What one account lets another do in its name (委任). It belongs to the one that gives it."""

    __tablename__ = "mandates"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    mandate_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    document: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Encrypted JSON: see `accounts.mandates.MandateDocument`."""
    delegate_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), index=True)
    """Keyed hash of the address that was invited."""
    delegate_id: Mapped[str | None] = mapped_column(
        sa.ForeignKey("accounts.account_id", ondelete="CASCADE"), index=True
    )
    """The account that accepted."""
    procedures: Mapped[list[Any]]
    departments: Mapped[list[Any]]
    """What it is for: procedures as ``department/procedure``; both empty: everything."""
    expires_on: Mapped[date]
    invited_until: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class NoticeConsent(AccountOwned, Base):
    """That the holder wants to hear of procedures that may be for them; no row: they do not."""

    __tablename__ = "notice_consents"

    account_id: Mapped[str] = mapped_column(
        sa.String(32), sa.ForeignKey("accounts.account_id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(sa.String(20))
    """The language of the mails."""
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    looked_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the procedures were last looked through for them."""


class Suggestion(AccountOwned, Base):
    """A procedure that the holder was written to about. Which one, only the account's key tells."""

    __tablename__ = "suggestions"
    __table_args__ = (sa.UniqueConstraint("account_id", "procedure_hash"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    procedure_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    """Keyed hash of account, organisation and procedure, so that there is one row for each."""
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Encrypted JSON: ``{"organisation", "procedure"}``."""
    sent_on: Mapped[date]
    """When the last mail about it was written."""
