"""`flask translations`: texts out to translators and back."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from flask.cli import AppGroup

from core.settings import ROOT
from procedures.definition import Procedure
from procedures.loader import load
from translations import authors, exchange, extraction, messages, procedures, spreadsheet, xliff
from translations.languages import LANGUAGES
from translations.notes import notes
from web.request import context

group = AppGroup("translations", help="Texts of the interface and of procedures in every language.")
FORMATS = {"xliff": xliff, "xlsx": spreadsheet}
ENDINGS = {".xlf": xliff, ".xliff": xliff, ".xlsx": spreadsheet}
INTERFACE = "interface"
AUTHORS = authors.DOMAIN
TAG = click.Choice(list(LANGUAGES))


@group.command()
def extract() -> None:
    """Bring the PO files in line with the code and the catalogue; what is translated stays."""
    extraction.update_interface(ROOT)
    extraction.update_authors(ROOT)
    for definition in _catalogue():
        texts = procedures.texts(definition)
        extraction.update_procedure(definition.department, definition.procedure, texts)


@group.command("compile")
def compile_() -> None:
    """Compile the PO files of the interface and of the authors' tools, so that processes start faster."""
    for path in extraction.compile_interface():
        click.echo(path.relative_to(ROOT))


@group.command()
@click.option("--missing", is_flag=True, help="List what is missing or stale.")
@click.option("--language", type=TAG, help="Only this language.")
def report(missing: bool, language: str | None) -> None:
    """Say how much is translated. Status 1 when something is missing or stale."""
    complete = True
    for share in _shares():
        if language not in (None, share.language):
            continue
        done = share.total - len(share.missing)
        complete = complete and not share.missing
        percent = 100 * done // share.total if share.total else 100
        stale = f", {len(share.stale)} of the rest stale" if share.stale else ""
        click.echo(f"{share.what:40} {share.language:10} {done:5} of {share.total:<5} {percent:3} %{stale}")
        if missing:
            for text in share.missing:
                click.echo(f"    {text}{' (stale)' if text in share.stale else ''}")
    if not complete:
        raise SystemExit(1)


@group.command("export")
@click.argument("parts", nargs=-1, metavar="[PART]...")
@click.option("--format", "kind", type=click.Choice(list(FORMATS)), default="xliff", show_default=True)
@click.option("--language", "tags", type=TAG, multiple=True, help="Languages; none: all.")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), show_default=True
)
def export(parts: tuple[str, ...], kind: str, tags: tuple[str, ...], folder: Path) -> None:
    """Write a file for translators for each PART and language.

    PART is `interface`, `authors` or `department/procedure`; none: all.
    """
    library = _Library()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for part in parts or library.parts:
            for tag in tags or LANGUAGES:
                _hand_out(library.bundle(part, tag), kind, folder)
    except exchange.Unreadable as error:
        raise click.ClickException(str(error)) from None


def _hand_out(bundle: exchange.Bundle, kind: str, folder: Path) -> None:
    form = FORMATS[kind]
    if not bundle.units:
        return
    path = folder / exchange.files_name(bundle.part, bundle.language, form.ENDING)
    form.write(path, bundle)
    if not exchange.same(bundle, form.read(path)):
        path.unlink()
        raise exchange.Unreadable(f"{path}: a text would be lost in this format; take the other one")
    found = ", ".join(f"{number} {state}" for state, number in exchange.counts(bundle.units).items())
    click.echo(f"{path}  {found}")


@group.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def import_(files: tuple[Path, ...]) -> None:
    """Take FILES back that `export` wrote. Of a file in which anything is wrong nothing is kept. Status 1 then."""
    library, well = _Library(), True
    for file in files:
        try:
            well = _take(library, file) and well
        except exchange.Unreadable as error:
            click.echo(f"{file}: {error}", err=True)
            well = False
    if not well:
        raise SystemExit(1)


def _take(library: "_Library", file: Path) -> bool:
    if file.suffix.lower() not in ENDINGS:
        raise exchange.Unreadable(f"the ending is none of {', '.join(ENDINGS)}")
    returned = ENDINGS[file.suffix.lower()].read(file)
    if returned.language not in LANGUAGES:
        raise exchange.Unreadable(f"no language '{returned.language}'; known: {', '.join(LANGUAGES)}")
    catalog = library.catalog(returned.part, returned.language)
    changed, wrong = exchange.take(catalog, returned)
    for each in wrong:
        click.echo(f"{file}:{each.row}: {each.text}", err=True)
    if not wrong and changed:
        extraction.write(*library.target(returned.part, returned.language), catalog)
    if not wrong:
        click.echo(f"{returned.part} {returned.language}: {changed} changed")
    return not wrong


@dataclass(frozen=True)
class _Library:
    """The parts that have texts, each read when it is asked for."""

    @cached_property
    def definitions(self) -> dict[str, Procedure]:
        return {f"{each.department}/{each.procedure}": each for each in _catalogue()}

    @cached_property
    def template(self) -> Catalog:
        return extraction.interface_messages(ROOT)

    @cached_property
    def authors_template(self) -> Catalog:
        return extraction.authors_messages(ROOT)

    @property
    def parts(self) -> list[str]:
        return [INTERFACE, AUTHORS, *self.definitions]

    def catalog(self, part: str, tag: str) -> Catalog:
        """What of `part` is to be translated into `tag`. Raises `Unreadable` for a part that is not known."""
        if part == INTERFACE:
            return Catalog() if tag == extraction.SOURCE else extraction.interface_catalog(self.template, tag)
        if part == AUTHORS:
            if tag not in authors.TAGS:
                return Catalog()
            return extraction.interface_catalog(self.authors_template, tag, domain=authors.DOMAIN)
        one = self.definition(part)
        return extraction.procedure_catalog(one.department, one.procedure, procedures.texts(one), tag)

    def definition(self, part: str) -> Procedure:
        if part not in self.definitions:
            raise exchange.Unreadable(f"no part '{part}'; known: {', '.join(self.parts)}")
        return self.definitions[part]

    def bundle(self, part: str, tag: str) -> exchange.Bundle:
        catalog = self.catalog(part, tag)
        if part in (INTERFACE, AUTHORS):
            return exchange.bundle(part, extraction.SOURCE, tag, catalog, {})
        one = self.definition(part)
        return exchange.bundle(part, one.language, tag, catalog, notes(one))

    def target(self, part: str, tag: str) -> tuple[Path, str, str]:
        """Where a part is kept: file, language, and what its head says."""
        if part == INTERFACE:
            return messages.path(tag), tag, extraction.INTERFACE_TITLE
        if part == AUTHORS:
            return messages.path(tag, domain=AUTHORS), tag, extraction.AUTHORS_TITLE
        one = self.definition(part)
        return procedures.po_path(tag, one.department, one.procedure), tag, part


def _shares() -> Iterator[extraction.Share]:
    yield from extraction.interface_shares(ROOT)
    yield from extraction.authors_shares(ROOT)
    for one in _catalogue():
        yield from extraction.procedure_shares(one.department, one.procedure, procedures.texts(one))


def _catalogue() -> Iterator[Procedure]:
    for path in sorted(context().settings.catalogue_dir.glob("*/*.yaml")):
        yield load(path).procedure
