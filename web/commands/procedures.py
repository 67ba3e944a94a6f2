"""`flask procedures`: check and test procedure files."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup

from core import clock
from core.settings import ROOT
from forms import page as forms_page
from forms.types import Reading
from procedures import examples
from procedures.compiling import check_files
from procedures.definition import Example, Procedure
from procedures.loader import load
from procedures.problems import DefinitionErrors, Problem
from procedures.values import Values
from procedures.visibility import visible_pages
from translations.messages import translate
from web.request import context

group = AppGroup("procedures", help="Procedure files: check, test, publish.")
FILES = click.argument("files", nargs=-1, type=click.Path(path_type=Path))


@group.command()
@FILES
@click.option("--format", "style", type=click.Choice(["text", "json", "github"]), default="text")
def check(files: tuple[Path, ...], style: str) -> None:
    """Say what is wrong in FILES (the whole catalogue without any), with line, column and hint. Status 1 on errors."""
    problems = check_files(paths_of(files))
    STYLES[style](problems)
    if any(problem.severity == "error" for problem in problems):
        raise SystemExit(1)


@group.command()
@FILES
def test(files: tuple[Path, ...]) -> None:
    """Run the example applicants of FILES (the whole catalogue without any) through the form and its rules."""
    failed = total = 0
    for path in paths_of(files):
        procedure = _load(path)
        for example, result in zip(procedure.examples, examples.run(procedure), strict=True):
            total += 1
            wrong = [text for _, text in result.differences] or list(_form_errors(procedure, example))
            failed += bool(wrong)
            click.echo(f"{'FAILED' if wrong else 'passed'}  {procedure.procedure}: {example.name}")
            for text in wrong:
                click.echo(f"        {text}")
    click.echo(f"{total - failed} of {total} examples passed")
    if failed:
        raise SystemExit(1)


def paths_of(files: tuple[Path, ...]) -> list[Path]:
    """FILES, or the whole catalogue without any."""
    return list(files) or sorted(context().settings.catalogue_dir.glob("*/*.yaml"))


def _load(path: Path) -> Procedure:
    try:
        return load(path).procedure
    except DefinitionErrors as error:
        as_text(error.problems)
        raise SystemExit(1) from None


def _form_errors(procedure: Procedure, example: Example) -> Iterator[str]:
    """What the form itself would say to an eligible example's answers, typed in page by page."""
    if not example.expect.eligible:
        return
    today: date = example.on or clock.today("Asia/Tokyo")
    values = Values(procedure, example.answers, today)
    for page in visible_pages(procedure, values):
        raw = forms_page.inputs(page, example.answers)
        result = forms_page.read(page, raw, example.answers, Reading(today, values))
        for error in result.errors:
            yield f"{page.id}, {error.input}: {translate(error.message, 'en')}"


def as_text(problems: list[Problem]) -> None:
    """A line for each problem, as compilers write them."""
    for problem in problems:
        click.echo(str(problem).replace(f"{ROOT}/", ""))


def _as_json(problems: list[Problem]) -> None:
    click.echo(json.dumps([problem.as_dict() for problem in problems], ensure_ascii=False, indent=1))


def _as_github(problems: list[Problem]) -> None:
    """Workflow commands, which GitHub and Forgejo show beside the lines."""
    for problem in problems:
        hint = f"; hint: {problem.hint}" if problem.hint else ""
        place = f"file={problem.file.replace(f'{ROOT}/', '')},line={problem.line},col={problem.column}"
        text = f"{problem.text}{hint}".replace("%", "%25").replace("\n", "%0A")
        click.echo(f"::{problem.severity} {place},title={problem.code}::{text}")


STYLES: dict[str, Callable[[list[Problem]], None]] = {
    "text": as_text,
    "json": _as_json,
    "github": _as_github,
}
