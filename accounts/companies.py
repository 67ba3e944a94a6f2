"""Companies that the holder of an account acts for: stated by themselves, or vouched for by a service (gBizID)."""

from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from accounts import residents
from accounts.vault import AccountDocument
from core import clock
from core.context import Context
from core.errors import NotFound, Refused, message

MOST = 20
DECLARED = "declared"
"""The source of what somebody says of themselves; any other source is the name of a service that vouches."""
ENTRIES = ("name", "number", "address", "representative_title", "representative", "phone")
"""What is known of a company, as `company.…` in the prefill of procedures."""


def confirm(session: Session, ctx: Context, source: str, number: str, name: str) -> None:
    """Keep what the service `source` vouches for; it takes the place of the holder's own statement."""

    def take(document: AccountDocument) -> None:
        known = next((one for one in document.companies if one["number"] == number), None)
        if known is None:
            document.companies.append(_company(source, number=number, name=name))
        else:
            known.update(source=source, since=clock.now().isoformat(), **({"name": name} if name else {}))

    residents.change(session, ctx, take)


def declare(session: Session, ctx: Context, entries: dict[str, Any], id: str | None = None) -> None:
    """Keep what the holder states of a company, a new one or `id`. Raises `NotFound`, `Refused`.

    Name and number of a company that a service vouches for stay as the service said.
    """

    def take(document: AccountDocument) -> None:
        if id is not None:
            _change(find(document, id), entries)
            return
        if len(document.companies) >= MOST:
            raise Refused(message("There are %(most)s companies already. Remove one first.", most=MOST))
        if any(one["number"] == entries["number"] for one in document.companies):
            raise Refused(message("This company is already in your list."))
        document.companies.append(_company(DECLARED, **entries))

    residents.change(session, ctx, take)


def remove(session: Session, ctx: Context, id: str) -> None:
    """Take a company out of the list."""

    def take(document: AccountDocument) -> None:
        document.companies = [one for one in document.companies if one["id"] != id]

    residents.change(session, ctx, take)


def find(document: AccountDocument, id: str) -> dict[str, Any]:
    """The company `id`. Raises `NotFound`."""
    found = next((one for one in document.companies if one["id"] == id), None)
    if found is None:
        raise NotFound("no such company")
    return found


def _company(source: str, **entries: Any) -> dict[str, Any]:
    return {"id": uuid4().hex, "source": source, "since": clock.now().isoformat(), **entries}


def _change(company: dict[str, Any], entries: dict[str, Any]) -> None:
    fixed = () if company["source"] == DECLARED else ("name", "number")
    kept = {name: company[name] for name in fixed if company.get(name)}
    company.update({**{name: entries.get(name) for name in ENTRIES}, **kept})
