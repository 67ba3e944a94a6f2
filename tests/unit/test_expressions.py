"""Expressions: what they mean, what they refuse, and how long they take about it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from procedures.expressions import (
    BOOL,
    DATE,
    MONEY,
    NUMBER,
    TEXT,
    UNANSWERED,
    Choice,
    Expression,
    ExpressionError,
    ListOf,
    Row,
    Type,
    check,
    type_of,
)

TODAY = date(2026, 11, 22)
ROWS = ({"age": Decimal(40), "income": Decimal(2000)}, {"age": Decimal(7), "income": Decimal(0)})
VALUES: Mapping[str, Any] = {
    "n": Decimal(3),
    "zero": Decimal(0),
    "price": Decimal(1000),
    "purpose": "other",
    "yes": True,
    "born": date(1990, 5, 1),
    "today": TODAY,
    "household": ROWS,
    "nobody": (),
    "chosen": ("a", "b"),
    "name": {"family": "見本"},
}
RENAMED = "where you changed the id of a question, change it here, too; it could be: "
SCOPE: Mapping[str, Type] = {
    "n": NUMBER,
    "zero": NUMBER,
    "price": MONEY,
    "purpose": Choice(("pension", "other")),
    "yes": BOOL,
    "born": DATE,
    "today": DATE,
    "household": ListOf(Row({"age": NUMBER, "income": MONEY})),
    "chosen": ListOf(Choice(("a", "b", "c"))),
    "name": Row({"family": TEXT}),
}


def refused_at(source: str) -> int | None:
    """Where `source` is refused; none where it is an expression. One that `check` lets pass can be evaluated."""
    try:
        expression = Expression(source)
        if not check(expression, SCOPE):
            expression.evaluate(VALUES)
    except ExpressionError as error:
        return error.offset
    return None


def value_of(source: str) -> Any:
    return Expression(source).evaluate(VALUES)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("0.1 + 0.2", Decimal("0.3")),
        ("7 // 2", 3),
        ("-7 // 2", -4),
        ("-7 % 3", 2),
        ("1_000 * n", 3000),
        ("1 < n <= 3", True),
        ("1 < n < 3", False),
        ("purpose == 'other' and n > 2", True),
        ("purpose in ('pension', 'other')", True),
        ("purpose not in ('pension',)", True),
        ("'a' in chosen and not 'c' in chosen", True),
        ("10 if yes else 20", 10),
        ("yes == true", True),
        ("age(born, today)", 36),
        ("age(born, date('2026-04-30'))", 35),
        ("years(date('2004-02-29'), date('2026-02-28'))", 21),
        ("years(date('2004-02-29'), date('2026-03-01'))", 22),
        ("months(date('2026-01-31'), date('2026-02-28'))", 0),
        ("months(date('2026-03-15'), date('2026-01-16'))", -1),
        ("days(today, date('2026-12-01'))", 9),
        ("fiscal_year(date('2026-03-31'))", 2025),
        ("working_days(date('2026-11-20'), date('2026-11-24'))", 1),
        ("add_days(date('2026-12-30'), 3)", date(2027, 1, 2)),
        ("add_days(date('2026-03-01'), -1)", date(2026, 2, 28)),
        ("add_months(date('2026-08-31'), 6)", date(2027, 2, 28)),
        ("add_working_days(date('2026-11-20'), 1)", date(2026, 11, 24)),
        ("add_days(date('2026-12-30'), 1.5)", UNANSWERED),
        ("add_days(date('2026-12-30'), 99999999)", UNANSWERED),
        ("add_months(date('9999-12-01'), 6)", UNANSWERED),
        ("add_working_days(date('2026-11-20'), -1)", UNANSWERED),
        ("round_down(price / n, 10)", 330),
        ("round_up(price / n, 10)", 340),
        ("sum(m.income for m in household)", 2000),
        ("sum(m.income for m in household if m.age >= 100)", 0),
        ("sum(m.income for m in nobody)", 0),
        ("any(m.age < 18 for m in household)", True),
        ("all(m.age < 18 for m in household)", False),
        ("all(m.age < 18 for m in nobody)", True),
        ("len(household)", 2),
        ("len(m for m in household if m.age < 18)", 1),
        ("min(m.age for m in household)", 7),
        ("max(n, 10, price)", 1000),
        ("name.family + '様'", "見本様"),
        ("answered(n) and not answered(missing)", True),
        ("  n\n  + 1 ", 4),
        ("'日本' == '日本'", True),
    ],
)
def test_values(source: str, value: Any) -> None:
    assert value_of(source) == value


@pytest.mark.parametrize(
    "source",
    [
        "missing + 1",
        "-missing",
        "not missing",
        "age(missing, today)",
        "1 / zero",
        "n % zero",
        "n // zero",
        "round_down(n, zero)",
        "sum(m.nothing for m in household)",
        "min(m.age for m in nobody)",
        "max(n, missing)",
        "missing.part",
        "name.given",
        "working_days(date('1990-01-01'), today)",
    ],
)
def test_unanswered(source: str) -> None:
    assert value_of(source) is UNANSWERED


@pytest.mark.parametrize(
    "source",
    [
        "missing == 'a'",
        "missing != 'a'",
        "missing < 3",
        "missing in ('a', 'b')",
        "missing not in ('a', 'b')",
        "missing and true",
        "missing or false",
        "any(m.nothing for m in household)",
        "all(m.nothing for m in household)",
        "true if missing else false",
    ],
)
def test_unanswered_is_not_true(source: str) -> None:
    assert value_of(source) is False
    assert not Expression(source).holds(VALUES)


@pytest.mark.parametrize(
    ("source", "offset", "part"),
    [
        ("", 0, "empty"),
        ("n +", 3, "not a complete"),
        ("n = 3", 2, "not a complete"),
        ("n && yes", 2, "`&&`"),
        ("n & 3", 0, "BitAnd"),
        ("n ** 2", 0, "`**`"),
        ("purpose is 'a'", 0, "`is`"),
        ("n[0]", 0, "`[…]`"),
        ("lambda: 1", 0, "`lambda`"),
        ("(n := 3)", 1, "`:=`"),
        ("[m.age for m in household]", 0, "list comprehension"),
        ("(m.age for m in household)", 0, "inside any, all"),
        ("sum(sum(k.a for k in m) for m in household)", 7, "one `for` inside another"),
        ("sum(m.a for m in a for k in b)", 3, "one `for` only"),
        ("sum(m for m, k in household)", 3, "one name each"),
        ("name.__class__", 0, "a dot joins names"),
        ("'a'.upper", 0, "a dot joins names"),
        ("name.upper()", 0, "functions of the language"),
        ("age(born=1)", 0, "no names here"),
        ("[1, 2]", 0, "after `in`"),
        ("n in (n, 1)", 5, "after `in`"),
        ("f'{n}'", 0, "f-string"),
        ("b'a' == n", 0, "not available"),
        ("None == n", 0, "not available"),
        ("3j", 0, "not a decimal"),
        ("0x10", 0, "not a decimal"),
        ("1e9", 0, "not a decimal"),
        ("n + 1if yes else 2", 4, "not a decimal"),
        ("12345678901234567890123456789", 0, "28 digits"),
        ("n # comment", 2, "`#`"),
        ("'a\\x41'", 0, "not possible"),
        ("'abc", 0, "quotation mark"),
        ("'日本' + n +", 10, "not a complete"),
        ("n + '日本' ** 2", 4, "`**`"),
        ("n) + (n", 1, "not a complete"),
    ],
)
def test_refused(source: str, offset: int, part: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        Expression(source)
    assert part in refused.value.text
    assert refused.value.offset == offset


def test_names_are_those_from_outside() -> None:
    expression = Expression("sum(m.income for m in household if m.age > n) if yes else age(born, today)")
    assert expression.names == {"household", "n", "yes", "born", "today"}


@pytest.mark.parametrize(
    ("source", "text", "hint"),
    [
        ("agee > 3", "unknown field 'agee'", f"{RENAMED}n, zero, price"),
        ("purpos == 'other'", "unknown field 'purpos'", "did you mean 'purpose'?"),
        ("asked == yes", "unknown field 'yes'", "write it without comparing: asked"),
        ("no != asked", "unknown field 'no'", "write it without comparing: asked"),
        ("asked == no", "unknown field 'no'", "write it without comparing: not asked"),
        ("purpose == other", "unknown field 'other'", "put the option into quotation marks: 'other'"),
        ("age >= 65", "unknown field 'age'",
         "it is a column of `household`: write for example any(h.age >= 65 for h in household)"),
        ("n * income", "unknown field 'income'",
         "it is a column of `household`: write for example sum(h.income for h in household)"),
        ("purpose == 'othr'", "no option 'othr'", "did you mean 'other'?"),
        ("purpose in ('pension', 'x')", "no option 'x'", "options: pension, other"),
        ("'d' in chosen", "no option 'd'", "options: a, b, c"),
        ("n in chosen", "a number is looked for among a choice", ""),
        ("n in purpose", "`in` needs a list; this is a choice", "write purpose in ('a', 'b')"),
        ("n == 'a'", "a number is compared with text", ""),
        ("yes == 'yes'", "yes or no is compared with text", "write yes, or not yes"),
        ("born > 3", "a date is compared with a number", ""),
        ("purpose > 'a'", "a choice has no order", "compare with `==` or `in`"),
        ("today - born", "`-` needs numbers; this is a date", "count days with days(from, to)"),
        ("purpose + 1", "`+` needs numbers; this is a choice", ""),
        ("price * price", "money times money has no meaning", ""),
        ("n and yes", "a yes or no is needed here; this is a number", "compare it with something"),
        ("not n", "`not` needs yes or no; this is a number", ""),
        ("household.income > 3", "'household' is a list: it needs a `for`",
         "write for example any(m.income > 3 for m in household)"),
        ("household.income * 2", "'household' is a list: it needs a `for`",
         "write for example sum(m.income for m in household)"),
        ("household > 3", "a list cannot be compared", "compare len(household)"),
        ("name == 'a'", "a row cannot be compared", "compare one of its parts"),
        ("sum(household)", "sum needs a list", "write sum(m.income for m in household)"),
        ("sum(m.incom for m in household)", "'m' has no part 'incom'", "did you mean 'income'?"),
        ("sum(m.age for m in n)", "`for` goes through a list; this is a number", ""),
        ("sum(n.age for n in household)", "'n' is already a field", "use another letter"),
        ("n.part", "'n' is a number and has no parts", ""),
        ("agee(born, today)", "unknown function 'agee'", "did you mean 'age'?"),
        ("age(born)", "age takes 2 values", "write age(born, today)"),
        ("age(born, n)", "age needs a date here; this is a number", ""),
        ("date('2026-13-01')", "date needs a day as text", "write date('2026-04-01')"),
        ("n if yes else purpose", "one side gives a number, the other a choice", ""),
        ("min(n, born)", "min needs numbers or dates of one kind; this is a date", ""),
        ("sum(yes for m in household)", "sum needs numbers; this is yes or no", ""),
        ("answered(n, n)", "answered takes one field", "write answered(income)"),
    ],
)  # fmt: skip
def test_mistakes_are_found_before_anything_runs(source: str, text: str, hint: str) -> None:
    scope = {**SCOPE, "asked": BOOL}
    if source.startswith(("asked", "no ")):
        del scope["yes"]
    findings = check(Expression(source), scope)
    assert [(finding.text, finding.hint) for finding in findings] == [(text, hint)]


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("yes, no", "write `yes and no` where both are needed, `yes or no` where one is enough"),
        ("yes、no", "write `yes and no` where both are needed, `yes or no` where one is enough"),
        ("yes かつ no", "write `and`"),
        ("yesまたはno", "write `or`"),
        ("3日後から", "write add_days(today, 3)"),
        ("3 days later", "write add_days(today, 3)"),
        ("-50%", "a half of 500 * len(items) is taken off by -250 * len(items)"),
    ],
)
def test_what_people_say_is_understood(source: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        Expression(source)
    assert refused.value.hint == hint
    assert Expression("name.family == '犬かつ猫'")


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("today + 3", "write add_days(today, 3)"),
        ("born - 3", "write add_days(born, -3)"),
        ("born - today", "count days with days(from, to)"),
        ("500 * len(items)", "did you mean 'household'?"),
        ("sum(i.age for i in items)", "did you mean 'household'?"),
        ("total / 2", "the sum of the lines has no name: take off half of each line, e.g. -250 * len(items)"),
    ],
)
def test_hints_write_out_what_was_meant(source: str, hint: str) -> None:
    assert [finding.hint for finding in check(Expression(source), SCOPE)] == [hint]


def test_findings_know_their_place() -> None:
    findings = check(Expression("purpose == '日本' and agee > 3"), SCOPE)
    assert [(finding.code, finding.offset) for finding in findings] == [
        ("unknown-option", 11),
        ("unknown-name", 20),
    ]


@pytest.mark.parametrize(
    ("source", "type"),
    [
        ("price * n", MONEY),
        ("price / price", NUMBER),
        ("price if yes else 0", MONEY),
        ("max(price, n)", MONEY),
        ("sum(m.income for m in household)", MONEY),
        ("n > 1", BOOL),
        ("name.family", TEXT),
        ("purpose", Choice(("pension", "other"))),
        ("round_down(price, 100)", MONEY),
        ("min(born, today)", DATE),
        ("agee", None),
    ],
)
def test_types(source: str, type: Type | None) -> None:
    assert type_of(Expression(source), SCOPE) == type


def test_an_expected_type_is_compared() -> None:
    assert check(Expression("n"), SCOPE, NUMBER) == check(Expression("price"), SCOPE, NUMBER) == []
    (finding,) = check(Expression("n"), SCOPE, BOOL)
    assert finding.text == "this gives a number; yes or no is needed here"


def test_equality() -> None:
    assert Expression("n > 1") == Expression("n > 1") != Expression("n > 2")
