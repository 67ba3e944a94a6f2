"""`flask keys`: the key ring."""

import sys

import click
from flask.cli import AppGroup

from core import rewrapping
from core.context import Context
from core.database import EVERYONE
from web.request import context

group = AppGroup("keys", help="The key ring.")


@group.command()
def rewrap() -> None:
    """Put the key of every case, account … under the ring's current key, so that an older one can be retired.

    Nothing else changes. It may be stopped and started again at any time, beside running servers.
    """
    ctx = context()
    lost = sum(_rewrap(ctx, column) for column in rewrapping.columns())
    if lost:
        click.echo(f"no key of the ring opens {lost} keys: put back the key that was taken out", err=True)
        sys.exit(1)
    older = ", ".join(ctx.keyring.older)
    click.echo(
        f"OK: every key is under {ctx.keyring.current}; nothing is under {older or 'another one'} any more"
    )


def _rewrap(ctx: Context, column: rewrapping.Column) -> int:
    """Rewrap a column, a commit for each batch; how many of its keys no key of the ring opens."""
    done, lost, last = 0, 0, None
    while True:
        with ctx.database.writing(EVERYONE) as session:
            batch = rewrapping.rewrap(session, ctx.keyring, column, last)
        done, lost, last = done + batch.rewrapped, lost + batch.lost, batch.last
        if last is None:
            click.echo(f"{column.table.name}.{column.wrapped.name}: {done} rewrapped")
            return lost
