"""The whole way from a foreign form to a procedure file: which format it is, reading, writing, checking."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from core.registry import registry
from core.told import tell
from procedures.checks import check_loaded
from procedures.importing.model import Form, Note, NotImported
from procedures.importing.names import slug
from procedures.importing.texts import Speaker, language_of
from procedures.importing.writer import Writer
from procedures.loader import load
from procedures.problems import DefinitionErrors, Problem
from procedures.starter import Wish
from procedures.yaml_reader import MAX_BYTES

MOST_QUESTIONS: Final = 2_000
_BRACES: Final = str.maketrans("{}", "()")
PACKAGE: Final = "procedures.importing.formats"
_OF_THE_FORM: Final = frozenset(("same-label", "never-met"))
"""Mistakes that are carried over faithfully, for a person to mend: two of one name, what no answers ever reach."""


class Format(Protocol):
    """A format of forms; a file of `formats` has one as ``PLUGIN``."""

    name: str
    title: str

    def resembles(self, data: Any) -> bool:
        """Whether `data` looks like a form of this format."""

    def read(self, data: Any) -> Form:
        """The form. Raises `NotImported`; whatever `data` holds, nothing else."""


@dataclass(frozen=True)
class Order:
    """What the author wants; none: found out, or made up and noted."""

    file: Path
    department: str
    desk: str
    name: str | None = None
    kind: str | None = None
    language: str | None = None
    title: str | None = None
    format: str | None = None
    say: Callable[[str], str] = str
    """Puts comments into the author's language."""


@dataclass(frozen=True)
class Imported:
    """A procedure file and what its author should know of it."""

    text: str
    name: str
    format: str
    language: str
    pages: int
    questions: int
    files: int
    notes: tuple[Note, ...]
    renamed: tuple[tuple[str, str], ...]


def formats() -> dict[str, Format]:
    """The formats by name."""
    return dict(registry(PACKAGE, "format"))


def convert(data: Any, order: Order) -> Imported:
    """The procedure file that `data` gives. Raises `NotImported`."""
    found = _format(data, order.format)
    try:
        return _converted(found, found.read(data), order)
    except RecursionError:
        raise NotImported(tell("parts of the form are too deep within each other")) from None


def _converted(found: Format, form: Form, order: Order) -> Imported:
    if _count(form) > MOST_QUESTIONS:
        raise NotImported(
            tell("the form has more than %(count)s questions: import its parts", count=f"{MOST_QUESTIONS:,}")
        )
    wish = _wish(form, order)
    file = order.file.absolute().with_name(f"{wish.procedure}.yaml")
    written = Writer(form, wish, file, order.say).write()
    if not any(page.questions for page in form.pages):
        raise NotImported(
            tell("there is no question in it that could be carried over (%(title)s)", title=found.title)
        )
    if len(written.text.encode()) > MAX_BYTES:
        raise NotImported(tell("the form is too large for one procedure file: import its parts"))
    found_wrong = _checked(written.text)
    kinds = Counter(question.type for page in form.pages for question in page.questions)
    return Imported(
        written.text,
        wish.procedure,
        found.name,
        wish.language,
        len(form.pages),
        sum(kinds.values()) - kinds["content"],
        len(form.files),
        (*form.notes, *found_wrong),
        tuple(written.renamed),
    )


def _count(form: Form) -> int:
    """How many questions it has, those of groups too."""
    waiting = [question for page in form.pages for question in page.questions]
    count = len(form.files)
    while waiting and count <= MOST_QUESTIONS:
        count += 1
        waiting += waiting.pop().fields
    return count


def _format(data: Any, name: str | None) -> Format:
    known = formats()
    if name is not None:
        return known[name]
    found = [each for each in known.values() if each.resembles(data)]
    if len(found) == 1:
        return found[0]
    titles = ", ".join(f"{each.name} ({each.title})" for each in found or known.values())
    what = (
        tell("it could be more than one format") if found else tell("it looks like none of the known formats")
    )
    raise NotImported(tell("%(what)s: %(titles)s; say which with --from", what=what, titles=titles))


def _wish(form: Form, order: Order) -> Wish:
    language = order.language or language_of(form)
    title = order.title or (Speaker(language).own(form.title) if form.title else "")
    name = order.name or slug(title) or slug(order.file.stem) or "imported-form"
    kind = order.kind or ("permit" if form.fees else "notification")
    plain = " ".join(title.translate(_BRACES).split())  # a document would take {word} for a field
    return Wish(name, order.department, kind, language, plain or name, order.desk)


def _checked(text: str) -> tuple[Note, ...]:
    """What the checks find in what was written. Raises `NotImported` where that is no fault of the form itself."""
    try:
        problems: list[Problem] = check_loaded(load(text), translations=False)
    except DefinitionErrors as error:
        problems = error.problems
    wrong = [problem for problem in problems if problem.severity == "error"]
    lines = [tell("%(text)s (line %(line)s)", text=each.text, line=each.line) for each in wrong]
    for problem, line in zip(wrong, lines, strict=True):
        if problem.code not in _OF_THE_FORM:
            raise NotImported(tell("the file made of it would not pass the checks: %(first)s", first=line))
    return tuple(Note("to do", "", line, each.hint) for each, line in zip(wrong, lines, strict=True))
