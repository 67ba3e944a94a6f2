"""`flask users`: clerks and what they may do. Passwords are neither shown nor kept readable."""

import difflib
from collections.abc import Collection

import click
from flask.cli import AppGroup

from accounts import clerks, organisations
from core.context import Context
from core.database import EVERYONE
from core.errors import NotFound, Refused
from forms.contact import address
from procedures.definition.workflow import ROLES
from web import demonstration
from web.request import context

group = AppGroup("users", help="Clerks: add, list, deactivate, new passwords.")
EVERY_DESK = "*"
LONGEST_NAME = 100


@group.command()
@click.argument("email")
@click.option("--name", required=True, help="The clerk's name, as colleagues read it.")
@click.option("--organisation", required=True, help="Id of the organisation they work for.")
@click.option("--role", "roles", multiple=True, required=True, help=f"One of {', '.join(ROLES)}.")
@click.option("--desk", "desks", multiple=True, required=True, help="The desk of that role; * is every desk.")
@click.option(
    "--password", help="Asked for where it is not given, which keeps it out of the shell's history."
)
def add(
    email: str,
    name: str,
    organisation: str,
    roles: tuple[str, ...],
    desks: tuple[str, ...],
    password: str | None,
) -> None:
    """Add a clerk who signs in with EMAIL. Each --role belongs to the --desk at the same place."""
    ctx = context()
    if len(roles) != len(desks):
        raise click.UsageError("give one --desk for every --role: --role reviewer --desk tax")
    _known("role", roles, ROLES)
    _known("desk", desks, (EVERY_DESK, *_desks_of(ctx, organisation)))
    good = address(email)
    if good is None:
        raise click.UsageError("EMAIL is not an e-mail address")
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise click.UsageError(f"--name is 1 to {LONGEST_NAME} characters in one line")
    password = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    duties = dict.fromkeys(zip(roles, desks, strict=True))
    try:
        demonstration.refuse_password(ctx.settings, password)
        with ctx.database.writing(organisation) as session:
            clerks.add(session, good, name.strip(), password, duties, "command")
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{good} may sign in now: {', '.join(f'{role}@{desk}' for role, desk in duties)}")


@group.command("list")
@click.option("--organisation", help="Only this organisation's.")
def list_(organisation: str | None) -> None:
    """List every clerk: address, organisation, duties, and whether they may still sign in."""
    ctx = context()
    if organisation:
        _desks_of(ctx, organisation)
    with ctx.database.reading(organisation or EVERYONE) as session:
        for clerk in clerks.all_of_them(session):
            duties = ", ".join(f"{duty.role}@{duty.desk}" for duty in clerk.duties)
            state = "" if clerk.active else "  (deactivated)"
            click.echo(f"{clerk.email:40} {clerk.organisation_id:12} {duties}{state}")


@group.command()
@click.argument("email")
def deactivate(email: str) -> None:
    """Let the clerk with EMAIL sign in no more, and end their sessions at once."""
    ctx = context()
    try:
        with ctx.database.reading(EVERYONE) as session:
            found = clerks.by_email(session, email)
        with ctx.database.writing(found.organisation_id) as session:
            clerks.deactivate(session, found.id, "command")
    except NotFound as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{found.email} is deactivated")


@group.command()
@click.argument("email")
@click.option(
    "--password", help="Asked for where it is not given, which keeps it out of the shell's history."
)
def password(email: str, password: str | None) -> None:
    """Give the clerk with EMAIL a new password, and end their sessions at once."""
    ctx = context()
    try:
        with ctx.database.reading(EVERYONE) as session:
            found = clerks.by_email(session, email)
        password = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
        demonstration.refuse_password(ctx.settings, password)
        with ctx.database.writing(found.organisation_id) as session:
            clerks.set_password(session, found.id, password, "command")
    except (NotFound, Refused) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{found.email} signs in with the new password now")


def _desks_of(ctx: Context, organisation: str) -> list[str]:
    with ctx.database.reading(EVERYONE) as session:
        known = {one.id: list(one.desks) for one in organisations.all_of_them(session)}
    _known("organisation", (organisation,), tuple(known))
    return known[organisation]


def _known(kind: str, given: Collection[str], known: Collection[str]) -> None:
    for one in given:
        if one not in known:
            near = difflib.get_close_matches(one, known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known) or 'none'}"
            raise click.UsageError(f"no {kind} named '{one}'; {hint}")
