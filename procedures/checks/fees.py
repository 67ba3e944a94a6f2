"""The fee: never below zero, whatever people answer."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice, product
from math import prod
from typing import Any, Final

from core.told import tell
from procedures.checks.subject import Found, Subject
from procedures.definition import FieldDefinition, Procedure
from procedures.definition.base import Json
from procedures.expressions import BOOL, MONEY, UNANSWERED, Choice, Expression, Value
from procedures.values import Values
from procedures.visibility import asked_by, unmet_requirements

MOST: Final = 150
"""Applicants that are tried; of more combinations, as many by chance, always the same ones."""
FAR: Final = 1_000
_ON: Final = date(2026, 4, 1)
_DAYS: Final = (
    *(_ON.replace(year=_ON.year - age) for age in (80, 40, 17, 0)),
    date(2026, 5, 20),
    date(2028, 4, 1),
)


def negative(subject: Subject) -> Iterator[Found]:
    """An applicant whose lines come to less than nothing: the total would be cut to 0, which nobody meant.

    Applicants are tried at the limits of the questions that the fee depends on. One that is found is a proof; that
    none is found is not.
    """
    procedure = subject.procedure
    if procedure.fee is None or subject.cycle:
        return
    found = next(filter(None, (_below_zero(procedure, answers) for answers in _applicants(procedure))), None)
    if found is None:
        return
    index, total, answers = found
    said = _said(answers)
    text = tell("the fee can be below zero: %(total)s yen", total=total)
    if said:
        text = tell("the fee can be below zero: %(total)s yen for %(answers)s", total=total, answers=said)
    hint = tell("set `min` and `max` where the answers are asked, or write `max(0, …)`")
    yield Found(("fee", "items", index, "amount"), "negative-fee", text, hint)


def _said(answers: Mapping[str, Json]) -> str:
    """Answers as they are written in examples, without those that nobody gave."""
    return ", ".join(
        f"{name}: {_one(value)}" for name, value in answers.items() if value is not None and value != []
    )


def _one(value: Json) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_one, value))}]"
    if isinstance(value, dict):
        return f"{{{_said(value)}}}"
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _below_zero(
    procedure: Procedure, answers: dict[str, Json]
) -> tuple[int, Decimal, dict[str, Json]] | None:
    values = Values(procedure, answers, _ON)
    if unmet_requirements(procedure, values) or _waived(procedure, values) or _refused(procedure, values):
        return None
    amounts = {
        index: item.amount.evaluate(values)
        for index, item in enumerate(procedure.fee.items if procedure.fee else ())
        if item.when is None or item.when.holds(values)
    }
    numbers = {index: amount for index, amount in amounts.items() if isinstance(amount, Decimal)}
    total = sum(numbers.values(), Decimal(0))
    if total >= 0:
        return None
    return min(numbers, key=lambda index: numbers[index]), total, answers


def _refused(procedure: Procedure, values: Values) -> bool:
    """Whether an answer is outside limits that are calculated (`min: starts_on`): the form would not take it."""
    for name, (_page, field) in procedure.places.items():
        for key, before in (("min", True), ("max", False)):
            limit = getattr(field, key, None)
            if not isinstance(limit, Expression):
                continue
            bound, value = limit.evaluate(values), values[name]
            if UNANSWERED not in (bound, value) and (value < bound if before else value > bound):  # type: ignore[operator]
                return True
    return False


def _waived(procedure: Procedure, values: Mapping[str, Value]) -> bool:
    return bool(procedure.fee and procedure.fee.waive and procedure.fee.waive.holds(values))


def _applicants(procedure: Procedure) -> Iterator[dict[str, Json]]:
    """Answers to everything that the fee, directly or not, depends on."""
    fee = procedure.fee
    if fee is None:
        return
    used: set[str] = set()
    expressions = [each for item in fee.items for each in (item.amount, item.when) if each]
    for expression in [*expressions, *([fee.waive] if fee.waive else [])]:
        used |= asked_by(procedure, expression)
    for name in sorted(used & procedure.places.keys()):
        page, field = procedure.places[name]
        for condition in (page.when, field.when):
            used |= asked_by(procedure, condition) if condition else frozenset()
    for requirement in procedure.eligibility:
        used |= asked_by(procedure, requirement.when)
    names = sorted(used & procedure.places.keys())
    tried = [_answers(procedure.places[name][1]) for name in names]
    if prod(map(len, tried)) <= MOST:
        combinations: Iterator[Sequence[Any]] = product(*tried)
    else:
        chance = random.Random(0)  # noqa: S311 - the same applicants each time
        combinations = islice(iter(lambda: [chance.choice(each) for each in tried], None), MOST)
    yield from (dict(zip(names, each, strict=True)) for each in combinations)


def _answers(field: FieldDefinition) -> list[Json]:
    """Answers at the limits of a question, as they are stored."""
    if field.subfields():
        repeat = getattr(field, "repeat", None)
        rows = [{inner.id: tried[place] for inner, tried in _columns(field)} for place in (0, -1)]
        counts = {getattr(repeat, "min", 0), getattr(repeat, "max", 1)}
        return [[row] * count for count in sorted(counts) for row in rows]
    kind, optional = field.expression_type(), [] if field.required else [None]
    if isinstance(kind, Choice):
        return [*kind.options[:8], *optional]
    if kind == BOOL and field.type == "yes_no":
        return [True, False]
    if field.type == "date":
        return [day.isoformat() for day in _DAYS]
    if field.type in ("number", "money"):
        return [*_numbers(field), *optional]
    return [None]


def _columns(group: FieldDefinition) -> list[tuple[FieldDefinition, list[Json]]]:
    return [(inner, _answers(inner)) for inner in group.subfields()]


def _numbers(field: FieldDefinition) -> list[Json]:
    low, high = getattr(field, "min", None), getattr(field, "max", None)
    least = Decimal(low) if isinstance(low, int | Decimal) else Decimal(-FAR)
    most = Decimal(high) if isinstance(high, int | Decimal) else max(least, Decimal(0)) + FAR
    tried = sorted({each for each in (least, least + 1, (least + most) // 2, most) if least <= each <= most})
    return [int(each) if field.expression_type() == MONEY else str(each) for each in tried]


CHECKS = (negative,)
