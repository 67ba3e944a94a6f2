"""Names and types in expressions, and the order in which questions are asked."""

import ast
from collections.abc import Iterator
from typing import Final, TypeGuard

from core.told import NOTHING, tell
from procedures.checks.subject import Found, Placed, Subject
from procedures.expressions import (
    BOOL,
    DATE,
    NUMBER,
    TABLE,
    TEXT,
    Choice,
    ListOf,
    Row,
    Type,
    check,
    grammar,
    type_of,
)
from procedures.expressions.checker import did_you_mean, fits
from procedures.yaml_reader import Path

_EXPECTED: Final = {
    "when": BOOL,
    "offer": BOOL,
    "likely": BOOL,
    "waive": BOOL,
    "amount": NUMBER,
    "weight": NUMBER,
    "points": NUMBER,
    "unit": TEXT,
}
DEEPEST: Final = 20


def names_and_types(subject: Subject) -> Iterator[Found]:
    """Unknown names, options and functions; wrong types; groups without a `for`."""
    for placed in subject.expressions:
        scope = subject.scope_of(placed)
        expected = _expected(placed)
        findings = check(placed.expression, scope, expected)
        for finding in findings:
            yield Found(placed.path, finding.code, finding.text, finding.hint, offset=finding.offset)
        if not findings and placed.path[0] == "computed" and _has_parts(scope[str(placed.path[1])]):
            yield Found(placed.path, "type", tell("a computed value is one number, text, date or yes or no"))


def _has_parts(kind: Type | None) -> bool:
    return isinstance(kind, ListOf | Row) or kind == TABLE


def missing_rows(subject: Subject) -> Iterator[Found]:
    """Options of a choice for which a table has no number: whoever chooses one would get no result."""
    tables = subject.procedure.tables
    for placed in subject.expressions if tables else ():
        scope = subject.scope_of(placed)
        for node in ast.walk(placed.expression.tree):
            match node:
                case ast.Call(func=ast.Name(id="lookup"), args=[ast.Name(id=table), ast.Name(id=key)]):
                    kind = scope.get(key)
                    known = tables[table].numbers if table in tables else {}
                    for option in kind.options if isinstance(kind, Choice) and table in tables else ():
                        if option not in known:
                            text = tell(
                                "the table '%(table)s' has no row '%(option)s', an option of '%(key)s'",
                                table=table,
                                option=option,
                                key=key,
                            )
                            yield Found(placed.path, "table", text, did_you_mean(option, known))


def _expected(placed: Placed) -> Type | None:
    key = placed.path[-1]
    if key in ("min", "max") and placed.field is not None:
        kind = placed.field.expression_type()
        return kind if kind in (DATE, NUMBER) else NUMBER
    return _EXPECTED.get(str(key))


def tie_breaks(subject: Subject) -> Iterator[Found]:
    """What decides between equal scores is a number, or yes or no: nothing else has a larger side for everybody."""
    for index, expression in enumerate(subject.procedure.score.tie_breaks if subject.procedure.score else ()):
        kind = type_of(expression, subject.scope)
        if kind is not None and kind != BOOL and not fits(kind, NUMBER):
            text = tell("this gives %(kind)s; a number or yes or no is needed here", kind=kind)
            hint = tell("count days with days(born, today)") if kind == DATE else NOTHING
            yield Found(("score", "tie_breaks", index), "type", text, hint, offset=0)


def circles(subject: Subject) -> Iterator[Found]:
    """Computed values that depend on each other, or in too long a chain."""
    if subject.cycle:
        chain = " → ".join(reversed(subject.cycle))
        yield Found(
            ("computed", subject.cycle[0]), "cycle", tell("this depends on itself: %(chain)s", chain=chain)
        )
        return
    depth: dict[str, int] = {}
    for name in subject.ordered:
        inner = [depth[other] for other in subject.procedure.computed[name].names if other in depth]
        depth[name] = 1 + max(inner, default=0)
        if depth[name] > DEEPEST:
            yield Found(
                ("computed", name),
                "too-large",
                tell("computed values build on each other %(deepest)s times at most", deepest=DEEPEST),
            )


def asked_later(subject: Subject) -> Iterator[Found]:
    """What is shown may depend only on what was asked before."""
    for turn, (index, page) in enumerate(subject.pages):
        if page.when is not None:
            yield from _later(subject, Placed(("pages", index, "when"), page.when), (turn, -1))
        for place, field in enumerate(page.fields):
            path: Path = ("pages", index, "fields", place)
            if field.when is not None:
                yield from _later(subject, Placed((*path, "when"), field.when), (turn, place))
            for row_place, inner in enumerate(field.subfields()):
                if inner.when is not None:
                    at = Placed((*path, "fields", row_place, "when"), inner.when, field)
                    yield from _later(subject, at, (turn, place), row_place)


def _later(subject: Subject, placed: Placed, before: tuple[int, int], row_place: int = 0) -> Iterator[Found]:
    row = [field.id for field in placed.group.subfields()] if placed.group else []
    own = placed.expression.names & set(row)
    late = [name for name in own if row.index(name) >= row_place]
    late += [
        name
        for name in subject.needs(placed.expression, frozenset(own))
        if subject.positions[name] >= before and name not in late
    ]
    for name in late:
        text = tell("this depends on '%(name)s', which is asked later or here", name=name)
        yield Found(placed.path, "asked-later", text, tell("ask it on an earlier page, or further up"))


def requirements_in_time(subject: Subject) -> Iterator[Found]:
    """Requirements are checked after the eligibility pages, so they may ask for nothing that comes later."""
    if not subject.procedure.eligibility:
        return
    early = [turn for turn, (_, page) in enumerate(subject.pages) if page.eligibility]
    if not early:
        hint = tell("write `eligibility: true` on the pages that the requirements ask about")
        yield Found(("eligibility",), "eligibility", tell("no page is asked before the requirements"), hint)
        return
    for index, requirement in enumerate(subject.procedure.eligibility):
        for name in subject.needs(requirement.when):
            if subject.positions[name][0] > max(early):
                text = tell(
                    "the requirement depends on '%(name)s', which is asked after the eligibility pages",
                    name=name,
                )
                yield Found(("eligibility", index, "when"), "asked-later", text)


def always_the_same(subject: Subject) -> Iterator[Found]:
    """A condition that asks for nothing is always or never met."""
    for placed in subject.expressions:
        if placed.path[-1] == "when" and not placed.expression.names:
            always = placed.expression.holds({})
            text = tell("this is always met") if always else tell("this is never met")
            yield Found(placed.path, "constant", text, severity="warning")


def whole_sums(subject: Subject) -> Iterator[Found]:
    """`a + b if c else d`: the condition is that of `a + b`, where perhaps only `b` was meant to have one.

    Nothing is said where both sides share a part (`300 * n if x else 300 * n + 140`): whoever writes it twice means it.
    """
    for placed in subject.expressions:
        for node in ast.walk(placed.expression.tree):
            if isinstance(node, ast.IfExp):
                yield from _whole_sum(placed, node)


def _whole_sum(placed: Placed, node: ast.IfExp) -> Iterator[Found]:
    yes, no = node.body, node.orelse
    if {ast.unparse(part) for part in _summands(yes)} & {ast.unparse(part) for part in _summands(no)}:
        return
    condition = ast.unparse(node.test)
    if _is_bare_sum(yes) and yes.col_offset == node.col_offset:
        part = _again(yes, f"({ast.unparse(yes.right)} if {condition} else {ast.unparse(no)})")
        yield _doubtful(placed, yes, part)
    if _is_bare_sum(no) and no.end_col_offset == node.end_col_offset and ast.unparse(no.left) == "0":
        alone = ast.IfExp(node.test, yes, no.left)
        yield _doubtful(placed, no, _again(ast.BinOp(alone, no.op, no.right), ast.unparse(no.right)))


def _is_bare_sum(node: ast.expr) -> TypeGuard[ast.BinOp]:
    """Whether it is a sum or a difference of numbers."""
    texts = (isinstance(part, ast.Constant) and isinstance(part.value, str) for part in _summands(node))
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and not any(texts)


def _again(node: ast.BinOp, right: str) -> str:
    left = f"({ast.unparse(node.left)})" if isinstance(node.left, ast.IfExp) else ast.unparse(node.left)
    return f"{left} {'+' if isinstance(node.op, ast.Add) else '-'} {right}"


def _doubtful(placed: Placed, side: ast.BinOp, part: str) -> Found:
    text = tell("all of `%(sum)s` depends on the condition", sum=ast.unparse(side))
    hint = tell("write `%(part)s` for a part of it, or `(%(sum)s)` for all", part=part, sum=ast.unparse(side))
    offset = grammar.place(side, placed.expression.source)
    return Found(placed.path, "whole-sum", text, hint, severity="warning", offset=offset)


def _summands(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        yield from _summands(node.left)
        yield from _summands(node.right)
    else:
        yield node


CHECKS = (
    names_and_types,
    missing_rows,
    tie_breaks,
    circles,
    asked_later,
    requirements_in_time,
    always_the_same,
    whole_sums,
)
