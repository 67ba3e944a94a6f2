"""Mistakes in procedure files, each with its place, a sentence, and a hint what to write instead."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from core.errors import MadoguchiError
from core.told import NOTHING, Told, series, tell


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake or warning. Lines and columns count from 1; `code` names the kind for tools."""

    file: str
    line: int
    column: int
    severity: Literal["error", "warning"]
    text: Told
    hint: Told = NOTHING
    code: str = ""

    def __str__(self) -> str:
        return str(self.told)

    @property
    def told(self) -> Told:
        """All of it on one line, as compilers write it."""
        place = f"{self.file}:{self.line}:{self.column}"
        error = self.severity == "error"
        if not self.hint:
            if error:
                return tell("%(place)s: error: %(text)s", place=place, text=self.text)
            return tell("%(place)s: warning: %(text)s", place=place, text=self.text)
        if error:
            return tell(
                "%(place)s: error: %(text)s; hint: %(hint)s", place=place, text=self.text, hint=self.hint
            )
        return tell(
            "%(place)s: warning: %(text)s; hint: %(hint)s", place=place, text=self.text, hint=self.hint
        )

    def as_dict(self, say: Callable[[str], str] = str) -> dict[str, Any]:
        """For tools: every part by name, its sentences as `say` puts them."""
        return {**asdict(self), "text": say(self.text), "hint": say(self.hint)}


def gravest_first(problems: Iterable[Problem]) -> list[Problem]:
    """For people to read: of each file the errors, then the warnings, each as they were."""
    return sorted(problems, key=lambda problem: (problem.file, problem.severity))


class DefinitionErrors(MadoguchiError):
    """Raised when a procedure file cannot be used; `problems` holds every mistake that was found, in order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))

    @property
    def told(self) -> Told:
        """A line for each."""
        return series((problem.told for problem in self.problems), "\n")
