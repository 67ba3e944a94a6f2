"""`flask translations`: texts out to translators and back."""

from collections.abc import Iterator

import click
from flask.cli import AppGroup

from core.settings import ROOT
from procedures.loader import load
from translations import extraction, procedures
from translations.text import Text
from web.request import context

group = AppGroup("translations", help="Texts of the interface and of procedures in every language.")


@group.command()
def extract() -> None:
    """Bring the PO files in line with the code and the catalogue; what is translated stays."""
    extraction.update_interface(ROOT)
    for department, procedure, texts in _catalogue():
        extraction.update_procedure(department, procedure, texts)


@group.command("compile")
def compile_() -> None:
    """Compile the interface's PO files, so that the web processes start faster."""
    for path in extraction.compile_interface():
        click.echo(path.relative_to(ROOT))


@group.command()
@click.option("--missing", is_flag=True, help="List what is missing or stale.")
def report(missing: bool) -> None:
    """Say how much is translated. Status 1 when something is missing or stale."""
    complete = True
    for share in _shares():
        done = share.total - len(share.missing)
        complete = complete and not share.missing
        click.echo(f"{share.what:40} {share.language:10} {done:5} of {share.total}")
        if missing:
            for text in share.missing:
                click.echo(f"    {text}")
    if not complete:
        raise SystemExit(1)


def _shares() -> Iterator[extraction.Share]:
    yield from extraction.interface_shares(ROOT)
    for department, procedure, texts in _catalogue():
        yield from extraction.procedure_shares(department, procedure, texts)


def _catalogue() -> Iterator[tuple[str, str, list[tuple[str, Text]]]]:
    for path in sorted(context().settings.catalogue_dir.glob("*/*.yaml")):
        definition = load(path).procedure
        yield definition.department, definition.procedure, list(procedures.texts(definition))
