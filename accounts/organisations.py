"""Organisations as the catalogue's `organisations.yaml` declares them, and as the database knows them."""

from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any, Literal
from weakref import WeakKeyDictionary

import sqlalchemy as sa
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import event
from sqlalchemy.orm import Session

from accounts.models import Organisation
from core.database import Prepared, organisation_of, table_of
from core.errors import Misconfigured, NotFound
from translations.text import Text


class PublishingRules(BaseModel):
    """Who publishes: one person, or two, of whom one proposes and another confirms."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    people: Literal[1, 2] = 1


class OrganisationEntry(BaseModel):
    """One organisation in the file: its names, desks and the departments whose procedure folders are its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    id: str
    title: Text
    timezone: str = "Asia/Tokyo"
    desks: dict[str, Text]
    departments: dict[str, Text]
    contact: dict[str, Text] = {}
    publishing: PublishingRules = PublishingRules()


def read(folder: Path) -> tuple[OrganisationEntry, ...]:
    """The organisations of ``organisations.yaml`` in `folder`, read anew after changes. Raises `Misconfigured`."""
    path = folder / "organisations.yaml"
    try:
        status = path.stat()
    except OSError as error:
        raise Misconfigured(f"{path} cannot be read: {error}") from error
    return _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _read(path: Path, _written: int, _size: int) -> tuple[OrganisationEntry, ...]:
    try:
        data = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
        entries = tuple(OrganisationEntry.model_validate(entry) for entry in data["organisations"])
    except (OSError, yaml.YAMLError, ValidationError, KeyError, TypeError) as error:
        raise Misconfigured(f"{path} cannot be read: {error}") from error
    owners: dict[str, str] = {}
    for entry in entries:
        for department in entry.departments:
            if department in owners:
                raise Misconfigured(
                    f"{path}: department {department} belongs to {owners[department]} and {entry.id}"
                )
            owners[department] = entry.id
    return entries


def owner_of(folder: Path, department: str) -> str:
    """The organisation that `department` belongs to. Raises `NotFound`."""
    owner = next((entry.id for entry in read(folder) if department in entry.departments), None)
    if owner is None:
        raise NotFound(f"no organisation has the department {department}")
    return owner


def store(session: Session, entries: tuple[OrganisationEntry, ...]) -> None:
    """Bring the table in line with the file; organisations are never removed."""
    event.listen(session, "after_commit", _forget, once=True)
    for entry in entries:
        session.merge(
            Organisation(
                id=entry.id,
                title=entry.title.as_dict(),
                timezone=entry.timezone,
                desks={name: text.as_dict() for name, text in entry.desks.items()},
                departments={name: text.as_dict() for name, text in entry.departments.items()},
                contact={name: text.as_dict() for name, text in entry.contact.items()},
            )
        )


def get(session: Session, id: str) -> Organisation:
    """The organisation `id`, as it was at most half a minute ago. Raises `NotFound`."""
    found = _known(session).get(id) or _read_anew(session).get(id)
    if found is None:
        raise NotFound(f"no organisation {id}")
    return found


def all_of_them(session: Session) -> list[Organisation]:
    """Every organisation, by id, as it was at most half a minute ago."""
    return list(_known(session).values())


def timezone(session: Session) -> str:
    """The IANA time zone of the session's organisation, e.g. ``Asia/Tokyo``."""
    return get(session, organisation_of(session)).timezone


_KEPT_FOR = 30.0
"""Seconds. Every page asks for its organisation, which changes some times a year, and by another process."""
_kept: WeakKeyDictionary[Any, tuple[float, dict[str, Organisation]]] = WeakKeyDictionary()
_ALL = Prepared(sa.select(*table_of(Organisation).c).order_by(Organisation.id))


def _known(session: Session) -> dict[str, Organisation]:
    read_at, known = _kept.get(session.get_bind(), (-_KEPT_FOR, {}))
    return known if monotonic() < read_at + _KEPT_FOR else _read_anew(session)


def _read_anew(session: Session) -> dict[str, Organisation]:
    known = {row.id: Organisation(**row._mapping) for row in _ALL.run(session)}
    _kept[session.get_bind()] = monotonic(), known
    return known


def _forget(session: Session) -> None:
    _kept.pop(session.get_bind(), None)
