"""Static types: every expression is checked against the procedure's own fields before anything is published."""

import ast
import difflib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from core.told import NOTHING, Told, tell
from procedures.expressions import slips
from procedures.expressions.compiler import CONSTANTS
from procedures.expressions.expression import Expression
from procedures.expressions.functions import FUNCTIONS, clock_time
from procedures.expressions.grammar import FOLDS, place
from procedures.expressions.types import (
    BOOL,
    DATE,
    MONEY,
    NUMBER,
    TEXT,
    TIME,
    Choice,
    Finding,
    ListOf,
    Row,
    Scalar,
    Type,
)

_ARITHMETIC: Final = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
_DAYS: Final = (
    tell("count days with days(from, to)"),
    tell("write add_days(day, 10), add_months or add_working_days"),
)
_SUMS: Final = ("total", "subtotal", "amount", "fee")
_OF_ALL: Final = tell("the sum of the lines has no name: take off half of each line, e.g. -250 * len(items)")
ORDERED: Final = (NUMBER, DATE, TIME)
"""Types whose values come before and after each other."""
_WRITTEN: Final = {
    "date": (date.fromisoformat, tell("date needs a day as text"), tell("write date('2026-04-01')")),
    "time": (clock_time, tell("time needs a time of day as text"), tell("write time('09:30')")),
}


def check(
    expression: Expression, scope: Mapping[str, Type | None], expected: Type | None = None
) -> list[Finding]:
    """Every mistake of `expression` against `scope`; with `expected`, also a result of another type.

    A name whose type is none stands for something that has mistakes of its own; it is let pass.
    """
    checker = _Checker(expression.source, scope)
    found = checker.wanting(expression.tree, expected)
    if expected is not None and found is not None and not fits(found, expected):
        checker.problem(
            "type",
            tell("this gives %(found)s; %(expected)s is needed here", found=found, expected=expected),
            expression.tree,
            slips.in_days(expression.tree) if expected == DATE and found == NUMBER else NOTHING,
        )
    return checker.findings


def type_of(expression: Expression, scope: Mapping[str, Type | None]) -> Type | None:
    """The type of its result; none where it has mistakes."""
    checker = _Checker(expression.source, scope)
    found = checker.of(expression.tree)
    return None if checker.findings else found


def fits(found: Type, expected: Type) -> bool:
    """Whether a value of type `found` may stand where `expected` is wanted; money is a number, a choice is text."""
    return _family(found) == _family(expected)


def _family(type: Type) -> object:
    if type in (NUMBER, MONEY):
        return NUMBER
    if isinstance(type, Choice):
        return TEXT
    return type if isinstance(type, Scalar) else type.__class__


def did_you_mean(name: str, known: Iterable[str]) -> Told:
    """A hint with the nearest known name, or empty."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return tell("did you mean '%(near)s'?", near=near[0]) if near else NOTHING


class _Checker:
    """Gives each node its type and gathers findings; none stands for "already reported"."""

    def __init__(self, source: str, scope: Mapping[str, Type | None]) -> None:
        self.source = source
        self.scope = dict(scope)
        self.findings: list[Finding] = []
        self.comparing: ast.Compare | None = None

    def problem(self, code: str, text: Told, node: ast.AST, hint: Told = NOTHING) -> None:
        self.findings.append(Finding(code, text, place(node, self.source), hint))

    def of(self, node: ast.expr) -> Type | None:
        found: Type | None = getattr(self, f"_{type(node).__name__.lower()}")(node)
        return found

    def wanting(self, node: ast.expr, wanted: Type | None) -> Type | None:
        """The same, where `wanted` is needed."""
        return self._name(node, wanted) if isinstance(node, ast.Name) else self.of(node)

    def _constant(self, node: ast.Constant) -> Type:
        if isinstance(node.value, bool):
            return BOOL
        return TEXT if isinstance(node.value, str) else NUMBER

    def _name(self, node: ast.Name, wanted: Type | None = None) -> Type | None:
        if node.id in CONSTANTS:
            return BOOL
        if node.id not in self.scope:
            summed = node.id in _SUMS and self.comparing is None
            hint = slips.hint(node, self.comparing, self.scope) or (_OF_ALL if summed else NOTHING)
            hint = hint or did_you_mean(node.id, self.scope)
            self._unknown(node, hint or slips.renamed(node, self.comparing, wanted, self.scope))
            return None
        return self.scope[node.id]

    def _unknown(self, node: ast.Name, hint: Told) -> None:
        self.problem("unknown-name", tell("unknown field '%(id)s'", id=node.id), node, hint)

    def _rows(self, node: ast.expr) -> Type | None:
        """The type of what should be rows; an unknown name is probably that of the only group there is."""
        groups = [
            name
            for name, kind in self.scope.items()
            if isinstance(kind, ListOf) and isinstance(kind.item, Row)
        ]
        if isinstance(node, ast.Name) and node.id not in self.scope and len(groups) == 1:
            self._unknown(node, tell("did you mean '%(near)s'?", near=groups[0]))
            return None
        return self.of(node)

    def _attribute(self, node: ast.Attribute) -> Type | None:
        whole = self.of(node.value)
        if whole is None:
            return None
        name = ast.unparse(node.value)
        if isinstance(whole, Row):
            if node.attr in whole.fields:
                return whole.fields[node.attr]
            hint = did_you_mean(node.attr, whole.fields)
            self.problem(
                "unknown-name",
                tell("'%(name)s' has no part '%(attr)s'", name=name, attr=node.attr),
                node,
                hint,
            )
        elif isinstance(whole, ListOf):
            hint = tell("write for example %(example)s", example=slips.in_rows(node, self.comparing))
            self.problem("group", tell("'%(name)s' is a list: it needs a `for`", name=name), node, hint)
        else:
            self.problem(
                "type", tell("'%(name)s' is %(whole)s and has no parts", name=name, whole=whole), node
            )
        return None

    def _binop(self, node: ast.BinOp) -> Type | None:
        left, right = self.wanting(node.left, NUMBER), self.wanting(node.right, NUMBER)
        if left is None or right is None:
            return None
        sign = _ARITHMETIC[type(node.op)]
        if sign == "+" and _family(left) == _family(right) == TEXT:
            return TEXT
        for side, operand in ((left, node.left), (right, node.right)):
            if not fits(side, NUMBER):
                hint = self._days(node, sign) if side == DATE else NOTHING
                self.problem(
                    "type",
                    tell("`%(sign)s` needs numbers; this is %(side)s", sign=sign, side=side),
                    operand,
                    hint,
                )
                return None
        both_money = left == right == MONEY
        if sign == "*" and both_money:
            self.problem("type", tell("money times money has no meaning"), node)
        return NUMBER if both_money and sign in ("/", "//") else MONEY if MONEY in (left, right) else NUMBER

    @staticmethod
    def _days(node: ast.BinOp, sign: str) -> Told:
        """What to write for a day plus or minus something."""
        if sign in "+-" and isinstance(node.right, ast.Constant):
            return slips.in_days(node.right, ast.unparse(node.left), "-" if sign == "-" else "")
        return _DAYS[sign == "+"]

    def _unaryop(self, node: ast.UnaryOp) -> Type | None:
        wanted = BOOL if isinstance(node.op, ast.Not) else NUMBER
        found = self.wanting(node.operand, wanted)
        if found is not None and not fits(found, wanted):
            sign = "not" if wanted == BOOL else "-"
            self.problem(
                "type",
                tell("`%(sign)s` needs %(wanted)s; this is %(found)s", sign=sign, wanted=wanted, found=found),
                node.operand,
            )
            return None
        return found

    def _boolop(self, node: ast.BoolOp) -> Type:
        for value in node.values:
            self._truth(value)
        return BOOL

    def _truth(self, node: ast.expr) -> None:
        found = self.wanting(node, BOOL)
        if found is not None and found != BOOL:
            self.problem(
                "type",
                tell("a yes or no is needed here; this is %(found)s", found=found),
                node,
                tell("compare it with something"),
            )

    def _compare(self, node: ast.Compare) -> Type:
        operands = [node.left, *node.comparators]
        outer, self.comparing = self.comparing, node
        types = [None if isinstance(item, ast.Tuple | ast.List) else self.of(item) for item in operands]
        self.comparing = outer
        for index, op in enumerate(node.ops):
            left, right = operands[index], operands[index + 1]
            if isinstance(op, ast.In | ast.NotIn):
                self._member(left, types[index], right, types[index + 1])
            else:
                self._pair(op, left, types[index], right, types[index + 1])
        return BOOL

    def _pair(self, op: ast.cmpop, left: ast.expr, a: Type | None, right: ast.expr, b: Type | None) -> None:
        if a is None or b is None:
            return None
        for kind, node in ((a, left), (b, right)):
            if isinstance(kind, ListOf | Row):
                hint = (
                    tell("compare len(%(rows)s)", rows=ast.unparse(node))
                    if isinstance(kind, ListOf)
                    else tell("compare one of its parts")
                )
                return self.problem("group", tell("%(kind)s cannot be compared", kind=kind), node, hint)
        if not fits(a, b):
            asked = next((ast.unparse(node) for kind, node in ((a, left), (b, right)) if kind == BOOL), "")
            hint = tell("write %(asked)s, or not %(asked)s", asked=asked) if asked else NOTHING
            return self.problem("type", tell("%(a)s is compared with %(b)s", a=a, b=b), right, hint)
        if not isinstance(op, ast.Eq | ast.NotEq) and _family(a) not in ORDERED:
            return self.problem(
                "type", tell("%(a)s has no order", a=a), left, tell("compare with `==` or `in`")
            )
        self._option(a, right)
        self._option(b, left)
        return None

    def _member(self, left: ast.expr, a: Type | None, right: ast.expr, b: Type | None) -> None:
        if isinstance(right, ast.Tuple | ast.List):
            for item in right.elts:
                self._pair(ast.Eq(), left, a, item, self.of(item))
        elif isinstance(b, ListOf) and not isinstance(b.item, Row):
            self._pair(ast.Eq(), left, a, right, None)
            if a is not None and not fits(a, b.item):
                self.problem("type", tell("%(a)s is looked for among %(item)s", a=a, item=b.item), left)
            self._option(b.item, left)
        elif b is not None:
            self.problem(
                "type",
                tell("`in` needs a list; this is %(b)s", b=b),
                right,
                tell("write purpose in ('a', 'b')"),
            )

    def _option(self, kind: Type, node: ast.expr) -> None:
        """A text compared with a choice must be one of its options."""
        if not isinstance(kind, Choice) or not isinstance(node, ast.Constant):
            return
        if isinstance(node.value, str) and node.value not in kind.options:
            hint = did_you_mean(node.value, kind.options) or tell(
                "options: %(options)s", options=", ".join(kind.options[:12])
            )
            self.problem("unknown-option", tell("no option '%(value)s'", value=node.value), node, hint)

    def _ifexp(self, node: ast.IfExp) -> Type | None:
        self._truth(node.test)
        yes, no = self.of(node.body), self.of(node.orelse)
        if yes is None or no is None:
            return None
        if not fits(yes, no):
            self.problem(
                "type", tell("one side gives %(yes)s, the other %(no)s", yes=yes, no=no), node.orelse
            )
            return None
        return MONEY if MONEY in (yes, no) else yes if yes == no else TEXT if _family(yes) == TEXT else yes

    def _call(self, node: ast.Call) -> Type | None:
        name = node.func.id  # type: ignore[attr-defined]
        if name in FOLDS:
            return self._fold(name, node)
        types = [self.of(argument) for argument in node.args]
        if name == "answered":
            if len(types) != 1:
                self.problem(
                    "arguments", tell("answered takes one field"), node, tell("write answered(income)")
                )
            return BOOL
        function = FUNCTIONS.get(name)
        if function is None:
            known = [*FUNCTIONS, *FOLDS, "answered"]
            hint = slips.no_function(name, self.scope) or did_you_mean(name, known)
            hint = hint or tell("functions: %(known)s", known=", ".join(sorted(known)))
            self.problem("unknown-function", tell("unknown function '%(name)s'", name=name), node, hint)
            return None
        if len(types) != len(function.takes):
            self.problem(
                "arguments",
                tell("%(name)s takes %(takes)s values", name=name, takes=len(function.takes)),
                node,
                tell("write %(usage)s", usage=function.usage),
            )
            return None
        for found, wanted, argument in zip(types, function.takes, node.args, strict=True):
            if found is not None and not fits(found, wanted):
                self.problem(
                    "type",
                    tell(
                        "%(name)s needs %(wanted)s here; this is %(found)s",
                        name=name,
                        wanted=wanted,
                        found=found,
                    ),
                    argument,
                )
        if name in _WRITTEN:
            self._written(name, node.args[0])
        return function.gives or types[0]

    def _written(self, name: str, node: ast.expr) -> None:
        read, wrong, hint = _WRITTEN[name]
        try:
            read(node.value if isinstance(node, ast.Constant) else "")  # type: ignore[arg-type]
        except (TypeError, ValueError):
            self.problem("type", wrong, node, hint)

    def _fold(self, name: str, node: ast.Call) -> Type | None:
        if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            return self._over_rows(name, node.args[0])
        if name in ("min", "max") and len(node.args) > 1:
            return self._smallest([(self.of(argument), argument) for argument in node.args], name)
        whole = self._rows(node.args[0]) if len(node.args) == 1 else None
        if name == "len" and isinstance(whole, ListOf):
            return NUMBER
        if len(node.args) != 1 or whole is not None:
            usage = "len(household)" if name == "len" else f"{name}(m.income for m in household)"
            self.problem(
                "arguments",
                tell("%(name)s needs a list", name=name),
                node,
                tell("write %(usage)s", usage=usage),
            )
        return None

    def _over_rows(self, name: str, node: ast.GeneratorExp) -> Type | None:
        step = node.generators[0]
        rows = self._rows(step.iter)
        if rows is not None and not isinstance(rows, ListOf):
            self.problem("type", tell("`for` goes through a list; this is %(rows)s", rows=rows), step.iter)
        if not isinstance(rows, ListOf):
            return BOOL if name in ("any", "all") else NUMBER if name == "len" else None
        variable = step.target.id  # type: ignore[attr-defined]
        if variable in self.scope:
            self.problem(
                "shadowed",
                tell("'%(variable)s' is already a field", variable=variable),
                step.target,
                tell("use another letter"),
            )
        outer, self.scope = self.scope, {**self.scope, variable: rows.item}
        for test in step.ifs:
            self._truth(test)
        if name in ("any", "all"):
            self._truth(node.elt)
            found: Type | None = BOOL
        else:
            found = self.of(node.elt)
            if name == "len":
                found = NUMBER
            elif name == "sum" and found is not None and not fits(found, NUMBER):
                self.problem("type", tell("sum needs numbers; this is %(found)s", found=found), node.elt)
            elif name != "sum":
                found = self._smallest([(found, node.elt)], name)
        self.scope = outer
        return found

    def _smallest(self, arguments: list[tuple[Type | None, ast.expr]], name: str) -> Type | None:
        first = next((found for found, _ in arguments if found is not None), None)
        for found, node in arguments:
            if found is not None and (_family(found) not in ORDERED or not fits(found, first or found)):
                self.problem(
                    "type",
                    tell(
                        "%(name)s needs numbers or dates of one kind; this is %(found)s",
                        name=name,
                        found=found,
                    ),
                    node,
                )
                return None
        return MONEY if any(found == MONEY for found, _ in arguments) else first
