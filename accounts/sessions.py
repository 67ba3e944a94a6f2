"""Browsers in which an account is open. The cookie holds a random secret, the row its hash, so that signing out counts.

A session ends when nothing was done for a while, a fixed time after its start, when its holder signs out, and with the
account; all from the settings. Each sign-in gets a secret of its own.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import SignedIn
from core import clock
from core.identifiers import secret
from core.secrets import hash_secret
from core.settings import Settings

TOUCH = timedelta(minutes=1)
"""How exactly it is kept when a session was used last."""


@dataclass(frozen=True)
class Resident:
    """Somebody who is signed in: which account, how they proved it, and how sure that is (acr)."""

    account_id: str
    by: str
    acr: str | None
    stale: bool
    """Whether it is time to note that the session is in use (`touch`)."""


def start(session: Session, account_id: str, by: str, acr: str | None = None) -> str:
    """Open the account in a browser; returns the secret for its cookie (a session of `EVERYONE`)."""
    token = secret()
    session.add(SignedIn(account_id=account_id, token_hash=hash_secret(token), by=by, acr=acr and acr[:200]))
    return token


def resident(session: Session, settings: Settings, token: str) -> Resident | None:
    """Who holds `token`, if their session still counts (a session of `EVERYONE`)."""
    row = session.scalar(
        sa.select(SignedIn).where(SignedIn.token_hash == hash_secret(token), _lives(settings))
    )
    if row is None:
        return None
    return Resident(row.account_id, row.by, row.acr, stale=clock.now() - row.seen_at >= TOUCH)


def lapsed(session: Session, settings: Settings, token: str) -> str | None:
    """The account whose session ended because nothing was done for a while (a session of `EVERYONE`).

    It opens nothing any more. It is known only so that what is sent from its last page can be kept for its holder.
    """
    query = sa.select(SignedIn.account_id).where(
        SignedIn.token_hash == hash_secret(token), sa.not_(_lives(settings)), _young(settings)
    )
    return session.scalar(query)


def touch(session: Session, token: str) -> None:
    """Note that the session is in use."""
    session.execute(
        sa.update(SignedIn).where(SignedIn.token_hash == hash_secret(token)).values(seen_at=clock.now())
    )


def end(session: Session, token: str) -> None:
    """Sign out: the secret opens nothing any more."""
    session.execute(sa.delete(SignedIn).where(SignedIn.token_hash == hash_secret(token)))


def end_others(session: Session, token: str) -> None:
    """Sign the session's account out everywhere but here."""
    session.execute(sa.delete(SignedIn).where(SignedIn.token_hash != hash_secret(token)))


def count(session: Session, settings: Settings) -> int:
    """In how many browsers the session's account is open."""
    query = sa.select(sa.func.count(SignedIn.token_hash)).where(_lives(settings))
    return session.scalar(query) or 0


def forget(session: Session, settings: Settings) -> int:
    """Remove sessions that are over (a session of `EVERYONE`); how many those were."""
    gone = session.execute(sa.delete(SignedIn).where(sa.not_(_young(settings))))
    return gone.rowcount  # type: ignore[attr-defined, no-any-return]


def _lives(settings: Settings) -> sa.ColumnElement[bool]:
    idle = clock.now() - timedelta(minutes=settings.idle_minutes)
    return sa.and_(SignedIn.seen_at > idle, _young(settings))


def _young(settings: Settings) -> sa.ColumnElement[bool]:
    return SignedIn.started_at > clock.now() - timedelta(hours=settings.signed_in_hours)
