"""What some applicants pay: the fee of the procedure's own examples, told by the answers that decide it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from forms.narrowed import narrowed
from forms.types import Label, Line, type_of
from procedures.definition import Procedure
from procedures.examples import answers_on
from procedures.expressions import UNANSWERED, Expression
from procedures.fees import FeeDue, fee_of
from procedures.values import Values
from procedures.visibility import unmet_requirements

MOST, LONGEST = 3, 6
"""So many examples, each of so many lines; one that takes more is only told where there is no shorter."""


@dataclass(frozen=True)
class FeeExample:
    """Questions with their answers, and what is due for them."""

    answers: tuple[tuple[Label | None, list[Line]], ...]
    due: FeeDue

    @property
    def short(self) -> bool:
        """Whether it is read at a glance."""
        return sum(len(lines) for _, lines in self.answers) <= LONGEST


def fee_examples(procedure: Procedure, today: date, language: str) -> list[FeeExample]:
    """Up to three examples with different fees, in the file's order, as they would be on `today`."""
    if procedure.fee is None:
        return []
    found: dict[int, FeeExample] = {}
    for example in procedure.examples:
        values = Values(procedure, answers_on(procedure, example, today), today)
        due = fee_of(procedure, values)
        told = due.complete and (due.lines or due.waived)
        if told and due.total not in found and not unmet_requirements(procedure, values):
            found[due.total] = FeeExample(tuple(_answers(procedure, values, language)), due)
    every = list(found.values())
    return [one for one in every if one.short][:MOST] or every[:1]


def _answers(
    procedure: Procedure, values: Values, language: str
) -> Iterator[tuple[Label | None, list[Line]]]:
    for field in narrowed(procedure, _decide(procedure), shown=False):
        stored = values.answers.get(field.id)
        if stored is not None and values[field.id] is not UNANSWERED:
            lines = type_of(field).lines(field, stored, language)
            if lines:
                yield field.own_label(), lines


def _decide(procedure: Procedure) -> Iterator[Expression]:
    if procedure.fee is None:
        return
    for item in procedure.fee.items:
        yield item.amount
        if item.when is not None:
            yield item.when
    if procedure.fee.waive is not None:
        yield procedure.fee.waive
