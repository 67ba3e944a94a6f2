"""The demonstration: clerks whom everybody may sign in as. Never in production."""

from dataclasses import dataclass

import sqlalchemy as sa

from accounts import clerks, organisations
from accounts.models import Clerk
from core.context import Context
from core.database import EVERYONE

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


def _email(name: str, organisation: str) -> str:
    return f"{name}@{organisation}.example.invalid"
