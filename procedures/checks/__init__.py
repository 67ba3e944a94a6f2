"""What a procedure file means, checked: names and types, order of questions, workflow, texts, money, examples."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from procedures import loader
from procedures.checks import (
    examples,
    expressions,
    fees,
    finding,
    identity,
    lottery,
    notices,
    prefill,
    reach,
    renewal,
    texts,
    workflow,
)
from procedures.checks.subject import Found, Subject
from procedures.checks.unfinished import unfinished
from procedures.loader import Loaded
from procedures.problems import DefinitionErrors, Problem

CHECKS: Final[tuple[Callable[[Subject], Iterable[Found]], ...]] = (
    *identity.CHECKS,
    *finding.CHECKS,
    *expressions.CHECKS,
    *prefill.CHECKS,
    *workflow.CHECKS,
    *lottery.CHECKS,
    *renewal.CHECKS,
    *notices.CHECKS,
    *reach.CHECKS,
    *texts.CHECKS,
    examples.names,
    examples.impossible,
    examples.undated,
    *fees.CHECKS,
    *examples.CHECKS,
)
"""Each looks at one thing and yields what it finds. Adding a check is adding a function to its module's `CHECKS`."""
LAST: Final = (*fees.CHECKS, *examples.CHECKS)
"""They calculate with answers, so they run only where nothing else is wrong."""


def check_file(path: Path) -> list[Problem]:
    """Every problem of a file, in order of its lines: those of its shape, else those of its meaning."""
    try:
        loaded = loader.load(path)
    except loader.ExampleErrors as error:
        return sorted(_in_time({*error.problems, *check_loaded(error.rest)}))
    except DefinitionErrors as error:
        return error.problems
    return check_loaded(loaded)


def check_loaded(loaded: Loaded, translations: bool = True) -> list[Problem]:
    """Every problem of meaning, in order of its lines; `LAST` run only where nothing else is wrong.

    Without `translations` their files, which only give warnings, are not read.
    """
    subject = Subject(loaded)
    problems: set[Problem] = set()
    for check in CHECKS:
        if check is texts.missing_translations and not translations:
            continue
        if check in LAST and any(problem.severity == "error" for problem in problems):
            continue
        problems |= {subject.problem(found) for found in check(subject)}
    problems |= set(unfinished(loaded))
    return sorted(_in_time(problems))


def _in_time(problems: set[Problem]) -> set[Problem]:
    """Without what can wait: nobody translates a file that has mistakes."""
    if not any(problem.severity == "error" for problem in problems):
        return problems
    return {problem for problem in problems if problem.code != "untranslated" or problem.severity == "error"}
