"""`flask procedures …` for whoever writes them: what editors need, what a change means."""

import json
from pathlib import Path
from typing import Final

import click

from accounts import organisations
from core.database import EVERYONE
from core.errors import NotFound
from core.told import Told, tell
from forms.answers_schema import answers_schema
from procedures import versions
from procedures.changes import changes
from procedures.compiling import with_translations
from procedures.definition import Procedure
from procedures.loader import load
from procedures.problems import DefinitionErrors
from procedures.reference import reference
from procedures.schema import schema
from web.commands.procedures import group
from web.request import context
from web.telling import SPOKEN, echo, padded, said, sorry

__all__ = ["group"]

PUBLISHED: Final = "published"
GRAVITIES: Final[dict[str, Told]] = {
    "breaks": tell("breaks"),
    "rules": tell("rules"),
    "adds": tell("adds"),
    "order": tell("order"),
    "words": tell("words"),
    "translations": tell("translations"),
    "aside": tell("aside"),
}
"""What a change means, in a word."""
OUT = click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file.")


@group.command("schema")
@OUT
def schema_(out: Path | None) -> None:
    """The JSON Schema of a procedure file, with which editors complete and explain it.

    The house keeps it as procedures/schema.json: after a change of models or field types, write it anew.
    """
    _write(json.dumps(schema(), ensure_ascii=False, indent=1), out)


@group.command("reference")
@OUT
def reference_(out: Path | None) -> None:
    """The reference of every key, as Markdown; the house keeps it as docs/authors/reference.md."""
    _write(reference().rstrip("\n"), out)


@group.command()
@click.argument("old")
@click.argument("new")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
@SPOKEN
def diff(old: str, new: str, style: str) -> None:
    """What changes from OLD to NEW by what it means, the gravest first.

    Each is a file, the digest of a version (its beginning is enough), or the word `published`: the version that
    counts now.
    """
    found = changes(*_two(old, new))
    if style == "json":
        click.echo(json.dumps([change.as_dict(said) for change in found], ensure_ascii=False, indent=1))
        return
    for change in found:
        click.echo(f"{padded(GRAVITIES[change.gravity.name.lower()], 12)}  {said(change.text)}")
    if not found:
        echo(tell("no change"))


@group.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", help="The language of its questions; none: that of the file.")
@OUT
def answers(file: Path, language: str | None, out: Path | None) -> None:
    """The JSON Schema of the answers to FILE as they are stored, for programs that read or write them."""
    procedure = _definition(str(file))
    schema = answers_schema(procedure, language or procedure.language)
    _write(json.dumps(schema, ensure_ascii=False, indent=1), out)


@group.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", help="The language of its texts; none: that of the file.")
@OUT
def graph(file: Path, language: str | None, out: Path | None) -> None:
    """Draw pages and workflow of FILE as SVG, with the conditions on the arrows."""
    from procedures import graph as pictures

    try:
        _write(pictures.svg(_definition(str(file)), language), out)
    except pictures.NoGraphviz:
        raise sorry(tell("Graphviz is not installed: apt-get install graphviz")) from None


def _two(old: str, new: str) -> tuple[Procedure, Procedure]:
    """Both definitions; `published` is the one that counts of the procedure the other one is of."""
    if old == new == PUBLISHED:
        raise sorry(tell("one of the two must be a file or a digest"), 2)
    if old == PUBLISHED:
        other = _definition(new)
        return _published(other), other
    first = _definition(old)
    return first, _published(first) if new == PUBLISHED else _definition(new)


def _definition(name: str) -> Procedure:
    path = Path(name)
    if path.exists() or path.suffix:
        try:
            return with_translations(load(path).procedure)
        except DefinitionErrors as error:
            raise sorry(error.told) from None
    with context().database.reading(EVERYONE) as session:
        found = versions.beginning_with(session, name)
        if len(found) != 1:
            raise sorry(beginning(len(found), name))
        return versions.get(session, found[0]).procedure


def beginning(count: int, digits: str) -> Told:
    """Why `digits` name no version: there is none, or there are several."""
    if count:
        return tell("%(count)s versions begin with %(digits)s", count=count, digits=digits)
    return tell("no versions begin with %(digits)s", digits=digits)


def _published(like: Procedure) -> Procedure:
    ctx = context()
    owner = organisations.owner_of(ctx.settings.catalogue_dir, like.department)
    try:
        with ctx.database.reading(owner) as session:
            return versions.current(session, like.procedure).procedure
    except NotFound:
        raise sorry(tell("no version of %(name)s is published", name=like.procedure)) from None


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text)
    else:
        out.write_text(f"{text}\n")
        echo(tell("written: %(file)s", file=out))
