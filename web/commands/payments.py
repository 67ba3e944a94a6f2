"""Commands about money: ``flask payments reconcile``."""

import click
from flask.cli import AppGroup

from core.database import EVERYONE
from payments import reconciliation
from payments.provider import Unavailable
from web.request import context
from web.settling import settle

group = AppGroup("payments", help="Payments: compare with the providers.")


@group.command("reconcile")
def reconcile() -> None:
    """Ask the providers about payments whose end nobody reported, and enter what they say (for a nightly timer)."""
    ctx = context()
    with ctx.database.reading(EVERYONE) as session:
        open_ones = reconciliation.unreported(session)
    unreachable = 0
    for checkout in open_ones:
        try:
            events = reconciliation.ask(ctx, checkout)
        except Unavailable:
            unreachable += 1
            continue
        for event in events:
            settled = settle(ctx, checkout.provider, event)
            if event.kind == "paid":
                click.echo(
                    f"application {settled.application_id}: {checkout.amount} yen were paid and not reported"
                )
    click.echo(f"{len(open_ones)} open checkouts asked about, {unreachable} without an answer")
    if unreachable:
        raise SystemExit(1)
