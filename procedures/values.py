"""The answers of one applicant as expressions see them: computed lazily, each at most once."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from procedures.definition import FieldDefinition, Procedure
from procedures.definition.base import Json
from procedures.expressions import UNANSWERED, ListOf, Value


class Values(Mapping[str, Value]):
    """Field values, computed values and `today` by name.

    A field that is not shown (its own `when` or its page's) has no answer, whatever is still stored for it; so what
    somebody typed before changing their mind never counts. `extra` adds facts of the caller under further names.
    """

    __slots__ = ("_answers", "_extra", "_known", "procedure", "today")

    def __init__(
        self, procedure: Procedure, stored_answers: Mapping[str, Json], today: date, **extra: Value
    ) -> None:
        self.procedure, self.today = procedure, today
        self._answers = stored_answers
        self._extra = extra
        self._known: dict[str, Value] = {"today": today, **extra}

    def __getitem__(self, name: str) -> Value:
        if name not in self._known:
            self._known[name] = UNANSWERED  # what depends on itself is unanswered; `checks` refuses it
            self._known[name] = self._find(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        yield from self.procedure.places
        yield from self.procedure.computed
        yield from self.procedure.tables
        yield from ("today", *self._extra)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def answers(self) -> Mapping[str, Json]:
        """The stored answers that these are the values of."""
        return self._answers

    def with_row(self, row: Mapping[str, Value]) -> Mapping[str, Value]:
        """These values seen from inside `row` of a group, whose fields come first."""
        return _InRow(self, row)

    def _find(self, name: str) -> Value:
        place = self.procedure.places.get(name)
        if place is not None:
            page, field = place
            asked = (page.when is None or page.when.holds(self)) and (
                field.when is None or field.when.holds(self)
            )
            return field_value(field, self._answers.get(name) if asked else None)
        computed = self.procedure.computed.get(name)
        if computed is not None:
            return computed.evaluate(self)
        table = self.procedure.tables.get(name)
        if table is not None:
            return table.numbers
        del self._known[name]
        raise KeyError(name)


class _InRow(Mapping[str, Value]):
    """A row's own values before those outside."""

    __slots__ = ("_outside", "_row")

    def __init__(self, outside: Mapping[str, Value], row: Mapping[str, Value]) -> None:
        self._outside, self._row = outside, row

    def __getitem__(self, name: str) -> Value:
        return self._row[name] if name in self._row else self._outside[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._outside), **dict.fromkeys(self._row)})

    def __len__(self) -> int:
        return len(list(iter(self)))


NO_ROWS: Final[Value] = ()


def field_value(field: FieldDefinition, stored: Json) -> Value:
    """The value of `stored`: unanswered where there is none, but an empty list for a group or several choices."""
    if stored is None or stored == "":
        return NO_ROWS if isinstance(field.expression_type(), ListOf) else UNANSWERED
    return field.expression_value(stored)
