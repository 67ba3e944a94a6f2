"""The answers to read again: before filing, at the desk, in documents and mails. One renderer for all of them."""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, cast

from core import clock
from core.errors import message
from forms.types import Label, Line, Reading, type_of
from procedures.definition import Page, Procedure
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.values import Values
from procedures.visibility import visible_fields, visible_pages
from translations.dates import TOKYO
from translations.text import Text


@dataclass(frozen=True, slots=True)
class Row:
    """A question with its answer; no lines: not answered. `field` is its id, with row numbers inside groups."""

    field: str
    label: Label | None
    lines: list[Line]
    depth: int = 0
    """0 for a question of the page, 1 for one in a row of a group, 2 in a nested one."""
    opens: bool = False
    """Whether it is the heading of a row of a group."""
    apart: bool = False
    """Whether its answer is encrypted apart, so that `lines` show a part of it."""


@dataclass(frozen=True, slots=True)
class Section:
    """The answers of one page."""

    page_id: str
    title: Text
    rows: list[Row]


def sections(
    procedure: Procedure, answers: Mapping[str, Json], language: str, today: date | None = None
) -> list[Section]:
    """The pages that are asked with their answers, in the language of `language` where it matters (dates, money)."""
    today = today or clock.today(TOKYO)
    values = Values(procedure, answers, today)
    reading = Reading(today, values)
    return [
        Section(page.id, page.title, rows)
        for page in visible_pages(procedure, values)
        if (rows := _rows(page, answers, language, reading))
    ]


def _rows(page: Page, answers: Mapping[str, Json], language: str, reading: Reading) -> list[Row]:
    fields = visible_fields(page, reading.values)
    return list(chain.from_iterable(_row(field, field.id, answers, language, reading, 0) for field in fields))


def _row(
    field: FieldDefinition,
    name: str,
    answers: Mapping[str, Json],
    language: str,
    reading: Reading,
    depth: int,
) -> Iterator[Row]:
    """The row of one field, and beneath it those of its rows where it is a group."""
    kind = type_of(field)
    stored = kind.answer(field, answers, reading)
    subfields = field.subfields()
    if not subfields:
        if kind.asks or stored is not None:
            lines = [] if stored is None else kind.lines(field, stored, language)
            yield Row(name, field.own_label(), lines, depth, apart=kind.apart and stored is not None)
        return
    count = message("%(count)s entered", count=len(stored)) if stored else message("None")
    yield Row(name, field.own_label(), [count], depth)
    for number, row in enumerate(stored or ()):
        place = message("%(number)s of %(count)s", number=number + 1, count=len(stored))
        title = getattr(field, "row_label", None) or field.own_label()
        yield Row(f"{name}-{number}", title, [place], depth + 1, opens=True)
        inside = _inside(field, row, reading)
        for sub in subfields:
            if row.get(sub.id) is not None or not type_of(sub).asks:
                yield from _row(sub, f"{name}-{number}-{sub.id}", row, language, inside, depth + 1)


def _inside(field: FieldDefinition, row: Json, reading: Reading) -> Reading:
    """What expressions see in a row of a group: its own answers before those of the pages."""
    values: Any = field.expression_value([row])
    return reading.seeing(ChainMap(values[0], cast("dict[str, Any]", reading.values)))
