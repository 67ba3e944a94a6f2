"""Organisations as the catalogue's `organisations.yaml` declares them, and as the database knows them."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy.orm import Session

from accounts.models import Organisation
from core.database import Prepared, organisation_of
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
    """The organisation `id`. Raises `NotFound`."""
    organisation = session.get(Organisation, id)
    if organisation is None:
        raise NotFound(f"no organisation {id}")
    return organisation


def all_of_them(session: Session) -> list[Organisation]:
    """Every organisation, by id."""
    return list(session.scalars(sa.select(Organisation).order_by(Organisation.id)))


_ZONE = Prepared(sa.select(Organisation.timezone).where(Organisation.id == sa.bindparam("id")))


def timezone(session: Session) -> str:
    """The IANA time zone of the session's organisation, e.g. ``Asia/Tokyo``; asked once a session."""
    if "timezone" not in session.info:
        zone = _ZONE.run(session, id=organisation_of(session)).scalar_one_or_none()
        if zone is None:
            raise NotFound("no such organisation")
        session.info["timezone"] = zone
    return str(session.info["timezone"])
