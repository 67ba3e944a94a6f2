"""Conditions that other programs keep as a text: Form.io's JavaScript, and the older form of the GOV.UK builders.

Both are boolean formulas over fields; anything else of them is `Unsaid`. Nothing is ever run.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias, get_args

from core.told import tell
from procedures.importing.conditions import (
    ALWAYS,
    MIRRORED,
    NEVER,
    Chosen,
    Compare,
    Condition,
    Field,
    Given,
    Holds,
    Not,
    Operator,
    Unsaid,
    every,
    none_of,
    some,
)

LONGEST: Final = 4_000
DEEPEST: Final = 40
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<text>'[^'\\]*'|\"[^\"\\]*\")|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_$][\w$-]*(?:\??\.[A-Za-z_$][\w$-]*|\[(?:'[^'\]]*'|\"[^\"\]]*\")\])*)"
    r"|(?P<sign>===|!==|==|!=|<=|>=|&&|\|\||[<>!(),;-]))"
)
_WORDS: Final = {"and": "&&", "or": "||", "not": "!", "===": "==", "!==": "!="}
_ROOTS: Final = ("data", "row", "submission")
_FOREIGN: Final = ("instance", "utils", "component", "form", "moment", "_", "value", "window", "this")


@dataclass(frozen=True)
class _Literal:
    value: str | bool | Decimal | None


_Operand: TypeAlias = _Literal | Field | Condition


class _NotUnderstood(Exception):
    """Raised where the text is more than a formula over fields."""


def read(source: str, strict: bool = False) -> Condition:
    """The condition that `source` writes down.

    `strict`: a field without an answer makes every comparison false, as in the GOV.UK runners; in JavaScript it is
    unequal to everything.
    """
    formula = re.sub(r"^\s*(?:var\s+|let\s+|return\s+)?(?:show\s*=(?!=))?", "", source)
    formula = re.sub(r";\s*(?:true|show|return show)?\s*;?\s*$", "", formula)
    if len(formula) > LONGEST:
        return Unsaid(tell("it is too long"))
    try:
        return _Formula(_tokens(formula), strict).whole()
    except _NotUnderstood as error:
        return Unsaid(error.args[0])


def _tokens(source: str) -> list[tuple[str, str]]:
    found, place = [], 0
    while source[place:].strip():
        match = _TOKEN.match(source, place)
        if match is None:
            raise _NotUnderstood(tell("`%(source)s` is not understood", source=source[place:].strip()[:12]))
        kind = match.lastgroup or ""
        word = match[kind]
        found.append(("sign", _WORDS[word]) if word in _WORDS else (kind, word))
        place = match.end()
    return found


class _Formula:
    """A recursive descent over the tokens."""

    def __init__(self, tokens: list[tuple[str, str]], strict: bool) -> None:
        self._tokens, self._strict, self._at, self._depth = tokens, strict, 0, 0

    def whole(self) -> Condition:
        found = self._truth(self._any())
        if self._at < len(self._tokens):
            raise _NotUnderstood(
                tell("`%(tokens)s` is not understood", tokens=self._tokens[self._at][1][:20])
            )
        return found

    def _peek(self) -> str:
        kind, word = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        return word if kind == "sign" or word == "in" else ""

    def _take(self, sign: str) -> bool:
        taken = self._peek() == sign
        self._at += taken
        return taken

    def _any(self) -> _Operand:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _NotUnderstood(tell("it is nested too deep"))
        found = self._all()
        while self._take("||"):
            found = some([self._truth(found), self._truth(self._all())])
        self._depth -= 1
        return found

    def _all(self) -> _Operand:
        found = self._not()
        while self._take("&&"):
            found = every([self._truth(found), self._truth(self._not())])
        return found

    def _not(self) -> _Operand:
        contrary = asked = False
        while self._take("!"):
            asked, contrary = True, not contrary
        if not asked:
            return self._comparison()
        found = self._comparison() if self._strict else self._operand()
        if self._peek() in get_args(Operator):
            raise _NotUnderstood(tell("`!` before a comparison without brackets compares something else"))
        return none_of(self._truth(found)) if contrary else self._truth(found)

    def _comparison(self) -> _Operand:
        left = self._operand()
        sign = self._peek()
        if sign == "in":
            self._at += 1
            return self._member(left, self._operand())
        if sign not in get_args(Operator):
            return left
        self._at += 1
        return self._compared(left, sign, self._operand())  # type: ignore[arg-type]

    def _operand(self) -> _Operand:
        if self._take("("):
            found = self._any()
            if not self._take(")"):
                raise _NotUnderstood(tell("a bracket is not closed"))
            return found
        minus = self._take("-")
        if self._at >= len(self._tokens):
            raise _NotUnderstood(tell("it ends too early"))
        kind, word = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            return _Literal(-Decimal(word) if minus else Decimal(word))
        if kind == "text" and not minus:
            return _Literal(word[1:-1])
        if kind == "name" and not minus:
            return self._named(word)
        raise _NotUnderstood(tell("`%(word)s` is not understood here", word=word[:20]))

    def _named(self, word: str) -> _Operand:
        if word in ("true", "false"):
            return _Literal(word == "true")
        if word in ("null", "undefined"):
            return _Literal(None)
        parts = [part for part in re.split(r"[.?\[\]'\"]+", word) if part]
        if self._peek() == "(":
            if len(parts) > 1 and parts[-1] == "includes":
                return self._includes(parts[:-1])
            raise _NotUnderstood(tell("the function `%(word)s` has no counterpart", word=word[:40]))
        if parts[0] in _FOREIGN and not self._strict:
            raise _NotUnderstood(tell("`%(parts)s` is no field", parts=parts[0]))
        return Field(_field(parts))

    def _includes(self, parts: list[str]) -> Condition:
        self._take("(")
        value = self._operand()
        if not self._take(")") or not isinstance(value, _Literal) or not isinstance(value.value, str):
            raise _NotUnderstood(tell("`includes` takes one text"))
        return Chosen(_field(parts), value.value)

    def _member(self, left: _Operand, right: _Operand) -> Condition:
        if isinstance(left, _Literal) and isinstance(right, Field):
            return Chosen(right.name, _option(left.value))
        raise _NotUnderstood(tell("`in` is understood between an option and a field only"))

    def _compared(self, left: _Operand, sign: Operator, right: _Operand) -> Condition:
        if isinstance(left, _Literal):
            left, right, sign = right, left, MIRRORED[sign]
        if not isinstance(left, Field) or not isinstance(right, _Literal | Field):
            raise _NotUnderstood(tell("a comparison is understood between a field and a value only"))
        if left.name.endswith(".length"):
            return _length(left.name.removesuffix(".length"), sign, right)
        return compared(left.name, sign, right.value if isinstance(right, _Literal) else right, self._strict)

    def _truth(self, found: _Operand) -> Condition:
        if isinstance(found, Field):
            return (
                Given(found.name.removesuffix(".length"))
                if found.name.endswith(".length")
                else Holds(found.name)
            )
        if isinstance(found, _Literal):
            return ALWAYS if found.value else NEVER
        return found


def compared(
    name: str, sign: Operator, value: str | bool | Decimal | Field | None, strict: bool = False
) -> Condition:
    """A comparison with a value; with none or an empty text it asks whether there is an answer."""
    if value is None or value == "":
        if sign not in ("==", "!="):
            return Unsaid(tell("nothing is compared by size"))
        return Given(name) if sign == "!=" else Not(Given(name))
    if sign == "!=" and not strict:
        return Not(Compare(name, "==", value))
    return Compare(name, sign, value)


def _length(name: str, sign: Operator, right: _Literal | Field) -> Condition:
    """`x.length > 0` and its like; any other length has no counterpart."""
    value = right.value if isinstance(right, _Literal) else None
    if (sign, value) in (((">"), Decimal(0)), ("!=", Decimal(0)), (">=", Decimal(1))):
        return Given(name)
    if (sign, value) in (("==", Decimal(0)), ("<", Decimal(1))):
        return Not(Given(name))
    raise _NotUnderstood(tell("lengths have no counterpart"))


def _field(parts: list[str]) -> str:
    kept = list(parts)
    while len(kept) > 1 and kept[0] in _ROOTS:
        kept.pop(0)
    return ".".join(kept)


def _option(value: str | bool | Decimal | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
