"""Why people give up a form: one tap, kept without anything that leads back to them, counted by procedure and page."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.context import Context
from core.errors import message
from core.secrets import Undecipherable
from satisfaction.models import Leaving

REASONS: Final = {
    "later": message("I will go on another time"),
    "long": message("It takes too long"),
    "words": message("I did not understand something"),
    "papers": message("I do not have everything at hand"),
    "trouble": message("Something did not work"),
    "private": message("I do not want to give this information"),
    "not_for_me": message("It is not meant for me"),
    "elsewhere": message("I will do it at the counter or by telephone"),
}
"""What people can tap; the names are kept and published, so they never change their meaning."""
PLACES: Final = ("save", "not_eligible", "discard", "mail")
"""Where they are asked."""
LEAST: Final = 5
"""So many answers about a page are published; fewer could be somebody's that others know of."""
KEPT: Final = timedelta(days=400)
"""A year can be compared with the one before it by then."""
LONGEST_COMMENT: Final = 500
COMMENTS: Final = 50
"""So many comments of a procedure are shown, the latest."""
HIDDEN: Final = "…"
_ADDRESS: Final = re.compile(r"[^\s@＠]+[@＠][^\s@＠]+")
_NUMBER: Final = re.compile(r"\d(?:[\s\-‐-―－ー().（）・]*\d){4,}")
"""Five digits or more, however they are grouped: telephone, postcode, My Number, an account."""


def keep(
    session: Session,
    procedure_id: str,
    page: str,
    place: str,
    reason: str,
    language: str,
    instead_of: str | None = None,
) -> str:
    """Keep a reason and give its id, for a comment; `instead_of` is what the same person tapped a moment ago.

    Raises `ValueError` for an unknown reason or place.
    """
    if reason not in REASONS or place not in PLACES:
        raise ValueError("an unknown reason or place")
    day = clock.now().date()
    before = session.get(Leaving, instead_of) if instead_of else None
    if before and (before.procedure_id, before.page, before.day) == (procedure_id, page, day):
        before.reason = reason
        return before.id
    row = Leaving(
        id=uuid4().hex,
        procedure_id=procedure_id,
        page=page,
        place=place,
        reason=reason,
        language=language,
        day=day,
    )
    session.add(row)
    session.flush()
    return row.id


def comment(session: Session, ctx: Context, id: str, text: str) -> bool:
    """Keep a comment with what was tapped, once and on the same day; whether it was kept."""
    row = session.get(Leaving, id)
    shown = without_details(text.strip())[:LONGEST_COMMENT]
    if row is None or row.comment is not None or row.day != clock.now().date() or not shown:
        return False
    row.comment_key = ctx.keyring.new_case_key()
    row.comment = ctx.keyring.encrypt(row.comment_key, shown.encode(), f"leavings:{row.id}")
    return True


def without_details(text: str) -> str:
    """`text` without what looks like a mail address or a number of a person."""
    return _NUMBER.sub(HIDDEN, _ADDRESS.sub(HIDDEN, text))


@dataclass(frozen=True)
class Left:
    """How many people gave up on a page of a procedure, and why; the most frequent reason first."""

    organisation_id: str
    procedure_id: str
    page: str
    reasons: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        """How many said why."""
        return sum(number for _, number in self.reasons)

    def as_json(self) -> dict[str, Any]:
        """The same as open data."""
        return {
            "organisation": self.organisation_id,
            "procedure": self.procedure_id,
            "page": self.page or None,
            "count": self.count,
            "reasons": dict(self.reasons),
        }


def summary(session: Session, least: int = 1) -> list[Left]:
    """Every page on which at least so many gave up, in the session's scope, the most frequent first.

    The index alone answers it.
    """
    rows = session.execute(
        sa.select(
            Leaving.organisation_id,
            Leaving.procedure_id,
            Leaving.page,
            Leaving.reason,
            sa.func.count(),
        ).group_by(Leaving.organisation_id, Leaving.procedure_id, Leaving.page, Leaving.reason)
    )
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    for organisation, procedure, page, reason, count in rows:
        counts.setdefault((organisation, procedure, page), Counter())[reason] = count
    order = list(REASONS)
    found = [
        Left(*key, reasons=tuple(sorted(each.items(), key=lambda one: (-one[1], order.index(one[0])))))
        for key, each in counts.items()
        if each.total() >= least
    ]
    return sorted(found, key=lambda one: (-one.count, one.organisation_id, one.procedure_id, one.page))


def forget(session: Session) -> None:
    """Delete answers that are older than `KEPT` (a session of `EVERYONE`)."""
    old = sa.delete(Leaving).where(Leaving.day < clock.now().date() - KEPT)
    session.execute(old.execution_options(synchronize_session=False))


@dataclass(frozen=True)
class Said:
    """A comment as clerks read it."""

    page: str
    reason: str
    day: date
    text: str


def comments(session: Session, ctx: Context, procedure_ids: Sequence[str]) -> Iterator[tuple[str, Said]]:
    """The latest comments on these procedures of the session's organisation, each with its procedure."""
    for procedure_id in procedure_ids:
        rows = session.scalars(
            sa.select(Leaving)
            .where(Leaving.procedure_id == procedure_id, Leaving.comment.is_not(None))
            .order_by(Leaving.day.desc(), Leaving.id)
            .limit(COMMENTS)
        )
        for row in rows:
            text = _read(ctx, row)
            if text:
                yield procedure_id, Said(row.page, row.reason, row.day, text)


def _read(ctx: Context, row: Leaving) -> str:
    try:
        return ctx.keyring.decrypt(row.comment_key or b"", row.comment or b"", f"leavings:{row.id}").decode()
    except Undecipherable:
        return ""
