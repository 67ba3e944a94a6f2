"""`flask procedures publish`: what it would mean first, then the step itself."""

from datetime import datetime
from pathlib import Path

import click

from accounts import organisations
from applications.impact import DRAFT, Impact, impact
from core.errors import NotFound
from procedures import versions
from procedures.changes import changes
from procedures.compiling import Compiled, compile_files
from procedures.definition import Procedure
from procedures.problems import DefinitionErrors
from web.commands.procedures import FILES, as_text, group, paths_of
from web.request import context

__all__ = ["group"]


@group.command()
@FILES
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]), help="From when on it counts.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def publish(files: tuple[Path, ...], at: datetime | None, yes: bool) -> None:
    """Publish FILES; without any, bring organisations and all procedures in line with the catalogue.

    Where a procedure changes that was published before, the change and what is in flight are shown, and it is asked
    whether to go on.
    """
    ctx = context()
    folder = ctx.settings.catalogue_dir
    try:
        made = compile_files(versions.changed_files(ctx.database, paths_of(files), at))
        shown = [_show(one, at) for one in made]
        if any(shown) and not yes:
            click.confirm("Publish?", abort=True)
        for name in versions.publish_compiled(ctx.database, folder, made, at=at):
            click.echo(f"published {name}")
    except DefinitionErrors as error:
        as_text(error.problems)
        raise SystemExit(1) from None


def _show(made: Compiled, at: datetime | None) -> bool:
    """Show what publishing `made` changes; whether it changes anything that was there."""
    ctx, name = context(), made.procedure_id
    try:
        owner = organisations.owner_of(ctx.settings.catalogue_dir, made.department)
        with ctx.database.reading(owner) as session:
            before = versions.current(session, name, at)
            if before.digest == made.digest:
                return False
            procedure = Procedure.model_validate_json(made.content["compiled"])
            found = impact(session, ctx, procedure)
    except NotFound:
        return False
    click.echo(f"{name}: {before.digest[:12]} → {made.digest[:12]}")
    for change in changes(before.procedure, procedure):
        click.echo(f"  {change.gravity.name.lower():<12}  {change.text}")
    _show_impact(found)
    return True


def _show_impact(found: Impact) -> None:
    total, failing = found.standing.total(), found.failing.total()
    if not total:
        click.echo("  nothing is in flight")
        return
    drafts = found.standing[DRAFT]
    of = f"{len(found.versions)} earlier version{'s' if len(found.versions) > 1 else ''}"
    click.echo(f"  in flight: {drafts} drafts, {total - drafts} applications of {of}; all keep their version")
    for state, count in sorted(found.standing.items(), key=lambda each: (each[0] != DRAFT, each[0])):
        click.echo(f"    {state:<24} {count:>6}  would not pass the new rules: {found.failing[state]}")
    for reason, count in found.reasons.most_common():
        click.echo(f"      {count:>6} × {reason}")
    if failing:
        click.echo("  They can go on under the rules they began with.")
