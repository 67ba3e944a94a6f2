"""Reading applications: by reference and key, their answers, files, events and corrections."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications import vault
from applications.models import Answers, Application, Correction, Event, UploadedFile
from applications.references import normalise
from applications.vault import CaseDocument
from core.context import Context
from core.database import Prepared, kept
from core.errors import NotFound
from core.identifiers import normalise_code
from core.secrets import hash_secret, same

_APPLICATION = kept(sa.select(Application).where(Application.id == sa.bindparam("id")))
_LOCKED = kept(_APPLICATION.with_for_update().execution_options(populate_existing=True))
_DOCUMENT = Prepared(
    sa.select(Answers.document).where(
        Answers.application_id == sa.bindparam("application"), Answers.version == sa.bindparam("version")
    )
)
_EVENTS = kept(
    sa.select(Event).where(Event.application_id == sa.bindparam("application")).order_by(Event.sequence)
)
_CORRECTION = kept(
    sa.select(Correction).where(
        Correction.application_id == sa.bindparam("application"), Correction.answered_at.is_(None)
    )
)


def get(session: Session, id: str, lock: bool = False) -> Application:
    """The application `id`, with `lock` held until the transaction ends. Raises `NotFound`.

    What the session had read of it before the lock may be out of date by then: it is read anew.
    """
    application = session.scalar(_LOCKED if lock else _APPLICATION, {"id": id})
    if application is None:
        raise NotFound("no such application")
    return application


def by_secret(session: Session, reference: str, secret: str) -> Application:
    """The application of a typed reference number and key. Raises `NotFound`, whichever of the two is wrong."""
    application = session.scalar(sa.select(Application).where(Application.reference == normalise(reference)))
    known = application.secret_hash if application else bytes(32)
    if not same(hash_secret(normalise_code(secret)), known) or application is None:
        raise NotFound("no such application")
    return application


def document(
    session: Session, ctx: Context, application: Application, version: int | None = None
) -> CaseDocument:
    """The newest version of what was handed in, or `version`."""
    number = version or application.answers_version
    sealed = _DOCUMENT.run(session, application=application.id, version=number).scalar_one()
    return vault.read_answers(ctx, application, number, sealed)


def files(session: Session, application: Application) -> dict[str, UploadedFile]:
    """Files of the application by id; their names stand in its document."""
    rows = session.scalars(sa.select(UploadedFile).where(UploadedFile.application_id == application.id))
    return {row.id: row for row in rows}


def events(session: Session, application: Application) -> list[Event]:
    """What happened, the oldest first."""
    return list(session.scalars(_EVENTS, {"application": application.id}))


def corrections(session: Session, application: Application) -> list[Correction]:
    """Correction requests, the oldest first."""
    return list(
        session.scalars(
            sa.select(Correction)
            .where(Correction.application_id == application.id)
            .order_by(Correction.requested_at)
        )
    )


def open_correction(session: Session, application: Application) -> Correction | None:
    """The correction request that the applicant has still to answer."""
    return session.scalar(_CORRECTION, {"application": application.id})
