"""`flask procedures test`: the example applicants of a file, what came out instead, and what none of them reaches."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from core import clock
from core.told import tell
from forms import page as forms_page
from forms.types import Reading
from procedures import examples
from procedures.coverage import KINDS, Coverage, coverage
from procedures.definition import Example, Procedure
from procedures.examples import Difference
from procedures.loader import load
from procedures.problems import DefinitionErrors
from procedures.values import Values
from procedures.visibility import visible_pages
from web.commands.procedures import FILES, as_text, group, paths_of
from web.telling import SPOKEN, echo, padded, said

__all__ = ["group"]


@dataclass(frozen=True)
class Outcome:
    """How one example went: differences from what it expects, else what the form itself says to its answers."""

    example: str
    differences: tuple[Difference, ...]
    form: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether all is well."""
        return not self.differences and not self.form

    def as_dict(self) -> dict[str, Any]:
        """For tools."""
        different = [
            {"path": list(each.path), "expected": said(each.expected), "got": said(each.got)}
            for each in self.differences
        ]
        return {
            "example": self.example,
            "passed": self.passed,
            "differences": different,
            "form": list(self.form),
        }


@group.command()
@FILES
@click.option("--coverage", "covering", is_flag=True, help="List what no example reaches.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
@SPOKEN
def test(files: tuple[Path, ...], covering: bool, style: str) -> None:
    """Run the example applicants of FILES (the whole catalogue without any) through the form and its rules."""
    run = [
        (path, procedure, list(_outcomes(procedure)))
        for path in paths_of(files)
        for procedure in [_load(path)]
    ]
    everything = [outcome for _, _, outcomes in run for outcome in outcomes]
    if style == "json":
        made = [
            {
                "file": str(path),
                "procedure": procedure.procedure,
                "examples": [outcome.as_dict() for outcome in outcomes],
                "coverage": coverage(procedure).as_dict(said),
            }
            for path, procedure, outcomes in run
        ]
        click.echo(json.dumps(made, ensure_ascii=False, indent=1))
    else:
        for _, procedure, outcomes in run:
            for outcome in outcomes:
                _say(procedure, outcome)
            if covering:
                _say_coverage(procedure, coverage(procedure))
        passed = sum(each.passed for each in everything)
        echo(tell("%(passed)s of %(all)s examples passed", passed=passed, all=len(everything)))
    if not all(each.passed for each in everything):
        raise SystemExit(1)


def _load(path: Path) -> Procedure:
    try:
        return load(path).procedure
    except DefinitionErrors as error:
        as_text(error.problems)
        raise SystemExit(1) from None


def _outcomes(procedure: Procedure) -> Iterator[Outcome]:
    for example, result in zip(procedure.examples, examples.run(procedure), strict=True):
        form = () if result.differences else tuple(_form_errors(procedure, example))
        yield Outcome(example.name, result.differences, form)


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
            yield said(
                tell(
                    "the answer to `%(field)s` (page `%(page)s`): %(message)s",
                    field=error.input,
                    page=page.id,
                    message=error.message,
                )
            )


def _say(procedure: Procedure, outcome: Outcome) -> None:
    word = tell("passed") if outcome.passed else tell("FAILED")
    click.echo(f"{padded(word, 6)}  {procedure.procedure}: {outcome.example}")
    for each in outcome.differences:
        click.echo(f"        {'.'.join(each.path)}")
        for word, value in ((tell("expected"), each.expected), (tell("got"), each.got)):
            click.echo(f"          {padded(word, 8)}  {said(value)}")
    for text in outcome.form:
        echo(tell("        the form does not take %(text)s", text=text))


def _say_coverage(procedure: Procedure, found: Coverage) -> None:
    echo(tell("%(name)s: what the examples reach", name=procedure.procedure))
    for kind, title in KINDS.items():
        reached, total = found.count(kind)
        if total:
            numbers = tell("%(reached)s of %(all)s", reached=f"{reached:>4}", all=total)
            click.echo(f"        {padded(title, 22)} {said(numbers)}")
            for part in found.missed:
                if part.kind == kind:
                    echo(tell("            no example: %(part)s", part=part))
