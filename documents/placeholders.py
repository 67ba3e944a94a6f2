"""Filling a department's texts: ``{field}`` becomes the answer, formatted. Nothing in a text is ever run."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from core.errors import Message, message
from documents.sheet import Both, official_date, written
from forms.types import Reading, type_of
from procedures.definition import FieldDefinition, Procedure
from procedures.expressions import UNANSWERED
from procedures.expressions.types import Value
from translations.dates import format_date
from translations.languages import find
from translations.text import Phrase, Text

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BARE = frozenset({"number", "money", "date", "month", "time", "yes_no"})
"""Types whose answers say nothing without their question."""
Formatter = Callable[[str], list[str]]
"""The lines of a value in a language."""


class Placeholders:
    """The names that texts of one document may use, each with its answer: fields, computed values and special ones."""

    def __init__(
        self,
        procedure: Procedure,
        answers: Mapping[str, Any],
        values: Mapping[str, Value],
        today: date,
        special: Mapping[str, str | date | None],
    ) -> None:
        self._source = procedure.language
        self._lines: dict[str, Formatter] = {}
        reading = Reading(today, values)
        for field in procedure.fields():
            stored = type_of(field).answer(field, answers, reading)
            if stored is not None:
                self._lines[field.id] = _of_field(field, stored)
        for name in procedure.computed:
            self._lines[name] = _of_value(values[name])
        for name, value in special.items():
            self._lines[name] = _of_value(UNANSWERED if value is None else value)

    def both(self, text: Text, reader: str) -> Both:
        """`text` filled in, in the source language and for `reader` where that gives something else."""
        mine = self.fill(text.phrase(self._source), self._source)
        theirs = text.phrase(reader)
        worded = PLACEHOLDER.sub("", theirs.text).strip()
        if reader == self._source or (worded and theirs.language == self._source):
            return Both(mine)
        other = self.fill(theirs, reader)
        return Both(mine, other if other != mine else None)

    def fill(self, phrase: Phrase, language: str) -> str:
        """`phrase` with every placeholder replaced; one without an answer becomes nothing."""
        text = written(phrase, language)
        joint = "\n" if PLACEHOLDER.fullmatch(text.strip()) else _joint(language)
        return PLACEHOLDER.sub(lambda found: joint.join(self._of(found[1], language)), text)

    def empty(self, text: Text) -> bool:
        """Whether `text` asks for answers and none of them was given."""
        names = PLACEHOLDER.findall(str(text))
        return bool(names) and not any(self._of(name, self._source) for name in names)

    def _of(self, name: str, language: str) -> list[str]:
        formatter = self._lines.get(name)
        return formatter(language) if formatter else []


def names_in(texts: Iterable[Text]) -> set[str]:
    """The names that `texts` use, in any language."""
    return {name for text in texts for part in text.as_dict().values() for name in PLACEHOLDER.findall(part)}


def _of_field(field: FieldDefinition, stored: Any) -> Formatter:
    """An answer as documents write it: dates by era, a name without its readings, a row of a group on one line."""

    def lines(language: str) -> list[str]:
        if field.type == "date" and language.startswith("ja"):
            return [official_date(date.fromisoformat(stored), language)]
        if field.subfields():
            return [f"{number}. {_row(field, row, language)}" for number, row in enumerate(stored, 1)]
        lines = [written(line, language) for line in type_of(field).printed(field, stored, language)]
        return lines[:1] if field.type == "person_name" else lines

    return lines


def _row(group: FieldDefinition, row: Mapping[str, Any], language: str) -> str:
    """One row of a group in one line: its answers in order, a bare number, day or yes with its question."""
    given = (field for field in group.subfields() if row.get(field.id) is not None)
    return _joint(language).join(_cell(field, row[field.id], language) for field in given)


def _cell(field: FieldDefinition, stored: Any, language: str) -> str:
    answer = _joint(language).join(_of_field(field, stored)(language))
    label = field.own_label()
    return f"{written(label, language)} {answer}" if field.type in _BARE and label else answer


def _of_value(value: Value) -> Formatter:
    def lines(language: str) -> list[str]:
        if value is UNANSWERED:
            return []
        if isinstance(value, bool):
            return [written(_YES if value else _NO, language)]
        if isinstance(value, Decimal):
            return [format_decimal(value, locale=find(language).locale)]
        if isinstance(value, date):
            return [official_date(value, language) if language == "ja" else format_date(value, language)]
        return [str(value)]

    return lines


_YES: Message = message("Yes")
_NO: Message = message("No")


def _joint(language: str) -> str:
    return "、" if language.startswith(("ja", "zh")) else ", "
