"""`flask procedures new`: a few questions, and the first file is there."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, get_args

import click

from accounts import organisations
from core.told import Told, tell
from procedures.definition import base
from procedures.definition.procedure import Kind
from procedures.starter import Tongue, Wish, short, starter
from web.commands.procedures import group
from web.request import context
from web.telling import SPOKEN, OneOf, Yen, agreed, ask, echo, said, sorry

__all__ = ["group"]


class _Slug(click.ParamType[str]):
    """Lower-case words joined by hyphens."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip()
        if not re.match(base.SLUG.pattern, text):
            self.fail(
                said(tell("write lower-case words joined by hyphens, e.g. dog-registration")), param, ctx
            )
        return text


SLUG: Final = _Slug()
REVIEWED: Final = tell("one person drafts, another decides")
LEADS: Final = {
    "certificate": tell("one clerk looks at it and issues the certificate; a fee is paid first"),
    "notification": tell("complete when it arrives"),
    "lottery": tell("a draw decides"),
    "permit": tell(
        "one person drafts, another decides; a fee is paid after the decision, then the permit is issued"
    ),
}
"""What a kind leads to: the workflow that the file begins with."""
CALLED: Final = {
    "permit": tell("permission"),
    "certificate": tell("certificate"),
    "notification": tell("notification"),
    "lottery": tell("lottery"),
    "grant": tell("subsidy or allowance"),
    "contract": tell("contract"),
    "booking": tell("booking"),
    "inspection": tell("inspection"),
    "recruitment": tell("recruitment"),
    "petition": tell("petition"),
}
"""What a kind is called."""
NEXT: Final = {
    "preview": tell("see it"),
    "check": tell("find mistakes"),
    "test": tell("run its examples"),
}


@group.command()
@SPOKEN
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file; none: in the catalogue."
)
def new(out: Path | None) -> None:
    """Ask what is needed and write a commented file that works as it stands."""
    folder = context().settings.catalogue_dir
    entries = {department: entry for entry in organisations.read(folder) for department in entry.departments}
    name = ask(tell("Name of the procedure in addresses, e.g. dog-registration"), type=SLUG)
    titles = {id: str(title) for entry in entries.values() for id, title in entry.departments.items()}
    department = _listed(tell("Department"), titles)
    file = out or folder / department / f"{name}.yaml"
    if file.exists():
        raise sorry(tell("%(file)s is already there", file=file))
    kind = _listed(tell("Kind"), {kind: _meaning(kind) for kind in get_args(Kind)})
    wish = Wish(
        procedure=name,
        department=department,
        kind=kind,
        language=_choose(tell("Language of its texts"), list(get_args(Tongue))),
        title=ask(tell("Title that people read")),
        desk=_listed(
            tell("Desk that works on it"), {id: str(title) for id, title in entries[department].desks.items()}
        ),
        fee=0 if kind in ("lottery", "notification") else ask(tell("Fee in yen"), "0", type=Yen()),
        adults=agreed(tell("Only for people aged 18 or over?")),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(starter(wish, file.resolve()))
    echo(tell("written: %(file)s", file=file))
    for verb, what in NEXT.items():
        command = f"flask --app wsgi procedures {verb} {short(file)}"
        echo(tell("%(what)s: %(command)s", what=what, command=command))


def _meaning(kind: str) -> Told:
    return tell("%(kind)s: %(leads)s", kind=CALLED[kind], leads=LEADS.get(kind, REVIEWED))


def _listed(question: Told, choices: Mapping[str, str]) -> Any:
    """Ask for one of `choices`, which are shown line by line with what they mean."""
    width = max(map(len, choices))
    click.echo("\n".join(f"  {id:{width}}  {said(meaning)}" for id, meaning in choices.items()))
    return ask(question, type=OneOf(list(choices)))


def _choose(question: Told, choices: list[str]) -> Any:
    offered = tell("%(question)s (%(choices)s)", question=question, choices=", ".join(choices))
    return ask(offered, choices[0], type=OneOf(choices))
