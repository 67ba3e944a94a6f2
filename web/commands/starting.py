"""`flask procedures new`: a few questions, and the first file is there."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, get_args

import click

from accounts import organisations
from procedures.definition import base
from procedures.definition.procedure import Kind
from procedures.starter import Tongue, Wish, short, starter
from web.commands.procedures import group
from web.request import context

__all__ = ["group"]


class _Slug(click.ParamType[str]):
    """Lower-case words joined by hyphens."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip()
        if not re.match(base.SLUG.pattern, text):
            self.fail("write lower-case words joined by hyphens, e.g. dog-registration", param, ctx)
        return text


SLUG: Final = _Slug()
REVIEWED: Final = "one person drafts, another decides"
LEADS: Final = {
    "certificate": "one clerk looks at it and issues the certificate; a fee is paid first",
    "notification": "complete when it arrives",
    "lottery": "a draw decides",
    "permit": f"{REVIEWED}; a fee is paid after the decision, then the permit is issued",
}
"""What a kind leads to: the workflow that the file begins with."""
NEXT: Final = {"preview": "see it", "check": "find mistakes", "test": "run its examples"}


@group.command()
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file; none: in the catalogue."
)
def new(out: Path | None) -> None:
    """Ask what is needed and write a commented file that works as it stands."""
    folder = context().settings.catalogue_dir
    entries = {department: entry for entry in organisations.read(folder) for department in entry.departments}
    name = click.prompt("Name of the procedure in addresses, e.g. dog-registration", type=SLUG)
    titles = {id: str(title) for entry in entries.values() for id, title in entry.departments.items()}
    department = _listed("Department", titles)
    file = out or folder / department / f"{name}.yaml"
    if file.exists():
        raise click.ClickException(f"{file} is already there")
    kind = _listed("Kind", {kind: LEADS.get(kind, REVIEWED) for kind in get_args(Kind)})
    wish = Wish(
        procedure=name,
        department=department,
        kind=kind,
        language=_choose("Language of its texts", list(get_args(Tongue))),
        title=click.prompt("Title that people read"),
        desk=_listed(
            "Desk that works on it", {id: str(title) for id, title in entries[department].desks.items()}
        ),
        fee=0
        if kind in ("lottery", "notification")
        else click.prompt("Fee in yen", 0, type=click.IntRange(0)),
        adults=click.confirm("Only for people aged 18 or over?"),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(starter(wish, file.resolve()))
    click.echo(f"written: {file}")
    for command, what in NEXT.items():
        click.echo(f"{what}: flask --app wsgi procedures {command} {short(file)}")


def _listed(question: str, choices: Mapping[str, str]) -> Any:
    """Ask for one of `choices`, which are shown line by line with what they mean."""
    width = max(map(len, choices))
    click.echo("\n".join(f"  {id:{width}}  {meaning}" for id, meaning in choices.items()))
    return click.prompt(question, type=click.Choice(list(choices)), show_choices=False)


def _choose(question: str, choices: list[str]) -> Any:
    return click.prompt(question, choices[0], type=click.Choice(choices))
