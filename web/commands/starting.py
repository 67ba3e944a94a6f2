"""`flask procedures new`: a few questions, and the first file is there."""

import re
from pathlib import Path
from typing import Any, Final, get_args

import click

from accounts import organisations
from procedures.definition import base
from procedures.definition.procedure import Kind
from procedures.starter import Tongue, Wish, starter
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


@group.command()
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file; none: in the catalogue."
)
def new(out: Path | None) -> None:
    """Ask what is needed and write a commented file that works as it stands."""
    folder = context().settings.catalogue_dir
    entries = {department: entry for entry in organisations.read(folder) for department in entry.departments}
    name = click.prompt("Name of the procedure in addresses, e.g. dog-registration", type=SLUG)
    department = _choose("Department", list(entries))
    file = out or folder / department / f"{name}.yaml"
    if file.exists():
        raise click.ClickException(f"{file} is already there")
    kind = _choose("Kind", list(get_args(Kind)))
    wish = Wish(
        procedure=name,
        department=department,
        kind=kind,
        language=_choose("Language of its texts", list(get_args(Tongue))),
        title=click.prompt("Title that people read"),
        desk=_choose("Desk that works on it", list(entries[department].desks)),
        fee=0
        if kind in ("lottery", "notification")
        else click.prompt("Fee in yen", 0, type=click.IntRange(0)),
        adults=click.confirm("Only for people aged 18 or over?"),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(starter(wish, file.resolve()))
    click.echo(f"written: {file}\nnext: flask --app wsgi procedures check {file}")


def _choose(question: str, choices: list[str]) -> Any:
    return click.prompt(question, choices[0], type=click.Choice(choices))
