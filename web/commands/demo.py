"""`flask demo …`: something to look at on every page."""

import click
from flask.cli import AppGroup

from core.errors import Refused
from web import demonstration
from web.request import context
from web.samples import load as samples

group = AppGroup("demo", help="Invented cases for the demonstration.")


@group.command()
@click.option(
    "--cases", default=300, show_default=True, type=click.IntRange(20, 5000), help="How many, about."
)
def load(cases: int) -> None:
    """Fill this data folder with invented cases in all states, once."""
    ctx = context()
    try:
        loaded = samples.load(ctx, cases, click.echo)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if loaded is None:
        click.echo("The invented cases are here already.")
    else:
        click.echo(f"{loaded.cases} cases, {loaded.mails} mails, {loaded.documents} documents.")
    click.echo(f"Clerks (password {demonstration.PASSWORD}):")
    for one in demonstration.sign_ins(ctx):
        click.echo(f"  {one.email:36} {', '.join(one.roles)} at {one.organisation}")
