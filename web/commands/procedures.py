"""`flask procedures`: check and test procedure files."""

import json
from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import AppGroup

from core.settings import ROOT
from core.told import tell
from procedures.compiling import check_files
from procedures.problems import Problem, gravest_first
from web.request import context
from web.telling import SPOKEN, said, spoken

group = AppGroup("procedures", help="Procedure files: check, test, publish.", params=[spoken()])
FILES = click.argument("files", nargs=-1, type=click.Path(path_type=Path))


@group.command()
@FILES
@SPOKEN
@click.option("--format", "style", type=click.Choice(["text", "json", "github"]), default="text")
def check(files: tuple[Path, ...], style: str) -> None:
    """Say what is wrong in FILES (the whole catalogue without any), with line, column and hint. Status 1 on errors."""
    problems = check_files(paths_of(files))
    STYLES[style](gravest_first(problems))
    if any(problem.severity == "error" for problem in problems):
        raise SystemExit(1)


def paths_of(files: tuple[Path, ...]) -> list[Path]:
    """FILES, or the whole catalogue without any."""
    return list(files) or sorted(context().settings.catalogue_dir.glob("*/*.yaml"))


def as_text(problems: list[Problem]) -> None:
    """A line for each problem, as compilers write them."""
    for problem in problems:
        click.echo(said(problem.told).replace(f"{ROOT}/", ""))


def _as_json(problems: list[Problem]) -> None:
    click.echo(json.dumps([problem.as_dict(said) for problem in problems], ensure_ascii=False, indent=1))


def _as_github(problems: list[Problem]) -> None:
    """Workflow commands, which GitHub and Forgejo show beside the lines."""
    for problem in problems:
        hint = said(tell("; hint: %(hint)s", hint=problem.hint)) if problem.hint else ""
        place = f"file={problem.file.replace(f'{ROOT}/', '')},line={problem.line},col={problem.column}"
        text = f"{said(problem.text)}{hint}".replace("%", "%25").replace("\n", "%0A")
        click.echo(f"::{problem.severity} {place},title={problem.code}::{text}")


STYLES: dict[str, Callable[[list[Problem]], None]] = {
    "text": as_text,
    "json": _as_json,
    "github": _as_github,
}
