"""Answers as authors write them in examples, turned into the JSON that is stored for real ones."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from core import clock
from core.registry import registry
from core.told import NOTHING, Told, tell
from procedures.definition import FieldDefinition, Procedure
from procedures.definition.base import Json
from procedures.expressions import BOOL, DATE, MONEY, NUMBER, TIME, Row, Type
from procedures.expressions.checker import did_you_mean
from procedures.expressions.functions import parse_date, parse_time
from procedures.expressions.types import UNANSWERED, ListOf
from procedures.values import Values
from procedures.visibility import visible_fields, visible_pages

_TRUTH: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}

_LISTED: Final = 5

Mistake = tuple[tuple[str | int, ...], Told, Told]
"""Path in the file, sentence, hint."""


class Unstorable(ValueError):
    """Raised when a written answer cannot be one of its field; the text says what is needed."""


def store_examples(procedure: Procedure, compiled: dict[str, Any]) -> Iterator[Mistake]:
    """Turn the answers of all examples in `compiled` into stored form, in place; yield what cannot be."""
    fields = {name: field for name, (_page, field) in procedure.places.items()}
    for number, example in enumerate(compiled["examples"]):
        path, answers = ("examples", number, "answers"), example["answers"]
        mistakes = list(_store_row(fields, answers, path))
        yield from mistakes
        unknown = answers.keys() - fields.keys()
        if unknown:
            spoilt = unknown | {at[3] for at, _, _ in mistakes}
            stored = {name: answer for name, answer in answers.items() if name not in spoilt}
            asked = _asked(procedure, stored, procedure.examples[number].on)
            yield from _strangers(asked, answers, unknown, path)


def _asked(procedure: Procedure, answers: dict[str, Any], on: date | None) -> list[FieldDefinition]:
    """The fields that the form shows to whoever gives these answers."""
    values = Values(procedure, answers, on or clock.today("Asia/Tokyo"))
    try:
        return [field for page in visible_pages(procedure, values) for field in visible_fields(page, values)]
    except Exception:  # noqa: BLE001 - whatever a wrong condition does: its types are checked only afterwards
        always = (page for page in procedure.pages if page.when is None)
        return [field for page in always for field in page.fields if field.when is None]


def _store_row(
    fields: dict[str, FieldDefinition], answers: dict[str, Any], path: tuple[str | int, ...]
) -> Iterator[Mistake]:
    """Store what has a field of its name."""
    for name, written in answers.items():
        field = fields.get(name)
        if field is None:
            continue
        if field.subfields():
            yield from _store_rows(field, written, (*path, name))
        else:
            try:
                answers[name] = as_stored(field, written)
            except ValueError as error:
                yield (*path, name), tell("'%(name)s': %(error)s", name=name, error=error.args[0]), NOTHING


def _strangers(
    asked: Iterable[FieldDefinition],
    answers: Mapping[str, Any],
    unknown: Collection[str],
    path: tuple[str | int, ...],
) -> Iterator[Mistake]:
    """The answers that no field has, with the fields of `asked` that each could be meant for."""
    asks = registry("forms.fields", "field type")
    lacking = [field.id for field in asked if field.id not in answers and asks[field.type].asks]
    for name in answers:
        if name in unknown:
            yield (*path, name), tell("unknown field '%(name)s'", name=name), _meant(name, lacking)


def _meant(name: str, lacking: Sequence[str]) -> Told:
    """What to do about the answer `name`: it is that of a field without one, or its field is no longer there."""
    if near := did_you_mean(name, lacking):
        return near
    if not lacking:
        return tell("where you removed a question or changed its id, change the answers of the examples too")
    listed = ", ".join([*lacking[:_LISTED], *(["…"] if len(lacking) > _LISTED else [])])
    return tell(
        "where you removed a question or changed its id, change the answers of the examples too; "
        "without an answer here: %(fields)s",
        fields=listed,
    )


def as_stored(field: FieldDefinition, written: Any) -> Json:
    """The answer `written` by an author, outside groups, as `field` stores it. Raises `ValueError`: what is needed."""
    own = field.stored_answer(written)
    return _stored(field.expression_type(), written) if own is NotImplemented else own


def _store_rows(group: FieldDefinition, rows: Any, path: tuple[str | int, ...]) -> Iterator[Mistake]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield path, tell("'%(id)s' is a repeating group: a list of rows is needed here", id=group.id), NOTHING
        return
    fields = {field.id: field for field in group.subfields()}
    for index, row in enumerate(rows):
        yield from _store_row(fields, row, (*path, index))
        yield from _strangers(fields.values(), row, row.keys() - fields.keys(), (*path, index))


def _stored(type: Type, written: Any) -> Json:
    if written is None:
        return None
    if isinstance(type, Row):
        return _parts(type, written)
    if isinstance(type, ListOf):
        if not isinstance(written, list):
            raise Unstorable(tell("a list is needed here"))
        return [_stored(type.item, item) for item in written]
    if isinstance(written, dict | list):
        raise Unstorable(tell("%(type)s is needed here", type=type))
    return _scalar(type, str(written))


def _parts(type: Row, written: Any) -> Json:
    if not isinstance(written, dict):
        raise Unstorable(tell("parts are needed here: %(fields)s", fields=", ".join(type.fields)))
    unknown = [name for name in written if name not in type.fields]
    if unknown:
        raise Unstorable(
            tell(
                "no part '%(unknown)s'; known: %(fields)s", unknown=unknown[0], fields=", ".join(type.fields)
            )
        )
    return {name: _stored(type.fields[name], part) for name, part in written.items()}


def _scalar(type: Type, text: str) -> Json:
    if type == BOOL:
        if text.lower() not in _TRUTH:
            raise Unstorable(tell("yes or no is needed here"))
        return _TRUTH[text.lower()]
    if type in (MONEY, NUMBER):
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise Unstorable(tell("a number is needed here")) from None
        return int(number) if type == MONEY else str(number)
    if type == TIME and parse_time(text) is UNANSWERED:
        raise Unstorable(tell("a time like 09:30 is needed here"))
    if type == DATE and parse_date(text) is UNANSWERED:
        raise Unstorable(tell("a date like 2026-04-01 is needed here"))
    return text
