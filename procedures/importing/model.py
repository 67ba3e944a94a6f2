"""What stands between a foreign form and a procedure file: pages, questions, conditions, and what was lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from core.errors import MadoguchiError
from core.told import NOTHING, Told, series, tell
from procedures.importing.conditions import Condition

Words = Mapping[str, str]
"""A text by language; the tag ``""`` stands for the one language the form does not name."""
Sort = Literal["left out", "changed", "to do"]
SORTS: Final[tuple[Sort, ...]] = ("left out", "changed", "to do")


class NotImported(MadoguchiError):
    """Raised when nothing can be made of a file; the text is a sentence for whoever called the command."""


@dataclass(frozen=True)
class Note:
    """Something the file does not say as its source did: where it stands there, what it is, what to do about it."""

    sort: Sort
    path: str
    what: Told
    do: Told = NOTHING

    def said(self, say: Callable[[str], str] = str) -> str:
        """What and what to do, on one line, as `say` puts it."""
        return _one_line(say(series(filter(None, (self.what, self.do)), "; ")))

    def line(self, say: Callable[[str], str] = str) -> str:
        """The whole note with its place."""
        place = _one_line(self.path) or say(tell("(whole form)"))
        return f"{place}: {self.said(say)}"

    def __str__(self) -> str:
        return self.line()


def _one_line(text: str) -> str:
    """`text` without signs that a terminal would obey."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


@dataclass
class Choice:
    """One answer on offer, by its value in the source."""

    value: str
    label: Words
    hint: Words | None = None
    when: Condition | None = None


@dataclass
class Question:
    """A field. `name` is what conditions of the source call it, `wish` a better word for its id.

    `legend` is the heading of the questions it stands among, for telling it apart.
    """

    path: str
    name: str
    type: str
    label: Words | None
    help: Words | None = None
    required: bool = True
    options: dict[str, Any] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    fields: list["Question"] = field(default_factory=list)
    when: Condition | None = None
    wish: str = ""
    legend: Words | None = None


@dataclass
class Page:
    """A page of the form, in the order in which people fill it in."""

    path: str
    name: str
    title: Words
    intro: Words | None = None
    questions: list[Question] = field(default_factory=list)
    when: Condition | None = None


@dataclass
class HandIn:
    """A file to hand in."""

    path: str
    name: str
    label: Words
    help: Words | None = None
    required: bool = True
    kinds: tuple[str, ...] = ()
    most: int = 1
    size: str | None = None
    when: Condition | None = None
    wish: str = ""


@dataclass
class FeeLine:
    """A line of the fee; `amount` is how the source writes it, `times` a number that multiplies it."""

    path: str
    label: Words
    amount: str
    times: str | None = None
    when: Condition | None = None


@dataclass
class Refusal:
    """Whoever fulfils `when` may not apply, and reads `otherwise`."""

    path: str
    name: str
    when: Condition
    otherwise: Words


@dataclass
class Form:
    """A whole form as its reader understood it."""

    title: Words | None = None
    summary: Words | None = None
    pages: list[Page] = field(default_factory=list)
    files: list[HandIn] = field(default_factory=list)
    fees: list[FeeLine] = field(default_factory=list)
    declarations: list[Words] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    noted: dict[str, dict[Note, None]] = field(default_factory=dict)
    """What there is to say by its path, each once."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes."""
        return tuple(note for found in self.noted.values() for note in found)

    def left_out(self, path: str, what: Told, do: Told = NOTHING) -> None:
        """Note that something is missing."""
        self._note("left out", path, what, do)

    def changed(self, path: str, what: Told, do: Told = NOTHING) -> None:
        """Note that something is there, but not as it was."""
        self._note("changed", path, what, do)

    def to_do(self, path: str, what: Told, do: Told = NOTHING) -> None:
        """Note that only the author can say something."""
        self._note("to do", path, what, do)

    def _note(self, sort: Sort, path: str, what: Told, do: Told) -> None:
        self.noted.setdefault(path, {})[Note(sort, path, what, do)] = None
