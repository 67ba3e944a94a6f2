"""Clerks: adding them, letting them in, and what they may do."""

from collections.abc import Iterable
from functools import cache
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from accounts.models import Clerk, Duty
from core import audit
from core.database import organisation_of
from core.errors import NotFound, Refused, message

LEAST_PASSWORD = 12


def add(
    session: Session, email: str, name: str, password: str, duties: Iterable[tuple[str, str]], actor: str
) -> Clerk:
    """Add a clerk with `duties` of (role, desk). Raises `Refused` for a taken address or a short password."""
    email = email.strip().casefold()
    clerk = Clerk(
        id=uuid4().hex,
        organisation_id=organisation_of(session),
        email=email,
        name=name,
        password_hash=_hashed(password),
        duties=[Duty(role=role, desk=desk) for role, desk in duties],
    )
    try:
        with (
            session.begin_nested()
        ):  # the address may be taken in an organisation that this session cannot see
            session.add(clerk)
    except IntegrityError as error:
        raise Refused(message("A clerk with this e-mail address exists already.")) from error
    audit.append(
        session,
        "clerk.added",
        f"clerk:{clerk.id}",
        actor,
        duties=[f"{d.role}@{d.desk}" for d in clerk.duties],
    )
    return clerk


def _hashed(password: str) -> str:
    """What is kept of a new password. Raises `Refused` for one that is too short."""
    if len(password) < LEAST_PASSWORD:
        raise Refused(message("The password needs at least %(least)d characters.", least=LEAST_PASSWORD))
    return generate_password_hash(password)


def is_password(clerk: Clerk, password: str) -> bool:
    """Whether it is the clerk's present password."""
    return check_password_hash(clerk.password_hash, password)


def set_password(session: Session, id: str, password: str, actor: str) -> Clerk:
    """Give the clerk `id` a new password and end every session of theirs. Raises `NotFound`, `Refused`."""
    clerk = get(session, id)
    clerk.password_hash = _hashed(password)
    clerk.session_epoch += 1
    audit.append(session, "clerk.password_changed", f"clerk:{id}", actor)
    return clerk


def sign_out(session: Session, id: str) -> None:
    """End every session of the clerk `id`. Raises `NotFound`."""
    get(session, id).session_epoch += 1
    audit.append(session, "clerk.signed_out", f"clerk:{id}", f"clerk:{id}")


def authenticate(session: Session, email: str, password: str) -> Clerk | None:
    """The active clerk with this address and password (a session of `EVERYONE`); takes the same time for nobody."""
    clerk = session.scalar(sa.select(Clerk).where(Clerk.email == email.strip().casefold()))
    good = check_password_hash(clerk.password_hash if clerk else _nobody(), password)
    return clerk if clerk and good and clerk.active else None


@cache
def _nobody() -> str:
    """A hash to compare with where there is nobody; made when first needed, as it takes as long as a sign-in."""
    return generate_password_hash("nobody has this password")


def author(session: Session, email: str, password: str, organisation: str) -> Clerk:
    """The author of `organisation` with this address and password (a session of `EVERYONE`). Raises `Refused`."""
    person = authenticate(session, email, password)
    if person is None or person.organisation_id != organisation:
        raise Refused(message("The e-mail address and the password do not belong together."))
    if not any(duty.role == "author" for duty in person.duties):
        raise Refused(message("Only clerks with the role “author” publish procedures."))
    return person


def get(session: Session, id: str) -> Clerk:
    """The clerk `id` of this organisation. Raises `NotFound`."""
    clerk = session.get(Clerk, id)
    if clerk is None:
        raise NotFound(f"no clerk {id}")
    return clerk


def by_email(session: Session, email: str) -> Clerk:
    """The clerk with this address, of any organisation in the session's scope. Raises `NotFound`."""
    clerk = session.scalar(sa.select(Clerk).where(Clerk.email == email.strip().casefold()))
    if clerk is None:
        raise NotFound("no clerk has this address")
    return clerk


def all_of_them(session: Session) -> list[Clerk]:
    """Every clerk in the session's scope, by organisation and address."""
    return list(session.scalars(sa.select(Clerk).order_by(Clerk.organisation_id, Clerk.email)))


def deactivate(session: Session, id: str, actor: str) -> None:
    """Let the clerk `id` in no more and end every session of theirs; what they did stays. Raises `NotFound`."""
    clerk = get(session, id)
    if clerk.active:
        clerk.active = False
        clerk.session_epoch += 1
        audit.append(session, "clerk.deactivated", f"clerk:{id}", actor)


def names(session: Session) -> dict[str, str]:
    """Names of the organisation's clerks by id."""
    return {id: name for id, name in session.execute(sa.select(Clerk.id, Clerk.name))}  # noqa: C416
