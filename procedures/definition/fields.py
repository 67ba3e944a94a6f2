"""What every field has, whatever its type. The types themselves are plug-ins in ``forms/fields``."""

from datetime import date
from typing import Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from core.errors import Message
from core.registry import UnknownPlugin, registry
from core.told import tell
from procedures.definition.base import Identifier, Json, Model
from procedures.expressions import Expression, Type, Value
from translations.text import Text


def _by_type(value: Any) -> "FieldDefinition":
    """The field that `value` (a mapping) describes, made by its type's own model."""
    if isinstance(value, FieldDefinition):
        return value
    if not isinstance(value, dict):
        raise PydanticCustomError("not_a_field", "a field is written as {id: …, type: …}")
    name = value.get("type")
    if name is None:
        raise PydanticCustomError("missing_type", "a field needs a `type`")
    try:
        definition: type[FieldDefinition] = registry("forms.fields", "field type")[str(name)].definition
    except UnknownPlugin as error:
        text = tell(
            "no field type named '%(name)s'; known: %(known)s", name=str(name), known=", ".join(error.known)
        )
        context = {"text": text, "key": "type", "name": str(name), "known": error.known}
        raise PydanticCustomError("unknown_plugin", "{text}", context) from None
    return definition.model_validate(value)


def _dump(field: "FieldDefinition", info: core_schema.SerializationInfo) -> dict[str, Any]:
    return field.model_dump(mode=info.mode, by_alias=bool(info.by_alias), exclude_none=info.exclude_none)


class FieldDefinition(Model):
    """One question on a page. Every field type subclasses it with ``type: Literal["its_name"]`` and its own options.

    Where a model has a `FieldDefinition`, validation picks the type's own model by the key ``type``; errors keep the
    whole path.
    """

    id: Identifier = Field(description="The name of the answer, in expressions and examples.")
    type: str = Field(description="What kind of question it is.")
    label: Text | None = Field(
        default=None, description="The question. Standard types bring one in every language."
    )
    help: Text | None = Field(default=None, description="One or two sentences under the label.")
    when: Expression | None = Field(default=None, description="Show the field only while this is true.")
    required: bool = Field(default=True, description="`false` lets people leave it empty; the form says so.")
    personal: bool = Field(default=True, description="`false` where the answer says nothing about a person.")
    prefill: str | None = Field(
        default=None,
        description="What a signed-in person has stored and may have filled in here (once-only).",
    )

    def expression_type(self) -> Type:
        """The type that expressions see."""
        raise NotImplementedError

    def expression_value(self, stored: Json) -> Value:
        """The stored JSON answer as expressions see it (``Decimal``, ``date``, text, list of rows …)."""
        raise NotImplementedError

    def stored_answer(self, written: Json) -> Json:  # noqa: ARG002 - for types that override it
        """The answer `written` in an example, as it is stored; `NotImplemented`: as its expression type says.

        Raises `ValueError`, which says what is needed.
        """
        return NotImplemented

    def subfields(self) -> tuple["FieldDefinition", ...]:
        """The fields of one row, for a repeating group; none otherwise."""
        return ()

    def moved(self, stored: Json, old: date, new: date) -> Json:  # noqa: ARG002
        """The stored answer as somebody would give it on `new` instead of `old`: days near that day move along."""
        return stored

    def own_label(self) -> Text | Message | None:
        """The label to show: the author's `Text`, else the type's built-in `core.errors.Message`."""
        if self.label is not None:
            return self.label
        built_in: Message | None = registry("forms.fields", "field type")[self.type].label
        return built_in

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        if Model not in cls.__bases__:  # a field type: an ordinary model
            return handler(source)
        return core_schema.no_info_plain_validator_function(
            _by_type,
            serialization=core_schema.plain_serializer_function_ser_schema(_dump, info_arg=True),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Any field is named only; `procedures.schema` says what it is."""
        return handler(schema) if Model not in cls.__bases__ else {"$comment": "field"}
