"""The demonstration: clerks whom everybody may sign in as. Never in production."""

from dataclasses import dataclass

import sqlalchemy as sa

from accounts import clerks, organisations
from accounts.models import Clerk
from core.context import Context
from core.database import EVERYONE
from core.errors import Refused, message
from core.settings import Settings

PASSWORD = "madoguchi-demo"  # noqa: S105 - printed when the platform starts
CLERKS = {
    "reviewer": ("見本 花子", ("reviewer", "cashier")),
    "chief": ("見本 次郎", ("chief",)),
    "lottery": ("見本 三郎", ("lottery_officer",)),
    "lottery2": ("見本 四郎", ("lottery_officer",)),
}


@dataclass(frozen=True)
class SignIn:
    """What somebody types to be the clerk."""

    organisation: str
    email: str
    roles: tuple[str, ...]


def sign_ins(ctx: Context) -> list[SignIn]:
    """The demonstration's clerks, added for every organisation that has none."""
    with ctx.database.reading(EVERYONE) as session:
        known = [organisation.id for organisation in organisations.all_of_them(session)]
    for organisation in known:
        _add_clerks(ctx, organisation)
    return [
        SignIn(organisation, _email(name, organisation), roles)
        for organisation in known
        for name, (_, roles) in CLERKS.items()
    ]


def _add_clerks(ctx: Context, organisation: str) -> None:
    with ctx.database.reading(organisation) as session:
        if session.scalar(sa.select(Clerk.id).limit(1)):
            return
    with ctx.database.writing(organisation) as session:
        for name, (person, roles) in CLERKS.items():
            duties = [(role, "*") for role in roles]
            clerks.add(session, _email(name, organisation), person, PASSWORD, duties, "command")


def end(ctx: Context) -> int:
    """Let the demonstration's clerks in no more, and end their sessions; how many there still were."""
    with ctx.database.reading(EVERYONE) as session:
        known = [one.id for one in organisations.all_of_them(session)]
        emails = [_email(name, organisation) for organisation in known for name in CLERKS]
        query = sa.select(Clerk.id, Clerk.organisation_id).where(Clerk.active, Clerk.email.in_(emails))
        found = session.execute(query).all()
    for id, organisation in found:
        with ctx.database.writing(organisation) as session:
            clerks.deactivate(session, id, "system")
    return len(found)


def is_public(settings: Settings, password: str) -> bool:
    """Whether it is the password that everybody knows, in production: there it opens nothing."""
    return settings.environment == "production" and password == PASSWORD


def refuse_password(settings: Settings, password: str) -> None:
    """Raises `Refused` in production for the password that everybody knows."""
    if is_public(settings, password):
        raise Refused(message("Everybody knows this password. Choose another one."))


def _email(name: str, organisation: str) -> str:
    return f"{name}@{organisation}.example.invalid"
