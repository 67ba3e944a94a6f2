"""What every field has, whatever its type. The types themselves are plug-ins in ``forms/fields``."""

from typing import Any

from pydantic import Field

from procedures.definition.base import Identifier, Json, Model
from procedures.expressions import Expression, Type, Value
from translations.text import Text


class FieldDefinition(Model):
    """One question on a page. Every field type subclasses it with ``type: Literal["its_name"]`` and its own options."""

    id: Identifier
    type: str
    label: Text | None = Field(
        default=None, description="The question. Standard types bring one in every language."
    )
    help: Text | None = Field(default=None, description="One or two sentences under the label.")
    when: Expression | None = Field(default=None, description="Show the field only while this is true.")
    required: bool = Field(default=True, description="`false` lets people leave it empty; the form says so.")
    personal: bool = Field(default=True, description="`false` where the answer says nothing about a person.")

    def expression_type(self) -> Type:
        """The type that expressions see."""
        raise NotImplementedError

    def expression_value(self, stored: Json) -> Value:
        """The stored JSON answer as expressions see it (``Decimal``, ``date``, text, list of rows …)."""
        raise NotImplementedError

    def subfields(self) -> tuple["FieldDefinition", ...]:
        """The fields of one row, for a repeating group; none otherwise."""
        return ()

    def own_label(self) -> Any:
        """The label to show: the author's `Text`, else the type's built-in `core.errors.Message`."""
        return self.label
