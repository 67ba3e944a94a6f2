"""Whose mistake it is: lines of a summary that can be told apart where several questions ask for the same."""

from collections import Counter
from collections.abc import Sequence

from core.errors import Message, message
from forms.types import FieldError, Raw, Whose, whose
from procedures.definition.fields import FieldDefinition
from translations.languages import DEFAULT
from translations.messages import translate


def told(fields: Sequence[FieldDefinition], raw: Raw, errors: Sequence[FieldError]) -> tuple[FieldError, ...]:
    """`errors` for a summary: each names its row, and its question where another one could be meant."""
    belongs = [whose(fields, raw, "", error.input) for error in errors]
    depths = [int(_ambiguous(one, error.message)) for one, error in zip(belongs, errors, strict=True)]
    lines = [_line(*each) for each in zip(belongs, depths, (error.message for error in errors), strict=True)]
    for depth in range(1, max((len(one.closer) for one in belongs), default=0) + 1):
        said = [translate(line, DEFAULT) for line in lines]
        count = Counter(said)
        for at, (one, error) in enumerate(zip(belongs, errors, strict=True)):
            if count[said[at]] > 1:
                lines[at] = _line(one, depth, error.message)
    return tuple(FieldError(error.input, line) for error, line in zip(errors, lines, strict=True))


def _ambiguous(whose: Whose, what: Message) -> bool:
    """Whether a question of the same kind could be meant: the message itself names none."""
    return whose.alike and what.params.get("label") not in whose.closer[:1]


def _line(whose: Whose, depth: int, what: Message) -> Message:
    lists, question = whose.closer[1:depth], whose.closer[: min(depth, 1)]
    for label in reversed((*reversed(lists), *whose.rows, *question)):
        what = message("%(whose)s: %(what)s", whose=label, what=what)
    return what
