"""When something is asked for, in words made of the form's own questions and answers, in every language it has."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from forms.narrowed import narrowed
from forms.types import Label, Line, type_of
from procedures.definition import Procedure
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import BOOL, Choice, Expression, ListOf
from procedures.values import Values, field_value
from translations.languages import DEFAULT


@dataclass(frozen=True)
class Condition:
    """The questions it depends on; with one question of few answers, those answers for which it holds."""

    questions: tuple[Label, ...]
    answers: tuple[Line, ...] = ()


def in_words(procedure: Procedure, expression: Expression | None, today: date) -> Condition | None:
    """When `expression` holds; none where it always does, or no question decides it."""
    if expression is None:
        return None
    fields = narrowed(procedure, [expression], shown=False)
    if len(fields) == 1:
        return _of_one(procedure, expression, fields[0], today)
    return Condition(_labels(fields)) if fields else None


def deciding(procedure: Procedure, expression: Expression) -> tuple[Label, ...]:
    """The questions whose answers decide what `expression` gives."""
    return _labels(narrowed(procedure, [expression], shown=False))


def _labels(fields: Iterable[FieldDefinition]) -> tuple[Label, ...]:
    return tuple(label for field in fields if (label := field.own_label()) is not None)


def _of_one(
    procedure: Procedure, expression: Expression, field: FieldDefinition, today: date
) -> Condition | None:
    inner = field.subfields()
    asked = inner[0] if len(inner) == 1 else field
    label = asked.own_label() or field.own_label()
    if label is None:
        return None
    answers = list(_answers(asked))
    holding = [answer for answer in answers if _holds(procedure, expression, field, asked, answer, today)]
    lines = (line for answer in holding for line in type_of(asked).lines(asked, answer, DEFAULT))
    return Condition((label,), tuple(lines) if len(holding) < len(answers) else ())


def _holds(
    procedure: Procedure,
    expression: Expression,
    field: FieldDefinition,
    asked: FieldDefinition,
    answer: Json,
    today: date,
) -> bool:
    """Whether it holds with this one answer, whatever would have to be answered for its question to be asked."""
    given = answer if asked is field else [{asked.id: answer}]
    return expression.holds(Values(procedure, {}, today, **{field.id: field_value(field, given)}))


def _answers(field: FieldDefinition) -> Iterator[Json]:
    """The answers a question can have, where they are few."""
    options = [option.value for option in getattr(field, "options", ())]
    match field.expression_type():
        case Choice():
            yield from options
        case ListOf(Choice()):
            yield from ([value] for value in options)
        case kind if kind == BOOL:
            yield from (True, False)
