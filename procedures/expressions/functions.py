"""The functions of expressions: plain Python on answered values, with their types."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any, Final

from procedures import calendar
from procedures.expressions.types import DATE, MONEY, NUMBER, TABLE, TEXT, TIME, UNANSWERED, Type, Value

ARITHMETIC: Final = Context(prec=28, traps=[])
"""Numbers have 28 digits; what has no result (a division by zero) is not finite and becomes unanswered."""

_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def finite(value: Decimal) -> Value:
    """`value`, or unanswered where it is not a number."""
    return value if value.is_finite() else UNANSWERED


def floor_divide(a: Decimal, b: Decimal) -> Decimal:
    """The largest whole number not above a / b (``Decimal`` itself would cut towards zero)."""
    quotient = ARITHMETIC.divide_int(a, b)
    if quotient.is_finite() and (a < 0) != (b < 0) and ARITHMETIC.multiply(quotient, b) != a:
        quotient -= 1
    return quotient


def modulo(a: Decimal, b: Decimal) -> Decimal:
    """What is left of a after `floor_divide`; it has the sign of b."""
    return ARITHMETIC.subtract(a, ARITHMETIC.multiply(b, floor_divide(a, b)))


def months(start: date, end: date) -> Decimal:
    """Whole months from `start` to `end` (Civil Code art. 143: ended on the day before the same day)."""
    full = (end.year - start.year) * 12 + end.month - start.month
    if full > 0 and end.day < start.day:
        full -= 1
    elif full < 0 and end.day > start.day:
        full += 1
    return Decimal(full)


def years(start: date, end: date) -> Decimal:
    """Whole years from `start` to `end`; somebody born on 29 February is a year older on 1 March."""
    return Decimal(int(months(start, end) / 12))


def days(start: date, end: date) -> Decimal:
    """Days from `start` to `end`."""
    return Decimal((end - start).days)


def fiscal_year(day: date) -> Decimal:
    """The fiscal year (年度) of `day`: it begins on 1 April."""
    return Decimal(day.year - (day.month < 4))


def working_days(start: date, end: date) -> Value:
    """Working days after `start` up to and with `end`; spans above ten years are unanswered."""
    if abs((end - start).days) > 3660:
        return UNANSWERED
    return Decimal(calendar.working_days_between(start, end))


def add_days(day: date, count: Decimal) -> Value:
    """The day `count` days after `day`; before it where that is below 0."""
    return _moved(lambda number: day + timedelta(days=number), count, 36_600)


def add_months(day: date, count: Decimal) -> Value:
    """The same day `count` months later, or the last one of that month."""
    return _moved(lambda number: calendar.add_months(day, number), count, 1_200)


def add_working_days(day: date, count: Decimal) -> Value:
    """The working day that is `count` working days after `day`."""
    return (
        UNANSWERED
        if count < 0
        else _moved(lambda number: calendar.add_working_days(day, number), count, 2_500)
    )


def _moved(move: Callable[[int], date], count: Decimal, most: int) -> Value:
    """Unanswered where `count` is no whole number or larger than `most`, and where the calendar ends."""
    if count != count.to_integral_value() or abs(count) > most:
        return UNANSWERED
    try:
        return move(int(count))
    except (OverflowError, ValueError):
        return UNANSWERED


def round_down(value: Decimal, unit: Decimal) -> Value:
    """`value` rounded down to a multiple of `unit`."""
    return _to_multiple(value, unit, ROUND_FLOOR)


def round_up(value: Decimal, unit: Decimal) -> Value:
    """`value` rounded up to a multiple of `unit`."""
    return _to_multiple(value, unit, ROUND_CEILING)


def _to_multiple(value: Decimal, unit: Decimal, rounding: str) -> Value:
    quotient = ARITHMETIC.divide(value, unit)
    if not quotient.is_finite():
        return UNANSWERED
    return finite(ARITHMETIC.multiply(quotient.to_integral_value(rounding), unit))


def parse_date(text: str) -> Value:
    """The date written as ``2026-04-01``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return UNANSWERED


def clock_time(text: str) -> str:
    """`text`, which is a time of day as ``09:30``. Raises `ValueError`."""
    if not _TIME.fullmatch(text):
        raise ValueError("a time is written 09:30")
    return text


def parse_time(text: str) -> Value:
    """The time of day written as ``09:30``."""
    try:
        return clock_time(text)
    except ValueError:
        return UNANSWERED


def look_up(table: Mapping[str, Decimal], key: str) -> Value:
    """The number that stands beside `key` in `table`; unanswered where it is not in it."""
    return table.get(key, UNANSWERED)


@dataclass(frozen=True)
class Function:
    """A function: what it calculates, the types it takes, and the type it gives (none: that of its first argument)."""

    run: Callable[..., Any]
    takes: tuple[Type, ...]
    gives: Type | None
    usage: str


FUNCTIONS: Final = {
    "age": Function(years, (DATE, DATE), NUMBER, "age(born, today)"),
    "years": Function(years, (DATE, DATE), NUMBER, "years(from, to)"),
    "months": Function(months, (DATE, DATE), NUMBER, "months(from, to)"),
    "days": Function(days, (DATE, DATE), NUMBER, "days(from, to)"),
    "fiscal_year": Function(fiscal_year, (DATE,), NUMBER, "fiscal_year(day)"),
    "working_days": Function(working_days, (DATE, DATE), NUMBER, "working_days(from, to)"),
    "add_days": Function(add_days, (DATE, NUMBER), DATE, "add_days(day, 10)"),
    "add_months": Function(add_months, (DATE, NUMBER), DATE, "add_months(day, 6)"),
    "add_working_days": Function(add_working_days, (DATE, NUMBER), DATE, "add_working_days(day, 5)"),
    "round_down": Function(round_down, (MONEY, NUMBER), None, "round_down(amount, 100)"),
    "round_up": Function(round_up, (MONEY, NUMBER), None, "round_up(amount, 100)"),
    "lookup": Function(look_up, (TABLE, TEXT), NUMBER, "lookup(rates, purpose)"),
    "date": Function(parse_date, (TEXT,), DATE, "date('2026-04-01')"),
    "time": Function(parse_time, (TEXT,), TIME, "time('09:30')"),
}
"""Plain functions. Beside them the language has `answered(x)` and the folds any, all, sum, min, max, len."""
