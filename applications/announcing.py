"""What publishing a file would change, and for whom: shown before anybody agrees to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from applications.impact import Impact, impact
from core.context import Context
from procedures import versions
from procedures.changes import Change, changes
from procedures.loader import Loaded


@dataclass(frozen=True)
class Announcement:
    """One file against the version that counts (`base`; none for a new procedure)."""

    loaded: Loaded
    digest: str
    base: str | None
    changes: Sequence[Change]
    impact: Impact

    @property
    def procedure_id(self) -> str:
        """Its procedure."""
        return self.loaded.procedure.procedure

    def file(self, folder: Path) -> str:
        """Where the file lies, from the catalogue's `folder` if it lies in it."""
        path = Path(self.loaded.file).resolve()
        return str(path.relative_to(folder.resolve()) if path.is_relative_to(folder.resolve()) else path)


def announce(session: Session, ctx: Context, loaded: Loaded, at: datetime | None) -> Announcement | None:
    """What publishing `loaded` from `at` on would mean in the session's organisation; none where nothing changes."""
    digest = versions.digest_of(loaded)
    base = versions.current_digest(session, loaded.procedure.procedure, at)
    if base == digest:
        return None
    if base is None:
        return Announcement(loaded, digest, None, (), Impact())
    procedure = versions.with_translations(loaded.procedure)
    before = versions.get(session, base).procedure
    return Announcement(loaded, digest, base, changes(before, procedure), impact(session, ctx, procedure))
