"""`flask procedures publish`: what it would mean first, then the step itself; by two people where that is the rule."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from accounts import clerks, organisations
from accounts.models import Clerk
from applications.announcing import Announcement, announce
from applications.impact import DRAFT, Impact
from applications.migrating import migrate
from core.database import EVERYONE
from core.errors import NotFound, Refused
from core.told import tell, unpacked
from procedures import proposals, versions
from procedures.compiling import Compiled, compile_files
from procedures.problems import DefinitionErrors
from web.commands.authoring import GRAVITIES, beginning
from web.commands.procedures import FILES, as_text, group, paths_of
from web.request import context
from web.telling import SPOKEN, echo, insist, padded, said, sorry

__all__ = ["group"]
BY = click.option(
    "--by", "email", help="E-mail address of the author who does this; the password is asked for."
)
Announced = list[tuple[str, Announcement]]
"""Organisations and what is announced in them."""


@group.command()
@FILES
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]), help="From when on it counts.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--migrate", "migrates", is_flag=True, help="Take over what is in flight and passes the new rules."
)
@BY
@SPOKEN
def publish(
    files: tuple[Path, ...], at: datetime | None, yes: bool, migrates: bool, email: str | None
) -> None:
    """Publish FILES; without any, bring organisations and all procedures in line with the catalogue.

    Where a procedure changes that was published before, the change and what is in flight are shown, and it is asked
    whether to go on. Where the organisation wants two people, the change is proposed, and `confirm` publishes it.
    """
    if migrates and at:
        raise sorry(tell("--migrate is for a version that counts at once, not with --at"), 2)
    try:
        paths = paths_of(files)
        made = compile_files(versions.changed_files(context().database, paths, at))
        owners = {one.department: _owner(one.department) for one in made}
        places = {(path.absolute().parent.name, path.stem): path for path in paths}
        announced = [
            (owner, found)
            for one in made
            if (owner := owners[one.department])
            and (found := _announce(owner, one, places[one.department, one.procedure_id], at))
        ]
        by_two = {
            owner for owner, _ in announced if proposals.needs_two(context().settings.catalogue_dir, owner)
        }
        actor = _actor(email, sorted(by_two) or sorted({owner for owner, _ in announced}), bool(by_two))
        for _, one in announced:
            _show(one)
        if any(one.base for _, one in announced) and not yes:
            insist(tell("Go on?") if by_two else tell("Publish?"))
        _propose([(owner, one) for owner, one in announced if owner in by_two], actor, at, migrates)
        waiting = {one.digest for owner, one in announced if owner in by_two}
        _publish([one for one in made if one.digest not in waiting], actor, at)
        if migrates:
            _migrate([(owner, one.procedure_id) for owner, one in announced if owner not in by_two], actor)
    except DefinitionErrors as error:
        as_text(error.problems)
        raise SystemExit(1) from None


def _owner(department: str) -> str | None:
    try:
        return organisations.owner_of(context().settings.catalogue_dir, department)
    except NotFound:
        return None


def _announce(owner: str, made: Compiled, path: Path, at: datetime | None) -> Announcement | None:
    try:
        with context().database.reading(owner) as session:
            return announce(session, context(), made, path, at)
    except NotFound:  # an organisation that is new in the file
        return Announcement(made, path, None, (), Impact())


def _actor(email: str | None, owners: Sequence[str], needed: bool) -> str:
    """``clerk:<id>`` of whoever is named, else ``command`` where nobody needs to be."""
    if email is None:
        if needed:
            text = tell(
                "%(owners)s wants two people to publish: say who you are with --by EMAIL",
                owners=", ".join(owners),
            )
            raise sorry(text, 2)
        return "command"
    if len(owners) > 1:
        raise sorry(
            tell("--by is for one organisation at a time, not for %(owners)s", owners=", ".join(owners)),
            2,
        )
    return f"clerk:{author(email, owners[0]).id}" if owners else "command"


def author(email: str, organisation: str) -> Clerk:
    """The author with this address, after they typed their password."""
    password = click.prompt(said(tell("Password of %(email)s", email=email)), hide_input=True)
    try:
        with context().database.reading(EVERYONE) as session:
            return clerks.author(session, email, password, organisation)
    except Refused as refusal:
        raise sorry(refusal.reason) from refusal


def _propose(announced: Announced, by: str, at: datetime | None, migrates: bool) -> None:
    folder = context().settings.catalogue_dir
    with context().database.writing(EVERYONE) as session:
        organisations.store(session, organisations.read(folder))
    for owner, one in announced:
        made = [change.as_dict() for change in one.changes]
        try:
            with context().database.writing(owner) as session:
                proposals.propose(
                    session, one.procedure_id, one.digest, one.base, one.file(folder), by, made,
                    one.impact.as_dict(), at, migrates,
                )  # fmt: skip
        except Refused as refusal:
            raise sorry(refusal.reason) from refusal
        digest = one.digest[:12]
        echo(tell("proposed %(name)s %(digest)s", name=one.procedure_id, digest=digest))
        command = f"flask procedures confirm {digest} --by EMAIL"
        echo(tell("  another author publishes it: %(command)s", command=command))


def _publish(made: Sequence[Compiled], by: str, at: datetime | None) -> None:
    for name in versions.publish_compiled(context().database, context().settings.catalogue_dir, made, by, at):
        echo(tell("published %(name)s", name=name))


def _migrate(names: Iterable[tuple[str, str]], by: str, old: str | None = None) -> None:
    for owner, name in names:
        with context().database.writing(owner) as session:
            done = migrate(session, context(), name, by, old)
        text = tell(
            "%(name)s: %(drafts)s drafts and %(applications)s applications go on under the new version",
            name=name,
            drafts=done.drafts,
            applications=done.applications,
        )
        echo(text)
        for reason, count in done.kept.most_common():
            echo(tell("      %(count)s × keeps its version: %(reason)s", count=f"{count:>6}", reason=reason))


@group.command("migrate")
@click.argument("old")
@click.argument("new", default="published")
@click.option("--yes", is_flag=True, help="Do not ask.")
@BY
@SPOKEN
def migrate_(old: str, new: str, yes: bool, email: str | None) -> None:
    """Take drafts and applications of the version OLD over to NEW, the version that counts now, where they pass.

    Both are beginnings of digests; NEW is `published` or left out. Where two people publish, `publish --migrate` is the
    way.
    """
    ctx = context()
    with ctx.database.reading(EVERYONE) as session:
        before = _version(session, old)
    with ctx.database.reading(before.organisation_id) as session:
        name = before.procedure.procedure
        now = versions.current(session, name)
    if new != "published" and not now.digest.startswith(new):
        raise sorry(
            tell(
                "%(new)s is not the version of %(name)s that counts now (%(digest)s)",
                new=new,
                name=name,
                digest=now.digest[:12],
            )
        )
    if proposals.needs_two(ctx.settings.catalogue_dir, before.organisation_id):
        raise sorry(tell("here two people decide: use `publish --migrate`, and let another author confirm"))
    actor = _actor(email, [before.organisation_id], needed=False)
    if not yes:
        insist(
            tell(
                "Take what passes over from %(old)s to %(new)s?", old=before.digest[:12], new=now.digest[:12]
            )
        )
    _migrate([(before.organisation_id, name)], actor, before.digest)


def _version(session: Any, digits: str) -> versions.Version:
    found = versions.beginning_with(session, digits)
    if len(found) != 1:
        raise sorry(beginning(len(found), digits))
    return versions.get(session, found[0])


def _show(one: Announcement) -> None:
    """Say what publishing it changes; nothing about a new procedure."""
    if one.base is not None:
        click.echo(f"{one.procedure_id}: {one.base[:12]} → {one.digest[:12]}")
        show_changes([change.as_dict() for change in one.changes])
        show_impact(one.impact.as_dict())


def show_changes(changes: Iterable[Mapping[str, Any]]) -> None:
    """A line for each change, the gravest first."""
    for change in changes:
        text = unpacked(change.get("told", change["text"]))
        click.echo(f"  {padded(GRAVITIES[change['gravity']], 12)}  {said(text)}")


def show_impact(found: Mapping[str, Any]) -> None:
    """What is in flight, who would fail and why, who could go over, as `Impact.as_dict` tells it."""
    standing, failing, movable = found["standing"], found["failing"], found["movable"]
    total = sum(standing.values())
    if not total:
        echo(tell("  nothing is in flight"))
        return
    drafts = standing.get(DRAFT, 0)
    of = tell("1 earlier version")
    if found["versions"] > 1:
        of = tell("%(count)s earlier versions", count=found["versions"])
    text = tell(
        "  in flight: %(drafts)s drafts, %(applications)s applications of %(versions)s; all keep their version",
        drafts=drafts,
        applications=total - drafts,
        versions=of,
    )
    echo(text)
    for state, count in sorted(standing.items(), key=lambda each: (each[0] != DRAFT, each[0])):
        fate = tell(
            "would not pass the new rules: %(failing)s; could go over with --migrate: %(movable)s",
            failing=failing.get(state, 0),
            movable=movable.get(state, 0),
        )
        click.echo(f"    {state:<24} {count:>6}  {said(fate)}")
    for reason, count in _most(found["reasons"]):
        click.echo(f"      {count:>6} × {said(_why(found, reason))}")
    for reason, count in _most(found["holds"]):
        held = tell("passes, but cannot go over: %(reason)s", reason=_why(found, reason))
        click.echo(f"      {count:>6} × {said(held)}")
    if sum(failing.values()):
        echo(tell("  They can go on under the rules they began with."))


def _why(found: Mapping[str, Any], reason: str) -> str:
    """A reason as a sentence that can be said in the author's language."""
    return unpacked(found.get("told", {}).get(reason, reason))


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))
