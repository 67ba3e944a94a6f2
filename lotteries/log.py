"""What happened to a draw, noted twice: as a public step of it, and in the audit log."""

from typing import Any

from sqlalchemy.orm import Session

from core import audit
from lotteries.models import Draw, DrawEvent


def note(
    session: Session, draw: Draw, kind: str, actor: str, text: str | None = None, **details: Any
) -> None:
    """Append a step. `details` are public and name nobody: witnesses by their place in the rules.

    `text` is what a clerk wrote for the public; the audit log keeps none of it.
    """
    session.add(
        DrawEvent(
            organisation_id=draw.organisation_id,
            draw_id=draw.id,
            kind=kind,
            actor=actor,
            details=details if text is None else {**details, "text": text},
        )
    )
    audit.append(session, f"draw.{kind}", f"draw:{draw.id}", actor, **details)
