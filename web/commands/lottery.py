"""`flask lottery`: a draw from the freeze to the published result. Every step names who took it."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from accounts.models import Clerk
from core.database import EVERYONE
from core.errors import Misconfigured, NotFound, Refused
from lotteries import ceremony, entries, publication, queries, rounds
from web import ceremony as edge
from web.request import context

group = AppGroup("lottery", help="Draws by lot: freeze, commit, reveal, draw, confirm, publish.")

_as_officer = click.option(
    "--as", "email", required=True, help="E-mail address of the lottery officer who acts."
)
_demonstration = click.option(
    "--demonstration",
    is_flag=True,
    help="Let made-up witnesses act; each keeps a value in a file of their own.",
)


@group.command("list")
def list_() -> None:
    """List every draw: id, state, live entries' count once frozen, who is still awaited."""
    with context().database.reading(EVERYONE) as session:
        for draw in queries.all_draws(session):
            awaited = ", ".join(ceremony.missing(session, draw))
            click.echo(
                f"{draw.id:40} {draw.state:10} {draw.entries:8}"
                + (f"  awaited: {awaited}" if awaited else "")
            )


@group.command()
@click.argument("draw")
def duplicates(draw: str) -> None:
    """List second entries of a household that are still to be decided about."""
    with _refusals(), context().database.reading(edge.organisation_of(context(), draw)) as session:
        for entry in entries.duplicates(session, draw):
            click.echo(f"{entry.number}  second entry of the household of {entry.duplicate_of}")


@group.command()
@click.argument("draw")
@click.argument("number")
@click.option("--keep/--exclude", required=True, help="Let it take the first entry's place, or leave it out.")
def settle(draw: str, number: str, keep: bool) -> None:
    """Decide about a second entry of a household."""
    with _refusals(), context().database.writing(edge.organisation_of(context(), draw)) as session:
        entries.settle(session, draw, number, keep, "command")


@group.command()
@click.argument("draw")
@click.option("--now", is_flag=True, help="Although applications are still taken (demonstration only).")
def freeze(draw: str, now: bool) -> None:
    """Close the pool and fix its root."""
    ctx = context()
    with _refusals(), ctx.database.writing(edge.organisation_of(ctx, draw)) as session:
        done = ceremony.freeze(session, ctx, draw, "command", now)
    click.echo(f"{draw}: frozen with {done.entries} entries, {done.tickets} tickets")
    click.echo(f"pool root {done.root}")


@group.command()
@click.argument("draw")
@click.option("--witness", help="Name of a witness, as in the rules.")
@click.option("--commitment", help="SHA-256 (hex) of the witness's 32 bytes.")
@_demonstration
def commit(draw: str, witness: str | None, commitment: str | None, demonstration: bool) -> None:
    """Take a witness's commitment; once all are there, publish them with the pool's root."""
    ctx = context()
    if (witness is None) != (commitment is None):
        raise click.UsageError("--witness and --commitment belong together")
    with _refusals(), ctx.database.writing(edge.organisation_of(ctx, draw)) as session:
        if witness and commitment:
            ceremony.register(session, draw, witness, commitment, "command")
        if demonstration:
            for one in publication.witnesses_of(session, rounds.get(session, draw)):
                sealed = edge.seal_value(ctx, draw, one.position, one.name)
                ceremony.register(session, draw, one.name, sealed, "command")
        awaited = ceremony.missing(session, rounds.get(session, draw)) if witness else []
        if awaited:
            click.echo(f"{draw}: still awaited: {', '.join(awaited)}")
            return
        done = ceremony.commit(session, draw, "command")
    click.echo(
        f"{draw}: committed, round {done.beacon_round}, values until {publication.utc(done.reveal_by)}"
    )


@group.command()
@click.argument("draw")
@click.option("--witness", help="Name of a witness, as in the rules.")
@click.option("--value", help="The witness's 32 bytes (hex).")
@_demonstration
def reveal(draw: str, witness: str | None, value: str | None, demonstration: bool) -> None:
    """Take a witness's value; `--demonstration` opens the made-up witnesses' files (of one, or of all)."""
    ctx = context()
    if bool(witness and value) == demonstration:
        raise click.UsageError("give --witness and --value, or --demonstration")
    with _refusals(), ctx.database.writing(edge.organisation_of(ctx, draw)) as session:
        if witness and value:
            ceremony.reveal(session, draw, witness, value, "command")
        for one in publication.witnesses_of(session, rounds.get(session, draw)) if demonstration else ():
            if witness in (None, one.name):
                ceremony.reveal(
                    session, draw, one.name, edge.sealed_value(ctx, draw, one.position), "command"
                )
        awaited = ceremony.missing(session, rounds.get(session, draw))
    click.echo(
        f"{draw}: " + (f"still awaited: {', '.join(awaited)}" if awaited else "every value is revealed")
    )


@group.command("draw")
@click.argument("draw")
@_as_officer
def draw_(draw: str, email: str) -> None:
    """Draw. It happens once; a second person must confirm it."""
    ctx = context()
    with _refusals():
        organisation, officer = _officer(draw, email)
        with ctx.database.writing(organisation) as session:
            done = ceremony.draw(session, ctx, draw, officer)
    click.echo(f"{draw}: drawn, seed {done.seed}")
    click.echo("a second lottery officer confirms and publishes it")


@group.command()
@click.argument("draw")
@_as_officer
def confirm(draw: str, email: str) -> None:
    """Recompute the result with the stand-alone verifier and confirm it, as a second person."""
    ctx = context()
    with _refusals():
        organisation, officer = _officer(draw, email)
        with ctx.database.writing(organisation) as session:
            ceremony.confirm(session, ctx, draw, officer)
    click.echo(f"{draw}: confirmed")


@group.command()
@click.argument("draw")
@_as_officer
def publish(draw: str, email: str) -> None:
    """Publish the result (confirming it first where nobody has) and tell every case. Again: tell who was not told."""
    ctx = context()
    with _refusals():
        organisation, officer = _officer(draw, email)
        with ctx.database.writing(organisation) as session:
            state = rounds.get(session, draw).state
            if state == "drawn":
                ceremony.confirm(session, ctx, draw, officer)
            if state != "published":
                ceremony.publish(session, ctx, draw, officer)
        told = edge.tell_cases(ctx, draw)
    click.echo(f"{draw}: published at {ctx.settings.base_url}/lotteries/{draw}.json; {told} cases told")
    if edge.untold(ctx, draw):
        click.echo(
            "Some cases could not be told; the log says which. Publish again once they can be.", err=True
        )


@group.command()
@click.argument("draw")
@click.argument("vacated")
@click.option("--reason", type=click.Choice(["declined", "ineligible", "withdrawn"]), required=True)
@_as_officer
def promote(draw: str, vacated: str, reason: str, email: str) -> None:
    """Give the seat of the entry VACATED to the next on the waiting list."""
    ctx = context()
    with _refusals():
        organisation, officer = _officer(draw, email)
        with ctx.database.writing(organisation) as session:
            done = edge.promote(session, ctx, draw, vacated, reason, officer)  # type: ignore[arg-type]
    click.echo(f"{draw}: {done.promoted} moves up" if done else f"{draw}: nobody is left on the waiting list")


@group.command()
@click.argument("draw")
@click.option("--reason", required=True, help="Public: why this draw does not count.")
@_as_officer
def void(draw: str, reason: str, email: str) -> None:
    """Declare a draw void before its publication; it stays public with the reason."""
    with _refusals():
        organisation, officer = _officer(draw, email)
        with context().database.writing(organisation) as session:
            ceremony.void(session, draw, officer, reason)


def _officer(draw: str, email: str) -> tuple[str, Clerk]:
    organisation = edge.organisation_of(context(), draw)
    return organisation, edge.clerk(context(), organisation, email)


@contextmanager
def _refusals() -> Iterator[None]:
    """A refusal is a sentence and status 1, not a traceback."""
    try:
        yield
    except (Refused, NotFound, Misconfigured) as error:
        raise click.ClickException(str(error)) from error
