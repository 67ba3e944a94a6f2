"""An expression as part of a definition."""

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from procedures.expressions import grammar
from procedures.expressions.compiler import CONSTANTS, Frame, Run, compile_tree
from procedures.expressions.types import Value


class Expression:
    """A parsed, bounded expression; two of the same source are equal.

    Raises `ExpressionError` when made of anything else.
    """

    __slots__ = ("_run", "names", "source", "tree")

    names: frozenset[str]
    """The names it takes from outside: fields, computed values, `today`."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tree, self.names, self._run = _compiled(source)

    def evaluate(self, values: Mapping[str, Value]) -> Value:
        """Its value; names that `values` lacks are unanswered. Raises `StepsExceeded`."""
        value: Value = self._run(Frame(values))
        return value

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Whether it is true; unanswered counts as false."""
        return bool(self._run(Frame(values)))

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self.source == other.source

    def __hash__(self) -> int:
        return hash(self.source)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        def build(value: "str | Expression") -> "Expression":
            if isinstance(value, Expression):
                return value
            try:
                return cls(value)
            except grammar.ExpressionError as error:
                context = {"offset": error.offset, "hint": error.hint, "text": error.text}
                raise PydanticCustomError("expression", "{text}", context) from None

        return core_schema.no_info_after_validator_function(
            build,
            core_schema.union_schema(
                [core_schema.str_schema(), core_schema.is_instance_schema(cls)], mode="left_to_right"
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value.source),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"$comment": "expression"}


@lru_cache(maxsize=4096)
def _compiled(source: str) -> tuple[ast.expr, frozenset[str], Run]:
    """Parsed once a process: versions of a procedure, and procedures among each other, share most expressions."""
    tree = grammar.parse(source)
    return tree, _names(tree), compile_tree(tree, source)


def _names(tree: ast.expr) -> frozenset[str]:
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    bound = {
        node.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.comprehension) and isinstance(node.target, ast.Name)
    }
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node not in called}
    return frozenset(used - bound - CONSTANTS.keys())
