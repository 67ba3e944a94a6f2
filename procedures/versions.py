"""Published versions: immutable, named by a digest, pinned by drafts and applications."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import organisations
from core import audit, clock
from core.canonical import canonical_json, sha256_hex
from core.database import EVERYONE, Database, Prepared, organisation_of
from core.errors import NotFound
from procedures import loader
from procedures.checks import check_loaded
from procedures.definition import Procedure
from procedures.loader import Loaded, compiled_form
from procedures.models import ProcedureVersion, Publication
from procedures.problems import DefinitionErrors, Problem
from translations.procedures import translated, translations_for

FORMAT: Final = 1
"""Part of every digest: raised when compiled definitions of old cannot be read any more."""
KEPT: Final = 500


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


def get(session: Session, digest: str) -> Version:
    """The version named `digest`, of the session's organisation. Raises `NotFound`."""
    scope = session.info.get("scope")
    key = (scope if isinstance(scope, str) else None, digest)
    version = _recent.get(key)
    if version is None:
        row = session.execute(
            sa.select(ProcedureVersion.organisation_id, ProcedureVersion.compiled)
            .where(ProcedureVersion.digest == digest)
            .limit(1)
        ).one_or_none()
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
    procedure, compiled, digest = _compiled(loaded)
    effective = at or clock.now()
    if _current_digest(session, procedure.procedure, effective) == digest:
        return digest
    if session.get(ProcedureVersion, (organisation_of(session), digest)) is None:
        session.add(
            ProcedureVersion(
                organisation_id=organisation_of(session),
                digest=digest,
                procedure_id=procedure.procedure,
                department=procedure.department,
                source=loaded.source,
                compiled=json.dumps(compiled, ensure_ascii=False, separators=(",", ":")),
            )
        )
    session.add(
        Publication(procedure_id=procedure.procedure, digest=digest, effective_at=effective, published_by=by)
    )
    audit.append(session, "procedure.published", f"procedure:{procedure.procedure}", by, digest=digest,
                 effective_at=effective.isoformat())  # fmt: skip
    return digest


def digest_of(loaded: Loaded) -> str:
    """What `publish` would name `loaded`."""
    return _compiled(loaded)[2]


def _compiled(loaded: Loaded) -> tuple[Procedure, dict[str, Any], str]:
    """The definition with its translations, its compiled form and its digest."""
    procedure = with_translations(loaded.procedure)
    compiled = compiled_form(procedure)
    named = canonical_json({"format": FORMAT, "source": loaded.source, "compiled": compiled})
    return procedure, compiled, sha256_hex(named)


def with_translations(procedure: Procedure) -> Procedure:
    """`procedure` with what its translators' files say added to its texts."""
    return translated(procedure, translations_for(procedure.department, procedure.procedure))


def publish_catalogue(database: Database, folder: Path, by: str = "command") -> list[str]:
    """Bring organisations and published procedures in line with `folder`; returns the procedures that changed.

    Raises `DefinitionErrors` with the errors of all files, having published nothing.
    """
    return publish_files(database, folder, sorted(folder.glob("*/*.yaml")), by)


def publish_files(
    database: Database, folder: Path, paths: Sequence[Path], by: str = "command", at: datetime | None = None
) -> list[str]:
    """Publish files for the organisations of `folder`, from now or from `at`; returns the procedures that changed."""
    return publish_loaded(database, folder, load_all(paths), by, at)


def publish_loaded(
    database: Database,
    folder: Path,
    files: Sequence[Loaded],
    by: str = "command",
    at: datetime | None = None,
) -> list[str]:
    """The same with checked definitions. Raises `DefinitionErrors` where one is of no organisation."""
    entries = organisations.read(folder)
    owner = {department: entry.id for entry in entries for department in entry.departments}
    strangers = [_unknown_department(one) for one in files if one.procedure.department not in owner]
    if strangers:
        raise DefinitionErrors(strangers)
    with database.writing(EVERYONE) as session:
        organisations.store(session, entries)
    changed = []
    for entry in entries:
        own = [one for one in files if owner[one.procedure.department] == entry.id]
        with database.writing(entry.id) as session:
            for one in own:
                before = _current_digest(session, one.procedure.procedure, at)
                if publish(session, one, by, at) != before:
                    changed.append(one.procedure.procedure)
    return changed


def load_all(paths: Sequence[Path]) -> list[Loaded]:
    """Every file, checked. Raises `DefinitionErrors` with the errors of all of them."""
    files, errors = [], []
    for path in paths:
        try:
            loaded = loader.load(path)
        except DefinitionErrors as error:
            errors += error.problems
            continue
        errors += [problem for problem in check_loaded(loaded, False) if problem.severity == "error"]
        files.append(loaded)
    if errors:
        raise DefinitionErrors(errors)
    return files


def _unknown_department(loaded: Loaded) -> Problem:
    at = loaded.tree.place(("department",))
    text = f"no organisation has the department '{loaded.procedure.department}'"
    hint = "add it to organisations.yaml"
    return Problem(loaded.file, at.line, at.column, "error", text, hint, "unknown-department")
