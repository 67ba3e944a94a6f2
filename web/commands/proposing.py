"""`flask procedures proposals`, `confirm`, `reject`: the second person."""

import json

import click

from core.database import EVERYONE
from core.errors import Refused
from procedures import proposals
from procedures.models import Proposal
from web import publications
from web.commands.procedures import group
from web.commands.publishing import author, show_changes, show_impact
from web.request import context

__all__ = ["group"]
BY = click.option("--by", "email", required=True, help="Your e-mail address; the password is asked for.")


@group.command("proposals")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
def proposals_(style: str) -> None:
    """List what was proposed and waits for a second person."""
    with context().database.reading(EVERYONE) as session:
        found = proposals.all_open(session)
    if style == "json":
        click.echo(json.dumps([_as_dict(one) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        _show(one)
    if not found:
        click.echo("nothing waits")


@group.command()
@click.argument("digest")
@BY
@click.option("--yes", is_flag=True, help="Do not ask.")
def confirm(digest: str, email: str, yes: bool) -> None:
    """Publish what a colleague proposed: the version whose digest begins with DIGEST."""
    found = _one(digest)
    _show(found)
    person = author(email, found.organisation_id)
    if not yes:
        click.confirm("Publish it?", abort=True)
    try:
        said = publications.confirmed(context(), found.organisation_id, found.id, f"clerk:{person.id}")
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if said is not None:
        raise click.ClickException(f"the proposal is void: {said}")
    click.echo(f"published {found.procedure_id}")


@group.command()
@click.argument("digest")
@BY
def reject(digest: str, email: str) -> None:
    """Take a proposal off the list, one's own or a colleague's."""
    found = _one(digest)
    person = author(email, found.organisation_id)
    publications.rejected(context(), found.organisation_id, found.id, f"clerk:{person.id}")
    click.echo(f"rejected {found.procedure_id}")


def _one(digits: str) -> Proposal:
    with context().database.reading(EVERYONE) as session:
        found = proposals.beginning_with(session, digits)
    if len(found) != 1:
        raise click.ClickException(f"{len(found) or 'no'} proposals begin with {digits}")
    return found[0]


def _show(one: Proposal) -> None:
    base = one.base_digest[:12] if one.base_digest else "new"
    when = f", from {one.effective_at:%Y-%m-%d %H:%M} UTC" if one.effective_at else ""
    click.echo(f"{one.procedure_id}: {base} → {one.digest[:12]}{when}")
    click.echo(f"  proposed {one.proposed_at:%Y-%m-%d %H:%M} UTC by {one.proposed_by}, {one.file}")
    show_changes(one.changes)
    show_impact(one.impact)
    if one.migrates:
        click.echo("  what could go over does so when it is confirmed")


def _as_dict(one: Proposal) -> dict[str, object]:
    return {
        "organisation": one.organisation_id,
        "procedure": one.procedure_id,
        "digest": one.digest,
        "before": one.base_digest,
        "file": one.file,
        "proposed_by": one.proposed_by,
        "proposed_at": one.proposed_at.isoformat(),
        "effective_at": one.effective_at.isoformat() if one.effective_at else None,
        "migrates": one.migrates,
        "changes": one.changes,
        "impact": one.impact,
    }
