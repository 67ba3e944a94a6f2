"""`flask procedures proposals`, `confirm`, `reject`: the second person."""

import json

import click

from core.database import EVERYONE
from core.errors import Refused
from core.told import tell
from procedures import proposals
from procedures.models import Proposal
from web import publications
from web.commands.procedures import group
from web.commands.publishing import author, show_changes, show_impact
from web.request import context
from web.telling import SPOKEN, echo, insist, sorry

__all__ = ["group"]
BY = click.option("--by", "email", required=True, help="Your e-mail address; the password is asked for.")


@group.command("proposals")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
@SPOKEN
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
        echo(tell("nothing waits"))


@group.command()
@click.argument("digest")
@BY
@click.option("--yes", is_flag=True, help="Do not ask.")
@SPOKEN
def confirm(digest: str, email: str, yes: bool) -> None:
    """Publish what a colleague proposed: the version whose digest begins with DIGEST."""
    found = _one(digest)
    _show(found)
    person = author(email, found.organisation_id)
    if not yes:
        insist(tell("Publish it?"))
    try:
        reason = publications.confirmed(context(), found.organisation_id, found.id, f"clerk:{person.id}")
    except Refused as refusal:
        raise sorry(refusal.reason) from refusal
    if reason is not None:
        raise sorry(tell("the proposal is void: %(reason)s", reason=reason))
    echo(tell("published %(name)s", name=found.procedure_id))


@group.command()
@click.argument("digest")
@BY
@SPOKEN
def reject(digest: str, email: str) -> None:
    """Take a proposal off the list, one's own or a colleague's."""
    found = _one(digest)
    person = author(email, found.organisation_id)
    publications.rejected(context(), found.organisation_id, found.id, f"clerk:{person.id}")
    echo(tell("rejected %(name)s", name=found.procedure_id))


def _one(digits: str) -> Proposal:
    with context().database.reading(EVERYONE) as session:
        found = proposals.beginning_with(session, digits)
    if len(found) != 1:
        text = tell("%(count)s proposals begin with %(digits)s", count=len(found), digits=digits)
        raise sorry(text if found else tell("no proposals begin with %(digits)s", digits=digits))
    return found[0]


def _show(one: Proposal) -> None:
    base = one.base_digest[:12] if one.base_digest else tell("new")
    change = tell("%(name)s: %(old)s → %(new)s", name=one.procedure_id, old=base, new=one.digest[:12])
    if one.effective_at:
        change = tell(
            "%(change)s, from %(time)s UTC", change=change, time=f"{one.effective_at:%Y-%m-%d %H:%M}"
        )
    echo(change)
    text = tell(
        "  proposed %(time)s UTC by %(name)s, %(file)s",
        time=f"{one.proposed_at:%Y-%m-%d %H:%M}",
        name=one.proposed_by,
        file=one.file,
    )
    echo(text)
    show_changes(one.changes)
    show_impact(one.impact)
    if one.migrates:
        echo(tell("  what could go over does so when it is confirmed"))


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
