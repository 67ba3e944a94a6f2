"""Published versions: immutable, named by a digest, pinned by drafts and applications."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import organisations
from core import audit, clock
from core.database import EVERYONE, Database, Prepared, organisation_of
from core.errors import NotFound
from core.told import tell
from procedures import compiling
from procedures.compiling import Compiled, compiled
from procedures.definition import Procedure
from procedures.finding import listings
from procedures.finding.index import current as is_current
from procedures.loader import Loaded
from procedures.models import Listing, ProcedureVersion, Publication
from procedures.problems import DefinitionErrors, Problem

KEPT: Final = 500
_AT_ONCE: Final = 200
"""Versions that are written in one transaction: others want to write, too."""


@dataclass(frozen=True)
class Version:
    """A version in use. `digest` names it; `procedure` has its translations and its workflow merged in."""

    digest: str
    organisation_id: str
    procedure: Procedure = field(compare=False, repr=False)


class _Recent:
    """The versions used last, by organisation and digest; they never change, so they never go stale."""

    def __init__(self) -> None:
        self._versions: OrderedDict[tuple[str | None, str], Version] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str | None, str]) -> Version | None:
        with self._lock:
            if key in self._versions:
                self._versions.move_to_end(key)
            return self._versions.get(key)

    def put(self, key: tuple[str | None, str], version: Version) -> None:
        with self._lock:
            self._versions[key] = version
            if len(self._versions) > KEPT:
                self._versions.popitem(last=False)


_recent = _Recent()


_COMPILED = Prepared(
    sa.select(ProcedureVersion.organisation_id, ProcedureVersion.compiled)
    .where(ProcedureVersion.digest == sa.bindparam("digest"))
    .limit(1)
)


def get(session: Session, digest: str) -> Version:
    """The version named `digest`, of the session's organisation. Raises `NotFound`."""
    scope = session.info.get("scope")
    key = (scope if isinstance(scope, str) else None, digest)
    version = _recent.get(key)
    if version is None:
        row = _COMPILED.run(session, digest=digest).one_or_none()
        if row is None:
            raise NotFound(f"no version {digest}")
        version = Version(digest, row.organisation_id, Procedure.model_validate_json(row.compiled))
        _recent.put(key, version)
    return version


def beginning_with(session: Session, digits: str) -> list[str]:
    """The digests that begin with `digits`, of the session's organisation."""
    found = sa.select(ProcedureVersion.digest).where(
        ProcedureVersion.digest.startswith(digits, autoescape=True)
    )
    return list(session.scalars(found.distinct().order_by(ProcedureVersion.digest)))


def current_digest(session: Session, procedure_id: str, at: datetime | None = None) -> str | None:
    """The digest of the version that counts now, or at `at`; none where there is none."""
    return _current_digest(session, procedure_id, at)


def current(session: Session, procedure_id: str, at: datetime | None = None) -> Version:
    """The version of a procedure that counts now, or at `at`, in a session of its organisation. Raises `NotFound`."""
    organisation_of(session)
    digest = _current_digest(session, procedure_id, at)
    if digest is None:
        raise NotFound(f"no procedure {procedure_id}")
    return get(session, digest)


_CURRENT = Prepared(
    sa.select(Publication.digest)
    .where(
        Publication.procedure_id == sa.bindparam("procedure"), Publication.effective_at <= sa.bindparam("at")
    )
    .order_by(Publication.effective_at.desc(), Publication.id.desc())
    .limit(1)
)


def _current_digest(session: Session, procedure_id: str, at: datetime | None = None) -> str | None:
    digest: str | None = _CURRENT.run(session, procedure=procedure_id, at=at or clock.now()).scalar()
    return digest


def publish(session: Session, loaded: Loaded, by: str, at: datetime | None = None) -> str:
    """Publish a definition in the session's organisation, from now or from `at`; publishing it again does nothing.

    `by` is the actor. Returns the digest.
    """
    one = compiled(loaded)
    _publish_some(session, [one], by, at or clock.now())
    return one.digest


def _publish_some(session: Session, some: Sequence[Compiled], by: str, effective: datetime) -> list[str]:
    """Publish what was compiled, from `effective` on; returns the procedures that changed."""
    digests = [one.digest for one in some]
    known = set(
        session.scalars(sa.select(ProcedureVersion.digest).where(ProcedureVersion.digest.in_(digests)))
    )
    names = [one.procedure_id for one in some]
    counted = (
        sa.select(Publication.procedure_id, Publication.digest)
        .where(Publication.procedure_id.in_(names), Publication.effective_at <= effective)
        .order_by(Publication.effective_at, Publication.id)
    )
    before = {row.procedure_id: row.digest for row in session.execute(counted)}
    changed = []
    for one in some:
        _keep(session, one, one.digest not in known)
        if before.get(one.procedure_id) != one.digest:
            _count_from(session, one, by, effective)
            changed.append(one.procedure_id)
    return changed


def _keep(session: Session, one: Compiled, new: bool) -> None:
    """Keep a version and its listing."""
    content = one.content
    if new:
        session.add(
            ProcedureVersion(
                organisation_id=organisation_of(session),
                digest=one.digest,
                procedure_id=one.procedure_id,
                department=one.department,
                source=content["source"],
                compiled=content["compiled"],
            )
        )
    listings.keep(session, one.digest, one.made_from, content["listing"], new)


def _count_from(session: Session, one: Compiled, by: str, effective: datetime) -> None:
    session.add(
        Publication(procedure_id=one.procedure_id, digest=one.digest, effective_at=effective, published_by=by)
    )
    audit.append(session, "procedure.published", f"procedure:{one.procedure_id}", by, digest=one.digest,
                 effective_at=effective.isoformat())  # fmt: skip


def publish_catalogue(
    database: Database, folder: Path, by: str = "command", paths: Sequence[Path] | None = None
) -> list[str]:
    """Bring organisations and published procedures (those of `paths`, else all) in line with `folder`.

    Returns the procedures that changed. Raises `DefinitionErrors` with all errors of changed files; then nothing is
    published.
    """
    every = sorted(folder.glob("*/*.yaml")) if paths is None else paths
    changed = publish_files(database, folder, every, by)
    for entry in organisations.read(folder):
        with database.writing(entry.id) as session:
            listings.complete(session)
    return changed


def publish_files(
    database: Database, folder: Path, paths: Sequence[Path], by: str = "command", at: datetime | None = None
) -> list[str]:
    """Publish files for the organisations of `folder`, from now or from `at`; returns the procedures that changed."""
    made = compiling.compile_files(changed_files(database, paths, at))
    return publish_compiled(database, folder, made, by, at)


def changed_files(database: Database, paths: Sequence[Path], at: datetime | None = None) -> list[Path]:
    """Those of `paths` that are not what counts now, or at `at`, without opening the others' definitions."""
    with database.reading(EVERYONE) as session:
        rows = session.execute(
            sa.select(Listing.department, Listing.procedure_id, Listing.made_from).where(
                is_current(at or clock.now())
            )
        )
        known = {(row.department, row.procedure_id): row.made_from for row in rows}
    return compiling.stale(paths, known)


def publish_compiled(
    database: Database,
    folder: Path,
    files: Sequence[Compiled],
    by: str = "command",
    at: datetime | None = None,
) -> list[str]:
    """The same with what was compiled. Raises `DefinitionErrors` where something is of no organisation."""
    entries = organisations.read(folder)
    owner = {department: entry.id for entry in entries for department in entry.departments}
    strangers = [_unknown_department(one) for one in files if one.department not in owner]
    if strangers:
        raise DefinitionErrors(strangers)
    with database.writing(EVERYONE) as session:
        organisations.store(session, entries)
    changed = []
    for entry in entries:
        for some in _batches([one for one in files if owner[one.department] == entry.id]):
            with database.writing(entry.id) as session:
                changed += _publish_some(session, some, by, at or clock.now())
    return changed


def _batches(files: Sequence[Compiled]) -> Iterator[Sequence[Compiled]]:
    for start in range(0, len(files), _AT_ONCE):
        yield files[start : start + _AT_ONCE]


def _unknown_department(one: Compiled) -> Problem:
    text = tell("no organisation has the department '%(department)s'", department=one.department)
    file = f"{one.department}/{one.procedure_id}.yaml"
    return Problem(file, 1, 1, "error", text, tell("add it to organisations.yaml"), "unknown-department")
