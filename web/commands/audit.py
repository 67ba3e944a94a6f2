"""`flask audit`: the audit log."""

import sys

import click
from flask.cli import AppGroup

from accounts import organisations
from core import audit
from core.database import EVERYONE
from web.request import context

group = AppGroup("audit", help="The audit log.")


@group.command()
def verify() -> None:
    """Check the chain of every organisation. Status 1 and a line for each place where it does not hold."""
    broken = 0
    with context().database.reading(EVERYONE) as session:
        for organisation in organisations.all_of_them(session):
            for place in audit.verify(session, organisation.id):
                broken += 1
                click.echo(f"{place.organisation}:{place.sequence}: {place.reason}", err=True)
            click.echo(f"{organisation.id}: {audit.length(session, organisation.id)} rows checked")
    if broken:
        click.echo(f"the audit log does not hold at {broken} places", err=True)
        sys.exit(1)
    click.echo("OK: every chain holds")
