"""Mistakes in procedure files, each with its place, a sentence, and a hint what to write instead."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from core.errors import MadoguchiError


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake or warning. Lines and columns count from 1; `code` names the kind for tools."""

    file: str
    line: int
    column: int
    severity: Literal["error", "warning"]
    text: str
    hint: str = ""
    code: str = ""

    def __str__(self) -> str:
        hint = f"; hint: {self.hint}" if self.hint else ""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.text}{hint}"

    def as_dict(self) -> dict[str, Any]:
        """For tools: every part by name."""
        return asdict(self)


class DefinitionErrors(MadoguchiError):
    """Raised when a procedure file cannot be used; `problems` holds every mistake that was found, in order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))
