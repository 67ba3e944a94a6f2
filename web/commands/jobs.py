"""`flask jobs …`: the outbox by hand."""

import click
from flask.cli import AppGroup

from web import jobs
from web.request import context

group = AppGroup("jobs", help="Effects that follow from what was committed: mails, documents, deadlines.")


@group.command()
def run() -> None:
    """Perform everything that is due, here and now."""
    click.echo(f"{jobs.drain(context())} effects performed")
