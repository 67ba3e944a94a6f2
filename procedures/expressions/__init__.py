"""Expressions of procedure files: a checked, bounded subset of Python's, compiled to closures.

Rules for what nobody has answered yet (`UNANSWERED`), in one place:

- a comparison with it, `in` and `not in` included, is false;
- arithmetic, `not` and functions with it are unanswered; `answered(x)` asks for it;
- where truth is asked (`and`, `or`, `if`, `any`, `all`, a `when:`) it counts as false;
- `sum`, `min` and `max` over rows are unanswered as soon as one row's value is; an empty `min` or `max` is unanswered;
- a list nobody filled in is empty, not unanswered; a division by zero is unanswered.
"""

from procedures.expressions.checker import check, type_of
from procedures.expressions.expression import Expression
from procedures.expressions.grammar import ExpressionError
from procedures.expressions.types import (
    BOOL,
    DATE,
    MONEY,
    NUMBER,
    TABLE,
    TEXT,
    TIME,
    UNANSWERED,
    Choice,
    Finding,
    ListOf,
    Row,
    Scalar,
    StepsExceeded,
    Type,
    Unanswered,
    Value,
)

__all__ = [
    "BOOL",
    "DATE",
    "MONEY",
    "NUMBER",
    "TABLE",
    "TEXT",
    "TIME",
    "UNANSWERED",
    "Choice",
    "Expression",
    "ExpressionError",
    "Finding",
    "ListOf",
    "Row",
    "Scalar",
    "StepsExceeded",
    "Type",
    "Unanswered",
    "Value",
    "check",
    "type_of",
]
