"""`flask procedures import`: a form of another program becomes the first version of a procedure file."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, get_args

import click

from accounts import organisations
from core.told import tell
from procedures.definition import base
from procedures.definition.procedure import Kind
from procedures.importing import Imported, NotImported, Order, convert, source
from procedures.importing.convert import formats
from procedures.importing.model import SORTS
from procedures.importing.names import slug
from translations.languages import LANGUAGES
from web.commands.procedures import group
from web.commands.starting import SLUG
from web.request import context
from web.telling import echo, said, sorry

__all__ = ["group"]

_KINDS: Final = [kind for kind in get_args(Kind) if kind != "lottery"]
_HEADINGS: Final = {
    "left out": tell("left out"),
    "changed": tell("carried over, but not as it was"),
    "to do": tell("to do"),
}


@group.command("import")
@click.argument("source_file", metavar="FILE", type=click.Path(path_type=Path, exists=True))
@click.option("--from", "format_", type=click.Choice(sorted(formats())), help="Its format; none: found out.")
@click.option("--department", help="Whose procedure it is; none: the catalogue's first department.")
@click.option("--desk", help="The desk that works on it; none: the department's first.")
@click.option("--name", type=SLUG, help="Its name in addresses; none: made of its title.")
@click.option("--title", help="Its title; none: that of the form.")
@click.option(
    "--kind", type=click.Choice(_KINDS), help="none: permit where there is a fee, else notification."
)
@click.option(
    "--language", type=click.Choice(list(LANGUAGES)), help="The language of its texts; none: guessed."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="none: in the catalogue.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
def import_(
    source_file: Path,
    format_: str | None,
    department: str | None,
    desk: str | None,
    name: str | None,
    title: str | None,
    kind: str | None,
    language: str | None,
    out: Path | None,
    force: bool,
    style: str,
) -> None:
    """Make a procedure file of FILE, a form of another program, and say what could not be carried over.

    FILE is JSON of the GOV.UK form builders, of Form.io, or JSON Schema, or an export of Open Forms as it is (.zip).
    The file passes `check`; lines with TODO say what it still needs.
    """
    owner, counter = _place(department, desk)
    order = Order(
        file=_file(out, owner, name or slug(source_file.stem) or "imported-form"),
        department=owner,
        desk=counter,
        name=_name(out, name),
        kind=kind,
        language=language,
        title=title,
        format=format_,
        say=said,
    )
    try:
        made = convert(source.read(source_file), order)
        file = _file(out, owner, made.name)
        _write(file, made.text, force)
    except NotImported as error:
        raise sorry(error.args[0]) from None
    if file.absolute().parent.name != owner:
        note = tell("note: a procedure lies in its department's folder; put it into %(folder)s", folder=owner)
        echo(note, err=True)
    (_as_json if style == "json" else _as_text)(made, file)


def _file(out: Path | None, department: str, name: str) -> Path:
    return out or context().settings.catalogue_dir / department / f"{name}.yaml"


def _name(out: Path | None, name: str | None) -> str | None:
    """The name that file and procedure share."""
    if out is None:
        return name
    if not re.match(base.SLUG.pattern, out.stem) or name not in (None, out.stem):
        raise sorry(
            tell("%(file)s is not named like the procedure, such as dog-registration.yaml", file=out.name)
        )
    return out.stem


def _write(file: Path, text: str, force: bool) -> None:
    if file.exists() and not force:
        raise sorry(tell("%(file)s is already there; --force writes over it", file=file))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise sorry(
            tell("%(file)s cannot be written: %(reason)s", file=file, reason=error.strerror)
        ) from None


def _place(department: str | None, desk: str | None) -> tuple[str, str]:
    """Department and desk, of the catalogue where it is known."""
    entries = {
        name: entry
        for entry in organisations.read(context().settings.catalogue_dir)
        for name in entry.departments
    }
    chosen = department or next(iter(entries), "")
    if chosen not in entries:
        text = tell("no department named '%(name)s'; known: %(known)s", name=chosen, known=", ".join(entries))
        raise sorry(text)
    desks = list(entries[chosen].desks)
    if desk is not None and desk not in desks:
        raise sorry(tell("no desk named '%(name)s'; known: %(known)s", name=desk, known=", ".join(desks)))
    return chosen, desk or desks[0]


def _as_text(made: Imported, file: Path) -> None:
    text = tell(
        "written: %(file)s (%(format)s, %(language)s; pages: %(pages)s, questions: %(questions)s, "
        "files to hand in: %(files)s)",
        file=file,
        format=made.format,
        language=made.language,
        pages=made.pages,
        questions=made.questions,
        files=made.files,
    )
    echo(text)
    for sort in SORTS:
        notes = [note for note in made.notes if note.sort == sort]
        if notes:
            click.echo(f"\n{said(_HEADINGS[sort])}:")
        for note in notes:
            click.echo(f"  {note.line(said)}")
    if made.renamed:
        click.echo()
        echo(tell("renamed:"))
    for old, new in made.renamed:
        click.echo(f"  {_visible(old)} → {new}")
    click.echo()
    echo(tell("next: flask --app wsgi procedures check %(file)s", file=file))


def _as_json(made: Imported, file: Path) -> None:
    report: dict[str, Any] = {key: value for key, value in asdict(made).items() if key != "text"}
    report["renamed"] = dict(made.renamed)
    report["notes"] = [
        {"sort": note.sort, "path": note.path, "what": said(note.what), "do": said(note.do)}
        for note in made.notes
    ]
    click.echo(json.dumps({"file": str(file), **report}, ensure_ascii=False, indent=1))


def _visible(text: str) -> str:
    """A name of the source without signs that a terminal would obey."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
