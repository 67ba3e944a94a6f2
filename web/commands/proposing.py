"""`flask procedures proposals`, `confirm`, `reject`: the second person."""

import json
from pathlib import Path

import click

from applications.migrating import migrate
from core.context import Context
from core.database import EVERYONE
from core.errors import Refused
from procedures import loader, proposals, versions
from procedures.loader import Loaded
from procedures.models import Proposal
from procedures.problems import DefinitionErrors
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
        said = confirmed(context(), found.organisation_id, found.id, f"clerk:{person.id}")
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
    with context().database.writing(found.organisation_id) as session:
        proposals.reject(session, proposals.get(session, found.id, lock=True), f"clerk:{person.id}")
    click.echo(f"rejected {found.procedure_id}")


def confirmed(ctx: Context, organisation: str, id: str, by: str) -> str | None:
    """Publish the proposal, and migrate where it says so; why it is void instead, which is kept, too.

    Raises `Refused` for the person who proposed it.
    """
    with ctx.database.writing(organisation) as session:
        proposal = proposals.get(session, id, lock=True)
        loaded = current_file(ctx, proposal)
        reason = proposals.void_reason(session, proposal, versions.digest_of(loaded) if loaded else None)
        if reason is not None or loaded is None:
            proposals.void(session, proposal, by)
            return reason
        proposals.confirm(session, proposal, loaded, by)
        session.flush()
        if proposal.migrates:
            migrate(session, ctx, proposal.procedure_id, by)
    return None


def current_file(ctx: Context, proposal: Proposal) -> Loaded | None:
    """The proposal's file as it is now; none where it cannot be read."""
    try:
        return loader.load(ctx.settings.catalogue_dir / Path(proposal.file))
    except DefinitionErrors:
        return None


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
