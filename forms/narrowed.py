"""Only those questions of a form that some expressions look at: what decides who may apply, or what it costs."""

import ast
from collections.abc import Iterable
from typing import Any

from forms.types import type_of
from procedures.definition import Procedure
from procedures.definition.fields import FieldDefinition
from procedures.expressions import Expression


def narrowed(
    procedure: Procedure, expressions: Iterable[Expression], shown: bool = True
) -> tuple[FieldDefinition, ...]:
    """The fields that `expressions` look at, in the form's order, groups with only the columns that are looked at.

    With `shown`, what decides whether one of them is asked is among them, and each `when` says it wholly: that of its
    page is part of it. Texts and calculated values take no answers and are left out.
    """
    looked = _Looked(procedure, shown)
    looked.at(expressions)
    return tuple(
        _alone(field, page.when if shown else None, looked)
        for id, (page, field) in procedure.places.items()
        if id in looked.names and type_of(field).asks
    )


def waits(field: FieldDefinition) -> bool:
    """Whether it can only be answered in a draft of one's own: it takes files, or holds a place for somebody."""
    kind = type_of(field)
    return kind.takes_files or bool(kind.resources(field)) or any(waits(sub) for sub in field.subfields())


class _Looked:
    """The names that expressions look at, through computed values, and the columns of rows."""

    def __init__(self, procedure: Procedure, shown: bool) -> None:
        self._procedure, self._shown = procedure, shown
        self.names: set[str] = set()
        self.columns: set[str] = set()

    def at(self, expressions: Iterable[Expression | None]) -> None:
        """Note what these look at, and what that needs."""
        for expression in expressions:
            if expression is not None:
                self.columns |= {
                    node.attr for node in ast.walk(expression.tree) if isinstance(node, ast.Attribute)
                }
                for name in sorted(expression.names - self.names):
                    self._name(name)

    def _name(self, name: str) -> None:
        self.names.add(name)
        place = self._procedure.places.get(name)
        if place is None:
            self.at([self._procedure.computed.get(name)])
        elif self._shown:
            page, field = place
            self.at([page.when])
            self._decides(field)

    def _decides(self, field: FieldDefinition) -> None:
        """Note what decides how a field is shown; in a group, how the columns are that are looked at."""
        if not field.subfields():
            within = type_of(field).depends_on(field)
            self.columns |= within
            for name in sorted(within - self.names):
                self._name(name)
            return
        self.at([field.when])
        for sub in self.kept(field):
            self._decides(sub)

    def kept(self, group: FieldDefinition) -> list[FieldDefinition]:
        """The columns of a group that are looked at; where only the rows are counted, the first."""
        asked = [sub for sub in group.subfields() if type_of(sub).asks]
        return [sub for sub in asked if sub.id in self.columns] or asked[:1]


def _alone(field: FieldDefinition, page: Expression | None, looked: _Looked) -> FieldDefinition:
    """`field` as it is asked off its page."""
    changed: dict[str, Any] = {}
    if page is not None:
        changed["when"] = Expression(f"({page}) and ({field.when})") if field.when else page
    if field.subfields():
        changed["fields"] = tuple(_alone(sub, None, looked) for sub in looked.kept(field))
    return field.model_copy(update=changed) if changed else field
