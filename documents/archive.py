"""Handing the archive over: every issued PDF as a file, with a list that says what each is."""

import csv
import os
import shutil
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications import contents
from applications.models import Application
from core.context import Context
from core.errors import NotFound
from documents.models import RECEIPT, Issued

LIST = "documents.csv"
_COLUMNS = ("file", "reference", "document", "occasion", "issued_at", "valid_until", "withdrawn_at", "sha256")


def export(session: Session, ctx: Context, directory: Path) -> int:
    """Write every issued PDF that `session` may see under `directory`, a folder for each organisation; how many.

    A file that is there already is written anew. `documents.csv` in each folder lists the files with their digests.
    """
    lists: dict[str, list[tuple[str, ...]]] = {}
    rows = session.execute(
        sa.select(Issued, Application)
        .join(Application, Application.id == Issued.application_id)
        .order_by(Issued.organisation_id, Issued.issued_at, Issued.id)
    ).yield_per(200)
    for issued, application in rows:
        folder, reference = directory / issued.organisation_id, application.reference
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{reference}-{issued.document_id.lstrip('-')}-{issued.occasion}-{issued.id[:8]}.pdf"
        plain = contents.opened(ctx, application.case_key, issued)
        with plain as source, _own(folder / name).open("wb") as target:
            shutil.copyfileobj(source, target)
        lists.setdefault(issued.organisation_id, []).append(_line(name, reference, issued))
    for organisation, lines in lists.items():
        with _own(directory / organisation / LIST).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows((_COLUMNS, *lines))
    return sum(len(lines) for lines in lists.values())


def _line(name: str, reference: str, issued: Issued) -> tuple[str, ...]:
    return (
        name,
        reference,
        issued.document_id,
        issued.occasion,
        issued.issued_at.isoformat(),
        issued.valid_until.isoformat() if issued.valid_until else "",
        issued.withdrawn_at.isoformat() if issued.withdrawn_at else "",
        issued.sha256,
    )


def _own(path: Path) -> Path:
    """`path`, made readable by its owner only: these files hold personal data."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    return path


def issued_to(session: Session, application_id: str, issued_id: str) -> Issued:
    """The document `issued_id` of the application, where it still counts. Raises `NotFound`."""
    issued = session.get(Issued, issued_id)
    if issued is None or issued.application_id != application_id or issued.withdrawn_at is not None:
        raise NotFound(f"no document {issued_id}")
    return issued


def name_of(issued: Issued) -> str:
    """What a download is called after the reference: receipts of one case have different names."""
    kind = issued.document_id.lstrip("-")
    number = issued.occasion.removeprefix("payment")
    return f"{kind}{number}" if issued.document_id == RECEIPT and number != "-1" else kind


def of_application(session: Session, application_id: str, document_id: str) -> Issued:
    """The newest document of that id that was issued to the application and still counts. Raises `NotFound`."""
    issued = session.scalar(
        sa.select(Issued)
        .where(
            Issued.application_id == application_id,
            Issued.document_id == document_id,
            Issued.withdrawn_at.is_(None),
        )
        .order_by(Issued.issued_at.desc())
        .limit(1)
    )
    if issued is None:
        raise NotFound(f"no document {document_id}")
    return issued
