"""`flask documents`: the archive of issued documents."""

from pathlib import Path

import click
from flask.cli import AppGroup

from core.database import EVERYONE
from documents import archive
from web.request import context

group = AppGroup("documents", help="Issued documents.")


@group.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def export(directory: Path) -> None:
    """Write every issued PDF of every organisation to DIRECTORY, a folder and a list for each."""
    ctx = context()
    with ctx.database.reading(EVERYONE) as session:
        count = archive.export(session, ctx, directory)
    click.echo(f"{count} documents written to {directory}")
