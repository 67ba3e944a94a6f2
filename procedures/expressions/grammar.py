"""Parsing: which part of Python's expression grammar an expression may use, and how large it may be."""

import ast
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from core.told import NOTHING, Told, tell
from procedures import wide

MAX_CHARACTERS: Final = 2_000
MAX_NODES: Final = 400
MAX_DEPTH: Final = 40
MAX_DIGITS: Final = 28

FOLDS: Final = frozenset({"any", "all", "sum", "min", "max", "len"})
"""Functions that take one comprehension."""

_TRANSPARENT = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.USub, ast.Not, ast.And, ast.Or,
              ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)  # fmt: skip
_NODES = (ast.Name, ast.Attribute, ast.Constant, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp,
          ast.Call, ast.GeneratorExp, ast.comprehension, ast.Tuple, ast.List)  # fmt: skip
_NAMED: Final = {
    ast.Pow: "`**`",
    ast.UAdd: tell("a plus sign before a value"),
    ast.Subscript: tell("`[…]` after a name"),
    ast.Lambda: "`lambda`",
    ast.NamedExpr: "`:=`",
    ast.ListComp: tell("a list comprehension"),
    ast.SetComp: tell("a set comprehension"),
    ast.DictComp: tell("a dictionary comprehension"),
    ast.Dict: tell("a dictionary"),
    ast.Set: tell("a set"),
    ast.JoinedStr: tell("an f-string"),
    ast.Starred: "`*`",
    ast.Is: "`is`",
    ast.IsNot: "`is not`",
    ast.Await: "`await`",
}
_HINTS: Final[dict[type[ast.AST], Told]] = {
    ast.Is: tell("compare with `==`"),
    ast.IsNot: tell("compare with `!=`"),
    ast.BitAnd: tell("write `and`"),
    ast.BitOr: tell("write `or`"),
    ast.ListComp: tell("write it without the brackets: sum(m.income for m in household)"),
}
_GLUED = re.compile(r"(?<![\w.])\d[\d_.]*[^\W\d_]\w*")
_OUTSIDE_TEXT = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|(?P<other>[\s\S])")
_WORDS: Final = {"かつ": "and", "または": "or"}
_LATER: Final = re.compile(
    r"\s*(?:(?:today(?:\(\))?|今日|本日)(?:から|の)?)?\s*(?P<sign>[-−+])?\s*(?P<count>\d{1,4})\s*"
    r"(?:(?P<unit>day|week|month|year)s?(?: (?:later|ago))?|(?P<kanji>日|週間?|[かヶケカ]月|年)[間後前]?)"
    r"(?:から|以降|まで)?\s*"
)
_STEPS: Final = {
    **dict.fromkeys(("day", "日"), ("add_days", 1)),
    **dict.fromkeys(("week", "週", "週間"), ("add_days", 7)),
    **dict.fromkeys(("month", "か月", "ヶ月", "ケ月", "カ月"), ("add_months", 1)),
    **dict.fromkeys(("year", "年"), ("add_months", 12)),
}
"""Units of time: the function that counts them, and how many of its own each is."""
_PERCENT: Final = re.compile(r"\s*[-−]?\d+(?:\.\d+)?\s*[%％]\s*")


class ExpressionError(ValueError):
    """Raised when a text is no expression; `offset` counts characters from its start."""

    def __init__(self, text: Told, offset: int = 0, hint: Told = NOTHING, code: str = "syntax") -> None:
        super().__init__(text)
        self.text, self.offset, self.hint, self.code = text, offset, hint, code


def parse(source: str) -> ast.expr:
    """The checked syntax tree of `source`. Raises `ExpressionError`."""
    if len(source) > MAX_CHARACTERS:
        raise ExpressionError(
            tell(
                "the expression is longer than %(max_characters)s characters", max_characters=MAX_CHARACTERS
            ),
            code="too-large",
        )
    if not source.strip():
        raise ExpressionError(tell("the expression is empty"))
    _scan(source)
    text = re.sub(r"\s", " ", source)
    lead = len(text) - len(text.lstrip())
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _syntax_error(source, lead, error) from None
    _Shape(source).check(tree)
    return tree


def _scan(source: str) -> None:
    """Refuse, before Python's parser sees it, what could make it slow or hide a part of the expression."""
    bare = _OUTSIDE_TEXT.sub(lambda match: match["other"] or "_" * len(match[0]), source)
    _said_in_words(source, bare)
    glued = _GLUED.search(bare)
    if glued:
        raise ExpressionError(
            tell("%(literal)s is not a decimal number", literal=glued[0][:20]), glued.start()
        )
    depth = signs = 0
    for match in _OUTSIDE_TEXT.finditer(source):
        sign = match["other"]
        if "\\" in match[0] or sign == "#" or sign in ("'", '"'):
            what = (
                tell("a quotation mark without its partner") if sign in ("'", '"') else f"`{sign or chr(92)}`"
            )
            raise ExpressionError(tell("%(what)s is not possible here", what=what), match.start())
        if sign is None:
            signs = 0
            continue
        depth += (sign in "([{") - (sign in ")]}")
        signs = signs + 1 if sign in "-+~ \t\n" else 0
        if depth > MAX_DEPTH or signs > MAX_DEPTH * 2:
            raise ExpressionError(
                tell("the expression is nested deeper than %(max_depth)s", max_depth=MAX_DEPTH),
                match.start(),
                code="too-large",
            )


def _said_in_words(source: str, bare: str) -> None:
    """Refuse what people say and the language writes otherwise; `bare` is `source` without its texts."""
    for wrong, right in _WORDS.items():
        if wrong in bare:
            text = tell("`%(wrong)s` is not an operator", wrong=wrong)
            raise ExpressionError(text, bare.index(wrong), tell("write `%(right)s`", right=right))
    later = _LATER.fullmatch(source)
    if later:
        function, each = _STEPS[later["unit"] or later["kanji"]]
        ago = "-" if later["sign"] in ("-", "−") or "前" in source or "ago" in source else ""
        call = f"{function}(today, {ago}{int(later['count']) * each})"
        raise ExpressionError(tell("this is no day"), 0, tell("write %(usage)s", usage=call))
    if _PERCENT.fullmatch(source):
        hint = tell("a half of 500 * len(items) is taken off by -250 * len(items)")
        raise ExpressionError(tell("a percentage does not say of what"), 0, hint)


def both_or_either(parts: Iterable[str]) -> Told:
    """How to join conditions that were written with a comma between them."""
    each = [part.strip() for part in parts]
    return tell(
        "write `%(both)s` where both are needed, `%(either)s` where one is enough",
        both=" and ".join(each),
        either=" or ".join(each),
    )


def _syntax_error(source: str, lead: int, error: BaseException) -> ExpressionError:
    offset, hint = len(source), NOTHING
    if isinstance(error, SyntaxError) and error.offset:
        offset = lead + error.offset - 1
    for wrong, right in (("&&", "and"), ("||", "or"), ("=>", ">="), ("=<", "<="), ("<>", "!=")):
        if wrong in source:
            return ExpressionError(
                tell("`%(wrong)s` is not an operator", wrong=wrong),
                source.index(wrong),
                tell("write `%(right)s`", right=right),
            )
    full = wide.in_expression(source)
    if full and full[0] in ("、", "，") and not set("([") & set(source):
        text = tell("`%(wrong)s` cannot be read here", wrong=full[0])
        return ExpressionError(text, full[1], both_or_either(re.split("[、，]", source)))
    if full:
        return ExpressionError(
            tell("`%(wrong)s` cannot be read here", wrong=full[0]),
            full[1],
            tell("write `%(right)s`", right=wide.narrow(full[0])),
        )
    if re.search(r"(?<![=!<>])=(?!=)", source):
        hint = tell("compare with `==`")
    elif source.count("(") > source.count(")"):
        hint = tell(
            "a bracket is not closed; inside { } a comma ends it: put the whole expression into quotation marks"
        )
    return ExpressionError(tell("this is not a complete expression"), min(offset, len(source)), hint)


def place(node: ast.AST, source: str) -> int:
    """Where `node` stands: characters from the start of `source` (Python counts UTF-8 bytes)."""
    lead = len(source) - len(source.lstrip())
    head = source.lstrip().encode()[: getattr(node, "col_offset", 0)]
    return lead + len(head.decode(errors="ignore"))


def number(node: ast.Constant, source: str) -> Decimal:
    """The exact decimal value of a literal: `0.1` never becomes a float. Raises `ExpressionError`."""
    start = place(node, source)
    end = start + (node.end_col_offset or 0) - node.col_offset
    literal = source[start:end]
    try:
        value = Decimal(literal)
    except InvalidOperation:
        raise ExpressionError(tell("%(literal)s is not a decimal number", literal=literal), start) from None
    if len(value.as_tuple().digits) > MAX_DIGITS or abs(value.adjusted()) > MAX_DIGITS:
        raise ExpressionError(
            tell("a number has at most %(max_digits)s digits", max_digits=MAX_DIGITS), start, code="too-large"
        )
    return value


class _Shape:
    """Walks a tree once: allowed nodes only, in allowed places, within the bounds."""

    def __init__(self, source: str) -> None:
        self.source, self.nodes = source, 0

    def check(self, tree: ast.expr) -> None:
        stack: list[tuple[ast.AST, ast.AST | None, int, bool]] = [(tree, None, 1, False)]
        while stack:
            node, parent, depth, inside = stack.pop()
            counts = not isinstance(node, _TRANSPARENT)
            self.nodes += counts
            if self.nodes > MAX_NODES or (counts and depth > MAX_DEPTH):
                raise ExpressionError(
                    tell(
                        "the expression has more than %(max_nodes)s parts or is nested deeper than %(max_depth)s",
                        max_nodes=MAX_NODES,
                        max_depth=MAX_DEPTH,
                    ),
                    code="too-large",
                    hint=tell("calculate a part of it under `computed:`"),
                )
            self._allowed(node, parent, inside)
            inside = inside or isinstance(node, ast.GeneratorExp)
            stack += [(child, node, depth + 1, inside) for child in ast.iter_child_nodes(node)]

    def _allowed(self, node: ast.AST, parent: ast.AST | None, inside: bool) -> None:
        if isinstance(node, ast.expr_context):
            return
        if not isinstance(node, _NODES + _OPERATORS):
            kind = type(node)
            where = node if hasattr(node, "col_offset") else parent
            name = _NAMED.get(kind, f"`{kind.__name__}`")
            raise self._error(
                tell("%(name)s is not available in expressions", name=name), where, _HINTS.get(kind, NOTHING)
            )
        rule = getattr(self, f"_{type(node).__name__.lower()}", None)
        if rule is not None:
            rule(node, parent, inside)

    def _error(self, text: Told, node: ast.AST | None, hint: Told = NOTHING) -> ExpressionError:
        return ExpressionError(text, place(node, self.source) if node else 0, hint)

    def _constant(self, node: ast.Constant, _parent: ast.AST | None, _inside: bool) -> None:
        if isinstance(node.value, bool | str):
            return
        if not isinstance(node.value, int | float):
            raise self._error(tell("%(name)s is not available in expressions", name=repr(node.value)), node)
        number(node, self.source)

    def _attribute(self, node: ast.Attribute, _parent: ast.AST | None, _inside: bool) -> None:
        if not isinstance(node.value, ast.Name | ast.Attribute) or node.attr.startswith("_"):
            raise self._error(tell("a dot joins names only: m.income"), node)

    def _call(self, node: ast.Call, _parent: ast.AST | None, _inside: bool) -> None:
        if not isinstance(node.func, ast.Name):
            day = isinstance(node.func, ast.Attribute) and node.func.attr in ("today", "now")
            hint = tell("write %(usage)s", usage="today") if day else tell("write len(household)")
            raise self._error(tell("only the functions of the language can be called"), node, hint)
        if node.keywords:
            raise self._error(tell("arguments have no names here"), node, tell("write age(born, today)"))

    def _generatorexp(self, node: ast.GeneratorExp, parent: ast.AST | None, inside: bool) -> None:
        fold = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in FOLDS
        if not fold or len(parent.args) != 1:  # type: ignore[union-attr]
            raise self._error(tell("`for` stands inside any, all, sum, min, max or len only"), node)
        if inside:
            raise self._error(tell("one `for` inside another is not available"), node)
        if len(node.generators) != 1:
            raise self._error(tell("one `for` only"), node)
        step = node.generators[0]
        if step.is_async or not isinstance(step.target, ast.Name) or not isinstance(step.iter, ast.Name):
            raise self._error(tell("write `for m in household`, with one name each"), node)

    def _tuple(self, node: ast.Tuple | ast.List, parent: ast.AST | None, _inside: bool) -> None:
        right = isinstance(parent, ast.Compare) and node in parent.comparators
        member = right and isinstance(parent.ops[parent.comparators.index(node)], ast.In | ast.NotIn)  # type: ignore[union-attr]
        if not member or not all(isinstance(item, ast.Constant) for item in node.elts):
            if parent is None and isinstance(node, ast.Tuple) and not isinstance(node.elts[-1], ast.Constant):
                hint = both_or_either(map(ast.unparse, node.elts))
                raise self._error(tell("conditions are not joined by a comma"), node, hint)
            hint = NOTHING
            if re.fullmatch(r"\s*\d{1,3}(,\d{3})+\s*", self.source):
                hint = tell(
                    "write the number without commas: %(number)s", number=self.source.replace(",", "")
                )
            raise self._error(tell("a list holds fixed values and stands after `in`"), node, hint)

    _list = _tuple
