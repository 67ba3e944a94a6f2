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
from procedures.compiling import Compiled
from procedures.definition import Procedure


@dataclass(frozen=True)
class Announcement:
    """One compiled file against the version that counts (`base`; none for a new procedure)."""

    made: Compiled
    path: Path
    base: str | None
    changes: Sequence[Change]
    impact: Impact

    @property
    def procedure_id(self) -> str:
        """Its procedure."""
        return self.made.procedure_id

    @property
    def digest(self) -> str:
        """What the version will be named."""
        return self.made.digest

    def file(self, folder: Path) -> str:
        """Where the file lies, from the catalogue's `folder` if it lies in it."""
        path = self.path.resolve()
        return str(path.relative_to(folder.resolve()) if path.is_relative_to(folder.resolve()) else path)


def announce(
    session: Session, ctx: Context, made: Compiled, path: Path, at: datetime | None
) -> Announcement | None:
    """What publishing `made` from `at` on would mean in the session's organisation; none where nothing changes."""
    base = versions.current_digest(session, made.procedure_id, at)
    if base == made.digest:
        return None
    if base is None:
        return Announcement(made, path, None, (), Impact())
    procedure = Procedure.model_validate_json(made.content["compiled"])
    before = versions.get(session, base).procedure
    return Announcement(made, path, base, changes(before, procedure), impact(session, ctx, procedure))
